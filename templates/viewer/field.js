// The field of the search.

import {make, on} from './dom.js';
import {min} from './numbers.js';
import {STILL} from './panel.js';
import {endKind, go} from './steps.js';
import {layout, picture, shown} from './state.js';

export const field = {input: null};

export function openField() {
  field.input ||= makeField();
  field.input.focus(STILL);
  field.input.select();
}

function makeField() {
  const wide = min(320, layout.room), box = make('foreignObject', picture.bar,
    {x: layout.width - picture.geo.pad - wide, y: 4, width: wide, height: 30});
  const input = make('input', box,
    {type: 'search', class: 'field', placeholder: 'Regular expression'});
  input.value = shown.view.search;
  on(input, 'input', () => {
    shown.trusted.add(input.value);
    go({search: input.value}, 'search');
  });
  on(input, 'blur', () => {
    field.input = null;
    endKind();
    box.remove();
  });
  return input;
}
