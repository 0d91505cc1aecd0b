// SPDX-License-Identifier: MIT
// Ways to move about: zoom, and the frame that the keys are about.

import {findOrigin} from './dom.js';
import {openField} from './field.js';
import {clamp, max, min} from './numbers.js';
import {boxOf, widest} from './pane.js';
import {nextMatch} from './search.js';
import {redraw} from './show.js';
import {display, layout, picture, pointer, shown, switchPane} from './state.js';
import {go} from './steps.js';
import {edgesOf, pathOf} from './tree.js';

// The focused box, else that of the zoomed frame. Where nothing is left there is none.
const focusedBox = () => boxOf(pointer.focus) || boxOf(shown.zoomed)
  || {node: 0, row: 0, pane: shown.pane};

// The box that a command is about.
export const target = () => pointer.aim || pointer.hovered || focusedBox();

// Weights as parts of the whole width.
const partsOf = edges => edges.map(weight => clamp(weight / widest(0), 0, 1));

// Where a merged box fills the view and has too many frames to show, a part of it around `x`.
export function zoomTo(box, x = box.x + box.wide / 2) {
  const {node, row, left, right, many, pane: {tree}} = box;
  if (many && box.wide > layout.room / 2) {
    zoomAround({x, y: box.pane.yOf(row) + 1}, 0.1, 0, {});
    return;
  }
  const zoom = pathOf(tree, node), place = partsOf(many ? [left, right] : edgesOf(tree, node));
  // No browser likes an endless address: very deep paths give way to their place.
  const far = many || zoom.join()[3e4];
  pointer.focus = node;
  go({zoom: far ? [] : zoom, callers: row < tree.zero,
    at: far || (tree.order === 'input' && node) ? place : []});
}

// Zooms in on a place and shifts sideways. `factor` < 1 is closer. What happens within
// 2,048 ms is one step.
export function zoomAround({x, y}, factor, shift, event) {
  const {panes} = shown, pane = panes.find(one => y <= one.bottom) || panes.at(-1);
  const row = pane.rowAtY(y), [from, to] = pane.reachOf(row), all = widest(0);
  const wide = clamp((to - from) * factor, all * 1e-9, all);
  const share = (x - picture.geo.pad) / layout.room;
  const left = clamp(from + (share + shift) * (to - from) - share * wide, 0, all - wide);
  shown.pane = pane;
  go({zoom: [], callers: row < pane.tree.zero, at: wide < all ? partsOf([left, left + wide]) : []},
    -event.timeStamp >> 11);
}

// Without a match, there is something to search.
export function walkMatches(back) {
  const {pane, union} = shown;
  if (pane.found.places) reveal(nextMatch(union, pane.found, pointer.focus, back));
  else openField();
}

// Makes a frame wide enough to see, and scrolls to it.
export function reveal(node) {
  if (!shown.pane.tree.total[node]) switchPane();
  const {pane} = shown, {parent, total, row} = pane.tree, box = boxOf(node);
  let above = node;
  if (box?.node !== node || box.wide < 4) {
    while (parent[above] > 0
      && total[parent[above]] * 5 < total[node] * layout.width) above = parent[above];
    zoomTo({node: above, row: row[above], pane});
  }
  focusOn(node);
}

// Focuses a frame and scrolls as little as it takes to show its row between the bars.
export function focusOn(node) {
  findOrigin();
  const {origin, scale} = display, {topHigh, footHigh} = layout, {pane} = shown;
  const y = origin.top + pane.yOf(pane.tree.row[node]) * scale;
  Object.assign(pointer, {focus: node, focused: true, hovered: null, mouse: null});
  scrollBy(0, min(0, y - (topHigh + 4) * scale)
    || max(0, y - innerHeight + (footHigh + picture.line) * scale));
  redraw();
}

// Arrows go where they point: along the row, to the caller, to the widest callee; beyond the end of
// a pane comes the other one.
export function moveFocus(way) {
  const {pane} = shown, here = focusedBox(), step = {Left: -1, Right: 1}[way];
  const old = pointer.focused && pointer.focus;
  let box;
  if (step) {
    const along = pane.boxesOf(here.row);
    box = along[along.indexOf(here) + step];
  } else {
    box = pane.boxesOf(here.row + ((way === 'Up') === layout.flame ? 1 : -1))
      .filter(other => other.left < here.right && other.right > here.left)
      .sort((a, b) => b.wide - a.wide)[0];
  }
  focusOn(box && pointer.focused ? box.node : here.node);
  if (pointer.focus === old) picture.sides.leavePane?.(way);
}
