// The table of functions. What its columns are depends on the sides of the picture; rows are
// buttons. It is beside what is done with the graph, and follows the cuts and the search.

import {make, on, set} from './dom.js';
import {lightFunction} from './draw.js';
import {plural} from './numbers.js';
import {closePanel, openPanel, panel} from './panel.js';
import {picture, shown} from './state.js';

const LINES = 300; // at most so many functions are listed

// open: the body of the table; sort: number of the column, -1 for the order of the rows as they
// come; content: what is listed, to see what changes.
const table = {sort: -1};

export function toggleTable() {
  if (panel.aside) closePanel();
  else openTable();
}

// A column is {label, text, minor}: its title, whether it holds text, whether a narrow window does
// without it. A row is {func, run, cells, values, quiet}: the number of the function, the command
// of a click, texts, what to sort by, and whether it matters little.
function openTable() {
  const {title, width, note, sort} = picture.sides.table;
  openPanel('', [['table', 't', 'Close']], note(), [width, 900, true]);
  const page = panel.element.firstChild, element = make('table', page);
  page.querySelector('h2').textContent = title();
  page.insertBefore(element, page.querySelector('p'));
  table.head = make('tr', make('thead', element));
  table.open = make('tbody', element);
  table.note = make('p', page);
  table.content = '';
  if (table.sort < 0) table.sort = sort;
  on(table.open, 'pointerover focusin', event => lightFunction(
    +event.target.closest('tr')?.dataset.func));
  on(table.open, 'pointerleave focusout', () => lightFunction(0));
  fillTable();
}

export function sortTable(column) {
  const {text} = picture.sides.table.columns()[column];
  table.up = table.sort === column ? !table.up : Boolean(text);
  table.sort = column;
  fillTable();
}

// The rows that the search leaves, in order.
function chosenRows() {
  const {sort, up} = table, {view, remark, flags} = shown;
  const all = picture.sides.table.rows(), isSearched = view.search && !remark;
  const rows = all.filter(({func}) => !isSearched || flags[func]);
  const order = (a, b) => (a < b ? -1 : +(a > b));
  if (sort >= 0) {
    rows.sort((a, b) => (up ? 1 : -1) * order(a.values[sort], b.values[sort]));
  }
  return rows;
}

// Writes what has changed.
export function fillTable() {
  if (!panel.aside || !table.open?.isConnected) return;
  const rows = chosenRows(), listed = rows.slice(0, LINES), {sort, up} = table;
  const content = JSON.stringify([sort, up, rows.length, listed.map(({cells}) => cells)]);
  if (content === table.content) return;
  table.content = content;
  fillHead();
  table.open.textContent = '';
  for (const {func, run, cells, quiet} of listed) {
    const line = make('tr', table.open, {'data-run': run, 'data-func': func, tabindex: 0,
      class: quiet ? 'quiet' : ''});
    fillLine(line, 'td', cells);
  }
  const more = rows.length - listed.length;
  table.note.textContent = !rows.length ? 'No function matches'
    : more > 0 ? `${plural(more, 'more function')}: a search finds them` : '';
}

function fillLine(line, tag, cells) {
  const columns = picture.sides.table.columns();
  return cells.map((text, i) => {
    const {minor, text: isText} = columns[i];
    const cell = make(tag, line, {class: (isText ? 'text' : '') + (minor ? ' minor' : '')}, text);
    if (!i && tag === 'td') set(cell, {title: text});
    return cell;
  });
}

function fillHead() {
  table.head.textContent = '';
  const labels = picture.sides.table.columns().map(({label}) => label);
  fillLine(table.head, 'th', labels.map(() => '')).forEach((cell, i) => {
    const sorted = table.sort === i;
    make('button', cell, {'data-run': 'sort ' + i}, labels[i]);
    set(cell, {'aria-sort': !sorted ? 'none' : table.up ? 'ascending' : 'descending'});
  });
}
