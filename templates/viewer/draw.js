// SPDX-License-Identifier: MIT
// The one routine that draws frames: the boxes of the rows in the window, nothing else.

import {FOUND, mix, needsLightInk} from './color.js';
import {make, say, set, visiblePart} from './dom.js';
import {abs, ceil, floor, max, min} from './numbers.js';
import {picture, pointer, shown} from './state.js';
import {labelOf} from './words.js';

// A merged box is half matched when one of its frames is.
function boxColor({first, last, many, color, pane}) {
  const {places, marks} = pane.found;
  const isFound = places && marks.subarray(first, last + 1).includes(1);
  return !isFound ? color : many ? mix(color, FOUND, 0.5) : FOUND;
}

// Makes the element of a frame; `link`: see viewer-links.js.
function makeFrame({row, pane}, link, display) {
  const id = picture.head.prefix + 'frame-' + ++picture.made;
  const g = make(link.tag || 'g', picture.frames, {role: 'treeitem', id,
    'aria-level': abs(row - pane.tree.zero) + 1, display, ...link.attributes});
  g.parts = ['title', 'rect', 'text'].map(tag => make(tag, g));
  g.link = link;
  return g;
}

// Draws a box by the element of its row that is next, `used` many are in use. Rows keep theirs, so
// that most of what is the same stays. A box painted with others (`hidden` 1) has its element only
// for those who read the picture.
function drawBox(box, hidden, used) {
  const {row, node, many, x, wide, pane} = box, {tree, slots} = pane, at = 2 * row + hidden;
  const link = picture.links?.get(!many && tree.names.raw[tree.name[node]]) || 0;
  const list = slots[at] ||= [], i = used[at] || 0, y = pane.yOf(row), high = picture.geo.row;
  let g = list[i];
  used[at] = i + 1;
  if (g?.link !== link) {
    g?.remove();
    g = list[i] = makeFrame(box, link, hidden ? 'none' : 'inline');
  }
  const [title, rect, text] = g.parts, color = boxColor(box);
  const look = picture.sides.lookOf(box, color);
  // A box that is drawn again can only have got another color.
  if (g.box !== box) {
    g.box = box;
    say(title, link.title || picture.sides.titleOf(box));
    g.label = wide < 12 ? '' : labelOf(box, wide - 6);
    say(text, g.label);
    set(g, {'aria-expanded': many ? false : tree.next[node] > node + 1 || 'undefined'});
    set(rect, {x, y, width: wide, height: high - 1});
  }
  set(rect, look);
  if (g.label) {
    const ink = look.class !== 'gone' && needsLightInk(color) ? 'light' : '';
    set(text, {x: x + 3, y: y + 2.5 + high / 2, class: ink});
  }
}

// Draws boxes of a pane. Those that are hidden come when the browser has read the whole file, a few
// at a time, so that the next key need not wait.
function drawBoxes(pane, boxes, hidden, used = []) {
  const busy = hidden && document.readyState === 'loading';
  for (const box of boxes.splice(0, busy ? 0 : hidden ? 300 : 1e5)) drawBox(box, hidden, used);
  if (boxes[0]) {
    pane.later = setTimeout(drawBoxes, busy ? 50 : 1, pane, boxes, hidden, used);
    return;
  }
  pane.slots.forEach((list, at) => {
    if (at % 2 === hidden) for (const g of list.splice(used[at] || 0)) g.remove();
  });
  if (hidden) ownCallees(pane);
}

// Elements are row by row. Those who read the picture get a tree: each frame owns its callees (in a
// sandwich, above the root, its callers) from left to right.
function ownCallees({slots, tree}) {
  const rowOf = row => [...slots[2 * row] || [], ...slots[2 * row + 1] || []]
    .sort((a, b) => a.box.left - b.box.left);
  for (let row = 0; 2 * row < slots.length; row++) {
    const nexts = [row + 1, row - 1].filter(next => (next - row) * (row - tree.zero) >= 0)
      .map(rowOf), at = [0, 0];
    for (const g of rowOf(row)) {
      const ids = nexts.flatMap((list, k) => {
        const from = at[k];
        while (list[at[k]]?.box.left < g.box.right) at[k]++;
        return list.slice(from, at[k]).map(({id}) => id);
      });
      if (ids[0] || g.known['aria-owns']) set(g, {'aria-owns': ids.join(' ')});
    }
  }
}

