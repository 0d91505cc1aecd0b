// The steps a person took, as texts of views, and the browser's history beside them.

let steps, at = 0, kind, key

// What the address owes to the last step: `pushState` or `replaceState`. It is written when the
// picture is on the screen, since it takes as long as drawing it.
let owed

let splitAddress = () => splitFragment(location.hash, key, head)

// Links to flamegraph.pl's pictures: `?s=` searches, `?x=&y=` zooms to the frame that stands there
// in the static picture.
function readLink() {
  let {s, x, y} = Object.fromEntries(new URLSearchParams(location.search)), {rowAt, inRow} = base
  if (s) head.search = s
  let row = floor((head.inverted ? y - geo.top
    : svg.getAttribute('height') - geo.bottom - y) / geo.row)
  let weight = (x - geo.pad + 0.06) / (geo.width - 2 * geo.pad) * base.total[0]
  head.zoom = pathOf(base, inRow[findStart(base, rowAt[row], rowAt[row + 1], weight) - 1])
}

function startSteps() {
  // Graphs of one page without a prefix are told apart by their number.
  let nth = document.querySelectorAll('svg.live').length
  key = head.prefix || nth > 1 ? (head.prefix || nth) + '.' : ''
  steps = [writeView(readView(splitAddress()[0], head), head)]
  on(window, 'popstate', () => {
    let next = readView(splitAddress()[0], head)
    // In the browser's history: which graph made a step, and at which step each of them was.
    at = history.state?.['at' + key] || 0
    kind = owed = ''
    steps[at] = writeView(next, head)
    if (steps[at] !== writeView(view, head)) showView(next)
  })
}

function writeAddress() {
  let mine = steps[at].replace(/[^&]+/g, part => key + part)
  let hash = [...splitAddress()[1], mine].filter(Boolean).join('&')
  try {
    history[owed]?.({...history.state, by: key, ['at' + key]: at}, '',
      hash ? '#' + hash : location.pathname + location.search)
  } catch {
    // Some documents have no history of their own: then ours alone has to do.
  }
  owed = ''
}

// Changes the view. Changes of one kind in a row (typing, turning the wheel) are one step.
function go(change, sort) {
  let next = {...view, ...change}, text = writeView(next, head)
  if (text === steps[at]) return
  let same = sort && sort === kind
  kind = sort
  if (!same) {
    writeAddress()
    at++
  }
  steps.splice(at, 1e9, text)
  showView(next)
  owed ||= same ? 'replaceState' : 'pushState'
  setTimeout(writeAddress, 99)
}

// One step back, with the browser when its last step was ours.
function goBack() {
  writeAddress()
  kind = ''
  if (!at) go(isZoomed() ? PLAIN : {...freshView(head), search: ''})
  else if (history.state?.by === key) history.back()
  else {
    showView(readView(steps[--at], head))
    owed = 'replaceState'
    writeAddress()
  }
}
