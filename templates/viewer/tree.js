// SPDX-License-Identifier: MIT
// The tree that is drawn. Nodes are in pre-order in typed arrays; a subtree is the range from
// its node up to `next`. Weights are in units of the data block, `start` is the left edge in the
// same scale; `own` and `sums` may have more arrays than the first, which is drawn. In row order
// the nodes of row r are inRow[rowAt[r]] up to inRow[rowAt[r + 1]], left to right; the places in
// that order of each name are in `byName` once findPlaces() was called, as by group().
//
// In a sandwich the callers are the nodes from `half` on: they grow the other way from the root,
// in row `zero`, do not add to its sum, and start at `edgeUp`.
//
// `origin` has for each node the one node of the profile that it comes from, or -1. Without it the
// nodes are those of the profile.

import {integers} from './numbers.js';

export function makeTree({parent, name, own, names, order, half = parent.length, edgeUp, origin}) {
  const count = parent.length, sums = own.map(side => side.slice()), next = integers(count);
  const start = new Float64Array(count), [first] = own, [total] = sums;
  let row = integers(count), low = 0, high = 0, edge = 0, open = 0;
  // Nodes are in pre-order: one ends when the next is not below it.
  const endUpTo = (above, i) => {
    while (open !== above) {
      const p = parent[open];
      next[open] = i;
      // Callers do not add to the root.
      if (p || open < half) for (let k = 0; k < sums.length; k++) sums[k][p] += sums[k][open];
      open = p;
    }
  };
  for (let i = 0; i < count; i++) {
    if (i) {
      if (open !== parent[i]) endUpTo(parent[i], i);
      row[i] = row[open] + (i < half ? 1 : -1);
    }
    // All that is before a node is at its left.
    if (i === half) edge = edgeUp;
    start[i] = edge;
    edge += first[i];
    if (row[i] < low) low = row[i];
    if (row[i] > high) high = row[i];
    open = i;
  }
  endUpTo(0, count);
  next[0] = half;
  if (low) row = row.map(r => r - low);
  const [rowAt, inRow] = group(row, high - low + 1);
  return {
    count, parent, name, own, sums, total, start, row, next, names, order,
    half, zero: -low, rowAt, inRow, origin,
  };
}

// Sorts 0, 1, 2... by their keys, numbers below `end`. Those of key k are between the places
// at[k] and at[k + 1] of the list.
export function group(keys, end) {
  const at = integers(end + 2), list = integers(keys.length);
  for (let i = 0; i < keys.length; i++) at[keys[i] + 2]++;
  for (let key = 2; key < at.length; key++) at[key] += at[key - 1];
  for (let i = 0; i < keys.length; i++) list[at[keys[i] + 1]++] = i;
  return [at, list];
}

export const isGap = (tree, node) => tree.name[node] === tree.names.count;

export const edgesOf = (tree, node) => [tree.start[node], tree.start[node] + tree.total[node]];

// Self weight as people understand it: the gaps of a flame chart belong to it.
export function selfOf(tree, node) {
  const {total, next} = tree;
  let rest = total[node];
  for (let i = node + 1; i < next[node]; i = next[i]) if (!isGap(tree, i)) rest -= total[i];
  return rest;
}

// Names on the way from the root to a node.
export function pathOf({parent, name, names}, node) {
  const path = [];
  for (let i = node; i > 0; i = parent[i]) path.unshift(names.raw[name[i]]);
  return path;
}

// Finds the nodes that `wanted` names (flags by name). Whatever else the profile holds costs two
// bytes a node, which the browser clears and looks through by itself. Returns those that are in no
// other such node, or all; marks of all in row order, how many there are, and (unless all are
// returned) the weight of the stacks through them, each counted once.
export function findPlaces(tree, wanted, all) {
  const {inRow, name, names} = tree, found = new Uint8Array(tree.count), marks = found.slice(),
    nodes = [];
  let places = 0, weight = 0;
  wanted.forEach((on, i) => {
    if (!on) return;
    const [at, list] = tree.byName ||= group(inRow.map(k => name[k]), names.count + 1);
    for (const k of list.subarray(at[i], at[i + 1])) {
      found[inRow[k]] = marks[k] = 1;
      places++;
    }
  });
  for (let i = -1; (i = found.indexOf(1, i + 1)) >= 0;) {
    nodes.push(i);
    weight += tree.total[i];
    if (!all) i = tree.next[i] - 1;
  }
  return {nodes, marks, places, weight};
}

export const flagsOf = (names, func) => names.func.map(other => other === func);
