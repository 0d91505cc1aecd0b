// SPDX-License-Identifier: MIT
// All that depends on the number of sides of a picture, for two sides: widths, verdicts, marks, the
// list of what changed, and both sides at once, in two panes. Only in such pictures.

import {buttons} from './bars.js';
import {changeColor, changeOf, isBlind, isReal, readColumns, readJudgement, rule, showChange,
  showInterval, showValue, signed, turned, unitOfChanges, verdictAt, weigh,
  weightsOf} from './change.js';
import {changeTable, changes, forgetChanges, walkChanges} from './change_list.js';
import {FOUND, css, mix} from './color.js';
import {addCommands, commands, pickFunction} from './commands.js';
import {trustedView} from './cuts.js';
import {byId, findOrigin, make, on, say, set} from './dom.js';
import {clip, clipBetween, measure} from './label.js';
import {legendActs, listenToLegend} from './legend.js';
import {abs, floor, formatNumber, max, min, percent} from './numbers.js';
import {focusOn} from './move.js';
import {Pane, boxOf} from './pane.js';
import {display, layout, picture, pointer, shown, switchPane} from './state.js';
import {go} from './steps.js';
import {transformTree} from './transform.js';
import {findPlaces, flagsOf, makeTree} from './tree.js';
import {count, countFrames, factsOf, funcOf, isolated, nameOf, searchFacts, stateFacts, textOf,
  titleOf, valueOf, withUnit} from './words.js';

const SIDES = ['before', 'after'];
const SCALED_MORE = 3; // digits that scaled weights have more, see flamediff_picture.c
const DARK_NOISE = 0x4b4c52; // in the dark, what changed stands out

// The content of the file, and the facts of the present trees.
const compared = {
  panes: [], headings: null, // before and after; what is above them
  columns: null, // own weights: after, before, each run
  width: '', // what the widths of picture.base stand for
  total: null, self: null, // see readJudgement()
  known: [], // changes by node
  ahead: null, // sums of the weights in front of a place in row order
  full: 0, // the change that has the strongest color
  partly: false, // some changes of the tree are not judged
};

const isJudged = () => Boolean(rule().runs);

// In other trees, weight of its own belongs to a stack, not to a function.
const paintsSelf = () => shown.view.delta === 'self' && shown.pane.tree === shown.pane.trimmed;

const paintedOf = tree => (paintsSelf() ? tree.own : tree.sums);

// The node of the profile that a node is, with the same weights: what is known of that one is true
// of this one. Else -1.
function originOf({origin, own, sums}, node, self) {
  const {base} = picture, from = origin ? origin[node] : node;
  if (!origin || from < 0) return from;
  const [mine, others] = self ? [own, base.own] : [sums, base.sums];
  return mine.every((side, k) => !k || side[node] === others[k][from]) ? from : -1;
}

// Adds the verdict and the interval of a node to its change, as far as they are known.
function judgeNode(tree, node, self, change) {
  const judgement = compared[self ? 'self' : 'total'];
  const origin = judgement ? originOf(tree, node, self) : -1;
  return origin < 0 ? change : {...change, verdict: verdictAt(judgement, origin),
    interval: judgement.intervals.get(origin)};
}

function nodeChange(tree, node, self) {
  return judgeNode(tree, node, self, changeOf(weigh(self ? tree.own : tree.sums, [node])));
}

// The change that a frame is painted and titled by. It is the same in both panes.
const changeAt = node => compared.known[node] ||= nodeChange(shown.pane.tree, node, paintsSelf());

// The weights of all frames of a box, in each side or run. From sums of all frames in front, in row
// order: a merged box costs what one frame does.
function weighBox({first, last, pane: {tree}}) {
  compared.ahead ||= weightsOf(tree.sums).map(side => {
    const sums = new Float64Array(tree.count + 1);
    tree.inRow.forEach((node, k) => { sums[k + 1] = sums[k] + side[node]; });
    return sums;
  });
  return compared.ahead.map(sums => sums[last + 1] - sums[first]);
}

// ---- words ----

const UNKNOWN = 'cannot be judged: number of samples unknown';
const WORDS = {noise: 'within noise', unknown: UNKNOWN, '': 'not judged', same: '', changed: ''};

