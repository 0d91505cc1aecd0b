// The search field, and the panel that is the help page and the menu of a frame.

let STILL = {preventScroll: true}

function openField() {
  if (!field) {
    let wide = min(320, room), box = make('foreignObject', bar,
      {x: width - geo.pad - wide, y: 4, width: wide, height: 30})
    field = make('input', box, {type: 'search', class: 'field', placeholder: 'Regular expression'})
    field.value = view.search
    on(field, 'input', () => {
      trusted.add(field.value)
      go({search: field.value}, 'search')
    })
    on(field, 'blur', () => {
      field = kind = null
      box.remove()
    })
  }
  field.focus(STILL)
  field.select()
}

// Lines are like those of MENU. An `aside` stays beside what is done with the graph.
function openPanel(title, lines, note, [wide, tall, aside]) {
  closePanel()
  panel = Object.assign(make('foreignObject', svg), {wide, tall, aside})
  let page = make('div', panel, {class: 'panel ' + (aside || ''), role: 'dialog', tabindex: -1})
  make('h2', page, {}, title)
  for (let [command, keys, text] of lines) {
    let button = make('button', page, {'data-run': command}, text)
    for (let name of keys.split(', ')) make('kbd', button, {}, name)
  }
  if (note) make('p', page, {}, note)
  placePanel()
  page.focus(STILL)
}

function placePanel() {
  if (!panel) return
  let [top] = visiblePart(), {y: bottom} = pointAt({clientY: innerHeight})
  let wide = panel.wide = min(panel.wide, width - 12)
  let height = limit(bottom - top - 12, 160, panel.tall)
  let y = max(top + 6, (top + bottom - height) / 2)
  set(panel, {x: (width - wide) / 2, y, width: wide, height})
  // A picture that is lower grows with it.
  if (y + height > high) sizeTo(y + height + 6)
}

function closePanel() {
  if (!panel) return
  panel.remove()
  panel = aim = null
  sizeTo(high)
  frames.focus(STILL)
}
