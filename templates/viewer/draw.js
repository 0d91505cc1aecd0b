// The one routine that draws frames: the boxes of the rows in the window, nothing else.

// The part of the picture that the window shows, in the picture's own pixels.
function visiblePart() {
  let { top, height } = svg.getBoundingClientRect();
  return printing || !height ? [0, high]
    : [0, innerHeight].map(y => limit((y - top) * high / height, 0, high));
}

// Attributes are compared with what was set last: reading them back would cost more.
function put(slot, name, values) {
  for (let key in values) {
    let value = values[key], known = name + ' ' + key;
    if (slot[known] === value) continue;
    slot[known] = value;
    if (!key) slot[name].textContent = value;
    else if (value === null) slot[name].removeAttribute(key);
    else slot[name].setAttribute(key, value);
  }
}

function takeSlot(i) {
  if (!slots[i]) {
    let g = make('g', frames, { role: 'treeitem', id: head.prefix + 'frame' + i });
    slots[i] = { g, title: make('title', g), rect: make('rect', g), text: make('text', g) };
  } else if (i >= shown) {
    frames.appendChild(slots[i].g);
  }
  return slots[i];
}

function boxColour({ row, node, many, first: k, last: end }) {
  if (found.hits[end + 1] > found.hits[k]) return 0xe600e6;
  let at = tree.row[zoomed], colour = paint(node);
  if (many) colour = mix(colour, 0xb9b4ac, 0.5);
  if (dark) colour = mix(colour, 0, tree.was ? 0.25 : 0.1);
  // Rows that only show the way to the zoomed frame are pale.
  return row !== at && (row - at) * (row - tree.zero) <= 0
    ? mix(colour, dark ? 0x1b1c20 : 0xf4f4e8, 0.55) : colour;
}

function drawBox(slot, box) {
  let { row, node, many } = slot.box = box, x = round(10 * xOf(row, box.left)) / 10;
  let wide = round(10 * (xOf(row, box.right) - x)) / 10, y = yOf(row), fill = boxColour(box);
  let label = many || wide < 12 ? '' : shorten(nameOf(node), wide - 6);
  put(slot, 'title', { '': boxTitle(box) });
  put(slot, 'rect', { x, y, width: wide, height: geo.row - 1, fill: css(fill) });
  put(slot, 'g', { 'aria-level': abs(row - tree.zero) + 1,
    'aria-expanded': many ? false : tree.next[node] > node + 1 || null });
  put(slot, 'text', { '': label });
  if (label) {
    put(slot, 'text', { x: x + 3, y: y + 2.5 + geo.row / 2,
      class: needsLightInk(fill) ? 'light' : null });
  }
}

function drawFrames() {
  let [a, b] = visiblePart().map((y, i) => rowAtY(y + (i ? 240 : -240)));
  let used = 0;
  for (let row = max(first, min(a, b)); row <= min(last, max(a, b)); row++) {
    for (let box of boxesOf(row)) drawBox(takeSlot(used++), box);
  }
  while (shown > used) slots[--shown].g.remove();
  shown = used;
}

// Where matches are, for those too narrow to see: marks beside the frames.
function drawMatches() {
  let path = '', low = high - footHigh + 4;
  [last, first].forEach((row, i) => {
    let done = 0;
    for (let [left, right] of found.spans[i]) {
      let [from, to] = rangeOf(row), end = ceil(xOf(row, right));
      if (right <= from || left >= to || end <= done) continue;
      path += `M${min(end - 1, max(done, floor(xOf(row, left))))} ${
        i || (!flame && tree === trimmed) ? topHigh - 4 : low}H${done = end}`;
    }
  });
  rug.setAttribute('d', path);
}

// The frame under the mouse and the focused one get an outline.
function markFrames() {
  let box = focused && boxOf(focus);
  for (let [rect, on] of [[glow, hovered], [ring, box]]) {
    let x = on ? xOf(on.row, on.left) : 0;
    set(rect, { x, y: on ? yOf(on.row) : 0, height: geo.row - 1,
      width: on ? max(2, xOf(on.row, on.right) - x) : 0 });
  }
  let slot = box && slots.find((one, i) => i < shown && one.box === box);
  if (slot) frames.setAttribute('aria-activedescendant', slot.g.id);
}
