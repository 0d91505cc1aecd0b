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

// Without a box: all commands and their keys. With one: what can be done with that frame.
function openPanel(box) {
  closePanel()
  let [top, bottom] = visiblePart(), wide = min(box ? 310 : 620, width - 12)
  let height = limit(bottom - top - 12, 160, box ? 260 : narrow ? 620 : 400)
  panel = make('foreignObject', svg, {x: (width - wide) / 2,
    y: max(top + 6, (top + bottom - height) / 2), width: wide, height})
  let page = make('div', panel, {class: 'panel', role: 'dialog', tabindex: -1})
  make('h2', page, {}, box ? boxTitle(box) : 'Keys')
  for (let [command, keys, text] of box ? MENU.slice(0, 7) : MENU) {
    let button = make('button', page, {'data-run': command}, text)
    for (let name of keys.split(', ')) make('kbd', button, {}, name)
  }
  if (!box) make('p', page, {}, 'Arrow keys move, Ctrl and wheel or two fingers zoom; '
    + 'right click or long press: one frame.')
  aim = box
  page.focus({preventScroll: true})
}

function closePanel() {
  if (!panel) return
  panel.remove()
  panel = aim = null
  frames.focus({preventScroll: true})
}
