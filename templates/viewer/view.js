// Shows a view: grows its tree, finds the zoom, lays out and draws. Everything on the screen
// follows from the view (address.js) and the window.

let shown = []

// Only what the new view changes is computed.
function showView(next) {
  let {search: words, icase, zoom, callers, at, icicle, ...way} = view = next
  let now = [[words, icase], [zoom, callers, at, icicle], way].map(part => JSON.stringify(part))
  let [sought, moved, regrown] = now.map((text, i) => text !== shown[i])
  shown = now
  if (regrown) {
    [trimmed, tree] = growTree(base, view)
    whole = trimmed.total[0]
    paint = makePaint(tree, head)
    focus = tall = 0
    slots = []
    frames.textContent = ''
    pen.font = `${geo.font}px ${getComputedStyle(frames).fontFamily}`
  }
  let {total, order} = tree, [left, right] = at.map(share => share * total[0])
  upper = callers
  zoomed = followPath(tree, zoom, upper, order === 'input' ? (left + right) / 2 : NaN)
  range = zoomed || !right ? edgesOf(zoomed) : [left, right]
  if (regrown || sought) search(sought)
  if (regrown || moved) refresh(); else recolour()
}

// Finds what the view searches for. An expression that cannot be used changes nothing.
function search(sought) {
  found = findMatches(tree, sought && matchNames() || found.flags)
}

// A link must not make the browser match for minutes: an expression of an address waits for Enter.
let isWaiting = () => view.search && !trusted.has(view.search)

function runWaiting() {
  if (!isWaiting()) return false
  trusted.add(view.search)
  search(true)
  recolour()
  return true
}

// Returns flags by name, or nothing when the expression cannot be used; `remark` says why. A match
// cannot be interrupted, but most expressions that are too slow take longer with each letter: short
// names come first, so that the time runs out before a long one.
function matchNames() {
  let {names} = tree, flags = new Uint8Array(names.count), end = Date.now() + 1000, regex
  remark = ''
  if (!view.search) return flags
  if (isWaiting()) {
    remark = ': press Enter to search'
    return flags
  }
  try {
    regex = RegExp(view.search, view.icase ? 'i' : '')
  } catch (error) {
    remark = ' is not understood: ' + error.message.replace(/^.*: /, '')
    return
  }
  names.byLength ||= group(names.shown.map(name => min(name.length, 999)), 1000)[1]
  for (let i of names.byLength) {
    if (Date.now() > end) {
      remark = ' is too slow'
      return
    }
    flags[i] = i && regex.test(names.shown[i])
  }
  return flags
}

let sizeTo = height => set(svg, {height, viewBox: `0 0 ${width} ${height}`})

// Draws anew what the view has not changed: the window has, or the theme.
function refresh() {
  let root = flame && high, {scrollX, scrollY} = window
  width = geo.width
  look()
  if (head.fluid && origin.width) width = max(200, round(origin.width))
  room = width - 2 * geo.pad
  flame = !view.icicle && !view.sandwich
  layoutBars()
  layOut()
  if (!isZoomed()) tall = rows
  sizeTo(high)
  // The root stays where it was in the window; a picture of its own opens there. When the picture
  // became lower, the browser may have scrolled already.
  if (flame && (root ?? alone)) scrollTo(scrollX, scrollY + high - (root || 0))
  recolour()
}

// What a search changes.
function recolour() {
  say(part.matched, describeSearch())
  drawMatches()
  redraw()
}

// What scrolling changes.
function redraw() {
  look()
  drawFrames()
  placeBars()
  placePanel()
  hovered = mouse && boxUnder(mouse)
  markFrames()
  explain()
}
