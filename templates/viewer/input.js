// SPDX-License-Identifier: MIT
// One map from keys, mouse and touch to commands.

import {commands, openMenu, runCommand} from './commands.js';
import {on, pointOf} from './dom.js';
import {explain, field} from './bars.js';
import {markFrames} from './draw.js';
import {target, zoomAround, zoomTo} from './move.js';
import {abs, clamp, max} from './numbers.js';
import {STILL, closePanel, panel} from './panel.js';
import {boxUnder, redraw, refresh, runWaiting, setTheme} from './show.js';
import {display, isZoomed, layout, picture, pointer} from './state.js';
import {go} from './steps.js';

// Runs the command of a button; the box that the menu was opened for is what it is about.
function press({dataset}) {
  const box = pointer.aim;
  if (!panel.aside) closePanel();
  pointer.aim = box;
  runCommand(dataset.run);
  pointer.aim = null;
}

// Keys for editing stay in the field. After any other key, the keys are for the graph again.
function onFieldKey({key, shiftKey}, command) {
  if (key === 'Enter') {
    if (!runWaiting()) picture.sides.walk(shiftKey);
  } else if (key === 'Escape') go({search: ''}, 'search');
  else if (key !== 'Tab') return key !== '/' && command === 'search';
  picture.frames.focus(STILL);
  return true;
}

// In the table, arrows go to its first line and from line to line.
function moveInTable(element, key) {
  const page = /^Arrow[UD]/.test(key) && element.closest?.('.aside');
  if (!page) return false;
  const lines = [...page.querySelectorAll('tbody tr')], at = lines.indexOf(element);
  lines[key === 'ArrowUp' ? at - 1 : at + 1]?.focus();
  return true;
}

// Keys belong to the graph under the mouse, else to the one that has the focus. A graph that is
// the whole document takes them all; a field of the page keeps its own.
function onKey(event) {
  const {target: element, key, ctrlKey, metaKey, altKey} = event, {svg, alone} = picture;
  const button = svg.contains(element) && element.closest('[data-run]');
  pointer.byKey = key === 'ContextMenu' || key === 'F10';
  const command = !altKey
    && commands.keys[ctrlKey || metaKey ? 'Ctrl ' + key.toUpperCase() : key];
  if (element === field.input) {
    if (!onFieldKey(event, command)) return;
  } else if (button && /^(Enter| )$/.test(key)) press(button);
  else if (moveInTable(element, key)) event.stopPropagation();
  else if (command && !element.closest?.('input, textarea, select, [contenteditable]')
    && (alone || svg.contains(document.querySelector('svg.flametree:hover') || element))) {
    if (panel.element && (!panel.aside || command === 'back')) closePanel();
    else if (key !== 'Enter' || !runWaiting()) runCommand(command);
  } else return;
  event.preventDefault();
}

function onClick(event) {
  const button = event.target.closest('[data-run]'), box = boxUnder(event);
  if (button) press(button);
  else if (panel.element && !panel.aside && !panel.element.contains(event.target)) closePanel();
  else if (box && !event.target.closest('a')) zoomTo(box, pointOf(event).x);
}

function onContextMenu(event) {
  // A key that opens menus means the frame that all keys are about.
  const {byKey} = pointer, box = byKey ? target() : boxUnder(event);
  if (!box || box.many || (event.shiftKey && !byKey)) return;
  event.preventDefault();
  openMenu(box);
  pointer.aim = box;
}

function onHover(event) {
  if (event.buttons || (panel.element && !panel.aside) || event.pointerType === 'touch') return;
  const old = pointer.hovered;
  pointer.mouse = event.type === 'pointermove' && event;
  pointer.hovered = pointer.mouse && boxUnder(event);
  if (pointer.hovered === old) return;
  markFrames();
  // The details stay while the mouse is on its way to them.
  if (pointer.hovered || !pointer.mouse) explain();
}

// The wheel with Ctrl zooms, sideways it shifts.
function onWheel(event) {
  const {ctrlKey, deltaX, deltaY, deltaMode} = event, unit = deltaMode ? 30 : 1;
  if (ctrlKey) {
    zoomAround(pointOf(event), Math.exp(clamp(deltaY * unit, -60, 60) / 100), 0, event);
  } else if (isZoomed() && abs(deltaX) > abs(deltaY)) {
    zoomAround(pointOf(event), 1, deltaX * unit / layout.room, event);
  } else return;
  event.preventDefault();
}

// Two fingers zoom and shift.
function listenToFingers() {
  const fingers = new Map();
  let hand;
  on(picture.svg, 'pointerdown pointermove pointerleave', event => {
    const {type, pointerId: id, pointerType} = event, old = hand;
    if (pointerType !== 'touch') return;
    if (type === 'pointerleave') fingers.delete(id);
    else if (type === 'pointerdown' || old) fingers.set(id, pointOf(event));
    const [a, b] = fingers.values();
    hand = b && {x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, size: max(20, abs(a.x - b.x))};
    if (type !== 'pointermove' || !old) return;
    zoomAround(hand, old.size / hand.size, (old.x - hand.x) / layout.room, event);
  });
}

// Acts once before the next frame is painted, however often it is called.
const soon = (act, waits) => () => {
  waits ||= requestAnimationFrame(() => {
    waits = 0;
    act();
  });
};

function listenToWindow() {
  on(window, 'scroll', soon(redraw), true);
  on(window, 'resize', soon(refresh));
  // Not when we change the height ourselves.
  new ResizeObserver(soon(() => {
    if (picture.svg.getBoundingClientRect().width !== display.origin.width) refresh();
  })).observe(picture.svg);
  on(window, 'beforeprint afterprint', event => {
    display.printing = event.type === 'beforeprint';
    setTheme();
  });
  display.night.onchange = () => setTheme();
}

export function listen() {
  const {svg, frames} = picture;
  on(window, 'keydown', onKey);
  on(svg, 'click', onClick);
  on(svg, 'contextmenu', onContextMenu);
  on(svg, 'pointerdown', () => { pointer.byKey = false; });
  on(svg, 'pointermove pointerleave', onHover);
  on(svg, 'wheel', onWheel, {passive: false});
  on(frames, 'focus blur', () => {
    pointer.focused = frames.matches(':focus-visible');
    markFrames();
  });
  panel.changed = refresh;
  listenToFingers();
  listenToWindow();
}