// The outline of a box as part of a path, `out` pixels around it.
function outlineOf({pane, row, x, wide}, out = 0) {
  const width = wide + 2 * out;
  return `M${x - out} ${pane.yOf(row) - out}h${width}v${picture.geo.row - 1 + 2 * out}h-${width}z`;
}

// Paints boxes together, by a path for each color.
function paintCrowd(pane, boxes) {
  const paths = {};
  for (const box of boxes) {
    const color = boxColor(box), {fill} = picture.sides.lookOf(box, color);
    const path = paths[fill[0] === '#' ? color & 0xf0f0f0 : fill] ||= {fill, d: ''};
    path.d += outlineOf(box);
  }
  pane.crowd.textContent = '';
  for (const path of Object.values(paths)) make('path', pane.crowd, path);
}

// Draws the rows in the window. Many boxes too narrow for a label are painted together: to lay out
// and paint elements of their own would cost 30 times as much. Those come when the picture is on
// the screen, and are not displayed.
export function drawPane(pane) {
  const [a, b] = visiblePart().map((y, i) => pane.rowAtY(y + (i ? 99 : -99)));
  const alone = [], together = [], end = min(pane.last, max(a, b));
  let boxes = [];
  for (let row = max(pane.first, min(a, b)); row <= end; row++) {
    boxes = boxes.concat(pane.boxesOf(row));
  }
  for (const box of boxes) {
    const narrow = boxes[1500] && box.wide < 12 && box.node !== pointer.focus;
    (narrow ? together : alone).push(box);
  }
  paintCrowd(pane, together);
  drawBoxes(pane, alone, 0);
  clearTimeout(pane.later);
  pane.later = setTimeout(drawBoxes, 50, pane, together, 1);
}

// Where matches are, for those too narrow to see: marks beside the frames.
export function drawMatches() {
  for (const pane of shown.panes) {
    const y = pane.bottom + 4;
    let path = '';
    pane.found.spans.forEach((spans, i) => {
      const row = i ? pane.first : pane.last, [start, to] = pane.rangeOf(row);
      const xOf = pane.placesOf(row);
      let from = start;
      // Up to `from` all is marked.
      for (const {0: left, 1: right} of spans) {
        if (right <= from || left >= to) continue;
        const end = ceil(xOf(right));
        path += `M${min(floor(xOf(left)), end - 1)} ${y}H${end}`;
        from = start + (end - picture.geo.pad) / pane.scaleOf(row);
      }
    });
    set(pane.rug, {d: path});
  }
}

// Outlines the frames whose name, a number, and node pass the test; without one, none.
export function lightFrames(test) {
  pointer.lit = test;
  for (const pane of shown.panes) {
    const {tree: {name}, known} = pane;
    const boxes = known.flat().filter(({node, many}) => test && !many && test(name[node], node));
    set(pane.lit, {d: boxes.map(box => outlineOf(box, 1)).join('')});
  }
}

// The frame under the mouse and the focused one get an outline, in each pane. It is around the
// frame, so that it covers nothing of the label.
export function markFrames() {
  const {hovered, focus, focused} = pointer;
  for (const pane of shown.panes) {
    const box = focused && pane.boxOf(focus);
    const under = hovered && (hovered.pane === pane ? hovered
      : !hovered.many && pane.boxOf(hovered.node));
    for (const [path, target] of [[pane.glow, under], [pane.halo, box], [pane.ring, box]]) {
      set(path, {d: target ? outlineOf(target, 1) : ''});
    }
    const g = box && pane.slots[2 * box.row]?.find(one => one.box === box);
    if (g && pane === shown.pane) set(picture.frames, {'aria-activedescendant': g.id});
  }
}
