// Numbers as people read them.

function commas(digits) {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

// Fractions appear only when the counts have them.
function formatNumber(value, decimals) {
  if (!decimals) return commas(String(Math.round(value)));
  const parts = value.toFixed(decimals).replace(/\.?0+$/, '').split('.');
  return commas(parts[0]) + (parts[1] ? '.' + parts[1] : '');
}

function signed(value, text) {
  return (value > 0 ? '+' : '') + text;
}

function percent(part, whole, digits) {
  return (whole ? 100 * part / whole : 0).toFixed(digits === undefined ? 2 : digits);
}

function plural(count, one, many) {
  return commas(String(count)) + ' ' + (count === 1 ? one : many);
}

// Returns a function that turns units of the data block into text.
function weightFormat(head) {
  const scale = Number(head.unit) * head.factor / Math.pow(10, head.decimals);
  return (units) => formatNumber(units * scale, head.decimals);
}
