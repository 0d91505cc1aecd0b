// SPDX-License-Identifier: MIT
// A pane: a tree, how it lies on the picture, and its boxes. Most pictures have one. A picture of
// two sides may have two, before above after, with the same frames on one scale: node numbers and
// rows mean the same in both; weights, places and boxes are a pane's own. The current pane is where
// the mouse is, or what was acted on last.

import {rowBoxes} from './boxes.js';
import {mix} from './color.js';
import {clamp, floor, max, round} from './numbers.js';
import {display, isZoomed, layout, picture, shown, switchPane} from './state.js';
import {edgesOf} from './tree.js';

const LIGHT = 0xf4f4e8, DARK = 0x1b1c20, MERGED = [0xb9b4ac, 0x5f5c57];

// The largest weight of a node in a pane.
export const widest = node => max(...shown.panes.map(pane => pane.tree.total[node]));

export class Pane {
  // crowd: where narrow boxes are painted together; rug: marks of matches; glow: outline of
  // the frame under the mouse; halo and ring: of the focused one; lit: of places of a function.
  constructor(marks) {
    // trimmed, tree: what the cuts left, and how it is looked at; found: see findMatches();
    // slots, later: elements of frames by row, and what is drawn later;
    // first, last, rows, tall: rows, and how many there were before a zoom;
    // top, bottom, known: edges of the frames, boxes by row.
    Object.assign(this, marks);
  }

  // Shows other trees.
  plant(trimmed, tree) {
    clearTimeout(this.later);
    Object.assign(this, {trimmed, tree, slots: [], tall: 0});
  }

  // Weight of all that is left.
  get whole() {
    return this.trimmed.total[0];
  }

  // In a sandwich only the half that was zoomed obeys.
  obeys(row) {
    const {zero, half, count} = this.tree;
    return half >= count || (shown.view.callers ? row < zero : row > zero);
  }

  // The weights that fill the room: as much as the larger pane needs.
  reachOf(row) {
    const {zoomed, view} = shown;
    if (!this.obeys(row)) return [0, widest(0)];
    if (!zoomed && view.at[1]) return view.at.map(share => share * widest(0));
    const left = this.tree.start[zoomed];
    return [left, left + widest(zoomed)];
  }

  // The weights that are shown of it.
  rangeOf(row) {
    const {zoomed, view} = shown;
    return this.obeys(row) && (zoomed || !view.at[1]) ? edgesOf(this.tree, zoomed)
      : this.reachOf(row);
  }

  scaleOf(row) {
    const [from, to] = this.reachOf(row);
    return layout.room / (to - from || 1);
  }

  // Returns where weights of a row are on the picture, as a function.
  placesOf(row) {
    const [from, to] = this.rangeOf(row), scale = this.scaleOf(row), {pad} = picture.geo;
    return weight => pad + clamp(weight - from, 0, to - from) * scale;
  }

  yOf(row) {
    const high = picture.geo.row;
    return layout.flame ? this.bottom - (row - this.first + 1) * high + 1
      : this.top + (row - this.first) * high;
  }

  rowAtY(y) {
    return this.first + floor((layout.flame ? this.bottom - y : y - this.top) / picture.geo.row);
  }

  // At most so many boxes of a row. A box without weight on this side is left out.
  cutRow(row, most) {
    const [from, to] = this.rangeOf(row);
    return from === to ? [] : rowBoxes(this.tree, row, from, to, this.scaleOf(row), most);
  }

  boxesOf(row) {
    return this.known[row] ||= this.placeRow(row);
  }

  // The boxes of a row in their places on the picture. Rows that only show the way to the zoomed
  // frame are pale.
  placeRow(row) {
    const {tree} = this, at = tree.row[shown.zoomed], xOf = this.placesOf(row);
    const pale = row !== at && (row - at) * (row - tree.zero) <= 0;
    return this.cutRow(row, 1e9).map(box => {
      let color = shown.paint(box.node);
      if (box.many) color = mix(color, MERGED[+display.dark], 0.5);
      if (pale) color = mix(color, display.dark ? DARK : LIGHT, 0.55);
      const x = round(10 * xOf(box.left)) / 10, wide = round(10 * (xOf(box.right) - x)) / 10;
      return Object.assign(box, {pane: this, x, wide, color});
    });
  }

  boxAt(row, weight) {
    return row >= this.first && row <= this.last
      && this.boxesOf(row).find(box => weight >= box.left && weight < box.right);
  }

  boxOf(node) {
    const {row, start, total} = this.tree;
    return this.boxAt(row[node], start[node] + total[node] / 2);
  }

  // The box at a point of the picture.
  boxUnder({x, y}) {
    const row = this.rowAtY(y), [from] = this.rangeOf(row);
    const box = this.boxAt(row, from + (x - picture.geo.pad) / this.scaleOf(row));
    return box && x <= box.x + box.wide && box;
  }

  // Finds the rows that have boxes. A row without a box has none beyond it.
  findRows() {
    const {inRow, rowAt, zero} = this.tree;
    const shows = row => inRow[rowAt[row]] >= 0 && this.cutRow(row, 1)[0];
    this.known = [];
    this.first = this.last = zero;
    while (shows(this.first - 1)) this.first--;
    while (shows(this.last + 1)) this.last++;
    this.rows = max(isZoomed() && this.tall, this.last - this.first + 1);
    if (!isZoomed()) this.tall = this.rows;
  }
}

// Lays out the panes, one below the other; over each of two is room for a heading.
export function layOutPanes() {
  const {panes} = shown, {row, font} = picture.geo;
  let y = layout.topHigh;
  for (const pane of panes) {
    pane.findRows();
    pane.top = panes[1] ? y += 2 * font : y;
    y = pane.bottom = y + pane.rows * row;
  }
  layout.high = y + layout.footHigh;
  if (!boxOf(shown.zoomed)) switchPane();
}

// The box of a node in the current pane.
export const boxOf = node => shown.pane.boxOf(node);

// The box at a point of the picture; its pane becomes the current one.
export function boxAtPoint(point) {
  const box = shown.panes.map(pane => pane.boxUnder(point)).find(Boolean);
  if (box) shown.pane = box.pane;
  return box;
}
