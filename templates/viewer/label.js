// SPDX-License-Identifier: MIT
// Labels that keep what a name means. When a name is too long its arguments go first, then its
// template arguments, then its middle or, where there is little room, its left part; never half a
// character.

import {max} from './numbers.js';
import {display} from './state.js';

// A canvas measures the width of a text without a layout of the page.
export const measure = text => display.pen.measureText(text).width;

export function withoutArguments(name) {
  let at = max(0, name.search(/\)( const| &&?| \[.*\])*$/));
  for (let depth = 0; at > 0; at--) {
    if (name[at] === ')') depth++;
    else if (name[at] === '(' && !--depth) break;
  }
  const rest = name.slice(0, at);
  return !rest || /(operator|[:.]|->)\s*$/.test(rest) ? name : rest;
}

// Drops <...> after a name, the innermost first; not that of `operator<` or of Rust's
// `<T as Trait>::f`. The sign of `->` closes nothing.
export function withoutTemplates(name) {
  const rest = name.replace(/(?<=[\w\]:])(?<!operator)<(->|[^<>])*>/g, '');
  return rest === name ? name.replace(/::(?=::|$)/g, '') : withoutTemplates(rest);
}

// The longest beginning (or end) of a text that fits beside the dots.
export function clip(text, room, atEnd) {
  if (measure(text) <= room) return text;
  const parts = text.match(/.[\p{M}\ufe0f]*(\u200d.[\p{M}\ufe0f]*)*/gsu) || [];
  let left = room - measure('\u2026'), out = '';
  while (parts.length) {
    const part = atEnd ? parts.pop() : parts.shift();
    left -= measure(part);
    if (left < 0) break;
    out = atEnd ? part + out : out + part;
  }
  return out && (atEnd ? '\u2026' + out : out + '\u2026');
}

// Both ends of a text, as much of them as fits beside the dots.
export function clipBetween(text, room, share = 0.5) {
  if (measure(text) <= room) return text;
  const head = clip(text, share * room);
  const tail = clip(text, room - measure(head), true);
  return head && head.slice(0, -1) + tail;
}

// Returns '' when nothing useful fits.
export function shorten(name, room) {
  for (const change of [String, withoutArguments, withoutTemplates]) {
    name = change(name);
    if (measure(name) <= room) return name;
  }
  // Both ends where the beginning is long enough to say something.
  const both = clipBetween(name, room, 0.4);
  const text = both.indexOf('\u2026') > 4 ? both : clip(name, room, true);
  return text.length < 4 ? '' : text;
}
