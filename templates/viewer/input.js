// One map from keys, mouse and touch to commands.

function boxUnder(e) {
  let {x, y} = pointAt(e), row = rowAtY(y), [from] = rangeOf(row)
  return !e.target.closest('.bar, foreignObject')
    && boxAt(row, from + (x - geo.pad) / scaleOf(row))
}

// Runs the command of a button; what the menu of a frame was opened for stays its aim.
function press({dataset}) {
  let box = aim, [run, argument] = dataset.run.split(' ')
  if (!panel?.aside) closePanel()
  aim = box
  commands[run](argument)
  aim = 0
}

// Keys belong to the graph under the mouse, else to the one that has the focus. A graph that is
// the whole document takes them all; a field of the page keeps its own.
function onKey(e) {
  let {target: element, key: name} = e, ctrl = e.ctrlKey || e.metaKey
  let button = svg.contains(element) && element.closest('[data-run]')
  let command = !e.altKey && KEYS[ctrl ? 'Ctrl ' + name.toUpperCase() : name]
  if (element === field) {
    if (name === 'Enter') runWaiting() || walk(e.shiftKey)
    else if (name === 'Escape') {
      go({search: ''}, 'search')
      field.blur()
    } else if (name === '/' || command !== 'search') return
  } else if (button && /^(Enter| )$/.test(name)) press(button)
  else if (command && !element.closest?.('input, textarea, select, [contenteditable]')
    && (alone || svg.contains(document.querySelector('svg.flametree:hover') || element))) {
    if (panel && (!panel.aside || command === 'back')) closePanel()
    else if (name !== 'Enter' || !runWaiting()) commands[command]()
  } else return
  e.preventDefault()
}

function listen() {
  on(window, 'keydown', onKey)
  on(svg, 'click', e => {
    let button = e.target.closest('[data-run]'), box = boxUnder(e)
    if (button) press(button)
    else if (panel?.contains(e.target)) return
    else if (panel && !panel.aside) closePanel()
    else if (box && !e.target.closest('a')) zoomTo(box)
  })
  on(svg, 'contextmenu', e => {
    let box = boxUnder(e)
    if (!box || box.many || e.shiftKey) return
    e.preventDefault()
    openPanel(boxTitle(box), MENU.slice(0, 7), '', [310, 260])
    aim = box
  })
  on(svg, 'pointermove pointerleave', e => {
    if (e.buttons || (panel && !panel.aside) || e.pointerType === 'touch') return
    let old = hovered
    mouse = /move/.test(e.type) && e
    hovered = mouse && boxUnder(e)
    if (hovered === old) return
    markFrames()
    // The details stay while the mouse is on its way to them.
    if (hovered || !mouse) explain()
  })
  on(frames, 'focus blur', () => {
    focused = frames.matches(':focus-visible')
    markFrames()
  })
  // The wheel with Ctrl zooms, sideways it shifts; two fingers do both.
  on(svg, 'wheel', e => {
    let {ctrlKey, deltaX, deltaY, deltaMode} = e, unit = deltaMode ? 30 : 1
    if (ctrlKey) zoomAround(pointAt(e), Math.exp(limit(deltaY * unit, -60, 60) / 100), 0, e)
    else if (isZoomed() && abs(deltaX) > abs(deltaY)) {
      zoomAround(pointAt(e), 1, deltaX * unit / room, e)
    } else return
    e.preventDefault()
  }, {passive: 0})
  let fingers = new Map()
  let hand = () => {
    let [a, b] = fingers.values()
    return {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, size: max(20, abs(a.x - b.x))}
  }
  on(svg, 'pointerdown pointermove pointerleave', e => {
    let {type, pointerId: id} = e, old = fingers.size > 1 && hand(), now
    if (e.pointerType !== 'touch') return
    if (/leave/.test(type)) fingers.delete(id)
    else if (/down/.test(type) || old) fingers.set(id, pointAt(e))
    if (!/move/.test(type) || !old) return
    now = hand()
    zoomAround(now, old.size / now.size, (old.x - now.x) / room, e)
  })
  let soon = (act, waits) => () => {
    if (!waits) requestAnimationFrame(() => act(waits = 0))
    waits = 1
  }
  on(window, 'scroll', soon(redraw), 1)
  on(window, 'resize', soon(refresh))
  // Not when we change the height ourselves.
  new ResizeObserver(soon(() => {
    if (svg.getBoundingClientRect().width !== origin.width) refresh()
  })).observe(svg)
  on(window, 'beforeprint afterprint', e => {
    printing = /before/.test(e.type)
    setTheme()
  })
  night.onchange = () => setTheme()
}

let night = matchMedia('(prefers-color-scheme: dark)')

// The theme is the picture's, or the system's, until `d` was pressed; print is always light.
function setTheme(wanted) {
  if (wanted) kept.flameTheme = wanted
  let wish = kept.flameTheme || svg.dataset.theme
  dark = !printing && (wish === 'dark' || wish !== 'light' && night.matches)
  svg.classList.toggle('dark', dark)
  if (high) refresh()
}
