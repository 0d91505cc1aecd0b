// SPDX-License-Identifier: MIT
// The modules of the viewer that need no browser: data block, trees, boxes, search, labels,
// addresses, commands. Run by `node tests/viewer/model_test.mjs`; prints TAP.
import harness from '../browser/lib/harness.js';
import x from '../browser/lib/expect.js';
import { check, done } from './lib/check.mjs';
import {
  followPath,
  freshView,
  readView,
  splitFragment,
  writeView,
} from '../../templates/viewer/address.js';
import { rowBoxes } from '../../templates/viewer/boxes.js';
import { changeColor } from '../../templates/viewer/change.js';
import { commands, makeCommands } from '../../templates/viewer/commands.js';
import { readProfile } from '../../templates/viewer/data.js';
import { shorten, withoutArguments, withoutTemplates } from '../../templates/viewer/label.js';
import { formatNumber, quantity } from '../../templates/viewer/numbers.js';
import { oneSide } from '../../templates/viewer/one_side.js';
import { findMatches, matchNames, matchedShare, nextMatch } from '../../templates/viewer/search.js';
import { display, picture } from '../../templates/viewer/state.js';
import { finish, transformTree } from '../../templates/viewer/transform.js';
import { findPlaces, pathOf } from '../../templates/viewer/tree.js';
import { twoSides } from '../../templates/viewer/two_sides.js';

const load = (folded) => readProfile(harness.dataBlock(harness.picture(folded)));
display.pen = { measureText: (text) => ({ width: [...text].length * 7 }) };

// A tree as folded text, to compare with.
function fold(tree) {
  const lines = [];
  for (let i = 0; i < tree.count; i++) {
    if (tree.own[0][i]) lines.push(pathOf(tree, i).join(';') + ' ' + tree.own[0][i]);
  }
  return lines.sort().join('\n');
}

function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

function randomFolded(seed, stacks) {
  const next = random(seed);
  const pool = [
    'a',
    'b',
    'c',
    'd',
    'a<b>&',
    '\u00e9\u00e8',
    '\u4e2d\u6587',
    '\u{1f600}x',
    '\u{1f600}y',
    '\\n',
    'x y',
    'ab',
    'abc',
    '__proto__',
    'z'.repeat(90),
    'z'.repeat(91),
  ];
  const sums = new Map();
  for (let i = 0; i < stacks; i++) {
    const stack = Array.from({ length: 1 + next(7) }, () => pool[next(pool.length)]).join(';');
    sums.set(stack, (sums.get(stack) || 0) + 1 + next(50));
  }
  return Array.from(sums, ([stack, weight]) => stack + ' ' + weight)
    .sort()
    .join('\n');
}

const view = (head, change) => Object.assign(freshView(head), change);

// perf text of so many samples; `period` makes the weight of each.
function randomPerf(seed, samples, period) {
  const next = random(seed);
  const stacks = Array.from({ length: samples }, () =>
    Array.from({ length: 1 + next(5) }, () => 'abcd'[next(4)]));
  const lines = stacks.map((stack, i) =>
    `p 1 ${i}.0: ${period(i)} cycles:\n${stack.map((name) => `\t4a ${name} (/x)\n`).join('')}\n`);
  return [lines.join(''), stacks];
}

for (let seed = 1; seed <= 3; seed++) {
  for (const period of [(i) => 7 + (i % 5) * 1000, () => 10101]) {
    const [text, stacks] = randomPerf(seed, 300, period);
    const [head, base] = load(text);
    const alike = head.sampleWeight;
    check(`samples ${seed}: of one weight`, alike, period(0) === period(1) ? 10101 : undefined);
    const of = (tree) => tree.sums[1][0];
    const through = (name) => stacks.filter((stack) => stack.includes(name)).length;
    check(`samples ${seed}: all`, of(base), 300);
    for (const name of 'abcd') {
      const all = finish(transformTree(base, view(head, { sandwich: name })))[1];
      check(`samples ${seed}: through ${name}`, of(all), through(name));
      for (const order of ['name', 'weight']) {
        const cuts = [['remove', name]];
        const left = finish(transformTree(base, view(head, { cuts, order, bottomup: true })))[1];
        check(`samples ${seed}: without ${name}`, of(left), 300 - through(name));
      }
    }
  }
}

