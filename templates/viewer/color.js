// SPDX-License-Identifier: MIT
// Colors are numbers 0xrrggbb. Every frame keeps the color that the static picture gave its
// name.

import {round} from './numbers.js';

export const FOUND = 0xe600e6;

const channels = color => [color >> 16, color >> 8 & 255, color & 255];

export function mix(a, b, share) {
  const other = channels(b);
  return channels(a).reduce((sum, c, i) => sum << 8 | round(c + (other[i] - c) * share), 0);
}

export const css = color => '#' + color.toString(16).padStart(6, 0);

// Black and white ink both reach a contrast of 4.5 at a luminance of about 0.18.
export function needsLightInk(color) {
  const [r, g, b] = channels(color).map(c => (
    c < 11 ? c / 3295 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18;
}

// Returns the color of a node as a function.
export function paintByName({name, names}, head) {
  const colors = names.raw.map((raw, i) => parseInt(head.colors.substr(6 * i, 6), 16));
  return node => colors[name[node]];
}