function describeChange({before, after, change, verdict, interval}) {
  const sign = turned();
  const part = sign * percent(change, before) || 0; // without the sign of what is rounded to 0
  const facts = [`before ${showValue(before)} \u2192 after ${showValue(after)} ${unitOfChanges()}`,
    (sign < 0 ? 'negated change ' : 'change ') + showChange(change)
      + (before ? ` (${signed(part, part.toFixed(2))} %)` : '')];
  if (layout.narrow) facts.reverse(); // what does not fit is cut off
  return [...facts, interval && showInterval(interval), WORDS[verdict] ?? verdict].filter(Boolean);
}

// As the static picture has it.
function titleOfChange(box) {
  const {node, many, pane: {tree, whole}} = box, text = titleOf(box);
  if (!tree.name[node] || (many && !isJudged())) return text;
  const {before, after, change, verdict} = many ? changeOf(weighBox(box)) : changeAt(node);
  if (isJudged()) {
    return `${many ? countFrames(box) : isolated(nameOf(tree, node))} (${showValue(before)} to ${
      showValue(after)} ${unitOfChanges()}, ${showChange(change)}: ${verdict || 'not judged'})`;
  }
  return text.slice(0, -1) + `; ${signed(turned() * change, percent(turned() * change, whole))}%)`;
}

// Weights before are scaled to the work or the total after; people want those of the run.
function countBefore(units) {
  const {scale = 1} = rule();
  return scale === 1 ? count(units)
    : textOf(valueOf(units) / scale, max(0, picture.head.decimals - SCALED_MORE));
}

// The larger of both sides is no weight of any run, unless they have one scale.
function amountsOf(pane) {
  const {scale = 1} = rule(), {width} = shown.view;
  if (width === 'before' || (width === 'both' && !shown.panes.indexOf(pane))) return countBefore;
  return scale === 1 || width !== 'union' ? count : () => '';
}

// Of a frame with its callees; of itself too, when that is what the color says. Of the function
// in all its places.
function describe(box) {
  const {node, many, pane} = box, {tree, trimmed} = pane;
  const [name, ...facts] = factsOf(box, amountsOf(pane));
  const boxChange = changeOf(weighBox(box));
  const changed = describeChange(many ? boxChange : judgeNode(tree, node, false, boxChange));
  const {width} = shown.view, side = shown.panes[1] ? SIDES[shown.panes.indexOf(pane)] : width;
  facts[0].unshift(side === 'union' ? 'larger of both sides' : side);
  if (many) return [name, changed, ...facts];
  if (paintsSelf()) {
    const [first, ...rest] = describeChange(changeAt(node));
    changed.push('self: ' + first, ...rest);
  }
  const func = funcOf(tree, node);
  if (func) {
    const {nodes} = findPlaces(trimmed, flagsOf(tree.names, func));
    const {before, after} = changeOf(weigh(trimmed.sums, nodes));
    changed.push(`function ${showValue(before)} \u2192 ${showValue(after)}`);
  }
  return [name, changed, ...facts];
}

// Without a search: the change that was visited last. With two panes, the shares of both.
function describeSearch() {
  if (!shown.view.search) return changes.place;
  const facts = shown.panes.map(searchFacts), [expression, places] = facts[0];
  if (!places) return expression;
  const shares = facts.map(([, , ...all]) => (facts[1] && layout.narrow ? all.slice(0, 1) : all)
    .join(', '));
  return `${expression}: ${places}, ${shares.join(' \u2192 ')}`;
}

// Headings say how much the cuts have left of each of two panes.
function describeState() {
  const all = picture.base.total[0], {width, delta, relative} = shown.view;
  return [...stateFacts(shown.panes[1] ? all : shown.pane.whole, all),
    {before: 'widths before', union: 'widths of the larger side'}[width],
    delta === 'self' && 'colors of frames by themselves',
    relative && 'changes as parts of each frame before',
    compared.partly && 'some changes not judged'].filter(Boolean).join(' \xb7 ');
}

// ---- trees ----

// Own weights that widths stand for. Both panes have the order of the larger side.
function drawnWeights(width) {
  const [after, before] = compared.columns;
  if (width === 'before') return before;
  if (width === 'after') return after;
  return after.map((weight, i) => max(weight, before[i]));
}

function baseOf(width) {
  const {parent, name, names, order} = picture.base;
  if (compared.width === width) return picture.base;
  return makeTree({parent, name, names, order,
    own: [drawnWeights(width), ...compared.columns]});
}

