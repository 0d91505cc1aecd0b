// The one routine that draws frames: the boxes of the rows in the window, nothing else.

// Where the picture is in the window. To ask makes the browser lay out the page, so this happens
// once, before anything changes.
let origin, scale

// The matrix includes the empty margins beside a picture in an <object>. In Firefox it ignores how
// far a document is scrolled; a document that scrolls has no such margins.
function look() {
  let {a = 1, e, f} = svg.getScreenCTM() || {}, {left, top, width} = svg.getBoundingClientRect()
  let scrolled = alone && (window.scrollX || window.scrollY)
  origin = {left: scrolled ? left : e, top: scrolled ? top : f, width}
  scale = a
}

function pointAt(e) {
  let {clientX, clientY} = e
  if (e.type && e !== mouse) look()
  return {x: (clientX - origin.left) / scale, y: (clientY - origin.top) / scale}
}

// The part of the picture that the window shows, in the picture's own pixels.
let visiblePart = () => (printing || !origin.width ? [0, high]
  : [0, innerHeight].map(clientY => limit(pointAt({clientY}).y, 0, high)))

let FOUND = 0xe600e6

// A merged box is half matched when one of its frames is.
let boxColour = ({first, last, many, colour}) => (
  found.marks.subarray(first, last + 1).includes(1) ? many ? mix(colour, FOUND, 0.5) : FOUND
    : colour)

let lookOf = (box, colour) => ({fill: css(colour)})

// The elements of boxes, by row; rows keep theirs, so that most of what is the same stays. A box
// painted with others (`side` 1) has its element only for those who read the picture.
function drawBox(box, side, used) {
  let {row, node, many, x, wide} = box, y = yOf(row)
  let link = !many && links.get(tree.names.raw[tree.name[node]]) || 0, at = 2 * row + side
  let list = slots[at] ||= [], i = used[at] || 0, g = list[i], {title, ...given} = link
  used[at] = i + 1
  if (g?.link !== link) {
    g?.remove()
    // Addresses that a link may lead to: of the web, of mail, or relative.
    g = /^(https?:|mailto:|[^:]*([/?#]|$))/i.test(given.href ?? ':') ? 'a' : 'g'
    g = list[i] = make(g, frames, {role: 'treeitem', id: head.prefix + 'frame-' + ++made,
      'aria-level': abs(row - tree.zero) + 1, display: side ? 'none' : 'inline', ...given})
    g.parts = ['title', 'rect', 'text'].map(tag => make(tag, g))
    g.link = link
  }
  let [said, rect, text] = g.parts, colour = boxColour(box), look = lookOf(box, colour)
  // A box that is drawn again can only have got another colour.
  if (g.box !== box) {
    g.box = box
    say(said, title || boxTitle(box))
    g.label = many || wide < 12 ? '' : shorten(nameOf(node), wide - 6)
    say(text, g.label)
    set(g, {'aria-expanded': many ? false : tree.next[node] > node + 1 || 'undefined'})
    set(rect, {x, y, width: wide, height: geo.row - 1})
  }
  set(rect, look)
  let ink = look.class !== 'gone' && needsLightInk(colour) ? 'light' : ''
  if (g.label) set(text, {x: x + 3, y: y + 2.5 + geo.row / 2, class: ink})
}

// Those that are not displayed come a few at a time, so that the next key need not wait.
function drawSide(boxes, side, used = []) {
  for (let box of boxes.splice(0, side ? 300 : 1e5)) drawBox(box, side, used)
  if (boxes[0]) later = setTimeout(drawSide, 1, boxes, side, used)
  else slots.forEach((list, at) => {
    if (at % 2 === side) for (let g of list.splice(used[at] || 0)) g.remove()
  })
}

// Draws the rows in the window. Many boxes too narrow for a label are painted together, by a path
// for each colour: to lay out and paint elements of their own would cost 30 times as much. Those
// come when the picture is on the screen, and are not displayed.
function drawFrames() {
  let [a, b] = visiblePart().map((y, i) => rowAtY(y + (i ? 99 : -99))), boxes = []
  let sides = [[], []], paths = {}
  let row = max(first, min(a, b)), end = min(last, max(a, b))
  while (row <= end) for (let box of boxesOf(row++)) boxes.push(box)
  for (let box of boxes) {
    let {x, row, wide, node} = box, side = boxes[1500] && wide < 12 && node !== focus ? 1 : 0
    sides[side].push(box)
    if (!side) continue
    let colour = boxColour(box), {fill} = lookOf(box, colour)
    let path = paths[fill[0] === '#' ? colour & 0xf0f0f0 : fill] ||= {fill, d: ''}
    path.d += `M${x} ${yOf(row)}h${wide}v${geo.row - 1}h-${wide}z`
  }
  crowd.textContent = ''
  for (let key in paths) make('path', crowd, paths[key])
  drawSide(sides[0], 0)
  clearTimeout(later)
  later = setTimeout(drawSide, 50, sides[1], 1)
}

// Where matches are, for those too narrow to see: marks beside the frames.
function drawMatches() {
  let path = '', y = high - footHigh + 4
  found.spans.forEach((spans, i) => {
    let row = i ? first : last, [from, to] = rangeOf(row)
    // Up to `from` all is marked.
    for (let {left, right} of spans) {
      if (right <= from || left >= to) continue
      let end = ceil(xOf(row, right))
      path += `M${min(floor(xOf(row, left)), end - 1)} ${y}H${end}`
      from = rangeOf(row)[0] + (end - geo.pad) / scaleOf(row)
    }
  })
  set(rug, {d: path})
}

// The frame under the mouse and the focused one get an outline.
function markFrames() {
  let box = focused && boxOf(focus)
  for (let [rect, on] of [[glow, hovered], [ring, box]]) {
    set(rect, on ? {display: 'inline', x: on.x, y: yOf(on.row), height: geo.row - 1,
      width: max(2, on.wide)} : {display: 'none'})
  }
  let g = box && slots[2 * box.row]?.find(one => one.box === box)
  if (g) set(frames, {'aria-activedescendant': g.id})
}
