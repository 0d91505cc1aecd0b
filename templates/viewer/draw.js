// The one routine that draws frames: the boxes of the rows in the window, nothing else.

const MARGIN = 240;

// The part of the picture that the window shows, in the picture's own pixels.
function visiblePart(app) {
  const rect = app.svg.getBoundingClientRect();
  const { height } = app.layout;
  if (app.printing || !rect.height) return { top: 0, bottom: height };
  const zoom = rect.height / height;
  const top = Math.min(Math.max(0, -rect.top / zoom), height);
  return { top, bottom: Math.max(top, Math.min(height, (window.innerHeight - rect.top) / zoom)) };
}

// Attributes are compared with what was set last: reading them back would cost more.
function put(slot, part, key, value) {
  const known = part + key;
  if (slot[known] === value) return;
  slot[known] = value;
  if (value === null) slot[part].removeAttribute(key); else slot[part].setAttribute(key, value);
}

function putText(slot, part, value) {
  if (slot[part + '#'] === value) return;
  slot[part + '#'] = value;
  slot[part].textContent = value;
}

function makeSlot(app) {
  const g = make('g', null, { role: 'treeitem', id: app.head.prefix + 'f' + app.slots.length });
  const slot = { g, title: make('title', g), rect: make('rect', g), text: make('text', g) };
  app.slots.push(slot);
  return slot;
}

function boxColour(app, box, node) {
  const { tree, found, dark } = app;
  const many = box.last > box.first;
  let colour = app.paint(node);
  if (many) colour = mix(colour, MERGED, 0.4);
  if (found && found.hits[box.last + 1] > found.hits[box.first]) return MATCH;
  if (dark) colour = mix(colour, 0, tree.before ? 0.25 : 0.12);
  // What lies under the zoomed frame is only there to climb back.
  return isAbove(app, box.row) ? mix(colour, dark ? 0x1b1c20 : 0xf4f4e8, 0.55) : colour;
}

function isAbove(app, row) {
  const { tree, zoomed } = app;
  const at = tree.row[zoomed];
  return at > tree.zero ? row < at && row >= tree.zero : row > at && row <= tree.zero;
}

function drawBox(app, slot, box) {
  const { layout, tree, head, small } = app;
  const { row } = box;
  const node = tree.inRow[box.first];
  const left = Math.round(10 * layout.x(row, box.left)) / 10;
  const width = Math.round(10 * layout.x(row, box.right) - 10 * left) / 10;
  const y = layout.y(row);
  const colour = boxColour(app, box, node);
  const many = box.last > box.first;
  put(slot, 'rect', 'x', left);
  put(slot, 'rect', 'y', y);
  put(slot, 'rect', 'width', width);
  put(slot, 'rect', 'height', head.geometry.row - 1);
  put(slot, 'rect', 'fill', css(colour));
  putText(slot, 'title', boxTitle(app, box));
  put(slot, 'g', 'aria-level', Math.abs(row - tree.zero) + 1);
  const inside = many ? 'false' : tree.next[node] > node + 1 ? 'true' : null;
  put(slot, 'g', 'aria-expanded', inside);
  const label = many || width < 12 ? '' : shorten(nameOf(app, node), width - 6, small);
  putText(slot, 'text', label);
  if (!label) return;
  put(slot, 'text', 'x', left + 3);
  put(slot, 'text', 'y', y + head.geometry.row / 2 + 2.5);
  put(slot, 'text', 'class', needsLightInk(colour) ? 'light' : '');
}

function drawFrames(app) {
  const { layout, frames, slots } = app;
  const seen = visiblePart(app);
  const ends = [layout.rowAtY(seen.top - MARGIN), layout.rowAtY(seen.bottom + MARGIN)];
  const last = Math.min(layout.last, Math.max(...ends));
  let used = 0;
  for (let row = Math.max(layout.first, Math.min(...ends)); row <= last; row++) {
    layout.boxes(row).forEach((box) => drawBox(app, slots[used++] || makeSlot(app), box));
  }
  for (let i = app.shown; i < used; i++) frames.appendChild(slots[i].g);
  for (let i = used; i < app.shown; i++) frames.removeChild(slots[i].g);
  app.shown = used;
}
