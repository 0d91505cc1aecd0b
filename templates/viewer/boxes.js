// SPDX-License-Identifier: MIT
// From the tree to boxes, for one row at a time. Frames under half a pixel never get a box of
// their own: neighbors merge into one box. Finding the next box is a search in the row, so the
// cost of a row depends on its width in pixels, not on how many frames it holds.

import {isGap} from './tree.js';

// First position in row order, from `low` up to `high`, whose frame starts at `edge` or after.
function findStart({inRow, start}, low, high, edge) {
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[inRow[middle]] < edge) low = middle + 1; else high = middle;
  }
  return low;
}

// The boxes of a row between the weights `from` and `to`, at most `most` of them. `first` and
// `last` are positions in row order, `left` and `right` weights; `scale` is pixels per unit.
export function rowBoxes(tree, row, from, to, scale, most) {
  const {inRow, start, total, rowAt} = tree, end = rowAt[row + 1], tiny = 0.5 / scale, boxes = [];
  let run;
  const close = () => {
    if (run && run.right - run.left >= tiny) boxes.push(run);
    run = 0;
  };
  const right = k => start[inRow[k]] + total[inRow[k]];
  let at = findStart(tree, rowAt[row], end, from);
  // A frame before may reach into the range.
  while (at > rowAt[row] && right(at - 1) > from) at--;
  while (at < end && boxes.length < most) {
    const node = inRow[at];
    const box = {row, node, first: at, last: at, left: start[node], right: right(at)};
    if (box.left >= to) break;
    if (total[node] >= tiny) {
      close();
      if (!isGap(tree, node)) boxes.push(box);
      at++;
      continue;
    }
    // All that starts in this half pixel; only the last of them may be wide.
    at = findStart(tree, at + 1, end, box.left + tiny);
    if (total[inRow[at - 1]] >= tiny) at--;
    if (run && box.left - run.right >= tiny) close();
    run = run || box;
    run.many = true;
    run.last = at - 1;
    run.right = right(at - 1);
  }
  close();
  return boxes;
}
