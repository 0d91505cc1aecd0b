// SPDX-License-Identifier: MIT
// The entries of the legend: pointing at one outlines its frames; a click opens a menu of cuts.

import {numbersIn} from './data.js';
import {byId, on, set} from './dom.js';
import {lightFrames} from './draw.js';
import {openPanel} from './panel.js';
import {extras, picture} from './state.js';
import {addCut} from './steps.js';

// Flags of the names of each entry, by its label.
function readGroups({head, base: {names}}, labels) {
  const next = numbersIn(head.groups), groups = labels.map(() => new Uint8Array(names.count));
  for (let i = 0; i < names.count; i++) {
    const entry = next();
    if (entry) groups[entry - 1][i] = 1;
  }
  names.groups = new Map(labels.map((label, i) => [label, groups[i]]));
}

function listenTo(element, label) {
  const flags = picture.base.names.groups.get(label);
  const light = () => lightFrames(name => flags[name]);
  on(element, 'pointerenter', light);
  on(element, 'pointerleave', () => lightFrames());
  // Chromium lets Tab stop at whatever listens to its focus.
  if (element.localName !== 'text') return;
  set(element, {role: 'button', tabindex: 0});
  on(element, 'focus', light);
  on(element, 'blur', () => lightFrames());
}

const WORDS = {hide: 'Hide its frames', remove: 'Remove stacks through it',
  keep: 'Keep only stacks through it'};

const entryOf = i => [...picture.base.names.groups.keys()][i];

function openEntry(i) {
  const lines = Object.entries(WORDS).map(([op, text]) => [`group ${op} ${i}`, '', text]);
  openPanel(entryOf(i), lines, '', [310, 160]);
}

const cutGroup = (op, i) => addCut(op + 'all', entryOf(i));

extras.push({
  start() {
    const legend = byId('legend');
    if (!legend || !picture.head.groups) return;
    const labels = [...legend.querySelectorAll('text')].map(text => text.textContent);
    readGroups(picture, labels);
    for (const [i, element] of [...legend.children].entries()) {
      set(element, {'data-run': 'entry ' + (i >> 1), class: 'entry'});
      listenTo(element, labels[i >> 1]);
    }
  },

  acts: {entry: openEntry, group: cutGroup},
});
