// What the running viewer knows, beside the layout. Every graph of a page has a viewer, and so
// these, of its own.

// The picture, `alone` in its document, and the profile in it; what is looked at; what the cuts
// left, and its weight.
let svg, alone, head, base, view, trimmed, whole
// The zoomed node, the colours, what the search found and why it did not run; expressions that may
// run: those that the author of the picture or the person at the keyboard gave.
let zoomed, paint, found = {flags: []}, remark, trusted = new Set()
// The boxes under the mouse and of the menu, the node that the arrow keys stand on.
let hovered, mouse, aim, focus, focused
// The window: few words fit, it is dark, it is paper; rows of the picture before a zoom.
let narrow, dark, kept = {}, printing, tall
let frames, glow, ring, rug, bar, foot, panel, field, line
// Texts of the bars by their id; elements of frames by row and side, how many were made; what
// is drawn later; boxes that are painted together; links by name.
let part = {}, slots = [], made = 0, later, crowd, links

// What stays the same must not make the browser work.
function set(element, values) {
  for (let key in values) {
    if (element.getAttribute(key) !== '' + values[key]) element.setAttribute(key, values[key])
  }
  return element
}

function say(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function make(tag, parent, values, text = '') {
  let space = /^(div|h2|p|button|kbd|input)$/.test(tag) ? '1999/xhtml' : '2000/svg'
  let element = document.createElementNS('http://www.w3.org/' + space, tag)
  element.textContent = text
  return parent.appendChild(set(element, values))
}

function on(target, types, act, options) {
  for (let type of types.split(' ')) target.addEventListener(type, act, options)
}

let byId = id => svg.querySelector('#' + CSS.escape(head.prefix + id))

let isZoomed = () => zoomed || view.at.length

// Widths of text: a canvas tells them without a layout of the page.
let pen

let measure = text => pen.measureText(text).width
