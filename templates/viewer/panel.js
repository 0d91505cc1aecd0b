// SPDX-License-Identifier: MIT
// The panel: the help page, the menu of a frame, the list of changes.

import {make, set, sizeTo, toPicture, visiblePart} from './dom.js';
import {clamp, max, min} from './numbers.js';
import {display, layout, picture, pointer} from './state.js';

export const STILL = {preventScroll: true};

// The panel that is open: its element, how large it may be, and whether it stays beside what is
// done with the graph. `changed` is called when that leaves another room to the graph.
export const panel = {};

// The width that such a panel takes from the frames; none where it would leave them too little.
export const roomBeside = () => (panel.aside && !display.printing
  && layout.width - panel.wide > 480 ? panel.wide + 6 : 0);

// Lines are [command, keys, text].
export function openPanel(title, lines, note, [wide, tall, aside]) {
  closePanel();
  const element = make('foreignObject', picture.svg);
  Object.assign(panel, {element, wide, tall, aside});
  const page = make('div', element,
    {class: aside ? 'panel aside' : 'panel', role: 'dialog', tabindex: -1});
  make('h2', page, {}, title);
  for (const [command, keys, text] of lines) {
    const button = make('button', page, {'data-run': command}, text);
    for (const name of keys.split(', ')) if (name) make('kbd', button, {}, name);
  }
  if (note) make('p', page, {}, note);
  if (aside) panel.changed(); else placePanel();
  page.focus(STILL);
}

// In the middle of the window, or at its right between the bars.
export function placePanel() {
  const {element, tall, aside} = panel;
  if (!element) return;
  const {width, high, topHigh, footHigh} = layout, [top] = visiblePart();
  const {y: bottom} = toPicture({clientY: innerHeight}), wide = min(panel.wide, width - 12);
  const bars = aside ? topHigh + footHigh : 0, height = clamp(bottom - top - bars - 12, 160, tall);
  const y = aside ? top + topHigh + 6 : max(top + 6, (top + bottom - height) / 2);
  set(element, {x: aside ? width - wide - 6 : (width - wide) / 2, y, width: wide, height});
  // A picture that is lower grows with it.
  if (y + height > high) sizeTo(y + height + 6);
}

export function closePanel() {
  if (!panel.element) return;
  panel.element.remove();
  panel.element = panel.aside = pointer.aim = pointer.lit = null;
  panel.changed();
  picture.frames.focus(STILL);
}
