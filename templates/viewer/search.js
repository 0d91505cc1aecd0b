// SPDX-License-Identifier: MIT
// Search works on names, then on the numbers of the tree; what is drawn plays no part.

import {max, min} from './numbers.js';
import {edgesOf, findPlaces, group} from './tree.js';

// Which names an expression matches: flags by name, or why it cannot be used. A match cannot be
// interrupted, but most expressions that are too slow take longer with each letter, and much longer
// if they repeat a group. So short names come first, and before a long name its first letters.
export function matchNames(names, expression, flags) {
  const matched = new Uint8Array(names.count), end = Date.now() + 3e3,
    [first, step] = /\)[*+{]/.test(expression) ? [16, 3] : [99, 1];
  let regex;
  if (!expression) return {matched};
  names.byLength ||= group(names.shown.map(name => min(name.length, 99)), 100)[1];
  try {
    regex = RegExp(expression, flags);
    for (const i of names.byLength) {
      const name = names.shown[i], stop = min(Date.now() + 1e3, end);
      for (let n = first; n < name.length && Date.now() < stop; n += n >> step)
        regex.test(name.slice(0, n) + '\n');
      if (Date.now() >= stop) throw Error();
      matched[i] = i && regex.test(name);
    }
    return {matched};
  } catch ({message}) {
    // Firefox may end a match that takes long by an error.
    return {remark: regex ? ' is too slow'
      : ' is not understood: ' + message.replace(/^.*: /, '')};
  }
}

// The result of a search: flags by name; the edges of the outermost matches, from left to right, of
// callees and callers; and what findPlaces() says.
export function findMatches(tree, flags) {
  const spans = [[], []], found = findPlaces(tree, flags);
  for (const node of found.nodes) spans[+(node >= tree.half)].push(edgesOf(tree, node));
  return {flags, spans, ...found};
}

// The matched part of a range.
export function matchedShare(spans, [from, to]) {
  let sum = 0;
  for (const one of spans) sum += max(0, min(to, one[1]) - max(from, one[0]));
  return sum / (to - from);
}

// Matches are walked from the heaviest to the lightest, equal ones from left to right, and round.
export function nextMatch(tree, found, node, back) {
  const list = found.list ||= findPlaces(tree, found.flags, true).nodes
    .sort((a, b) => tree.total[b] - tree.total[a]), at = list.indexOf(node);
  return list.at((back ? max(at, 0) - 1 : at + 1) % list.length);
}