// A tree with the same frames, as wide as they are on one side.
function treeOfSide(tree, side) {
  const {own, sums, half, count: size, next} = tree;
  let edgeUp = sums[side][0];
  for (let i = half; i < size; i = next[i]) edgeUp -= sums[side][i];
  return makeTree({...tree, own: [own[side], ...own.slice(1)], edgeUp});
}

function* grow(view) {
  const base = baseOf(view.width);
  const [cut, grown] = yield* transformTree(base, trustedView(view));
  return () => {
    picture.base = base;
    compared.width = view.width;
    plantSides(cut, grown);
  };
}

function plantSides(cut, grown) {
  const {panes, headings} = compared, both = shown.view.width === 'both';
  shown.panes = both ? panes : panes.slice(0, 1);
  [shown.pane] = panes;
  shown.union = grown;
  set(headings, {display: both ? 'inline' : 'none'});
  panes.forEach((pane, i) => {
    const fit = tree => (both ? treeOfSide(tree, 2 - i) : tree), trimmed = fit(cut);
    pane.plant(trimmed, grown === cut ? trimmed : fit(grown));
  });
  compared.partly = isJudged() && isPartlyJudged(shown.pane.tree, paintsSelf());
}

function isPartlyJudged(tree, self) {
  if (!tree.origin) return false;
  for (let i = 1; i < tree.count; i++) if (originOf(tree, i, self) < 0) return true;
  return false;
}

// The verdicts of the program on a tree: nothing when it does not know all of it.
function judgementOf(tree, self) {
  return isJudged() && !isPartlyJudged(tree, self) ? compared[self ? 'self' : 'total'] : null;
}

// ---- looks ----

// The part that colors a change: of the run, or of the frame before.
function effectOf({before, change, effect}) {
  return shown.view.relative && change ? change / before : effect;
}

// The color of a real change, in a judged picture.
function shade(effect) {
  const {colors} = rule(), {dark} = display, end = effect > 0 ? 3 : 1;
  const noise = dark ? DARK_NOISE : colors[4];
  return effect ? mix(dark ? mix(noise, colors[end], 0.3) : colors[end - 1], colors[end],
    min(1, abs(effect) / compared.full)) : noise;
}

function movedColor() {
  const color = rule().colors[5] ?? shade(0);
  return display.dark ? mix(DARK_NOISE, color, 0.5) : color;
}

// Three quarters of what is colored are within the scale, as src/picture/differential.c has it; it
// is 1, 2 or 5 times a power of ten, and at most all of a frame.
function findScale({count: size}, wide) {
  const patches = [];
  let all = 0, within = 0, scale = 0.005;
  for (let i = 1; i < size; i++) {
    if (!isReal(changeAt(i)) || changeAt(i).verdict === 'moved') continue;
    patches.push([min(1, abs(effectOf(changeAt(i)))), wide[i]]);
    all += wide[i];
  }
  for (const [effect, width] of patches.sort((a, b) => a[0] - b[0])) {
    if (within < 0.75 * all) scale = max(scale, effect);
    within += width;
  }
  const power = 10 ** floor(Math.log10(scale));
  return power * [1, 2, 5, 10].find(step => scale <= step * power * (1 + 1e-9));
}

function makePaint() {
  const {tree} = shown.pane, {head} = picture, [wide, now, was] = paintedOf(tree);
  const {full, negate} = rule();
  Object.assign(compared, {known: [], ahead: null});
  forgetChanges();
  if (shown.view.relative) compared.full = findScale(tree, wide);
  else if (isJudged()) compared.full = full;
  else {
    // No change counts for more than it is when the largest is less than a sample.
    compared.full = 10 ** head.decimals / head.unit;
    for (let i = 1; i < tree.count; i++) compared.full = max(compared.full, abs(now[i] - was[i]));
  }
  return node => {
    const change = changeAt(node), effect = effectOf(change);
    if (change.verdict === 'moved') return movedColor();
    if (isJudged()) return shade(isReal(change) ? effect : 0);
    return changeColor(max(-compared.full, min(compared.full, effect)), compared.full, negate);
  };
}

