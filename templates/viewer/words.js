// SPDX-License-Identifier: MIT
// The texts of the viewer about frames.

import {isTrusted} from './cuts.js';
import {cleanName} from './data.js';
import {clip, measure, shorten} from './label.js';
import {formatNumber, percent, plural, quantity} from './numbers.js';
import {matchedShare} from './search.js';
import {isZoomed, layout, picture, shown} from './state.js';
import {cutTree, finish} from './transform.js';
import {findPlaces, flagsOf, pathOf, selfOf} from './tree.js';

export const nameOf = ({names, name}, node) => names.shown[name[node]];

// A name within a sentence, which its direction of writing must not turn round.
export const FROM_RIGHT = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufefc]/;

export const isolated = name => (FROM_RIGHT.test(name)
  ? `\u2068${name.replace(/[\u2066-\u2069]/g, '\ufffd')}\u2069` : name);

// The function that a node is a frame of: 0 of the root and of gaps.
export const funcOf = ({names, name}, node) => names.func[name[node]];

export const valueOf = units => {
  const {unit, factor, decimals} = picture.head;
  return units * unit * factor / 10 ** decimals;
};

// A value; in its unit where that is known.
export const textOf = (value, digits) => (picture.head.valueUnit ?
  quantity(value, picture.head.valueUnit) : formatNumber(value, digits));

export const count = units => textOf(valueOf(units), picture.head.decimals);

// A long unit is not repeated in each line of a table.
export const brief = units => count(units).replace(/ \S{6,}$/, '');

// A weight with its unit: 1 sample.
export function withUnit(amount) {
  const {countname, valueUnit} = picture.head;
  return valueUnit ? amount
    : `${amount} ${amount === '1' ? countname.replace(/s$/, '') : countname}`;
}

export const counted = units => withUnit(count(units));

// A part of a whole in per cent, which is not 0 where there is something.
export function share(part, whole) {
  const text = percent(part, whole);
  return (part > 0 && text === '0.00' ? '< 0.01' : text) + ' %';
}

export const countFrames = box => plural(box.last - box.first + 1, 'frame');

// How many samples a node has, if that is known.
export function samplesIn(tree, node) {
  const {head: {sides, samples}, base} = picture;
  return sides < 2 && (!node && tree === base && +samples || tree.sums[1]?.[node]);
}

// The weight of a box as the static picture has it; of the root with the number of samples.
function amountIn({node, left, right, pane: {tree}}) {
  const {valueUnit, countname} = picture.head, amount = count(right - left);
  if (!valueUnit) return `${amount} ${countname}`;
  const samples = !node && samplesIn(tree, 0);
  return samples ? amount + ', ' + plural(samples, 'sample') : amount;
}

// As the static picture has it: NAME (N samples, P%).
export function titleOf(box) {
  const {node, many, pane: {whole, tree}, left, right} = box, weight = right - left;
  const part = weight === whole ? 100 : percent(weight, whole);
  return `${many ? countFrames(box) : isolated(nameOf(tree, node))} (${amountIn(box)}, ${part}%)`;
}

// The part of a name that fits; for the root, the total.
export function labelOf(box, room) {
  const {node, many, pane: {tree}} = box, {head: {valueUnit, sides}} = picture;
  const name = nameOf(tree, node), isWhole = !node && valueUnit && sides < 2;
  const text = many ? countFrames(box) : isWhole && `${name}: ${amountIn(box)}`;
  return text && measure(text) <= room ? text : many ? '' : shorten(name, room);
}

// A name and facts about it. `amountOf` makes text of a weight, '' where no run has that weight.
export function factsOf({node, many, pane, left, right, ...box}, amountOf = count) {
  const {whole, tree, trimmed} = pane, weight = right - left, {zoomed, view} = shown;
  const amount = amountOf(weight);
  const samples = !many && samplesIn(tree, node);
  const facts = [amount && withUnit(amount), samples && plural(samples, 'sample'),
    (node || many) && share(weight, whole) + ' of all'].filter(Boolean);
  const addShare = top => facts.push(
    `${share(weight, tree.total[top])} of ${isolated(nameOf(tree, top))}`);
  if (zoomed && zoomed !== node && weight <= tree.total[zoomed]) addShare(zoomed);
  if (view.sandwich && node) addShare(0);
  if (many) return [countFrames(box) + ' too narrow to draw', facts];
  // In other trees, weight of its own belongs to a stack, not to a function.
  if (tree === trimmed && amount) facts.push('self ' + amountOf(selfOf(tree, node)));
  const func = funcOf(tree, node);
  if (func) {
    const {places, weight: sum} = findPlaces(trimmed, flagsOf(tree.names, func));
    const text = amount ? `${amountOf(sum)} (${share(sum, whole)})` : share(sum, whole);
    facts.push(`function ${text} in ${plural(places, 'place')}`);
  }
  return [picture.head.nametype + ' ' + isolated(nameOf(tree, node)), facts];
}

// The search, and what it found in a pane: [expression, places, shares]; only the first where it
// did not run, nothing without one.
export function searchFacts(pane) {
  const {view, remark, zoomed} = shown, {tree, trimmed, found, whole} = pane;
  if (!view.search) return [];
  const expression = `/${clip(view.search, layout.width / 3)}/${view.icase ? 'i' : ''}`;
  if (remark) return [expression + remark];
  const {flags, spans, places} = found;
  const {weight} = tree === trimmed ? found : findPlaces(trimmed, flags);
  let part = matchedShare(spans[+view.callers], pane.rangeOf(tree.row[zoomed]));
  if (view.sandwich && !isZoomed()) {
    const through = finish(cutTree(trimmed, trimmed.order, 'keep', {[tree.name[0]]: 1}));
    part = findPlaces(through, flags).weight / tree.total[0];
  }
  return [expression, plural(places, 'place'), percent(weight, whole, 1) + ' % of all',
    percent(part, 1, 1) + ' % of this view'];
}

// Names on the way from the root of the view to a node, as people see them.
export function stackOf(tree, node) {
  const {sandwich} = shown.view, path = pathOf(tree, node).map(cleanName);
  return sandwich ? [sandwich, ...path] : path;
}

// How the picture differs from the plain one; `left` of `all` is what the cuts left.
export function stateFacts(left, all) {
  const {view} = shown, {order} = picture.head;
  const words = {hide: 'hidden ', remove: 'removed ', keep: 'only '};
  const wait = cut => (isTrusted(cut) ? '' : ': press Enter to apply');
  return [
    view.sandwich ? 'callers and callees of ' + isolated(view.sandwich)
      : view.bottomup && 'bottom-up',
    view.fold && 'recursion folded',
    view.order !== order && 'by ' + view.order,
    ...view.cuts.map(cut => words[cut[0].replace('all', '')] + isolated(cut[1]) + wait(cut)),
    left !== all && percent(left, all, 1) + ' % of ' + counted(all),
  ].filter(Boolean);
}
