// Numbers as people read them. Fractions appear only when the counts have them.

function formatNumber(value, decimals) {
  let [whole, part = ''] = value.toFixed(decimals).split('.');
  part = part.replace(/0+$/, '');
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (part && '.' + part);
}

let signed = (value, text) => (value > 0 ? '+' : '') + text;

let percent = (part, whole, digits = 2) => (whole ? 100 * part / whole : 0).toFixed(digits);

let plural = (count, one) => formatNumber(count, 0) + ' ' + one + (count === 1 ? '' : 's');

let limit = (value, low, high) => max(low, min(high, value));