for (let seed = 1; seed <= 5; seed++) {
  const folded = randomFolded(seed, 40);
  const [head, base] = load(folded);
  const unit = Number(head.unit);
  const back = fold(base)
    .split('\n')
    .map((line) => line.replace(/\d+$/, (n) => n * unit));
  check(`profile ${seed}: what was folded is read back`, back.sort(), folded.split('\n').sort());
  const stacks = x.readStacks(folded);
  const all = x.sum(stacks) / unit;
  const turned = finish(transformTree(base, view(head, { bottomup: true })))[1];
  check(`profile ${seed}: turned over, all is there`, turned.total[0], all);
  const reversed = fold(turned)
    .split('\n')
    .map((line) => {
      const [, stack, weight] = /^(.*) (\d+)$/.exec(line);
      return stack.split(';').reverse().join(';') + ' ' + weight * unit;
    });
  check(
    `profile ${seed}: turned over twice it is the same`,
    reversed.sort(),
    folded.split('\n').sort(),
  );
  for (const name of ['a', 'ab', '\u00e9\u00e8']) {
    const inside = x.sum(x.through(stacks, name)) / unit;
    const keep = finish(transformTree(base, view(head, { cuts: [['keep', name]] })))[1];
    const remove = finish(transformTree(base, view(head, { cuts: [['remove', name]] })))[1];
    const hide = finish(transformTree(base, view(head, { cuts: [['hide', name]] })))[1];
    check(
      `profile ${seed}: cuts of ${name}`,
      [keep.total[0], remove.total[0], hide.total[0]],
      [inside, all - inside, all],
    );
    const names = base.names.raw.map((one) => one === name);
    const found = findPlaces(base, names, true);
    const wanted = [...base.name.keys()].filter((node) => names[base.name[node]]);
    check(`profile ${seed}: places of ${name}`, found.nodes, wanted);
    check(
      `profile ${seed}: marks of ${name}`,
      [found.places, [...found.marks.keys()].filter((k) => found.marks[k])],
      [wanted.length, [...base.inRow.keys()].filter((k) => wanted.includes(base.inRow[k]))],
    );
    check(`profile ${seed}: weight through ${name}`, findPlaces(base, names).weight, inside);
    if (!inside) continue;
    const both = finish(transformTree(base, view(head, { sandwich: name })))[1];
    check(`profile ${seed}: sandwich of ${name}`, both.total[0], inside);
    let callers = both.own[0].slice(both.half).reduce((a, b) => a + b, 0);
    callers +=
      inside -
      Array.from(both.total.slice(both.half)).reduce(
        (sum, w, i) => (both.parent[both.half + i] === 0 ? sum + w : sum),
        0,
      );
    check(`profile ${seed}: all callers of ${name}`, callers, inside);
  }
  let inRows = 0;
  let widths = true;
  for (let i = 1; i < base.count; i++) {
    const p = base.parent[i];
    if (
      base.start[i] < base.start[p] ||
      base.start[i] + base.total[i] > base.start[p] + base.total[p] + 1e-9
    ) {
      widths = false;
    }
  }
  for (let row = 0; row + 1 < base.rowAt.length; row++) {
    inRows += rowBoxes(base, row, 0, all, 1e6, Infinity).length;
  }
  check(
    `profile ${seed}: children lie in their parents, every frame has a box when there is room`,
    [widths, inRows],
    [true, base.count],
  );
}

{
  const many = Array.from({ length: 5000 }, (none, i) => `r;f${i} 1`).join('\n');
  const [, base] = load(many);
  const boxes = rowBoxes(base, 2, 0, 5000, 0.2, Infinity);
  check(
    'narrow neighbours merge',
    [boxes.length, boxes[0].many, boxes[0].last - boxes[0].first + 1],
    [1, true, 5000],
  );
  check(
    'with room they are boxes of their own',
    rowBoxes(base, 2, 100, 200, 5, Infinity).length,
    100,
  );
  check('a limit stops early', rowBoxes(base, 2, 0, 5000, 5, 3).length, 3);
  const [, gone] = load('r;wide 100000\nr;x 1');
  check(
    'a lone frame under half a pixel has no box',
    rowBoxes(gone, 2, 0, 100001, 0.01, Infinity).length,
    1,
  );
}

