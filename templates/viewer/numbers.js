// SPDX-License-Identifier: MIT
// Numbers as people read them. Fractions appear only when the counts have them.

export const {abs, ceil, floor, max, min, round} = Math;

// Digits in groups of three. To load the Intl of a browser takes longer than to read a profile.
export const grouped = number => String(number)
  .replace(/(?<!\.\d*)\B(?=(\d{3})+(?!\d))/g, ',');

// A value that would be shown as 0 has the two digits that count.
export function formatNumber(value, decimals) {
  const short = +value.toFixed(decimals);
  return value > 0 && short < 1e-6 ? value.toFixed(min(100, 1 - floor(Math.log10(value))))
    : grouped(short);
}

// Units that scale, as in src/profile/profile.c: [size of one, name], smallest first.
const TIMES = [[1, 'ns'], [1e3, 'us'], [1e6, 'ms'], [1e9, 's']];
const SIZES = [[1, 'bytes'], [2 ** 10, 'KiB'], [2 ** 20, 'MiB'], [2 ** 30, 'GiB'],
  [2 ** 40, 'TiB']];
const COUNTS = [[1, ''], [1e6, ' M'], [1e9, ' G'], [1e12, ' T']];

const withDigits = (value, digits) => grouped(value.toFixed(digits));

const fitting = (scales, value) => scales.findLast(([size]) => size <= abs(value)) || scales[0];

// A weight in the unit that fits its size: "4.43 s", "12.7 G cycles".
export function quantity(value, unit) {
  const whole = Number.isInteger(value);
  for (const scales of [TIMES, SIZES]) {
    const from = scales.find(([, name]) => name === unit);
    if (from) {
      const [size, name] = fitting(scales, value * from[0]);
      return withDigits(value * from[0] / size, size > 1 || !whole ? 2 : 0) + ' ' + name;
    }
  }
  const [size, prefix] = fitting(COUNTS, value), shown = value / size;
  const three = abs(shown) < 9.995 ? 2 : abs(shown) < 99.95 ? 1 : 0;
  return withDigits(shown, size > 1 ? three : whole ? 0 : 2) + prefix + ' ' + unit;
}

export const percent = (part, whole, digits = 2) => (100 * part / whole || 0).toFixed(digits);

export const plural = (count, one) => grouped(count) + ' ' + one + (count === 1 ? '' : 's');

export const clamp = (value, low, high) => max(low, min(high, value));

export const integers = count => new Int32Array(count);
