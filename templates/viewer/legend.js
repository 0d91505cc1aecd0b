// SPDX-License-Identifier: MIT
// The entries of a legend: pointing at one outlines its frames, a click opens a menu of cuts. Each
// is a group of functions, which cuts and addresses name (groupOf() of cuts.js).

import {byId, on, set} from './dom.js';
import {lightFrames} from './draw.js';
import {plural} from './numbers.js';
import {openPanel} from './panel.js';
import {picture} from './state.js';
import {addCut} from './steps.js';

const CUTS = {hide: 'Hide these', remove: 'Remove stacks through these',
  keep: 'Keep only stacks through these'};

const groupAt = i => [...picture.base.names.groups][i];

function openEntry(i) {
  const [label, flags] = groupAt(i), {func} = picture.base.names;
  const {size} = new Set(func.filter((one, name) => flags[name]));
  const lines = Object.entries(CUTS).map(([op, text]) => [`group ${op} ${i}`, '', text]);
  openPanel(label, size ? lines : [], plural(size, 'function'), [330, 190]);
}

const cutGroup = (op, i) => addCut(op + 'all', groupAt(i)[0]);

export const legendActs = {entry: openEntry, group: cutGroup};

function listenTo(element, isLit) {
  const light = () => lightFrames(isLit);
  on(element, 'pointerenter', light);
  on(element, 'pointerleave', () => lightFrames());
  // Chromium lets Tab stop at whatever listens to its focus. An entry of a pale color has no text.
  if (element.localName !== 'text' || !element.textContent) return;
  set(element, {role: 'button', tabindex: 0});
  on(element, 'focus', light);
  on(element, 'blur', () => lightFrames());
}

// An entry is a rectangle and a text. `entries` has a pair for each: the number of its group, and
// the test of its frames for lightFrames().
export function listenToLegend(entries) {
  for (const [i, element] of [...byId('legend').children].entries()) {
    const [group, isLit] = entries[i >> 1];
    set(element, {'data-run': 'entry ' + group, class: 'entry'});
    listenTo(element, isLit);
  }
}
