// The parts of the viewer that need no browser: data block, trees, boxes, search, labels,
// addresses. Run by `node tests/viewer/model_test.mjs`; prints TAP.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import draw from '../browser/lib/draw.js';
import { check, done } from './lib/check.mjs';
import x from '../browser/lib/expect.js';

const { readFolded, dataBlock } = draw;

// The modules up to address.js, as one function, with what the tests ask of them.
const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../templates/viewer');
const files = fs.readFileSync(path.join(folder, 'ORDER'), 'utf8').trim().split('\n');
const pure = files
  .slice(0, files.indexOf('address.js') + 1)
  .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'))
  .join('\n');
const names =
  'readProfile growTree rowBoxes findMatches matchedShare nextMatch findPlaces flagsOf ' +
  'pathOf selfOf shorten withoutArguments withoutTemplates changeColour needsLightInk ' +
  'formatNumber freshView writeView readView splitFragment followPath cleanName';
const script =
  pure.replace(/[^]*?\(async function \(\) \{/, '') +
  `
let measure = (text) => [...text].length * 7;
return { ${names.split(' ').join(', ')} };`;
const v = new Function(script)();

function load(folded, head) {
  return v.readProfile(
    '\n' +
      dataBlock(readFolded(folded, head || {}), Object.assign({ geometry: { pad: 10 } }, head)) +
      '\n',
  );
}

// A tree as folded text, to compare with.
function fold(tree) {
  const lines = [];
  for (let i = 0; i < tree.count; i++) {
    if (tree.own[0][i]) lines.push(v.pathOf(tree, i).join(';') + ' ' + tree.own[0][i]);
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

const view = (head, change) => Object.assign(v.freshView(head), change);

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
  const turned = v.growTree(base, view(head, { bottomup: true }))[1];
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
    const keep = v.growTree(base, view(head, { cuts: [['keep', name]] }))[1];
    const remove = v.growTree(base, view(head, { cuts: [['remove', name]] }))[1];
    const hide = v.growTree(base, view(head, { cuts: [['hide', name]] }))[1];
    check(
      `profile ${seed}: cuts of ${name}`,
      [keep.total[0], remove.total[0], hide.total[0]],
      [inside, all - inside, all],
    );
    const names = base.names.raw.map((one) => one === name);
    const places = [];
    const found = v.findPlaces(base, names, (node) => places.push(node), true);
    const wanted = [...base.name.keys()].filter((node) => names[base.name[node]]);
    check(`profile ${seed}: places of ${name}`, places, wanted);
    check(
      `profile ${seed}: marks of ${name}`,
      [found.places, [...found.marks.keys()].filter((k) => found.marks[k])],
      [wanted.length, [...base.inRow.keys()].filter((k) => wanted.includes(base.inRow[k]))],
    );
    check(`profile ${seed}: weight through ${name}`, v.findPlaces(base, names).weight, inside);
    if (!inside) continue;
    const both = v.growTree(base, view(head, { sandwich: name }))[1];
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
    inRows += v.rowBoxes(base, row, 0, all, 1e6, Infinity).length;
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
  const boxes = v.rowBoxes(base, 2, 0, 5000, 0.2, Infinity);
  check(
    'narrow neighbours merge',
    [boxes.length, boxes[0].many, boxes[0].last - boxes[0].first + 1],
    [1, true, 5000],
  );
  check(
    'with room they are boxes of their own',
    v.rowBoxes(base, 2, 100, 200, 5, Infinity).length,
    100,
  );
  check('a limit stops early', v.rowBoxes(base, 2, 0, 5000, 5, 3).length, 3);
  const [, gone] = load('r;wide 100000\nr;x 1');
  check(
    'a lone frame under half a pixel has no box',
    v.rowBoxes(gone, 2, 0, 100001, 0.01, Infinity).length,
    1,
  );
}

{
  const [, base] = load('m;a;b;a 10\nm;b 20\nm;c 70');
  const flags = Uint8Array.from(base.names.shown, (name) => /^[ab]$/.test(name));
  const found = v.findMatches(base, flags);
  check('matches: places and spans', [found.places, found.spans[0].length], [4, 2]);
  check('matched share counts overlap once', v.matchedShare(found.spans[0], [0, 10]), 0.3);
  const order = [];
  for (let node = 0, i = 0; i < 5; i++)
    order.push(base.total[(node = v.nextMatch(base, found, node))]);
  check('matches by weight, and round', order, [2, 1, 1, 1, 2]);
  const back = [];
  for (let node = 0, i = 0; i < 5; i++)
    back.push((node = v.nextMatch(base, found, node, true)));
  check('and back, from the last', back, [...found.list].reverse().concat(found.list[3]));
}

check('labels: arguments', v.withoutArguments('a::b(int, c<d>) const'), 'a::b');
check('labels: operator()', v.withoutArguments('a::operator()'), 'a::operator()');
check('labels: arguments of operator()', v.withoutArguments('a::operator()(int)'), 'a::operator()');
check(
  'labels: an anonymous namespace stays',
  v.withoutArguments('(anonymous namespace)::f'),
  '(anonymous namespace)::f',
);
check(
  'labels: Go methods stay',
  v.withoutArguments('net/http.(*Client).Do'),
  'net/http.(*Client).Do',
);
check('labels: templates', v.withoutTemplates('a<b<c> >::d<e>'), 'a::d');
check('labels: operators', v.withoutTemplates('a::operator<'), 'a::operator<');
check('labels: arrows', v.withoutTemplates('f<A->B>'), 'f');
check(
  'labels: Rust traits',
  v.withoutTemplates('<&T as core::fmt::Debug>::fmt::<u8>'),
  '<&T as core::fmt::Debug>::fmt',
);
check('labels: the left part goes', v.shorten('abcdefghij', 49, 0), '\u2026efghij');
check('labels: too little room', v.shorten('abcdefghij', 20, 0), '');
check(
  'labels: whole characters',
  v.shorten('\u{1f600}'.repeat(9), 42, 0),
  '\u2026' + '\u{1f600}'.repeat(5),
);

check(
  'numbers',
  [v.formatNumber(1234567, 0), v.formatNumber(1234.5, 2), v.formatNumber(3, 2)],
  ['1,234,567', '1,234.5', '3'],
);
check(
  'change colours',
  [0xffffff, 0xff0000, 0x0000ff, 0xff6969],
  [
    v.changeColour(0, 9, false),
    v.changeColour(9, 9, false),
    v.changeColour(-9, 9, false),
    v.changeColour(5, 10, false),
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
  const text = v.writeView(some, head).replace('a%3Bb', 'a_b');
  check(
    'addresses hold what they should',
    v.readView(text, head),
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
    check(`shown is a part of the whole: ${text}`, v.readView('at=' + text, head).at, at);
  check('a fresh view has no address', v.writeView(v.freshView(head), head), '');
  check('parts of others stay', v.splitFragment('#intro&b.zoom=x&zoom=y&zoo=1', '', head), [
    'zoom=y',
    ['intro', 'b.zoom=x', 'zoo=1'],
  ]);
  check('parts go by key', v.splitFragment('#intro&b.zoom=x&zoom=y', 'b.', head), [
    'zoom=x',
    ['intro', 'zoom=y'],
  ]);
  const [, base] = load('m;a;b 10\nm;c 20');
  check('paths', v.pathOf(base, v.followPath(base, ['m', 'a', 'nothing'], false, NaN)), ['m', 'a']);
}

done();
