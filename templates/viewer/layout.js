// From the tree to boxes, for one row at a time. Frames under half a pixel never get a box of
// their own: neighbours merge into one box while it is closed by wide frames or by room between
// them. Finding the next box is a search in the row, so the cost of a row depends on its width
// in pixels, not on how many frames it holds.

const LEAST = 0.5;

// First position in row order, from `low` up to `high`, whose frame starts at or after `edge`.
// It looks near `low` first.
function findStart(tree, low, high, edge) {
  const { inRow, start } = tree;
  let step = 1;
  let top = low;
  while (top < high && start[inRow[top]] < edge) {
    low = top + 1;
    top += step;
    step *= 2;
  }
  if (top < high) high = top;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (start[inRow[middle]] < edge) low = middle + 1; else high = middle;
  }
  return low;
}

// The boxes of a row between the weights `from` and `to`: [{first, last, left, right}], first and
// last being positions in row order, left and right weights. `scale` is pixels per unit.
function rowBoxes(tree, row, from, to, scale, limit) {
  const { inRow, start, total, rowAt } = tree;
  const end = rowAt[row + 1];
  const tiny = LEAST / scale;
  const boxes = [];
  let run = null;
  function close() {
    if (run && run.right - run.left >= tiny) boxes.push(run);
    run = null;
  }
  let at = findStart(tree, rowAt[row], end, from);
  // The frame before may reach into the range.
  while (at > rowAt[row] && start[inRow[at - 1]] + total[inRow[at - 1]] > from) at--;
  while (at < end && !(boxes.length >= limit)) {
    const node = inRow[at];
    const left = start[node];
    if (left >= to) break;
    if (total[node] >= tiny) {
      close();
      const right = left + total[node];
      if (!isGap(tree, node)) boxes.push({ row, first: at, last: at, left, right });
      at++;
      continue;
    }
    // All that starts in this half pixel; only the last of them may be wide.
    let stop = findStart(tree, at + 1, end, left + tiny);
    if (total[inRow[stop - 1]] >= tiny) stop--;
    const last = inRow[stop - 1];
    const right = start[last] + total[last];
    if (run && left - run.right >= tiny) close();
    if (!run) run = { row, first: at, last: at, left, right };
    run.last = stop - 1;
    run.right = right;
    at = stop;
  }
  close();
  return boxes;
}

// How a tree lies on the picture: which rows there are and where they stand. `range` is the part
// of the root's width that fills the picture; in a sandwich only the half that was zoomed obeys.
function makeLayout(tree, range, half, place) {
  const whole = [tree.start[0], tree.start[0] + tree.total[0]];
  const inner = place.width - 2 * place.pad;
  const layout = { tree, place, cache: new Map() };
  layout.range = (row) => {
    if (half === 'up' && row >= tree.zero) return whole;
    if (half === 'down' && row <= tree.zero) return whole;
    return range;
  };
  layout.scale = (row) => {
    const [from, to] = layout.range(row);
    return inner / (to - from || 1);
  };
  layout.boxes = (row, limit) => {
    let boxes = layout.cache.get(row);
    if (!boxes) {
      const [from, to] = layout.range(row);
      boxes = rowBoxes(tree, row, from, to, layout.scale(row), limit);
      if (!limit) layout.cache.set(row, boxes);
    }
    return boxes;
  };
  layout.x = (row, weight) => {
    const x = (weight - layout.range(row)[0]) * layout.scale(row);
    return place.pad + Math.max(0, Math.min(inner, x));
  };
  layout.weight = (row, x) => layout.range(row)[0] + (x - place.pad) / layout.scale(row);
  // A row without a box has none beyond it, so the last row that shows is found by halving.
  const reach = (sign, most) => {
    let low = 0;
    while (low < most) {
      const middle = (low + most + 1) >> 1;
      if (layout.boxes(tree.zero + sign * middle, 1).length) low = middle; else most = middle - 1;
    }
    return low;
  };
  layout.first = tree.zero - reach(-1, tree.zero);
  layout.last = tree.zero + reach(1, tree.rows - 1 - tree.zero);
  layout.rows = layout.last - layout.first + 1;
  layout.height = place.top + layout.rows * place.row + place.bottom;
  const flame = place.flame;
  layout.y = (row) => (flame ? layout.height - place.bottom - (row - layout.first + 1) * place.row + 1
    : place.top + (row - layout.first) * place.row);
  layout.rowAtY = (y) => layout.first
    + Math.floor((flame ? layout.height - place.bottom - y : y - place.top) / place.row);
  layout.boxAt = (row, x) => {
    if (!(row >= layout.first && row <= layout.last)) return null;
    const weight = layout.weight(row, x);
    const boxes = layout.boxes(row);
    let low = 0;
    let high = boxes.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (weight < boxes[middle].left) high = middle - 1;
      else if (weight >= boxes[middle].right) low = middle + 1;
      else return boxes[middle];
    }
    return null;
  };
  return layout;
}
