// SPDX-License-Identifier: MIT
// The legend of a palette: its entries are groups of names, which the data has.

import {numbersIn} from './data.js';
import {byId} from './dom.js';
import {legendActs, listenToLegend} from './legend.js';
import {extras, picture} from './state.js';

// Flags of the names of each entry, by its label.
function readGroups({head, base: {names}}, labels) {
  const next = numbersIn(head.groups), groups = labels.map(() => new Uint8Array(names.count));
  for (let i = 0; i < names.count; i++) {
    const entry = next();
    if (entry) groups[entry - 1][i] = 1;
  }
  names.groups = new Map(labels.map((label, i) => [label, groups[i]]));
  return groups;
}

extras.push({
  start() {
    const legend = byId('legend');
    if (!legend || !picture.head.groups) return;
    const labels = [...legend.querySelectorAll('text')].map(text => text.textContent);
    listenToLegend(readGroups(picture, labels).map((flags, i) => [i, name => flags[name]]));
  },

  acts: legendActs,
});
