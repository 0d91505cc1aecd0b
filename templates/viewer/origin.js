// SPDX-License-Identifier: MIT
// Where the picture comes from, and what it holds.

import {openPanel, panel} from './panel.js';
import {make} from './dom.js';
import {grouped, plural} from './numbers.js';
import {commandLine} from './save.js';
import {picture, shown} from './state.js';
import {counted, stateFacts} from './words.js';

// [label, text] by turns.
export function originLines() {
  const {head, base, part} = picture, {whole} = shown.pane, all = base.total[0];
  const known = Object.entries(head.meta || {});
  const least = base.total.filter(weight => weight < all * head.geometry.minwidth
    / (head.geometry.width - 2 * head.geometry.pad)).length;
  return [['title', part.title.full], ['', part.subtitle.full], ['value', head.valueType],
    ['total', counted(all)], ['samples', head.samples && grouped(head.samples)],
    ['holds', plural(base.count - 1, 'frame') + ' of ' + plural(base.names.first.size, 'function')],
    ['left out', least && plural(least, 'frame') + ' that only the viewer draws'],
    ['notes', head.notes], ['view', stateFacts(whole, all).join(', ')],
    ['drawn by', commandLine()], ...known].filter(([, text]) => text);
}

export function openOrigin() {
  openPanel('Where this comes from', [], '', [560, 420]);
  const table = make('table', panel.element.firstChild, {class: 'facts'});
  for (const [label, text] of originLines()) {
    const line = make('tr', table);
    make('th', line, {}, label);
    make('td', line, {}, text);
  }
}
