// What stands above and below the frames. Both bars stay in the window when the graph is taller.

let BUTTONS = {unzoom: ['Reset zoom', 'reset'], search: ['Search', 'search'],
  ignorecase: ['Aa', 'icase'], menu: ['Menu', 'help']}
let CONTROLS = ['search', 'ignorecase', 'menu']

function makeBar(...ids) {
  let group = make('g', svg, {class: 'bar'})
  group.back = make('rect', group, {class: 'back'})
  for (let id of ids) {
    let text = part[id] = byId(id) || make('text', group, {id: head.prefix + id})
    let [label, command] = BUTTONS[id] || ''
    group.appendChild(text)
    text.full = text.textContent
    if (label) {
      set(text, {class: 'button', role: 'button', tabindex: 0, 'data-run': command})
        .textContent = label
    } else if (id !== 'title') set(text, {'aria-live': 'polite'})
  }
  return group
}

// Puts everything that depends on the width in its place, and says how much room it takes.
function layoutBars() {
  let {pad, font, top, bottom} = geo, y = 2 * font, x = width - pad
  for (let id of [...CONTROLS].reverse()) {
    set(part[id], {x, y})
    x -= measure(part[id].textContent) + 14
  }
  set(part.unzoom, {x: pad, y, visibility: isZoomed() ? 'visible' : 'hidden'})
  let side = max(width - x, isZoomed() && pad + 90)
  say(set(part.subtitle, {x: width / 2}), clip(part.subtitle.full, room))
  // The title is set in larger letters.
  say(set(part.title, {x: width / 2}),
    clip(part.title.full, (width - 2 * side) * font / (font + 5)))
  let state = describeState()
  say(set(part.state, {x: pad, y: top + line - 8, class: 'quiet'}), clip(state, room))
  narrow = width < 760
  topHigh = top + line * !!state
  footLines = (narrow ? 2 : 1) * (1 + head.sides)
  footHigh = max(bottom, footLines * line + 12)
  set(bar.back, {width, height: topHigh})
  set(foot.back, {width, height: footHigh})
  svg.classList.toggle('narrow', narrow)
  set(part.matched, {x: narrow ? pad : width - pad, y: (narrow ? footLines : 1) * line + 4})
}

function placeBars() {
  let [top, bottom] = visiblePart()
  for (let [group, y] of [[bar, top], [foot, max(bottom - footHigh, top + topHigh)]]) {
    set(group, {transform: `translate(0 ${y})`})
    group.classList.toggle('stuck', group === bar ? top > 0 : bottom < high)
  }
}

// Fills the details: the frame under the mouse, else the focused one, else the zoomed one. They are
// read aloud, so they are written only when they say something else.
function explain(note) {
  let box = hovered || boxOf(focused ? focus : zoomed)
  let [name, ...rows] = note || (box ? describe(box) : [''])
  let lines = [[clip(name, room - (narrow ? 0 : measure(part.matched.textContent) + 20))]]
  for (let facts of rows) lines.push(facts, ...(narrow ? [facts.splice(2)] : []))
  lines = lines.map(text => clip(text.join(' \u00b7 '), room) + ' ')
  if (part.details.textContent === lines.join('')) return
  part.details.textContent = ''
  lines.forEach((text, i) => make('tspan', part.details, {x: geo.pad, y: (i + 1) * line + 4,
    class: i ? 'quiet' : ''}, text))
}