// Explains the colors, in those of the present theme.
function drawLegend() {
  const legend = byId('legend'), {font, pad} = picture.geo, of = shown.view.relative
    ? 'of itself' : 'of the run';
  if (!isJudged() || !legend) return;
  const [rects, texts] = ['rect', 'text'].map(tag => legend.querySelectorAll(tag));
  const end = formatNumber(100 * compared.full, 1) + ' %';
  const [low, high, gray] = layout.narrow ? [`\u2264 -${end}`, `\u2265 +${end} ${of}`, 'unknown']
    : [`-${end} and more`, `+${end} and more, ${of}`, UNKNOWN];
  const labels = [low, '', isBlind(compared.total) ? gray : 'noise', '', high];
  const colors = labels.map((label, i) => shade((i - 2) / 2 * compared.full));
  if (rects[5]) {
    labels.push('moved');
    colors.push(movedColor());
  }
  let x = pad;
  labels.forEach((label, i) => {
    set(rects[i], {x, fill: css(colors[i])});
    say(set(texts[i], {x: x + 1.4 * font}), label);
    x += 1.5 * font + (label ? measure(label) + font : 0);
  });
}

// The first entry of the legend with the color of a change, strong and pale ones being of one kind.
function entryOf(change) {
  if (change.verdict === 'moved') return 5;
  return !isReal(change) ? 2 : effectOf(change) < 0 ? 0 : 3;
}

// The cuts of the entries of the legend: functions by the verdict on their own weights. By totals,
// nearly all stacks are through a function that changed.
const GROUPS = ['shrank', 'did not change', 'grew', 'moved'];
const GROUP_OF = {faster: 0, vanished: 0, 'smaller share': 0, slower: 2, new: 2, 'larger share': 2,
  moved: 3};

function readGroups({names}) {
  const kinds = new Uint8Array(names.count).fill(1);
  for (const {name, verdict} of compared.self.functions) {
    kinds[names.func[name]] = GROUP_OF[verdict];
  }
  names.groups = new Map(GROUPS.map((word, kind) => [
    `functions that ${kind === 1 && isBlind(compared.self) ? UNKNOWN : word} (self)`,
    names.func.map((func, i) => (i && kinds[func] === kind ? 1 : 0))]));
}

// An entry outlines the frames that have its color.
function startLegend() {
  if (!isJudged() || !byId('legend')) return;
  readGroups(picture.base);
  listenToLegend([0, 0, 2, 3, 3, 5].map(entry => [[0, 0, 1, 2, 2, 3][entry],
    (name, node) => node && entryOf(changeAt(node)) === entry]));
}

// Vanished frames are hatched, new ones have an edge, in all modes of color.
function lookOf({node, many, pane: {tree}}, color) {
  const [, now, was] = tree.sums.map(side => side[node]), change = changeAt(node);
  const single = tree.name[node] && !many, gone = single && !now && was && color !== FOUND;
  const isNew = single && !was && (change.verdict === 'new' || (isJudged() && !change.verdict));
  return {fill: gone ? `url(#${picture.head.prefix}${isReal(change) ? 'gone' : 'faint'})`
    : css(color),
  'fill-opacity': gone && color !== shown.paint(node) ? 0.7 : 1,
  class: gone ? 'gone' : isNew ? 'new' : ''};
}

// Labels without what both have in common, from word to word.
function differencesOf(labels) {
  const [a, b] = labels, same = min(a.length, b.length);
  let from = 0, end = 0;
  if (a === b) return labels;
  while (from < same && a[from] === b[from]) from++;
  while (end < same - from && a.at(-1 - end) === b.at(-1 - end)) end++;
  from = a.slice(0, from).search(/[^/, ]*$/);
  end -= max(0, a.slice(a.length - end).search(/[/, ]|$/));
  return labels.map(label => (from > 1 ? '\u2026' : '') + label.slice(from, label.length - end)
    + (end > 1 ? '\u2026' : ''));
}

// The title with as much of both labels as fits, of what differs between them.
function shortTitle(room) {
  const {full} = picture.part.title, {labels} = rule();
  if (!labels || measure(full) <= room) return full;
  const parts = differencesOf(labels), rest = labels.reduce((all, label) => all.replace(label, ''),
    full), half = (room - measure(rest)) / 2;
  const wide = parts.map(measure), text = parts.map((part, i) => clipBetween(part,
    max(half, 2 * half - wide[1 - i])));
  return clipBetween(text.reduce((all, short, i) => all.replace(labels[i], () => short), full),
    room);
}

