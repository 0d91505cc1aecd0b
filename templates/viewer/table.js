// SPDX-License-Identifier: MIT
// The table of functions. Its columns depend on the sides of the picture; rows are
// buttons. It is beside what is done with the graph, and follows the cuts and the search.

import {make, on, set} from './dom.js';
import {lightFrames} from './draw.js';
import {plural} from './numbers.js';
import {STILL, closePanel, openPanel, panel} from './panel.js';
import {picture, shown} from './state.js';

// open: the body of the table; sort: number of the column, -1 for the order of the rows as they
// come; content: what is listed, to see what changes.
const table = {sort: -1};

// The table of one side or of two.
const kind = () => picture.sides.table;

// A column is {label, look, show}: its title, 'text', or 'minor' if a narrow window omits it, and
// the function that formats a value. A row is {func, run, values, cells, quiet}: the
// number of the function, the command of a click if it is no sandwich, what to sort by, texts if
// they are not those of the values, and whether it matters little.
export function toggleTable() {
  if (panel.aside) {
    closePanel();
    return;
  }
  const {width, note} = kind();
  openPanel('', [['table', 't', 'Close']], note?.(), [width, 900, true]);
  const page = panel.element.firstChild, element = make('table', page);
  page.querySelector('p')?.before(element);
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
  if (!panel.aside || !table.open?.isConnected) return;
  const {title, sort: usual} = kind(), heading = title();
  panel.element.querySelector('h2').textContent = heading;
  if (heading !== table.heading) Object.assign(table, {heading, sort: usual(), up: false});
  const rows = chosenRows(), listed = rows.slice(0, 300), {sort, up} = table,
    columns = kind().columns();
  const lines = listed.map(({values, cells}) => cells
    || columns.map(({show = String}, i) => show(values[i]))),
    content = JSON.stringify([sort, up, rows.length, lines]);
  if (content === table.content) return;
  table.content = content;
  const run = panel.element.querySelector('table :focus')?.dataset.run;
  fillHead(columns);
  table.open.textContent = '';
  for (const [i, {func, run = 'function ' + func, quiet}] of listed.entries()) {
    const line = make('tr', table.open, {'data-run': run, 'data-func': func, tabindex: 0,
      class: quiet ? 'quiet' : ''});
    fillLine(line, 'td', columns, lines[i]);
  }
  const more = rows.length - listed.length;
  table.note.textContent = !rows.length ? 'No function matches'
    : more > 0 ? `${plural(more, 'more function')}: a search finds them` : '';
  if (run) (panel.element.querySelector(`[data-run="${run}"]`) || picture.frames).focus(STILL);
}

function fillLine(line, tag, columns, texts = []) {
  return columns.map(({look = ''}, i) => {
    const cell = make(tag, line, {class: look}, texts[i]);
    if (!i && texts[i]) set(cell, {title: texts[i]});
    return cell;
  });
}

function fillHead(columns) {
  table.head.textContent = '';
  fillLine(table.head, 'th', columns).forEach((cell, i) => {
    const sorted = table.sort === i;
    make('button', cell, {'data-run': 'sort ' + i}, columns[i].label);
    set(cell, {'aria-sort': !sorted ? 'none' : table.up ? 'ascending' : 'descending'});
  });
}
