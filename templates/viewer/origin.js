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
  const {head, base, part, geo} = picture, {whole} = shown.pane, all = base.total[0];
  const tiny = all * geo.minwidth / (geo.width - 2 * geo.pad);
  const least = base.total.filter(weight => weight < tiny).length;
  return [['title', part.title.full], ['', part.subtitle.full], ['value', head.valueType],
    ['total', counted(all)], ['samples', head.samples && grouped(head.samples)],
    ['holds', plural(base.count - 1, 'frame')],
    ['left out', least && plural(least, 'frame') + ' only in the viewer'],
    ['notes', head.notes], ['view', stateFacts(whole, all).join(', ')],
    ['drawn by', commandLine()], ...Object.entries(head.meta || {})].filter(([, text]) => text);
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
