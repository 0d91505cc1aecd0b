// What depends on how many sides a picture has, for the usual one. two_sides.js has the same.

import {css, paintByName} from './color.js';
import {trustedView} from './cuts.js';
import {walkMatches} from './move.js';
import {findFunctions, ownWeights, sumOf} from './functions.js';
import {percent} from './numbers.js';
import {picture, shown} from './state.js';
import {transformTree} from './transform.js';
import {count, factsOf, searchFacts, stateFacts, titleOf} from './words.js';

// The rows of the table, and the tree they are of.
const listed = {tree: null, rows: []};

function tableRows() {
  const {trimmed, whole} = shown.pane;
  if (listed.tree === trimmed) return listed.rows;
  const own = ownWeights(trimmed);
  listed.tree = trimmed;
  listed.rows = findFunctions(trimmed).map(({func, name, nodes, outer}) => {
    const self = sumOf(own, nodes), total = sumOf(trimmed.total, outer);
    return {func, run: 'function ' + func, values: [name, self, self, total, total, nodes.length],
      cells: [name, count(self), percent(self, whole) + ' %', count(total),
        percent(total, whole) + ' %', nodes.length]};
  }).sort((a, b) => b.values[1] - a.values[1] || b.values[3] - a.values[3]);
  return listed.rows;
}

export const oneSide = {
  // Buttons of the upper bar, and what `n` and `N` walk.
  controls: ['search', 'ignorecase', 'table', 'menu'],
  walked: 'match',

  // Called once, with the first pane.
  start(pane) {
    shown.panes = [pane];
    shown.pane = pane;
  },

  // Commands of its own.
  addCommands() {},

  // Computes the trees of a view, as transform.js does. Returns what gives them to the panes.
  * grow(view) {
    const {pane} = shown, [trimmed, tree] = yield* transformTree(picture.base, trustedView(view));
    return () => {
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

  describeState: () => stateFacts(shown.pane.whole, picture.base.total[0]).join(' \u00b7 '),
  drawHeadings() {},

  table: {
    keys: 't',
    text: 'Table of functions',
    width: 640,
    sort: 1,
    title: () => 'Functions, in ' + picture.head.countname,
    note: () => '',
    columns: () => [{label: 'Function', text: true}, {label: 'Self'}, {label: '%', minor: true},
      {label: 'Total'}, {label: '%'}, {label: 'Places', minor: true}],
    rows: tableRows,
  },

  walk: walkMatches,
};
