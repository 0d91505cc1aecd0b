// SPDX-License-Identifier: MIT
// Elements, and where the picture is in the window.

import {clamp} from './numbers.js';
import {display, layout, picture} from './state.js';

// Values that do not change are not set again, which would cost time. They are kept here, so the
// browser is never asked for them.
export function set(element, values) {
  const known = element.known ||= {};
  for (const key in values) {
    const value = String(values[key]);
    if (known[key] !== value) element.setAttribute(key, known[key] = value);
  }
  return element;
}

export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// Elements in a foreignObject are HTML elements.
export function make(tag, parent, values, text = '') {
  const space = parent.localName === 'foreignObject' ? 'http://www.w3.org/1999/xhtml'
    : parent.namespaceURI;
  const element = document.createElementNS(space, tag);
  element.textContent = text;
  return parent.appendChild(set(element, values));
}

export function on(target, types, act, options) {
  for (const type of types.split(' ')) target.addEventListener(type, act, options);
}

export const byId = id => picture.svg.querySelector('#' + CSS.escape(picture.head.prefix + id));

// Finds where the picture is in the window. To ask makes the browser lay out the page, so this
// happens once, before anything changes. The matrix includes the empty margins beside a picture in
// an <object>. In Firefox it ignores how far a document is scrolled; a document that scrolls has no
// such margins.
export function findOrigin() {
  const {svg, alone} = picture, {a = 1, e, f} = svg.getScreenCTM() || {};
  const {left, top, width} = svg.getBoundingClientRect();
  const scrolled = alone && (window.scrollX || window.scrollY);
  display.origin = {left: scrolled ? left : e, top: scrolled ? top : f, width};
  display.scale = a;
}

// A point of the window in the picture's own pixels.
export function toPicture({clientX, clientY}) {
  const {origin, scale} = display;
  return {x: (clientX - origin.left) / scale, y: (clientY - origin.top) / scale};
}

// Where an event is.
export function pointOf(event) {
  findOrigin();
  return toPicture(event);
}

// The part of the picture that the window shows, in the picture's own pixels.
export function visiblePart() {
  const {printing, origin} = display;
  if (printing || !origin.width) return [0, layout.high];
  return [0, innerHeight].map(clientY => clamp(toPicture({clientY}).y, 0, layout.high));
}

export const sizeTo = (height, svg = picture.svg) => set(svg,
  {height, viewBox: `0 0 ${layout.width} ${height}`});