{
  const [, base] = load('m;a;b;a 10\nm;b 20\nm;c 70');
  const flags = Uint8Array.from(base.names.shown, (name) => /^[ab]$/.test(name));
  const found = findMatches(base, flags);
  check('matches: places and spans', [found.places, found.spans[0].length], [4, 2]);
  check('matched share counts overlap once', matchedShare(found.spans[0], [0, 10]), 0.3);
  const order = [];
  for (let node = 0, i = 0; i < 5; i++)
    order.push(base.total[(node = nextMatch(base, found, node))]);
  check('matches by weight, and round', order, [2, 1, 1, 1, 2]);
  const back = [];
  for (let node = 0, i = 0; i < 5; i++)
    back.push((node = nextMatch(base, found, node, true)));
  check('and back, from the last', back, [...found.list].reverse().concat(found.list[3]));
}

check('labels: arguments', withoutArguments('a::b(int, c<d>) const'), 'a::b');
check('labels: operator()', withoutArguments('a::operator()'), 'a::operator()');
check('labels: arguments of operator()', withoutArguments('a::operator()(int)'), 'a::operator()');
check(
  'labels: an anonymous namespace stays',
  withoutArguments('(anonymous namespace)::f'),
  '(anonymous namespace)::f',
);
check(
  'labels: Go methods stay',
  withoutArguments('net/http.(*Client).Do'),
  'net/http.(*Client).Do',
);
check('labels: arguments of a template', withoutArguments('f<int>(int)'), 'f<int>');
check('labels: a result stays', withoutArguments('f() -> ()'), 'f() -> ()');
check('labels: templates', withoutTemplates('a<b<c> >::d<e>'), 'a::d');
check('labels: operators', withoutTemplates('a::operator<'), 'a::operator<');
check('labels: arrows', withoutTemplates('f<A->B>'), 'f');
check(
  'labels: Rust traits',
  withoutTemplates('<&T as core::fmt::Debug>::fmt::<u8>'),
  '<&T as core::fmt::Debug>::fmt',
);
check('labels: the left part goes', shorten('abcdefghij', 49), '\u2026efghij');
check('labels: too little room', shorten('abcdefghij', 20), '');
check(
  'labels: whole characters',
  shorten('\u{1f600}'.repeat(9), 42),
  '\u2026' + '\u{1f600}'.repeat(5),
);

check(
  'numbers',
  [
    formatNumber(1234567, 0),
    formatNumber(1234.5, 2),
    formatNumber(3, 2),
    formatNumber(0.4, 0),
    formatNumber(0.0042, 0),
  ],
  ['1,234,567', '1,234.5', '3', '0.40', '0.0042'],
);
check(
  'quantities',
  [
    [12660000000, 'ns'],
    [999999, 'ns'],
    [850, 'ns'],
    [0, 'ns'],
    [1500, 'us'],
    [1536, 'bytes'],
    [12712345678, 'cycles'],
    [127000000, 'page-faults'],
    [2520, 'requests'],
    [1.5, 'requests'],
  ].map(([value, unit]) => quantity(value, unit)),
  [
    '12.66 s',
    '1,000.00 us',
    '850 ns',
    '0 ns',
    '1.50 ms',
    '1.50 KiB',
    '12.7 G cycles',
    '127 M page-faults',
    '2,520 requests',
    '1.50 requests',
  ],
);
check(
  'change colours',
  [0xffffff, 0xff0000, 0x0000ff, 0xff6969],
  [
    changeColor(0, 9, false),
    changeColor(9, 9, false),
    changeColor(-9, 9, false),
    changeColor(5, 10, false),
  ],
);

{
  const head = { order: 'name', search: '', inverted: false };
  const some = view(head, {
    zoom: ['a;b', 'c&d=%', 'e f+#'],
    search: 'x|y;z',
    cuts: [['hide', 'q;']],
    fold: true,
    icicle: true,
    icase: true,
  });
  const text = writeView(some, head).replace('a%3Bb', 'a_b');
  check(
    'addresses hold what they should',
    readView(text, head),
    Object.assign({}, some, { zoom: ['a_b', 'c&d=%', 'e f+#'] }),
  );
  for (const [text, at] of [
    ['0.25;0.5', [0.25, 0.5]],
    ['0;1', [0, 1]],
    ['-1;0.5', []],
    ['0;2', []],
    ['-Infinity;Infinity', []],
    ['0.5;0.25', []],
    ['NaN;1', []],
    ['0.5', []],
    ['1e-320;2e-320', []], // its inverse is no number
  ])
    check(`shown is a part of the whole: ${text}`, readView('at=' + text, head).at, at);
  check('a fresh view has no address', writeView(freshView(head), head), '');
  check('parts of others stay', splitFragment('#intro&b.zoom=x&zoom=y&zoo=1', '', head), [
    'zoom=y',
    ['intro', 'b.zoom=x', 'zoo=1'],
  ]);
  check('parts go by key', splitFragment('#intro&b.zoom=x&zoom=y', 'b.', head), [
    'zoom=x',
    ['intro', 'zoom=y'],
  ]);
  const [, base] = load('m;a;b 10\nm;c 20');
  check('paths', pathOf(base, followPath(base, ['m', 'a', 'nothing'], false, NaN)), ['m', 'a']);
}

