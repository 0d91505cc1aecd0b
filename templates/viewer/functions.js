// SPDX-License-Identifier: MIT
// The functions of a tree, each with the nodes of all its places.

import {isGap} from './tree.js';

// nodes: all places; outer: those that are in no other place of the function, so that each stack
// counts once.
export function findFunctions(tree) {
  const {count, name, next, names} = tree, rows = [], until = [];
  for (let i = 1; i < count; i++) {
    const func = names.func[name[i]];
    if (!func) continue;
    const row = rows[func] ||= {func, name: names.shown[func], nodes: [], outer: []};
    row.nodes.push(i);
    if (i < until[func]) continue;
    until[func] = next[i];
    row.outer.push(i);
  }
  return rows.filter(Boolean);
}

// Own weight of nodes; the gaps of a flame chart belong to their parents.
export function ownWeights({own: [own], parent, count, name, names}) {
  const weights = own.slice();
  for (let i = 1; i < count; i++) {
    if (isGap({name, names}, i)) weights[parent[i]] += own[i];
  }
  return weights;
}

export const sumOf = (weights, nodes) => nodes.reduce((sum, node) => sum + weights[node], 0);
