// What a person can ask for. Keys, the mouse, touch and the menu all end here.

let PLAIN = {zoom: [], at: [], callers: false}

// A line is: command, keys, what it does; the first seven are about one frame.
let MENU = [], KEYS = {}

addCommands(`zoom|Enter|Zoom to this frame
sandwich|b|Callers and callees
hide|h|Hide this function
remove|x|Remove its stacks
keep|f|Keep only those
copy|c|Copy its name
copyStack|C|Copy its stack
search|/, Ctrl F, F3|Search
next|n|Next match
previous|N|Match before
back|Escape, Backspace|Step back
reset|0|Reset zoom
uncut|u, Ctrl Z|Undo a cut
turn|r|Merge from the leaves
flip|i|Icicle or flame
order|s|By name or weight
fold|m|Fold recursion
theme|d|Dark or light
help|?|Keys`)

function addCommands(lines) {
  for (let line of lines.split('\n')) {
    let row = line.split('|')
    MENU.push(row)
    for (let name of row[1].split(', ')) KEYS[name] = row[0]
  }
}

// Where nothing is left there is no box.
let rest = () => boxOf(focus) || boxOf(zoomed) || {node: 0, row: 0}

let target = () => aim || hovered || rest()

let span = edges => edges.map(weight => limit(weight / tree.total[0], 0, 1))

function zoomTo({node, row, left, right, many}) {
  let zoom = pathOf(tree, node), place = span(many ? [left, right] : edgesOf(node))
  // No browser likes an endless address: very deep paths give way to their place.
  let far = many || zoom.join()[3e4]
  focus = node
  go({zoom: far ? [] : zoom, callers: row < tree.zero,
    at: far || (tree.order === 'input' && node) ? place : []})
}

// Zooms in on a place and shifts sideways. `factor` < 1 is closer. What happens within
// 2,048 ms is one step.
function zoomAround({x, y}, factor, shift, e) {
  let callers = rowAtY(y) < tree.zero, all = tree.total[0]
  let [from, to] = callers === upper ? range : [0, all]
  let wide = limit((to - from) * factor, all * 1e-9, all), share = (x - geo.pad) / room
  let left = limit(from + (share + shift) * (to - from) - share * wide, 0, all - wide)
  go({zoom: [], callers, at: wide < all ? span([left, left + wide]) : []},
    -e.timeStamp >> 11)
}

function walk(back) {
  if (found.places) reveal(nextMatch(tree, found, focus, back))
}

// Makes a frame wide enough to see, and scrolls to it.
function reveal(node) {
  let {parent, total, row} = tree, box = boxOf(node), above = node
  if (box?.node !== node || box.wide < 4) {
    while (parent[above] > 0
      && total[parent[above]] * 5 < total[node] * width) above = parent[above]
    zoomTo({node: above, row: row[above]})
  }
  focusOn(node)
}

// Focuses a frame and scrolls as little as it takes to show its row between the bars.
function focusOn(node) {
  look()
  let y = origin.top + yOf(tree.row[node]) * scale
  focus = node
  focused = 1
  hovered = mouse = 0
  scrollBy(0, min(0, y - topHigh * scale)
    || max(0, y - innerHeight + (footHigh + line) * scale))
  redraw()
}

// Arrows go where they point: along the row, to the caller, to the widest callee.
function moveFocus(way) {
  let here = rest(), along = boxesOf(here.row)
  let step = {Left: -1, Right: 1}[way]
  let box = step ? along[along.indexOf(here) + step]
    : boxesOf(here.row + ((way === 'Up') === flame ? 1 : -1))
      .filter(other => other.left < here.right && other.right > here.left)
      .sort((a, b) => b.wide - a.wide)[0]
  focusOn(box && focused ? box.node : here.node)
}

async function copyText(text) {
  let done = await navigator.clipboard?.writeText(text).then(() => 1, () => 0)
  explain([done ? 'Copied' : 'Cannot copy', [text]])
}

let commands = {
  zoom: () => zoomTo(target()),
  back: goBack,
  reset: () => go(PLAIN),
  search: openField,
  icase: () => go({icase: !view.icase}),
  next: () => walk(),
  previous: () => walk(1),
  turn: () => go({...PLAIN, sandwich: '', bottomup: !view.bottomup}),
  flip: () => go({icicle: !view.icicle}),
  order: () => go({at: [], order: view.order !== head.order ? head.order
    : head.order === 'weight' ? 'name' : 'weight'}),
  fold: () => go({at: [], fold: !view.fold}),
  uncut: () => view.cuts[0] && go({at: [], cuts: view.cuts.slice(0, -1)}),
  copy: () => copyText(nameOf(target().node)),
  copyStack: () => {
    let {node, row} = target(), path = pathOf(tree, node)
    if (view.sandwich) path.unshift(view.sandwich)
    if (view.bottomup || row < tree.zero) path.reverse()
    copyText(path.map(cleanName).join(';'))
  },
  theme: () => setTheme(dark ? 'light' : 'dark'),
  help: () => openPanel('Keys', MENU, 'Arrow keys move, Ctrl and wheel or two fingers zoom; '
    + 'right click or long press: one frame.', [620, narrow ? 620 : 400]),
}

// About a function: the root is none, a merged box is several.
for (let op of ['sandwich', 'hide', 'remove', 'keep']) {
  commands[op] = () => {
    let {node, many} = target(), name = nameOf(node)
    if (!tree.name[node] || many) return
    if (op !== 'sandwich') go({at: [], cuts: [...view.cuts, [op, name]]})
    else {
      go({...PLAIN, bottomup: false, sandwich: name === view.sandwich ? '' : name})
      focusOn(0)
    }
  }
}
for (let way of ['Up', 'Down', 'Left', 'Right']) {
  KEYS['Arrow' + way] = way
  commands[way] = () => moveFocus(way)
}
