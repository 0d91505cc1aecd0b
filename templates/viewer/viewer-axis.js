// SPDX-License-Identifier: MIT
// The axis of time above the frames of a flame chart.

import {make} from './dom.js';
import {measure} from './label.js';
import {ceil, floor} from './numbers.js';
import {extras, layout, picture, shown} from './state.js';
import {count, valueOf} from './words.js';

const HIGH = 18, APART = 90; // pixels: of the axis, and between two of its marks

// After a cut or a reversal, frames are no longer in the order of time.
const hasTime = ({cuts, bottomup, sandwich}) => !cuts[0] && !bottomup && !sandwich
  && shown.pane.tree.order === 'input';

// Steps are 1, 2 or 5 times a power of ten.
function roundUp(step) {
  const power = 10 ** floor(Math.log10(step));
  return power * [1, 2, 5, 10].find(times => step <= times * power * (1 + 1e-9));
}

// The labels of marks from number `first` on: times, and where those are too close to differ, the
// time since the first one.
function labelMarks(first, step) {
  const at = k => (k ? count(k * step) : '0'), [a, b, c] = [0, 1, 2].map(k => at(first + k));
  const close = a === b || b === c;
  return k => (close && k > first ? '+' + at(k - first) : at(k));
}

extras.push({
  start() {
    picture.axis = make('g', picture.bar, {class: 'axis', 'aria-hidden': true});
  },

  layOut() {
    if (hasTime(shown.view)) layout.axisHigh = HIGH;
  },

  draw() {
    const {axis, geo} = picture, {pane} = shown, y = layout.topHigh;
    axis.textContent = '';
    if (!hasTime(shown.view)) return;
    const row = pane.last, [from, to] = pane.rangeOf(row), one = valueOf(1);
    const xOf = pane.placesOf(row);
    const step = roundUp(one * APART / pane.scaleOf(row)) / one;
    const first = ceil(from / step), labelAt = labelMarks(first, step);
    let path = `M${geo.pad} ${y - 2}H${xOf(to)}`;
    for (let k = first; k * step <= to; k++) {
      const x = xOf(k * step), label = labelAt(k);
      path += `M${x} ${y - 2}v-14`;
      if (x + 3 + measure(label) < layout.width) make('text', axis, {x: x + 3, y: y - 5}, label);
    }
    make('path', axis, {d: path});
  },
});
