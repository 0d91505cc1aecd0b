// SPDX-License-Identifier: MIT
// Reads the data block (doc/format.md, section 2) into a profile: its names and its tree.

import {integers, max, round} from './numbers.js';
import {makeTree} from './tree.js';

const DIGITS = new Int8Array(128);
[...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
  .forEach((c, i) => { DIGITS[c.charCodeAt()] = i; });

const ESCAPES = {'\\': '\\', l: '<', g: '>', a: '&', n: '\n', t: '\t', r: '\r'};

// A byte that is not UTF-8 is kept as a lone surrogate, which counts as one byte.
const readEscapes = text => text.replace(/\\(x(..)|.)/g, (all, letter, hex) => ESCAPES[letter]
  || String.fromCharCode(hex < '8' ? '0x' + hex : 0xdc00 + parseInt(hex, 16)));

// The first characters of a name that make up so many of its bytes.
function takeBytes(name, bytes) {
  let at = 0;
  while (bytes > 0) {
    const c = name.codePointAt(at);
    bytes -= c < 0x80 || c >> 7 === 0x1b9 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    at += c < 0x10000 ? 1 : 2;
  }
  return name.slice(0, at);
}

// A name as people see it: a blank for a TAB, no control characters, no broken bytes.
export const cleanName = name => name.replace(/\t/g, ' ')
  .replace(/[\0-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');

// Returns the JSON line and the tree.
export function readProfile(block) {
  const lines = block.trim().split('\n'), raw = [];
  if (lines[0] !== 'flametree 1') throw Error('unknown data');
  let last = '';
  for (const coded of lines.slice(3, -1)) {
    last = takeBytes(last, DIGITS[coded.charCodeAt()]) + readEscapes(coded.slice(1));
    raw.push(last);
  }
  const head = JSON.parse(lines[1]), count = +lines[2].split(' ')[1];
  return [head, readFrames(numbersIn(lines.at(-1)), count, makeNames(raw), head)];
}

// Returns the numbers of a text one by one; 0 after the last.
export function numbersIn(text) {
  // Bytes are read faster than characters.
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  return () => {
    let value = 0, scale = 1, digit;
    while ((digit = DIGITS[bytes[at++]]) >= 32) {
      value += (digit - 32) * scale;
      scale *= 32;
    }
    return value + (digit || 0) * scale;
  };
}

// The number of samples of each weight, if it is known.
export function samplesOf({counts, sampleWeight, unit}, own) {
  const next = numbersIn(counts || '');
  return counts ? [own.map(n => n && next())]
    : sampleWeight ? [own.map(n => round(n * unit / sampleWeight))] : [];
}

// The frames line. The number of samples, if it is known, is one more weight. A gap of a flame
// chart has the name one past the last; so has what `total` adds to the sum of the profile.
function readFrames(next, count, names, head) {
  const parent = integers(count + 1), name = parent.slice(), seen = [0];
  const own = Array.from({length: head.sides}, () => new Float64Array(count + 1));
  const path = integers(count + 2); // the frames above, from place 1 on
  let rest = (head.total || 0) / head.unit;
  path[0] = -1;
  for (let i = 0, depth = 0; i < count; i++) {
    const step = next();
    if (i) depth = max(1, depth + 1 - (step >> 1));
    parent[i] = path[depth];
    path[depth + 1] = i;
    if (i) {
      const nth = next();
      if (nth === seen.length) seen.push(next());
      name[i] = seen[nth];
    }
    if (step & 1) {
      if (own[1]) own[1][i] = next();
      rest -= own[0][i] = next();
    }
  }
  own.push(...samplesOf(head, own[0]));
  if (rest > 0) {
    name[count] = names.count;
    own[0][count++] = rest;
  }
  const cut = array => array.subarray(0, count);
  return makeTree({parent: cut(parent), name: cut(name), own: own.map(cut), names,
    order: head.order});
}

// Names that differ only in their mark are one function, known by the first of them. Marks are
// `_[k]` kernel, `_[w]` waker, `_[i]` inlined, `_[j]` compiled.
function makeNames(raw) {
  const shown = raw.map(name => cleanName(name.replace(/_\[[kwij]\]$/, ''))), first = new Map();
  const func = shown.map((name, i) => {
    const known = i && first.get(name);
    if (known === undefined) first.set(name, i);
    return known ?? i;
  });
  shown[0] = 'all';
  return {raw, shown, func, first, count: raw.length};
}
