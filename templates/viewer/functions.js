// SPDX-License-Identifier: MIT
// The functions of a tree, each with the nodes of all its places.

import {shown} from './state.js';

// nodes: all places; outer: those that are in no other place of the function, so that each stack
// counts once.
export function findFunctions(tree) {
  const {count, name, next, names} = tree, rows = [];
  for (let i = 1; i < count; i++) {
    const func = names.func[name[i]];
    if (!func) continue;
    const row = rows[func] ||= {func, name: names.shown[func], nodes: [], outer: [],
      end: 0};
    row.nodes.push(i);
    if (i < row.end) continue;
    row.end = next[i];
    row.outer.push(i);
  }
  return rows.filter(Boolean);
}

export const sumOf = (weights = [], nodes) => nodes.reduce((sum, node) => sum + weights[node], 0);

// Whether the tree is a sandwich.
export const isSandwich = () => shown.view.sandwich && shown.pane.tree !== shown.pane.trimmed;
