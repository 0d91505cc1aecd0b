// What the viewer says about frames.

import {clipText} from './dom.js';
import {formatNumber, percent, plural, quantity} from './numbers.js';
import {matchedShare} from './search.js';
import {isZoomed, layout, picture, shown} from './state.js';
import {cutTree} from './transform.js';
import {findPlaces, flagsOf, selfOf} from './tree.js';

export const nameOf = ({names, name}, node) => names.shown[name[node]];

// The function that a node is a frame of: 0 of the root and of gaps.
export const funcOf = ({names, name}, node) => names.func[name[node]];

const valueOf = units => {
  const {unit, factor, decimals} = picture.head;
  return units * unit * factor / 10 ** decimals;
};

export const plainCount = units => formatNumber(valueOf(units), picture.head.decimals);

// A weight; in its unit where that is known.
export const count = units => (picture.head.valueUnit ?
  quantity(valueOf(units), picture.head.valueUnit) : plainCount(units));

export const counted = units => (picture.head.valueUnit ? count(units) :
  plainCount(units) + ' ' + picture.head.countname);

export const countFrames = box => plural(box.last - box.first + 1, 'frame');

// As the static picture has it: NAME (N samples, P%).
export function titleOf({node, many, pane, left, right, ...box}) {
  const weight = right - left, {whole, tree} = pane;
  const share = weight === whole ? 100 : percent(weight, whole);
  const samples = node === 0 && tree === picture.base && picture.head.valueUnit &&
    picture.head.samples;
  const amount = counted(weight) + (samples ? ', ' + plural(+samples, 'sample') : '');
  return `${many ? countFrames(box) : nameOf(tree, node)} (${amount}, ${share}%)`;
}

// A name and facts about it.
export function factsOf({node, many, pane, left, right, ...box}) {
  const {whole, tree, trimmed} = pane, weight = right - left, {zoomed} = shown;
  const facts = [counted(weight), percent(weight, whole) + ' % of all'];
  const all = tree.total[zoomed];
  if (zoomed && weight <= all) facts.push(percent(weight, all) + ' % of ' + nameOf(tree, zoomed));
  if (many) return [countFrames(box) + ' too narrow to draw', facts];
  // In other trees, weight of its own belongs to a stack, not to a function.
  if (tree === trimmed) facts.push('self ' + count(selfOf(tree, node)));
  const func = funcOf(tree, node);
  if (func) {
    const {places, weight: sum} = findPlaces(trimmed, flagsOf(tree.names, func));
    facts.push(`function ${count(sum)} (${percent(sum, whole)} %) in ${plural(places, 'place')}`);
  }
  return [picture.head.nametype + ' ' + nameOf(tree, node), facts];
}

// The search, and what it found in a pane: [expression, places, shares]; only the first where it
// did not run, nothing without one.
export function searchFacts(pane) {
  const {view, remark, zoomed} = shown, {tree, trimmed, found, whole} = pane;
  if (!view.search) return [];
  const expression = `/${clipText(view.search, layout.width / 3)}/${view.icase ? 'i' : ''}`;
  if (remark) return [expression + remark];
  const {flags, spans, places} = found;
  const {weight} = tree === trimmed ? found : findPlaces(trimmed, flags);
  let share = matchedShare(spans[+view.callers], pane.rangeOf(tree.row[zoomed]));
  if (view.sandwich && !isZoomed()) {
    const through = cutTree(trimmed, trimmed.order, 'keep', tree.name[0]);
    share = findPlaces(through, flags).weight / tree.total[0];
  }
  return [expression, plural(places, 'place'), percent(weight, whole, 1) + ' % of all',
    percent(share, 1, 1) + ' % of this view'];
}

// How the picture differs from the plain one; `left` of `all` is what the cuts left.
export function stateFacts(left, all) {
  const {view} = shown, {order} = picture.head;
  const words = {hide: 'hidden ', remove: 'removed ', keep: 'only '};
  return [
    view.sandwich ? 'callers and callees of ' + view.sandwich : view.bottomup && 'bottom-up',
    view.fold && 'recursion folded',
    view.order !== order && 'by ' + view.order,
    ...view.cuts.map(([op, name]) => words[op] + name),
    left !== all && percent(left, all, 1) + ' % of ' + counted(all),
  ].filter(Boolean);
}