// Where few words fit the title is in the line below the buttons.
function drawTitle() {
  const {part: {title, state}, geo: {font}} = picture;
  if (title.textContent) {
    say(title, shortTitle((2 * layout.edge - layout.width) * font / (font + 5)));
  } else if (title.full) {
    const facts = describeState(), before = facts && facts + ' \xb7 ';
    say(state, clip(before + shortTitle(layout.room - measure(before)), layout.room));
  }
}

function drawHeadings() {
  drawLegend();
  drawTitle();
  const {base, geo} = picture, {labels} = rule(), {panes, zoomed} = shown;
  if (!panes[1]) return;
  panes.forEach((pane, i) => {
    const {whole, heading, tree} = pane, {before, after} = changeOf(weigh(tree.sums, [zoomed]));
    const total = base.sums[2 - i][0];
    const text = `${SIDES[i]}${labels ? ': ' + labels[i] : ''} \xb7 ${
      showValue(i ? after : before)} ${unitOfChanges()}`
      + (whole === total ? '' : ` \xb7 ${percent(whole, total, 1)} % left`);
    say(set(heading, {x: geo.pad, y: pane.top - 8}), clip(text, layout.room));
  });
}

// ---- start ----

// The second pane has elements like those of the first.
function startSides(pane) {
  buttons.table[0] = 'Changes';
  const {svg, head, frames, base} = picture, {crowd, rug, glow, halo, ring, lit} = pane;
  head.view = {width: rule().width || 'after', delta: rule().of, relative: false};
  compared.total = readJudgement('total', base.count);
  compared.self = readJudgement('self', base.count);
  compared.columns = readColumns(base.own, base.count);
  const totals = [countBefore, count].map((show, i) => [`total ${SIDES[i]}`,
    withUnit(show(compared.columns[1 - i].reduce((sum, weight) => sum + weight)))]);
  head.meta = {...Object.fromEntries(totals), ...head.meta};
  const headings = compared.headings = byId('sides')
    || make('g', svg, {id: head.prefix + 'sides', class: 'legend'});
  headings.textContent = '';
  frames.after(headings);
  const copies = Object.entries({crowd, rug, glow, halo, ring, lit})
    .map(([key, element]) => [key, headings.appendChild(element.cloneNode())]);
  compared.panes = [pane, new Pane(Object.fromEntries(copies))];
  for (const one of compared.panes) one.heading = make('text', headings);
  startLegend();
}

function changeWidth() {
  const widths = ['after', 'before', 'union', ...picture.head.order === 'input' ? [] : ['both']];
  const now = widths.indexOf(shown.view.width);
  go({at: [], width: widths[(now + 1) % widths.length]});
}

// Of the run and of the frame before, with callees and by itself: four ways in turn.
function changeDelta() {
  const {delta, relative} = shown.view, isLast = delta !== rule().of;
  go({delta: delta === 'self' ? 'total' : 'self', relative: relative !== isLast});
}

// Carries out a line of the table. What has no width gets that of the larger side.
function pickChange(func) {
  const {trimmed} = shown.pane, {weight} = findPlaces(trimmed, flagsOf(trimmed.names, +func));
  pickFunction(func, !weight && shown.view.width !== 'both' && {width: 'union'});
}

function addOwnCommands() {
  addCommands([
    ['width', 'w', 'Widths after, before, larger, both', changeWidth],
    ['delta', 'v', 'Colors: change of the run or of itself, total or self', changeDelta],
  ]);
  Object.assign(commands.acts, legendActs, {function: pickChange});
}

// At first the side before is visible.
function open() {
  if (!shown.panes[1]) return;
  findOrigin();
  scrollTo(0, shown.panes[0].bottom * display.scale - innerHeight / 2);
}

// After the end of a pane comes the other one.
function leavePane(way) {
  if (way !== (shown.panes.indexOf(shown.pane) ? 'Up' : 'Down')) return;
  switchPane();
  if (boxOf(pointer.focus)) focusOn(pointer.focus); else switchPane();
}

// See oneSide.
export const twoSides = {
  lines: () => (paintsSelf() ? 12 : 8),
  walked: 'match or change',
  start: startSides,
  open,
  leavePane,
  addCommands: addOwnCommands,
  grow,
  makePaint,
  lookOf,
  titleOf: titleOfChange,
  describe,
  describeSearch,
  describeState,
  drawHeadings,
  walk: walkChanges,
  judgementOf,
  table: changeTable,
};
