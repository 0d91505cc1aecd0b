// What a person can ask for. Keys, the mouse, touch and the menu all end here.

let PLAIN = { zoom: [], at: [], callers: false };

// A line is: command, keys, what it does; an empty line ends those about one frame.
let MENU = `zoom|Enter|Zoom to this frame
sandwich|b|Its callers and callees
hide|h|Hide this function
remove|x|Remove stacks through it
keep|f|Keep only stacks through it
copy|c|Copy its name
copyStack|C|Copy its stack

search|/, Ctrl F, F3|Search
next|n|Next match, by weight
previous|N|Match before
back|Escape, Backspace|One step back
reset|0|Reset the zoom
uncut|u, Ctrl Z|Undo a cut
turn|r|Merge from the leaves
flip|i|Icicle or flame
order|s|Order by name or weight
fold|m|Fold direct recursion
theme|d|Dark or light
help|?|This page`.split('\n').map(row => row.split('|'));

let KEYS = {};
for (let [command, keys = ''] of MENU) for (let name of keys.split(', ')) KEYS[name] = command;

let target = () => aim || hovered || boxOf(focus) || boxOf(zoomed);

let span = (left, right) => [left, right].map(weight => limit(weight / tree.total[0], 0, 1));

function zoomTo({ node, row, left, right, many }) {
  let zoom = pathOf(tree, node);
  // No browser likes an endless address: very deep paths give way to their place.
  let far = many || zoom.join().length > 3e4;
  focus = node;
  go({ zoom: far ? [] : zoom, callers: row < tree.zero,
    at: far || (tree.order === 'input' && node) ? span(left, right) : [] });
}

// Zooms in on a place and shifts sideways. `factor` < 1 is closer. What happens within seconds
// is one step.
function zoomAround({ x, y }, factor, shift, e) {
  let callers = rowAtY(y) < tree.zero, all = tree.total[0];
  let [from, to] = callers === upper ? range : [0, all];
  let wide = limit((to - from) * factor, all * 1e-9, all), share = (x - geo.pad) / room;
  let left = limit(from + share * (to - from - wide) + shift * wide, 0, all - wide);
  go({ zoom: [], callers, at: wide < all ? span(left, left + wide) : [] },
    ceil(e.timeStamp / 2000));
}

// Walks the matches: makes the next one wide enough to see, and scrolls to it.
function walk(back) {
  let { parent, total, start, row } = tree;
  if (!found.places) return;
  let node = nextMatch(tree, found, focus, back);
  if (boxOf(node)?.node !== node || total[node] * scaleOf(row[node]) < 4) {
    let above = node;
    while (parent[above] > 0 &&
      total[parent[above]] * 5 < total[node] * width) above = parent[above];
    zoomTo({ node: above, row: row[above], left: start[above],
      right: start[above] + total[above] });
  }
  focusOn(node);
}

// Focuses a frame and scrolls as little as it takes to show its row between the bars.
function focusOn(node) {
  look();
  let y = origin.top + yOf(tree.row[node]) * scale;
  focus = node;
  focused = true;
  hovered = mouse = null;
  scrollBy(0, min(0, y - topHigh * scale)
    || max(0, y - innerHeight + (footHigh + line) * scale));
  redraw();
}

// Arrows go where they point: along the row, to the caller, to the widest callee.
function moveFocus(way) {
  let here = boxOf(focus) || boxOf(zoomed), along = boxesOf(here.row);
  let row = here.row + ((way === 'Up') === flame ? 1 : -1);
  let [box] = boxesOf(row)
    .filter(other => other.left < here.right && other.right > here.left)
    .sort((a, b) => b.right - b.left - a.right + a.left);
  let step = { Left: -1, Right: 1 }[way];
  if (step) box = along[along.indexOf(here) + step];
  focusOn(box && focused ? box.node : here.node);
}

async function copyText(text) {
  let said = 'Copied';
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    said = 'Cannot copy';
  }
  explain([said, [text]]);
}

let commands = {
  zoom: () => zoomTo(target()),
  back: goBack,
  reset: () => go(PLAIN),
  search: openField,
  icase: () => go({ icase: !view.icase }),
  next: () => walk(false),
  previous: () => walk(true),
  turn: () => go({ ...PLAIN, sandwich: '', bottomup: !view.bottomup }),
  flip: () => go({ icicle: !view.icicle }),
  order: () => go({ at: [], order: view.order !== head.order ? head.order
    : head.order === 'weight' ? 'name' : 'weight' }),
  fold: () => go({ at: [], fold: !view.fold }),
  uncut: () => (view.cuts.length ? go({ at: [], cuts: view.cuts.slice(0, -1) }) : goBack()),
  copy: () => copyText(nameOf(target().node)),
  copyStack: () => {
    let { node, row } = target(), path = pathOf(tree, node);
    if (view.sandwich) path.unshift(view.sandwich);
    if (view.bottomup || row < tree.zero) path.reverse();
    copyText(path.map(cleanName).join(';'));
  },
  theme: () => setTheme(dark ? 'light' : 'dark'),
  help: () => openPanel(),
};

// About a function: the root is none, a merged box is several.
for (let op of ['sandwich', 'hide', 'remove', 'keep']) {
  commands[op] = () => {
    let { node, many } = target(), name = nameOf(node);
    if (!tree.name[node] || many) return;
    go(op === 'sandwich' ? { ...PLAIN, bottomup: false, sandwich: name === view.sandwich ? '' :
      name }
      : { at: [], cuts: [...view.cuts, [op, name]] });
  };
}
for (let way of ['Up', 'Down', 'Left', 'Right']) {
  KEYS['Arrow' + way] = way;
  commands[way] = () => moveFocus(way);
}
