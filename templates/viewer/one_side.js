// What depends on how many sides a picture has, for the usual one. two_sides.js has the same.

import {css, paintByName} from './color.js';
import {walkMatches} from './move.js';
import {picture, shown} from './state.js';
import {transformTree} from './transform.js';
import {factsOf, searchFacts, stateFacts, titleOf} from './words.js';

export const oneSide = {
  // Buttons of the upper bar, and what `n` and `N` walk.
  controls: ['search', 'ignorecase', 'menu'],
  walked: 'match',

  // Called once, with the first pane.
  start(pane) {
    shown.panes = [pane];
    shown.pane = pane;
  },

  // Commands of its own.
  addCommands() {},

  // Gives the panes the trees of the view.
  grow() {
    const {pane} = shown, [trimmed, tree] = transformTree(picture.base, shown.view);
    pane.plant(trimmed, tree);
    shown.union = tree;
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
  walk: walkMatches,
};
