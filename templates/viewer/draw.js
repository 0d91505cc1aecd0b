// The one routine that draws frames: the boxes of the rows in the window, nothing else.

// Where the picture stands in the window. Asking makes the browser lay out the page, so that is
// done once, before anything changes.
let origin, scale;

function look() {
  let { a = 1, e: left, f: top } = svg.getScreenCTM() || {};
  origin = { left, top, width: svg.getBoundingClientRect().width };
  scale = a;
}

function pointAt({ type, clientX, clientY }) {
  if (type) look();
  return { x: (clientX - origin.left) / scale, y: (clientY - origin.top) / scale };
}

// The part of the picture that the window shows, in the picture's own pixels.
let visiblePart = () => (printing || !origin.width ? [0, high]
  : [0, innerHeight].map(clientY => limit(pointAt({ clientY }).y, 0, high)));

// What was set last is kept: reading it back would cost more.
function put(slot, element, key, value) {
  if (slot[key] !== value) element.setAttribute(key, slot[key] = value);
}

function say(slot, element, text) {
  if (slot.said !== text) element.textContent = slot.said = text;
}

function boxColour({ row, node, many, first: k, last: end }) {
  if (found.hits[end + 1] > found.hits[k]) return 0xe600e6;
  let at = tree.row[zoomed], colour = paint(node);
  if (many) colour = mix(colour, 0xb9b4ac, 0.5);
  // Rows that only show the way to the zoomed frame are pale.
  return row !== at && (row - at) * (row - tree.zero) <= 0
    ? mix(colour, dark ? 0x1b1c20 : 0xf4f4e8, 0.55) : colour;
}

// Every row keeps its elements, so that most of what is the same stays.
function drawBox(i, box) {
  let { row, node, many } = box, x = round(10 * xOf(row, box.left)) / 10, y = yOf(row);
  let wide = round(10 * (xOf(row, box.right) - x)) / 10, fill = boxColour(box);
  let label = many || wide < 12 ? '' : shorten(nameOf(node), wide - 6);
  let slot = slots[row][i];
  if (!slot) {
    let g = make('g', frames, { role: 'treeitem', id: `${head.prefix}frame-${row}-${i}`,
      'aria-level': abs(row - tree.zero) + 1 });
    slot = slots[row][i] = { g, title: make('title', g), rect: make('rect', g, {
      height: geo.row - 1 }), text: make('text', g), label: {} };
  } else if (!(i < drawn[row])) {
    frames.appendChild(slot.g);
  }
  let { g, title, rect, text } = slot;
  slot.box = box;
  say(slot, title, boxTitle(box));
  put(slot, rect, 'x', x);
  put(slot, rect, 'y', y);
  put(slot, rect, 'width', wide);
  put(slot, rect, 'fill', css(fill));
  put(slot, g, 'aria-expanded', many ? false : tree.next[node] > node + 1 || 'undefined');
  say(slot.label, text, label);
  // The browser should not lay out nothing.
  put(slot, text, 'display', label ? 'inline' : 'none');
  if (label) {
    put(slot.label, text, 'x', x + 3);
    put(slot.label, text, 'y', y + 2.5 + geo.row / 2);
    put(slot.label, text, 'class', needsLightInk(fill) ? 'light' : '');
  }
}

function drawFrames() {
  let [a, b] = visiblePart().map((y, i) => rowAtY(y + (i ? 99 : -99))), now = [];
  for (let row = max(first, min(a, b)); row <= min(last, max(a, b)); row++) {
    slots[row] ||= [];
    boxesOf(row).forEach((box, i) => drawBox(i, box));
    now[row] = boxesOf(row).length;
  }
  drawn.forEach((count, row) => {
    for (let i = now[row] || 0; i < count; i++) slots[row][i].g.remove();
  });
  drawn = now;
}

// Where matches are, for those too narrow to see: marks beside the frames.
function drawMatches() {
  let path = '';
  [last, first].forEach((row, i) => {
    let [from, to] = rangeOf(row), done = 0;
    for (let [left, right] of found.spans[i]) {
      let end = ceil(xOf(row, right));
      if (right <= from || left >= to || end <= done) continue;
      path += `M${min(end - 1, max(done, floor(xOf(row, left))))} ${high - footHigh + 4}H${done = end}`;
    }
  });
  rug.setAttribute('d', path);
}

// The frame under the mouse and the focused one get an outline.
function markFrames() {
  let box = focused && boxOf(focus);
  for (let [rect, on] of [[glow, hovered], [ring, box]]) {
    rect.setAttribute('display', on ? 'inline' : 'none');
    if (!on) continue;
    let x = xOf(on.row, on.left);
    set(rect, { x, y: yOf(on.row), height: geo.row - 1, width: max(2, xOf(on.row, on.right) - x) });
  }
  let slot = box && drawn[box.row] && slots[box.row].find(one => one.box === box);
  if (slot) frames.setAttribute('aria-activedescendant', slot.g.id);
}
