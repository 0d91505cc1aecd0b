// SPDX-License-Identifier: MIT
// All that depends on the number of sides of a picture, for one side. two_sides.js has the same.

import {css, paintByName} from './color.js';
import {trustedView} from './cuts.js';
import {walkMatches} from './move.js';
import {findFunctions, isSandwich, sumOf} from './functions.js';
import {grouped} from './numbers.js';
import {picture, shown} from './state.js';
import {transformTree} from './transform.js';
import {selfOf} from './tree.js';
import {brief, factsOf, funcOf, isolated, searchFacts, share, stateFacts,
  titleOf} from './words.js';

const largestFirst = rows => rows.sort((a, b) => b.values[1] - a.values[1]
  || b.values[3] - a.values[3]);

function functionRows({trimmed}) {
  const {total, sums: [, samples]} = trimmed;
  return largestFirst(findFunctions(trimmed).map(({func, name, nodes, outer}) => {
    const self = nodes.reduce((sum, node) => sum + selfOf(trimmed, node), 0),
      all = sumOf(total, outer);
    return {func, values: [name, self, self, all, all, nodes.length, sumOf(samples, outer)]};
  }));
}

// The function of a sandwich, and those that call it and that it calls, each with its part of it.
// Frames of one function that differ in their mark are one row.
function neighborRows({tree}) {
  const {half, next, names, own, sums, count} = tree;
  const rowOf = (func, word, nodes, [weights, samples]) => {
    const weight = sumOf(weights, nodes);
    return {func, values: [names.shown[func], weight, weight, word, sumOf(samples, nodes)]};
  };
  const rowsOf = (i, to, word, places = []) => {
    for (; i < to; i = next[i]) (places[funcOf(tree, i)] ||= []).push(i);
    return largestFirst(places.map((nodes, func) => rowOf(func, word, nodes, sums)).flat());
  };
  return [...rowsOf(half, count, 'caller'), rowOf(funcOf(tree, 0), 'self', [0], own),
    ...rowsOf(1, half, 'callee')];
}

// Kept with the tree, as they take long.
const tableRows = () => shown.pane.tree.rows
  ||= isSandwich() ? neighborRows(shown.pane) : functionRows(shown.pane);

export const oneSide = {
  // Lines at the foot where few words fit; what `n` and `N` walk.
  lines: () => 4,
  walked: 'match',

  // Called once, with the first pane.
  start(pane) {
    [shown.pane] = shown.panes = [pane];
  },

  // Computes the trees of a view, as transform.js does. Returns what gives them to the panes.
  * grow(view) {
    const {pane} = shown;
    const [base, use] = picture.baseOf ? yield* picture.baseOf(view) : [picture.base];
    const [trimmed, tree] = yield* transformTree(base, trustedView(view));
    return () => {
      use?.();
      picture.base = base;
      pane.plant(trimmed, tree);
      shown.union = tree;
    };
  },

  makePaint: () => paintByName(shown.pane.tree, picture.head),
  lookOf: (box, color) => ({fill: css(color)}),
  titleOf,
  describe: factsOf,

  describeSearch() {
    const [expression = '', places, ...shares] = searchFacts(shown.pane);
    return places ? `${expression}: ${[places, ...shares].join(', ')}` : expression;
  },

  describeState: () => stateFacts(shown.pane.whole, picture.base.total[0]).join(' \xb7 '),

  table: {
    keys: 't',
    text: 'Table of functions',
    width: 640,
    sort: () => (isSandwich() ? -1 : 1),
    title: () => (isSandwich() ? 'Callers and callees of ' + isolated(shown.view.sandwich)
      : 'Functions, by ' + (picture.head.valueType || picture.head.countname)),
    columns() {
      const {tree, whole} = shown.pane, weights = (label, all, look) => [
        {label, show: brief}, {label: '%', look, show: part => share(part, all)}];
      const columns = [{label: 'Function', look: 'text'}, ...isSandwich()
        ? [...weights('Weight', tree.total[0]), {label: '', look: 'text'}]
        : [...weights('Self', whole, 'minor'), ...weights('Total', whole),
          {label: 'Places', look: 'minor', show: grouped}]];
      if (tree.own[1]) columns.push({label: 'Samples', look: 'minor', show: grouped});
      return columns;
    },
    rows: tableRows,
  },

  walk: walkMatches,
};
