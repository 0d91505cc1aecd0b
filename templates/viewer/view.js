// Shows a view: grows its tree, finds the zoom, lays out and draws. Everything on the screen
// follows from the view (address.js) and the window.

// Only what the new view changes is computed.
function showView(next) {
  let way = of => of && JSON.stringify([of.bottomup, of.sandwich, of.order, of.fold, of.cuts,
    of.width, of.delta])
  let old = view, regrown = way(old) !== way(next), root = flame && high
  view = next
  if (regrown) {
    [trimmed, tree] = growTree(base, view)
    whole = trimmed.total[0]
    paint = makePaint(tree, head)
    focus = tall = 0
    slots = []
    frames.textContent = ''
  }
  let {total, order} = tree, [left, right] = view.at.map(share => share * total[0])
  upper = view.callers
  zoomed = followPath(tree, view.zoom, upper, order === 'input' ? (left + right) / 2 : NaN)
  range = zoomed || !right ? edgesOf(zoomed) : [left, right]
  if (regrown || old.search !== view.search || old.icase !== view.icase) search(regrown)
  refresh()
  // The root stays where it was in the window.
  if (root && flame && root !== high) scrollBy(0, high - root)
}

// A bad expression says so and changes nothing.
function search(regrown) {
  let flags = found?.flags || [], regex
  broken = ''
  try {
    regex = RegExp(view.search, view.icase ? 'i' : '')
    flags = tree.names.shown.map((name, i) => i > 0 && view.search && regex.test(name))
  } catch (error) {
    broken = error.message.replace(/^.*: /, '')
    if (!regrown) return
  }
  found = findMatches(tree, flags)
}

function sizeTo(height) {
  set(svg, {height, viewBox: `0 0 ${width} ${height}`})
  set(ground, {width, height})
}

// Draws anew what the view has not changed: the window has, or the theme.
function refresh() {
  width = geo.width
  look()
  if (head.fluid && origin.width) width = max(200, round(origin.width))
  room = width - 2 * geo.pad
  flame = !view.icicle && !view.sandwich
  layoutBars()
  layOut()
  if (!isZoomed()) tall = rows
  sizeTo(high)
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
