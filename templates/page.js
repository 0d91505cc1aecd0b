// SPDX-License-Identifier: MIT
// The page of `flamestore serve`: dragging on the timeline chooses a range, as the fields of the
// form do. All else works without script.
(() => {
'use strict';
const timeline = document.querySelector('.timeline'), form = document.querySelector('#ask');
if (!timeline || !form)
  return;
const from = Number(timeline.dataset.from), until = Number(timeline.dataset.until);
const LEAST = 4; // px; less is a click
const shade = document.createElementNS(timeline.namespaceURI, 'rect');
let start = null, side = '';

const place = event => {
  const box = timeline.getBoundingClientRect();
  return Math.min(Math.max((event.clientX - box.left) / box.width, 0), 1);
};
const width = () => timeline.getBoundingClientRect().width;
const timeAt = part => String(Math.round((from + part * (until - from)) / 1000));

// Shift, or the choice in the form, means the range before.
const sideOf = event =>
  event.shiftKey || form.elements.drag.checked ? 'before' : 'after';

function draw(a, b) {
  const [left, right] = [Math.min(a, b), Math.max(a, b)];
  shade.setAttribute('class', side);
  shade.setAttribute('x', left * 100 + '%');
  shade.setAttribute('width', (right - left) * 100 + '%');
  shade.setAttribute('y', timeline.dataset.top);
  shade.setAttribute('height', timeline.dataset.height);
}

function stop() {
  start = null;
  shade.remove();
}

timeline.addEventListener('pointerdown', event => {
  if (event.button !== 0 || !event.isPrimary || event.target.closest('a'))
    return;
  start = place(event);
  side = sideOf(event);
  timeline.setPointerCapture(event.pointerId);
  event.preventDefault();
});
timeline.addEventListener('pointermove', event => {
  if (start === null)
    return;
  draw(start, place(event));
  timeline.append(shade);
});
timeline.addEventListener('pointercancel', stop);
document.addEventListener('keydown', event => event.key === 'Escape' && stop());
timeline.addEventListener('pointerup', event => {
  if (start === null)
    return;
  const [a, b] = [start, place(event)], prefix = side === 'before' ? 'before-' : '';
  stop();
  if (Math.abs(a - b) * width() < LEAST)
    return;
  form.elements[prefix + 'from'].value = timeAt(Math.min(a, b));
  form.elements[prefix + 'until'].value = timeAt(Math.max(a, b));
  // To submit the form while Shift is held would open a window.
  location.assign('/?' + new URLSearchParams(new FormData(form)));
});
// Fields that are empty make addresses longer.
form.addEventListener('formdata', event => {
  for (const [name, value] of [...event.formData])
    if (value === '')
      event.formData.delete(name);
});
})();
