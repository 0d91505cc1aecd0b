// The search field, and the panel that is the help page and the menu of a frame.

function openField() {
  if (!field) {
    let wide = min(320, room), box = make('foreignObject', bar,
      {x: width - geo.pad - wide, y: 4, width: wide, height: 30})
    field = make('input', box, {type: 'search', class: 'field', placeholder: 'Regular expression'})
    field.value = view.search
    on(field, 'input', () => go({search: field.value}, 'search'))
    on(field, 'blur', () => {
      field = kind = null
      box.remove()
    })
  }
  field.focus({preventScroll: true})
  field.select()
}

// Lines are like those of MENU; one with a number behind them is told which it is. An `aside` stays
// beside what is done with the graph.
function openPanel(title, lines, note, [wide, tall, aside]) {
  closePanel()
  panel = Object.assign(make('foreignObject', svg), {wide, tall, aside})
  let page = make('div', panel, {class: 'panel ' + (aside || ''), role: 'dialog', tabindex: -1})
  make('h2', page, {}, title)
  for (let [command, keys, text, nth] of lines) {
    let button = make('button', page, {'data-run': command}, text)
    if (nth >= 0) set(button, {'data-nth': nth})
    for (let name of keys.split(', ')) make('kbd', button, {}, name)
  }
  if (note) make('p', page, {}, note)
  placePanel()
  page.focus({preventScroll: true})
}

function placePanel() {
  if (!panel) return
  let [top] = visiblePart(), {y: bottom} = pointAt({clientY: innerHeight})
  let wide = min(panel.wide, width - 12), y = top + 6
  let height = limit(bottom - top - 12, 160, panel.tall)
  if (panel.aside) {
    y += topHigh
    height = max(160, min(height, bottom - y - footHigh))
  } else y = max(y, (top + bottom - height) / 2)
  set(panel, {x: panel.aside ? width - wide - 6 : (width - wide) / 2, y, width: wide, height})
  // A picture that is lower than the page grows with it.
  if (alone && y + height > high) sizeTo(y + height + 6)
}

// What can be done with one frame.
function openMenu(box) {
  openPanel(boxTitle(box), MENU.slice(0, 7), '', [310, 260])
  aim = box
}

function closePanel() {
  if (!panel) return
  panel.remove()
  panel = aim = null
  sizeTo(high)
  frames.focus({preventScroll: true})
}
