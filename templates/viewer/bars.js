// SPDX-License-Identifier: MIT
// The bars above and below the frames. Both stay in the window when the graph is taller.

import {byId, make, on, say, set, visiblePart} from './dom.js';
import {clip, clipBetween, measure} from './label.js';
import {max} from './numbers.js';
import {boxOf} from './pane.js';
import {callExtras, fromExtras, isZoomed, layout, picture, pointer, shown} from './state.js';

// By id: text and command.
export const buttons = {unzoom: ['Reset zoom', 'reset'], search: ['Search', 'search'],
  ignorecase: ['Aa', 'icase'], table: ['Table', 'table'], menu: ['Menu', 'help']};

// The field of the search, and below it what that found.
export const field = {};

export function sayFound() {
  set(picture.part.ignorecase, {'aria-pressed': shown.view.icase});
  if (field.found) say(field.found, picture.part.matched.textContent.replace(/^\/.*\/i?:? */, ''));
}

export function makeBars() {
  picture.controls = [...fromExtras('controls'), 'search', 'ignorecase', 'table', 'menu'];
  picture.bar = makeBar('title', 'subtitle', 'state', 'unzoom', ...picture.controls);
  picture.foot = makeBar('details', 'matched');
  picture.bar.append(byId('legend') || '');
  const {title, ignorecase} = picture.part;
  make('title', ignorecase, {}, 'Ignore case in the search');
  on(ignorecase, 'mousedown', event => event.preventDefault()); // the field stays open
  if (picture.alone) document.title = title.full;
}

function makeBar(...ids) {
  const {svg, head, part} = picture, group = make('g', svg, {class: 'bar'});
  group.back = make('rect', group, {class: 'back'});
  for (const id of ids) {
    const text = part[id] = byId(id) || make('text', group, {id: head.prefix + id});
    const [label, command] = buttons[id] || '';
    group.appendChild(text);
    text.full = text.textContent;
    if (label) {
      set(text, {class: 'button', role: 'button', tabindex: 0, 'data-run': command})
        .textContent = label;
    } else if (id !== 'title') set(text, {'aria-live': 'polite'});
  }
  return group;
}

// Puts everything that depends on the width in its place, and finds how much room it takes.
export function layoutBars() {
  const {geo: {pad, font, top, bottom}, part, line, head, sides, svg, controls} = picture;
  const {width, room} = layout, y = 2 * font;
  let x = width - pad;
  layout.axisHigh = 0;
  callExtras('layOut');
  for (const id of [...controls].reverse()) {
    set(part[id], {x, y});
    x -= measure(part[id].firstChild.data) + 14;
  }
  set(part.unzoom, {x: pad, y, visibility: isZoomed() ? 'visible' : 'hidden'});
  layout.edge = x;
  const edge = max(width - x, isZoomed() && pad + 90);
  say(set(part.subtitle, {x: width / 2}), clip(part.subtitle.full, room));
  // The title is set in larger letters. Where few words fit it is below the buttons.
  const narrow = layout.narrow = width < 760, title = part.title.full;
  const wide = (width - 2 * edge) * font / (font + 5), below = narrow && measure(title) > wide;
  say(set(part.title, {x: width / 2}), below ? '' : clipBetween(title, wide));
  const state = [sides.describeState(), below && title, head.notes].filter(Boolean)
    .join(' \xb7 ');
  say(set(part.state, {x: pad, y: top + line - 8, class: 'quiet'}), clip(state, room));
  layout.topHigh = top + line * !!state + layout.axisHigh;
  layout.footLines = narrow ? sides.lines() : 1 + head.sides;
  layout.footHigh = max(bottom, layout.footLines * line + 12);
  set(picture.bar.back, {width, height: layout.topHigh});
  set(picture.foot.back, {width, height: layout.footHigh});
  svg.classList.toggle('narrow', narrow);
  set(part.matched,
    {x: narrow ? pad : pad + room, y: (narrow ? layout.footLines : 1) * line + 4});
}

export function placeBars() {
  const {bar, foot} = picture, {topHigh, footHigh, high} = layout, [top, bottom] = visiblePart();
  for (const [group, y] of [[bar, top], [foot, max(bottom - footHigh, top + topHigh)]]) {
    set(group, {transform: `translate(0 ${y})`});
    group.classList.toggle('stuck', group === bar ? top > 0 : bottom < high);
  }
}

// Fills the details: the frame under the mouse, else the focused one, else the zoomed one. They are
// read aloud, so they are written only when they say something else. `note`: other lines.
export function explain(note) {
  const {part: {details, matched}, geo: {pad}, line, sides} = picture, {narrow, room} = layout,
    {hovered, focused, focus} = pointer;
  const box = hovered || boxOf(focused ? focus : shown.zoomed),
    [name, ...rows] = note || (box ? sides.describe(box)
      : ['The cuts left nothing: u takes back the last one.']);
  const lines = [clip(name, room - (narrow ? 0 : measure(matched.textContent) + 20))];
  let spare = narrow && layout.footLines - rows.length - 2; // lines
  const join = (text, fact) => {
    const all = text && text + ' \xb7 ';
    if (!text || !spare || measure(all + fact) <= room) return all + fact;
    spare--;
    lines.push(all);
    return fact;
  };
  for (const facts of rows) lines.push(clip(facts.reduce(join, ''), room));
  if (details.textContent === lines.join(' ') + ' ') return;
  details.textContent = '';
  // In Chromium, dragging beyond the end of a line selects it only if there is more text.
  lines.forEach((text, i) => make('tspan', make('tspan', details, {x: pad, y: (i + 1) * line + 4,
    class: i ? 'quiet' : ''}, text), {textLength: room, lengthAdjust: 'spacingAndGlyphs'}, ' '));
}
