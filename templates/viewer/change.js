// SPDX-License-Identifier: MIT
// The changes between two sides. The program that compared them says how sure a change of a frame
// is (doc/format.md, 2.4); in trees that only the viewer knows there are plain changes. A tree has
// several weights of a node: the one that is drawn, those after and before, and, where a side has
// several runs, each run.

import {numbersIn} from './data.js';
import {abs, formatNumber, max} from './numbers.js';
import {picture} from './state.js';
import {valueOf} from './words.js';

const VERDICTS = ['noise', 'slower', 'faster', 'new', 'vanished', 'unknown', 'moved'];
const OF_SHARES = {slower: 'larger share', faster: 'smaller share'};

// The text of a number, with a plus when it is above 0.
export const signed = (value, text) => (value > 0 ? '+' : '') + text;

// The rule that the picture was made by, the member "delta" of the line of JSON.
export const rule = () => picture.head.delta;

// Shares do not show whether something got slower.
const verdictOf = n => (rule().shares && OF_SHARES[VERDICTS[n]]) || VERDICTS[n];

// Verdicts by node: runs of equal ones.
export function readVerdicts(text, size) {
  const next = numbersIn(text), verdicts = new Uint8Array(size);
  for (let i = 0; i < size;) {
    const run = next(), end = i + (run >> 3) + 1;
    verdicts.fill(run & 7, i, end);
    i = end;
  }
  return verdicts;
}

const zigzag = value => (value % 2 ? -(value + 1) / 2 : value / 2);

// Intervals of changes by node, in the last digit that is shown: only those of large frames.
export function readIntervals(text) {
  const next = numbersIn(text), intervals = new Map();
  for (let at = -1, step; (step = next());) {
    at += step;
    intervals.set(at, [zigzag(next()), zigzag(next())]);
  }
  return intervals;
}

// Functions that changed, the most certain change first: {name, verdict, cause}. Names are numbers;
// the cause is the function that explains the change, or -1.
export function readFunctions(text) {
  const next = numbersIn(text), functions = [];
  for (let name; (name = next());) {
    functions.push({name: name - 1, verdict: verdictOf(next()), cause: next() - 1});
  }
  return functions;
}

// The verdicts of the program on totals or on selves; nothing in a picture that was not judged.
export function readJudgement(kind, size) {
  const judged = rule().judged?.[kind];
  return judged && {
    verdicts: readVerdicts(judged.verdicts, size),
    intervals: readIntervals(judged.intervals),
    functions: readFunctions(judged.functions),
  };
}

export const verdictAt = ({verdicts}, node) => verdictOf(verdicts[node]);

// Whether the program could judge nothing, as it does not know the number of samples.
export const isBlind = judgement => judgement && verdictAt(judgement, 0) === 'unknown';

// Own weights of each run, by node of the profile.
export function readColumns(own, size) {
  const {columns, runs} = rule();
  if (!columns) return own;
  const next = numbersIn(columns);
  return [...own, ...runs.map(() => {
    const column = new Float64Array(size);
    for (let at = -1, step; (step = next()); column[at] = next()) at += step;
    return column;
  })];
}

// Of all weights of a tree those that changes are made of.
export const weightsOf = all => (rule().columns ? all.slice(3) : [all[2], all[1]]);

export const weigh = (all, nodes) => weightsOf(all).map(
  side => nodes.reduce((sum, node) => sum + side[node], 0));

// The change between weights, on the scale of the picture: the means of the runs of each side.
// `effect` is what colors are of. Without a judgement a change is a difference in weight, and its
// verdict is plain.
export function changeOf(weights) {
  const {runs, whole} = rule(), value = [0, 0], n = [0, 0];
  if (!runs) {
    const [before, after] = weights, change = after - before;
    return {before, after, change, effect: change,
      verdict: !change ? 'same' : !before ? 'new' : after ? 'changed' : 'vanished'};
  }
  for (const [side] of runs) n[side]++;
  runs.forEach(([side, unit], r) => { value[side] += weights[r] * unit / n[side]; });
  const [before, after] = value, change = after - before;
  return {before, after, change, effect: change / whole, verdict: ''};
}

// Whether a change is more than noise, as far as that is known.
export const isReal = ({verdict}) => !/noise|unknown|same/.test(verdict);

const fixed = value => {
  const {factor, decimals} = rule();
  return (+(value * factor).toFixed(decimals)).toFixed(decimals);
};

const plainCount = units => formatNumber(valueOf(units), picture.head.decimals);

export const unitOfChanges = () => (rule().runs ? rule().unit : picture.head.countname);

export const showValue = value => (rule().runs ? fixed(value) : plainCount(value));

// Differences that were not judged are shown with the other sign if they are negated.
export const turned = () => (rule().negate && !rule().runs ? -1 : 1);

export const showChange = value => signed(rule().runs ? fixed(value) : turned() * value,
  showValue(turned() * value));

// The interval of a change as text.
export function showInterval([low, high]) {
  const {level, decimals} = rule();
  const [from, to] = [low, high].map(end => {
    const text = (end / 10 ** decimals).toFixed(decimals);
    return signed(end, text);
  });
  return `${formatNumber(100 - 100 * level, 3)} % interval ${from} to ${to}`;
}

// The color of a change out of the largest one: red for growth, blue for shrinking.
export function changeColor(change, most, negate) {
  const rest = max(0, Math.trunc(210 * (most - abs(change)) / most));
  return !change ? 0xffffff : change > 0 === !negate ? 0xff0000 | rest * 257 : rest * 65792 | 255;
}
