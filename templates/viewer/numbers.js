// Numbers as people read them. Fractions appear only when the counts have them.

export const {abs, ceil, floor, max, min, round} = Math;

const NUMBERS = new Intl.NumberFormat('en', {maximumFractionDigits: 20});

export const formatNumber = (value, decimals) => NUMBERS.format(value.toFixed(decimals));

export const percent = (part, whole, digits = 2) => (100 * part / whole || 0).toFixed(digits);

export const plural = (count, one) => NUMBERS.format(count) + ' ' + one + (count === 1 ? '' : 's');

// The text of a number, with a plus when it is above 0.
export const signed = (value, text) => (value > 0 ? '+' : '') + text;

export const clamp = (value, low, high) => max(low, min(high, value));

export const integers = count => new Int32Array(count);
