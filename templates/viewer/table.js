// SPDX-License-Identifier: MIT
// The table of functions. Its columns depend on the sides of the picture; rows are
// buttons. It is beside what is done with the graph, and follows the cuts and the search.

import {make, on, set} from './dom.js';
import {lightFrames} from './draw.js';
import {withoutArguments} from './label.js';
import {plural} from './numbers.js';
import {STILL, closePanel, openPanel, panel} from './panel.js';
import {picture, shown} from './state.js';
import {FROM_RIGHT} from './words.js';

// open: the body of the table; sort: number of the column, -1 for the order of the rows as they
// come; content: what is listed, to see what changes.
const table = {};

// The table of one side or of two.
const kind = () => picture.sides.table;

// A column is {label, look, show}: its title, 'text', or 'minor' if a narrow window omits it, and
// the function that formats a value. A row is {func, values, cells, quiet}: the number of the
// function, what to sort by, texts if they are not those of the values, and whether it matters
// little.
export function toggleTable() {
  if (panel.aside) {
    closePanel();
    return;
  }
  openPanel('', [['table', 't', 'Close']], '', [kind().width, 900, true]);
  const page = panel.element.firstChild, element = make('table', page);
  table.head = make('tr', make('thead', element));
  table.open = make('tbody', element);
  table.note = make('p', page);
  table.content = '';
  on(table.open, 'pointerover focusin', event => {
    const func = +event.target.closest('tr')?.dataset.func, {names} = picture.base;
    lightFrames(func && (name => names.func[name] === func));
  });
  on(table.open, 'pointerleave focusout', () => lightFrames());
  fillTable();
}

export function sortTable(column) {
  table.up = table.sort === column ? !table.up : !column;
  table.sort = column;
  fillTable();
}

// The rows that the search leaves, in order.
function chosenRows() {
  const {sort, up} = table, {view, remark, flags} = shown;
  const rows = kind().rows()
    .filter(({func}) => !view.search || remark || flags[func]);
  if (sort >= 0) {
    rows.sort(({values: a}, {values: b}) => (up ? 1 : -1)
      * ((a[sort] > b[sort]) - (a[sort] < b[sort])));
  }
  return rows;
}

// Writes what has changed.
export function fillTable() {
  if (!table.open?.isConnected) return;
  const {title, sort: usual, note} = kind(), heading = title();
  panel.element.querySelector('h2').textContent = heading;
  if (heading !== table.heading) Object.assign(table, {heading, sort: usual(), up: false});
  const rows = chosenRows(), listed = rows.slice(0, 300), more = rows.length - listed.length,
    {sort, up} = table, columns = kind().columns();
  table.note.textContent = !rows.length ? 'No function matches'
    : more ? `${plural(more, 'more function')}: a search finds them` : note?.() || '';
  const lines = listed.map(({values, cells}) => cells
    || columns.map(({show = String}, i) => show(values[i]))),
    content = JSON.stringify([sort, up, rows.length, lines]);
  if (content === table.content) return;
  table.content = content;
  const run = panel.element.querySelector('table :focus')?.dataset.run;
  fillHead(columns);
  table.open.textContent = '';
  for (const [i, {func, quiet}] of listed.entries()) {
    const line = make('tr', table.open, {'data-run': 'function ' + func, 'data-func': func,
      tabindex: 0, class: quiet ? 'quiet' : ''}), [name, ...texts] = lines[i];
    writeName(make('td', line), name);
    texts.forEach((text, k) => make('td', line, {class: columns[k + 1].look || ''}, text));
  }
  if (run) (panel.element.querySelector(`[data-run="${run}"]`) || picture.frames).focus(STILL);
}

// Where a name is too long, its beginning is cut, so that its end can be read; what is after that,
// its arguments, if there is room (viewer.css). It is copied whole.
function writeName(cell, name) {
  const plain = FROM_RIGHT.test(name) ? '' : withoutArguments(name);
  const [, start] = /^(.*?)(?!\p{M}).{0,20}$/su.exec(plain);
  make('span', set(cell, {class: 'text', title: name}), {}, start);
  cell.append(name.slice(start.length));
}

function fillHead(columns) {
  const {head, sort, up} = table;
  head.textContent = '';
  columns.forEach(({label, look = ''}, i) => {
    const way = sort !== i ? 'none' : up ? 'ascending' : 'descending';
    make('button', make('th', head, {class: look, 'aria-sort': way}), {'data-run': 'sort ' + i},
      label);
  });
}
