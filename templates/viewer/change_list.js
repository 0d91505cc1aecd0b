// SPDX-License-Identifier: MIT
// Functions by how much they changed: the table of them, and the walk along it.

import {changeOf, isBlind, isReal, showChange, showValue, turned, unitOfChanges,
  weigh} from './change.js';
import {say, set} from './dom.js';
import {findFunctions, isSandwich} from './functions.js';
import {reveal, walkMatches} from './move.js';
import {abs, max} from './numbers.js';
import {closePanel, panel} from './panel.js';
import {layout, picture, shown} from './state.js';
import {go} from './steps.js';
import {findPlaces, flagsOf} from './tree.js';
import {isolated} from './words.js';

// all: functions of the present tree; rows: those that changed; nth: the one that was visited last;
// place: what is said of it.
export const changes = {all: [], rows: null, nth: -1, place: ''};

export function forgetChanges() {
  Object.assign(changes, {all: [], rows: null, place: '', lines: null});
}

// The changes of all functions in all their places, each stack counted once; or of their own
// weights.
function functionChanges(tree, self) {
  return findFunctions(tree).map(({nodes, outer, ...row}) => ({...row,
    change: changeOf(weigh(self ? tree.own : tree.sums, self ? nodes : outer))}));
}

// Those that the program found; in a tree that it does not know all, every change. The largest
// first.
function listChanges() {
  if (changes.rows) return changes.rows;
  const {trimmed} = shown.pane, self = shown.view.delta === 'self', {names} = trimmed;
  const rows = changes.all = functionChanges(trimmed, self);
  const judgement = picture.sides.judgementOf(trimmed, self);
  if (!judgement) {
    changes.rows = rows.filter(({change}) => isReal(change) && change.effect)
      .sort((a, b) => abs(b.change.effect) - abs(a.change.effect) || a.func - b.func);
  } else {
    const known = new Map(rows.map(row => [row.func, row]));
    changes.rows = judgement.functions.map(({name, verdict, cause}) => {
      const row = known.get(names.func[name]);
      return row && {...row, change: {...row.change, verdict},
        cause: cause < 0 ? '' : names.shown[cause]};
    }).filter(Boolean).sort((a, b) => abs(b.change.change) - abs(a.change.change));
  }
  return changes.rows;
}

// Brings the nth change into view, at the place that changed most. Vanished frames have a width in
// the union alone.
export function visitChange(i) {
  const row = listChanges()[i], {tree} = shown.pane, [, now, was] = tree.sums;
  let best = 0, size = 0;
  if (!row) return;
  for (const node of findPlaces(tree, flagsOf(tree.names, row.func), true).nodes) {
    const change = abs(now[node] - was[node]);
    if (change > size) [best, size] = [node, change];
  }
  changes.nth = i;
  if (layout.narrow) closePanel(); // it covers the graph
  if (best && !tree.total[best] && shown.view.width !== 'both') {
    go({width: 'union'}, null, () => visitChange(i));
    return;
  }
  const {length} = changes.rows, change = showChange(row.change.change);
  changes.place = `change ${i + 1} of ${length}: ${isolated(row.name)} ${change}`;
  if (best) reveal(best);
  say(picture.part.matched, picture.sides.describeSearch());
  markLine(row.func);
}

// Marks the line of a change in the table.
function markLine(func) {
  for (const line of panel.element?.querySelectorAll('tr[data-run]') || []) {
    const here = +line.dataset.func === func;
    set(line, {'aria-current': here});
    if (here) line.scrollIntoView({block: 'nearest'});
  }
}

// Walks matches, or changes when there is no search.
export function walkChanges(back) {
  if (shown.pane.found.places) {
    walkMatches(back);
    return;
  }
  const {length} = listChanges(), from = max(changes.nth, back ? 0 : -1);
  visitChange((from + (back ? -1 : 1) + length) % length);
}

// The lines of the table: first those that changed, in order, then the others by their size. The
// order by change is the same.
function changeLines() {
  if (changes.lines) return changes.lines;
  const listed = listChanges(), known = new Set(listed.map(({func}) => func));
  const self = shown.view.delta === 'self';
  const rest = changes.all.filter(({func}) => !known.has(func))
    .sort((a, b) => abs(b.change.effect) - abs(a.change.effect) || a.func - b.func);
  const judged = picture.sides.judgementOf(shown.pane.trimmed, self);
  const most = max(0, ...rest.map(({change}) => abs(change.change)));
  changes.lines = [...listed, ...rest].map(({func, name, change, cause}, i) => {
    const {before, after, verdict} = change, isListed = i < listed.length;
    const word = isListed || !judged ? verdict || 'not judged'
      : isBlind(judged) ? 'unknown' : 'noise';
    return {func, quiet: !isListed,
      values: [name, before, after, abs(change.change) - (isListed ? 0 : most), word],
      cells: [cause ? `${isolated(name)}, by ${isolated(cause)}` : name, showValue(before),
        showValue(after), showChange(change.change), word]};
  });
  return changes.lines;
}

// The lines of a sandwich: what calls the function, the function alone, and what it calls, the
// largest change first.
function neighborLines({half, next, names, own, sums, count, ...tree}) {
  const lineOf = (func, word, nodes, weights) => {
    const {before, after, change} = changeOf(weigh(weights, nodes)), name = names.shown[func];
    return {func, values: [name, before, after, abs(change), word],
      cells: [name, showValue(before), showValue(after), showChange(change), word]};
  };
  const linesOf = (i, end, word, places = []) => {
    for (; i < end; i = next[i]) (places[names.func[tree.name[i]]] ||= []).push(i);
    return places.map((nodes, func) => lineOf(func, word, nodes, sums)).flat()
      .sort((a, b) => b.values[3] - a.values[3]);
  };
  return [...linesOf(half, count, 'caller'), lineOf(names.func[tree.name[0]], 'self', [0], own),
    ...linesOf(1, half, 'callee')];
}

const tableRows = () => (isSandwich() ? neighborLines(shown.pane.tree) : changeLines());

const tableTitle = () => (isSandwich()
  ? `Callers and callees of ${isolated(shown.view.sandwich)}, in ${unitOfChanges()}`
  : listChanges().length || isBlind(picture.sides.judgementOf(shown.pane.trimmed))
    ? 'Changes, in ' + unitOfChanges() : 'Nothing but noise');

const columns = () => [{label: 'Function', look: 'text'}, {label: 'Before', look: 'minor'},
  {label: 'After', look: 'minor'}, {label: turned() < 0 ? 'Negated change' : 'Change'},
  {label: isSandwich() ? '' : 'Verdict', look: 'text'}];

export const changeTable = {
  keys: 't, l',
  text: 'Table of changes',
  width: 600,
  sort: () => (isSandwich() ? -1 : 3),
  title: tableTitle,
  note: () => (shown.view.delta === 'self' ? 'By themselves' : 'With callees')
    + ': v changes that. Dashed frames are new, hatched ones vanished.',
  columns,
  rows: tableRows,
};
