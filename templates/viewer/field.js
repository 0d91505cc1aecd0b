// SPDX-License-Identifier: MIT
// The field of the search.

import {field, sayFound} from './bars.js';
import {make, on} from './dom.js';
import {min} from './numbers.js';
import {STILL} from './panel.js';
import {endKind, go} from './steps.js';
import {layout, picture, shown} from './state.js';

export function openField() {
  field.input ||= makeField();
  field.input.focus(STILL);
  field.input.select();
}

function makeField() {
  const {pad} = picture.geo, wide = min(320, layout.edge - pad);
  picture.svg.append(picture.bar); // in front of the table
  const box = make('foreignObject', picture.bar,
    {x: layout.edge - wide, y: 4, width: wide, height: 90, class: 'seeking'});
  const input = make('input', box,
    {type: 'search', class: 'field', placeholder: 'Regular expression'});
  field.found = make('p', box, {'aria-hidden': true}); // the bar below is read aloud
  input.value = shown.view.search;
  sayFound();
  on(input, 'input', () => {
    shown.trusted.add(input.value);
    go({search: input.value}, 'search');
  });
  on(input, 'blur', () => {
    field.input = field.found = null;
    endKind();
    box.remove();
  });
  return input;
}
