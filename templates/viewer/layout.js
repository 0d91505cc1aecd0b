// From the tree to boxes, for one row at a time. Frames under half a pixel never get a box of
// their own: neighbours merge into one box. Finding the next box is a search in the row, so the
// cost of a row depends on its width in pixels, not on how many frames it holds.

// First position in row order, from `low` up to `high`, whose frame starts at `edge` or after.
function findStart({inRow, start}, low, high, edge) {
  while (low < high) {
    let middle = (low + high) >> 1
    if (start[inRow[middle]] < edge) low = middle + 1; else high = middle
  }
  return low
}

// The boxes of a row between the weights `from` and `to`, at most `most` of them. `first` and
// `last` are positions in row order, `left` and `right` weights; `scale` is pixels per unit.
function rowBoxes(tree, row, from, to, scale, most) {
  let {inRow, start, total, rowAt} = tree, end = rowAt[row + 1], tiny = 0.5 / scale, boxes = []
  let run, close = () => {
    if (run && run.right - run.left >= tiny) boxes.push(run)
    run = 0
  }
  let right = at => start[inRow[at]] + total[inRow[at]]
  let at = findStart(tree, rowAt[row], end, from)
  // A frame before may reach into the range.
  while (at > rowAt[row] && right(at - 1) > from) at--
  while (at < end && boxes.length < most) {
    let node = inRow[at]
    let box = {row, node, first: at, last: at, left: start[node], right: right(at)}
    if (box.left >= to) break
    if (total[node] >= tiny) {
      close()
      if (!isGap(tree, node)) boxes.push(box)
      at++
      continue
    }
    // All that starts in this half pixel; only the last of them may be wide.
    at = findStart(tree, at + 1, end, box.left + tiny)
    if (total[inRow[at - 1]] >= tiny) at--
    if (run && box.left - run.right >= tiny) close()
    run = run || box
    run.many = true
    run.last = at - 1
    run.right = right(at - 1)
  }
  close()
  return boxes
}

// How the tree lies on the picture. `range` is the part of the root that fills the `room` between
// its pads; in a sandwich only the half that was zoomed obeys. Rows go from `first` to `last`.

let tree, geo, width, room, range, upper, flame, topHigh, footHigh, footLines
let first, last, rows, high, boxesKnown

let edgesOf = node => [tree.start[node], tree.start[node] + tree.total[node]]

function rangeOf(row) {
  let {zero, half, count} = tree
  return half < count && (upper ? row >= zero : row <= zero)
    ? edgesOf(0) : range
}

function scaleOf(row) {
  let [from, to] = rangeOf(row)
  return room / (to - from || 1)
}

let boxesOf = row => boxesKnown[row] ||= rowBoxes(tree, row, ...rangeOf(row), scaleOf(row),
  1e9).map(box => {
  let x = round(10 * xOf(row, box.left)) / 10, at = tree.row[zoomed], colour = paint(box.node)
  if (box.many) colour = mix(colour, 0xb9b4ac, 0.5)
  // Rows that only show the way to the zoomed frame are pale.
  if (row !== at && (row - at) * (row - tree.zero) <= 0) {
    colour = mix(colour, dark ? 0x1b1c20 : 0xf4f4e8, 0.55)
  }
  return Object.assign(box, {x, wide: round(10 * (xOf(row, box.right) - x)) / 10, colour})
})

let xOf = (row, weight) => geo.pad
  + limit((weight - rangeOf(row)[0]) * scaleOf(row), 0, room)

let yOf = row => (flame ? high - footHigh - (row - first + 1) * geo.row + 1
  : topHigh + (row - first) * geo.row)

let rowAtY = y => first + floor((flame ? high - footHigh - y : y - topHigh) / geo.row)

let boxAt = (row, weight) => row >= first && row <= last
  && boxesOf(row).find(box => weight >= box.left && weight < box.right)

let boxOf = node => boxAt(tree.row[node], tree.start[node] + tree.total[node] / 2)

// A row without a box has none beyond it.
function layOut() {
  let shows = row => tree.inRow[tree.rowAt[row]] >= 0
    && rowBoxes(tree, row, ...rangeOf(row), scaleOf(row), 1)[0]
  boxesKnown = []
  first = last = tree.zero
  while (shows(first - 1)) first--
  while (shows(last + 1)) last++
  rows = max(isZoomed() && tall, last - first + 1)
  high = topHigh + rows * geo.row + footHigh
}