{
  const [, base] = load('m;a;b 10\nm;a;c 20\nm;d;a 5\nn;n;a 7');
  const origins = (change) => {
    const [tree] = finish(transformTree(base, view({ order: 'name' }, change)));
    const known = [...tree.name.keys()].filter((node) => node && tree.origin[node] >= 0);
    const wrong = known.filter((node) => base.name[tree.origin[node]] !== tree.name[node]);
    return [known.length, tree.count - 1, wrong.length];
  };
  const twice = (...cuts) => origins({ cuts });
  check('frames of another order know where they come from', origins({ order: 'weight' }), [
    9, 9, 0,
  ]);
  check('so do those that a cut leaves', twice(['remove', 'b']), [8, 8, 0]);
  // The two frames `a` of `m` are one then.
  check('but for those that were merged', twice(['remove', 'b'], ['hide', 'd']), [5, 6, 0]);
  const turned = finish(transformTree(base, view({ order: 'name' }, { bottomup: true })))[1];
  check('those of other trees come from nowhere', Math.max(...turned.origin.slice(1)), -1);
}

for (const [sides, about] of [
  [oneSide, 'one side'],
  [twoSides, 'two sides'],
]) {
  Object.assign(commands, { acts: {}, rows: [], aboutFrame: 0, keys: {} });
  picture.sides = sides;
  makeCommands();
  sides.addCommands?.();
  const { acts, keys, rows } = commands;
  check(`${about}: each key runs a command`, Object.values(keys).filter((run) => !acts[run]), []);
  const known = rows.map(([command]) => command);
  check(`${about}: so does each line of the help`, known.filter((run) => !acts[run]), []);
  check(`${about}: no command is there twice`, new Set(known).size, known.length);
  const all = rows.flatMap(([, names]) => names.split(', '));
  check(`${about}: no key is there twice`, new Set(all).size, all.length);
}

// A match cannot be interrupted: an expression that would take minutes for one long name is refused
// after what it does with the start of that name.
{
  const search = (shown, expression) =>
    matchNames({ count: shown.length, shown }, expression, '');
  const letters = 'a'.repeat(30000) + '!';
  const name = 'std::map<std::basic_string<char>, std::vector<foo::bar<int> > >::at('.repeat(60);
  for (const [text, expression] of [
    [letters, '(a+)+$'],
    [letters, '(a|a)*b'],
    [letters, '(?:a*){3,}b'],
    [letters.slice(20000), 'a*a*a*b'],
    [name, '.*o.*o.*o.*zzz'],
  ]) {
    const start = Date.now();
    const { remark } = search(['', 'main', text], expression);
    check(`${expression} is too slow`, remark, ' is too slow');
    check(`${expression}: that is said soon`, Date.now() - start < 120000, true);
  }
  const { test } = RegExp.prototype;
  RegExp.prototype.test = function testOrFail(text) {
    if (text === 'main') throw Error('too much recursion'); // as Firefox ends some long matches
    return test.call(this, text);
  };
  const { remark } = search(['', 'main'], 'a');
  RegExp.prototype.test = test;
  check('a match that fails is too slow', remark, ' is too slow');
  const names = ['', 'main'];
  for (let n = 0; n < 300; n++) names.push('ab!'[n % 3].repeat(n) + 'x' + name.slice(0, 2 * n));
  const { now } = Date;
  Date.now = () => 0; // a machine that halts for a second is not a slow expression
  for (const expression of ['^a+x', '(a|b)+xstd', '(foo|bar)*::at', '.*int.*map', 'b{99}']) {
    const wanted = names.map((text, i) => +(i > 0 && RegExp(expression).test(text)));
    const { matched = [] } = search(names, expression);
    check(`${expression}: what matches`, [...matched], wanted);
  }
  Date.now = now;
}

done();
