// Functions by how much they changed: the list of them, and the walk along it.

import {changeOf, isReal, showChange, unitOfChanges, weigh} from './change.js';
import {say, set} from './dom.js';
import {reveal, walkMatches} from './move.js';
import {abs, max} from './numbers.js';
import {openPanel, panel} from './panel.js';
import {picture, shown} from './state.js';
import {go} from './steps.js';
import {findPlaces, flagsOf} from './tree.js';

const LINES = 300; // at most so many are listed

// rows: functions that changed, known for the present tree; nth: the one that was visited last;
// place: what is said of it.
export const changes = {rows: null, nth: -1, place: ''};

export function forgetChanges() {
  Object.assign(changes, {rows: null, place: ''});
}

// The changes of all functions in all their places, each stack counted once; or of their own
// weights.
export function functionChanges(tree, self) {
  const {count, name, next, sums, own, names} = tree, rows = [], until = [];
  for (let i = 1; i < count; i++) {
    const func = names.func[name[i]];
    if (!func) continue;
    const row = rows[func] ||= {func, name: names.shown[func], nodes: []};
    const outer = !(i < until[func]);
    if (outer) until[func] = next[i];
    if (self || outer) row.nodes.push(i);
  }
  for (const row of rows) if (row) row.change = changeOf(weigh(self ? own : sums, row.nodes));
  return rows.filter(Boolean);
}

// Those that the program found, in its order; in a tree that it does not know all, the largest
// first.
function listChanges() {
  if (changes.rows) return changes.rows;
  const {trimmed} = shown.pane, self = shown.view.delta === 'self', {names} = trimmed;
  const rows = functionChanges(trimmed, self), judgement = picture.sides.judgementOf(trimmed, self);
  if (!judgement) {
    changes.rows = rows.filter(({change}) => isReal(change) && change.effect)
      .sort((a, b) => abs(b.change.effect) - abs(a.change.effect) || a.func - b.func);
  } else {
    const known = new Map(rows.map(row => [row.func, row]));
    changes.rows = judgement.functions.map(({name, verdict, cause}) => {
      const row = known.get(names.func[name]);
      return row && {...row, change: {...row.change, verdict},
        cause: cause < 0 ? '' : names.shown[cause]};
    }).filter(Boolean);
  }
  return changes.rows;
}

// Brings the nth change into view, at the place that changed most. What vanished has a width in
// the union alone.
export function visitChange(i) {
  const row = listChanges()[i], {tree} = shown.pane, [, now, was] = tree.sums;
  let best = 0, size = 0;
  if (!row) return;
  findPlaces(tree, flagsOf(tree.names, row.func), node => {
    const change = abs(now[node] - was[node]);
    if (change > size) [best, size] = [node, change];
  }, true);
  changes.nth = i;
  if (best && !tree.total[best] && shown.view.width !== 'both') {
    go({width: 'union'});
    visitChange(i);
    return;
  }
  const {length} = changes.rows, change = showChange(row.change.change);
  changes.place = `change ${i + 1} of ${length}: ${row.name} ${change}`;
  if (best) reveal(best);
  say(picture.part.matched, picture.sides.describeSearch());
  markLine(i);
}

// Marks the line of a change in the list.
function markLine(i) {
  for (const button of panel.element?.querySelectorAll('button') || []) {
    const here = button.dataset.run === 'change ' + i;
    set(button, {'aria-current': here});
    if (here) button.scrollIntoView({block: 'nearest'});
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

// The list is beside what is done with the graph.
export function openChanges() {
  const self = shown.view.delta === 'self';
  const rows = listChanges().slice(0, LINES).map(({name, change, cause}, i) => {
    const word = change.before ? change.after ? '' : ', vanished' : ', new';
    return ['change ' + i, showChange(change.change) + word, name + (cause ? ', by ' + cause : '')];
  });
  openPanel(rows.length ? 'Changes, in ' + unitOfChanges() : 'Nothing but noise',
    [['list', 'l', 'Close'], ...rows],
    (self ? 'By themselves' : 'With callees') + ': t changes that.', [360, 900, true]);
}
