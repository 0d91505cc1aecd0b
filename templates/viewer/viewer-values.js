// SPDX-License-Identifier: MIT
// Several value types, or events, in one picture: a tree with several weights. The view shows one
// of them.

import {buttons} from './bars.js';
import {numbersIn, samplesOf} from './data.js';
import {say} from './dom.js';
import {clip} from './label.js';
import {formatNumber, max} from './numbers.js';
import {openPanel} from './panel.js';
import {extras, layout, picture, shown} from './state.js';
import {go} from './steps.js';
import {cutTree} from './transform.js';
import {makeTree} from './tree.js';
import {counted, valueOf} from './words.js';

// file: the tree of the file; own: weights by value and node; totals; trees: by value; countname:
// that of the first value.
const values = {file: null, own: [], totals: [], trees: [], countname: ''};

// The number of the value of a view, which has its name; '' is the first.
const numberOf = ({value}) => picture.head.values.findIndex(({valueType}) => valueType === value);

const current = () => max(0, numberOf(shown.view));

function readWeights() {
  const {head, base} = picture;
  values.file = base;
  values.countname = head.countname;
  values.own = head.values.map(({weights}, i) => {
    if (!i) return base.own[0];
    const own = new Float64Array(base.count), next = numbersIn(weights);
    for (let at = -1, step; (step = next()); own[at] = next()) at += step;
    return own;
  });
  values.totals = values.own.map(own => own.reduce((a, b) => a + b, 0));
}

// The unit of the value. With --countname, no value has a unit.
function useValue(value) {
  const {head} = picture, {valueUnit, ...rest} = head.values[value];
  const plain = !valueUnit || valueUnit === 'samples';
  const countname = plain && head.values[0].valueUnit ? 'samples' : values.countname;
  Object.assign(head, {samples: 0}, rest, {valueUnit: plain ? '' : valueUnit, countname});
}

// Without the frames that have no weight of this value.
function* baseOf(view) {
  const {file, own, trees} = values, at = max(0, numberOf(view));
  if (!trees[at]) {
    const samples = at ? samplesOf(picture.head.values[at], own[at]) : file.own.slice(1);
    const tree = makeTree({...file, own: [own[at], ...samples]});
    trees[at] = yield* cutTree(tree, file.order, 'none');
    delete trees[at].origin;
  }
  return [trees[at], () => useValue(at)];
}

function choose(at) {
  const {length} = picture.head.values, next = (at + length) % length;
  go({value: next ? picture.head.values[next].valueType : '', at: []});
}

// Lists all values with their totals.
function openValues() {
  const now = current(), lines = picture.head.values.map(({valueType, valueUnit}, i) => {
    useValue(i);
    const total = values.totals[i];
    const amount = valueUnit === valueType ? formatNumber(valueOf(total), 0) : counted(total);
    const text = `${i === now ? '\u2713 ' : ''}${valueType}: ${amount}`;
    return ['value ' + i, '', text];
  });
  useValue(now);
  openPanel('Events and values', lines, 'a and A go from one to the next.', [360, 420]);
}

buttons.value = ['Value', 'values'];

extras.push({
  controls: ['value'],

  rows: [
    ['nextValue', 'a', 'Next event or value', () => choose(current() + 1)],
    ['lastValue', 'A', 'Previous event or value', () => choose(current() - 1)],
  ],

  acts: {values: openValues, value: i => choose(+i)},

  start() {
    picture.head.values ||= [picture.head];
    picture.head.view = {value: ''};
    readWeights();
    picture.baseOf = baseOf;
  },

  clean(view) {
    if (numberOf(view) <= 0) view.value = '';
  },

  layOut() {
    const {valueType = 'value'} = picture.head.values[current()];
    say(picture.part.value, clip(valueType, layout.width / 5) + ' \u25be');
  },
});
