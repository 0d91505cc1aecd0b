// Numbers as people read them. Fractions appear only when the counts have them.

let NUMBERS = new Intl.NumberFormat('en', {maximumFractionDigits: 20})

let formatNumber = (value, decimals) => NUMBERS.format(value.toFixed(decimals))

let percent = (part, whole, digits = 2) => (100 * part / whole || 0).toFixed(digits)

let plural = (count, one) => NUMBERS.format(count) + ' ' + one + (count === 1 ? '' : 's')

let limit = (value, low, high) => max(low, min(high, value))
