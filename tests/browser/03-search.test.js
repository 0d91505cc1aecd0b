// SPDX-License-Identifier: MIT
'use strict';
// Search: the field, what is found, how it is counted, walking.
const x = require('./lib/expect.js');
const { DEMO, NARROW } = require('./lib/profiles.js');

const stacks = x.readStacks(DEMO);
const all = x.sum(stacks);
const isOpen = (view) =>
  view.page.evaluate(
    () => Boolean(document.activeElement) && document.activeElement.localName === 'input',
  );
const MATCH = '#e600e6';

// The colour between two.
function half(one, other) {
  const middle = (at) => {
    const [a, b] = [one, other].map((hex) => parseInt(hex.substr(at, 2), 16));
    return Math.round((a + b) / 2).toString(16).padStart(2, '0');
  };
  return '#' + [1, 3, 5].map(middle).join('');
}

function counts(profile, regex, whole, view, viewWhole) {
  return `${x.places(profile, regex).length} places, ${x.percent(
    x.sum(x.through(profile, regex)),
    whole,
    1,
  )} % of all, ${x.percent(
    x.sum(x.through(view || profile, regex)),
    viewWhole || whole,
    1,
  )} % of this view`;
}

module.exports = [
  [
    '/, Ctrl-F, Cmd-F, F3 and the control open a field in the picture',
    async (t) => {
      const view = await t.open(DEMO);
      view.page.on('dialog', () => t.errors.push('a dialog came up'));
      for (const key of ['/', 'Control+f', 'Meta+f', 'F3']) {
        await view.press(key);
        t.ok(await isOpen(view), key);
        t.equal(await view.page.evaluate(() => document.activeElement.value), '', key);
        await view.press('Escape');
        t.ok(!(await isOpen(view)), key + ' and Esc');
      }
      await view.page.locator('[id$="search"]').click();
      t.ok(await isOpen(view), 'the control');
    },
  ],
  [
    'typing searches at once and colours every match',
    async (t) => {
      const view = await t.open(DEMO);
      await view.search('^(mark|re)');
      t.has(await view.part('matched'), '/^(mark|re)/: ' + counts(stacks, /^(mark|re)/, all));
      for (const frame of await view.frames()) {
        t.equal(frame.fill === MATCH, /^(mark|re)/.test(frame.name), frame.name);
      }
      await view.press('Backspace');
      t.has(await view.part('matched'), ' is not understood');
    },
  ],
  [
    'overlap counts once, and right after a zoom',
    async (t) => {
      const view = await t.open(DEMO);
      await view.search('call|malloc');
      t.has(await view.part('matched'), counts(stacks, /call|malloc/, all));
      await view.press('Tab');
      await view.click('eval', 0);
      const inside = x.under(stacks, 'main;eval');
      t.has(await view.part('matched'), counts(stacks, /call|malloc/, all, inside, x.sum(inside)));
      await view.click('malloc', 0);
      t.has(await view.part('matched'), '100.0 % of this view');
    },
  ],
  [
    'the case switch',
    async (t) => {
      const view = await t.open('a;Alpha 10\na;beta 30\n');
      await view.search('ALPHA');
      t.has(await view.part('matched'), '0 places');
      await view.press('Tab');
      await view.page.locator('[id$="ignorecase"]').click();
      t.has(await view.part('matched'), '/ALPHA/i: 1 place, 25.0 % of all');
      await view.page.locator('[id$="ignorecase"]').click();
      t.has(await view.part('matched'), '0 places');
    },
  ],
  [
    'a bad expression says so and changes nothing',
    async (t) => {
      const view = await t.open(DEMO);
      await view.search('mark');
      const before = (await view.frames()).map((frame) => frame.fill);
      await view.page.keyboard.type('(');
      t.has(await view.part('matched'), 'is not understood');
      t.equal(
        (await view.frames()).map((frame) => frame.fill),
        before,
      );
      await view.page.keyboard.type(')');
      t.has(await view.part('matched'), '3 places');
    },
  ],
  [
    'matches too narrow to draw are counted, their columns marked, their box coloured',
    async (t) => {
      const view = await t.open(NARROW);
      await view.search('^inner$');
      t.has(await view.part('matched'), '600 places, 0.6 % of all');
      const marks = await view.page.evaluate(() => {
        const box = document.querySelector('.rug').getBBox();
        return [box.x, box.width];
      });
      const left = 10;
      t.near(marks[0], left, 1.5, 'left of the marks');
      t.near(marks[1], (980 * 600) / 100000, 2, 'width of the marks');
      const merged = (await view.frames()).filter((frame) => /frames$/.test(frame.name));
      t.ok(
        merged.every((frame) => frame.fill !== MATCH),
        'a merged box is no match as a whole',
      );
      await view.press('/', 'Escape');
      const plain = (await view.frames()).filter((frame) => /frames$/.test(frame.name));
      const same = merged.filter((frame, i) => frame.fill === plain[i].fill);
      const halves = merged.filter((frame, i) => frame.fill === half(plain[i].fill, MATCH));
      t.ok(same.length && halves.length, 'one without a match, one with');
      t.equal(same.length + halves.length, plain.length);
    },
  ],
  [
    'Esc in the field clears it, Tab and a click elsewhere keep it',
    async (t) => {
      const view = await t.open(DEMO);
      await view.search('lex');
      await view.press('Tab');
      t.ok(!(await isOpen(view)));
      t.has(await view.part('matched'), '/lex/');
      await view.press('/', 'Escape');
      t.equal(await view.part('matched'), '');
      await view.search('lex');
      await view.page.mouse.click(500, 690);
      t.ok(!(await isOpen(view)));
      t.has(await view.part('matched'), '/lex/');
    },
  ],
  [
    'typing is one step of the history',
    async (t) => {
      const view = await t.open(DEMO);
      await view.search('mall');
      await view.press('Tab', 'Escape');
      await view.settle();
      t.equal(await view.part('matched'), '');
      t.equal(await view.hash(), '');
    },
  ],
  [
    'n and N walk the matches by weight; Enter shows the first and gives the keys back',
    async (t) => {
      const view = await t.open(DEMO);
      const walked = async () => (await view.part('details')).replace(/ samples.*/, '');
      await view.search('^(malloc|sweep|poll)$');
      const order = [
        ['malloc', 80],
        ['malloc', 60],
        ['sweep', 30],
        ['poll', 20],
      ];
      for (const [name, weight] of order.concat([order[0]])) {
        await view.press((await isOpen(view)) ? 'Enter' : 'n');
        t.equal(await walked(), `Function: ${name} ${weight}`);
        t.ok(!(await isOpen(view)), 'the field is gone');
        t.has(await view.part('matched'), '/^(malloc|sweep|poll)$/: 4 places');
      }
      await view.press('/', 'Shift+Enter');
      t.equal(await walked(), 'Function: poll 20', 'Shift-Enter goes back');
      await view.press('N');
      t.equal(await walked(), 'Function: sweep 30', 'N');
      await view.press('n');
      t.equal(await walked(), 'Function: poll 20', 'n');
    },
  ],
  [
    'without a match, n and N open the field',
    async (t) => {
      const view = await t.open(DEMO);
      const text = () => view.page.evaluate(() => document.activeElement.value);
      for (const key of ['n', 'N']) {
        await view.press(key);
        t.ok(await isOpen(view), key);
        t.equal(await text(), '', key + ' is not typed');
        await view.press('Enter');
        t.ok(!(await isOpen(view)), 'Enter gives the keys back');
      }
      await view.search('^nowhere$');
      await view.press('Enter', 'n');
      t.equal(await text(), '^nowhere$', 'what matched nothing can be changed');
      await view.press('Escape');
      t.ok(!(await isOpen(view)), 'Escape');
    },
  ],
  [
    'walking makes a match wide enough to see',
    async (t) => {
      const view = await t.open(NARROW);
      await view.search('^f123$');
      t.ok(!(await view.names()).includes('f123'));
      await view.press('Enter');
      const frame = await view.frame('f123');
      t.ok(frame && frame.width >= 4, 'f123 is seen');
    },
  ],
  [
    'walking scrolls to the match',
    async (t) => {
      const deep = Array.from({ length: 300 }, (none, i) => 'f' + i).join(';') + ' 10\n';
      const view = await t.open(deep);
      await view.search('^f280$');
      await view.press('Enter');
      await view.settle();
      const frame = await view.frame('f280');
      t.ok(frame && frame.top > 30 && frame.bottom < 660, 'in the window');
    },
  ],
  [
    'the root never matches, marks are not part of a name',
    async (t) => {
      const view = await t.open('all;sys_read_[k] 10\nall;user 30\n');
      await view.search('all');
      t.has(await view.part('matched'), '1 place,');
      await view.press('Tab');
      await view.search('k');
      t.has(await view.part('matched'), '0 places');
      await view.press('Tab', '/');
      await view.page.keyboard.type('read$');
      t.has(await view.part('matched'), '1 place, 25.0 % of all');
    },
  ],
  [
    'an expression that takes too long says so and changes nothing; the next one works',
    async (t) => {
      // Each letter more doubles the time of (a+)+$: some name takes about as long as is allowed.
      const names = Array.from({ length: 40 }, (none, i) => 'a'.repeat(i + 1) + 'b');
      const view = await t.open(names.map((name) => `top;${name} 10\n`).join(''));
      await view.search('(a+)+');
      t.has(await view.part('matched'), '40 places');
      await view.page.keyboard.type('$');
      t.equal(await view.partWith('matched', 'slow'), '/(a+)+$/ is too slow');
      t.equal((await view.frames()).filter((frame) => frame.fill === MATCH).length, 40);
      await view.press('Backspace', 'Backspace');
      t.has(await view.partWith('matched', '/(a+)/'), '/(a+)/: 40 places');
    },
  ],
  [
    '--search opens with one',
    async (t) => {
      const view = await t.open(DEMO, { search: 'lex|sweep' });
      t.has(await view.part('matched'), '/lex|sweep/: ' + counts(stacks, /lex|sweep/, all));
    },
  ],
  [
    'the field leaves the buttons free and says below what the search found',
    async (t) => {
      for (const width of [1400, 400]) {
        const view = await t.open(DEMO, {}, '', { viewport: { width, height: 700 } });
        await view.search('malloc');
        const field = await view.page.locator('input.field').boundingBox();
        const button = await view.page.locator('[data-run="search"]').boundingBox();
        t.ok(field.x >= 0 && field.x + field.width <= button.x, `${field.x} ${button.x}`);
        const note = view.page.locator('.seeking p');
        t.has(await note.textContent(), '2 places, 14.0 % of all');
        await view.page.keyboard.type('(');
        t.has(await note.textContent(), 'is not understood');
        const below = await note.boundingBox();
        t.ok(below.y >= field.y + field.height && below.y < field.y + field.height + 20, 'near');
      }
    },
  ],
  [
    'Aa shows its state',
    async (t) => {
      const view = await t.open(DEMO);
      const button = view.page.locator('[data-run="icase"]');
      t.equal(await button.getAttribute('aria-pressed'), 'false');
      await button.click();
      t.equal(await button.getAttribute('aria-pressed'), 'true');
    },
  ],
  [
    'Aa says what it does, and leaves the field open',
    async (t) => {
      const view = await t.open(DEMO);
      const button = view.page.locator('[data-run="icase"]');
      t.equal(await button.locator('title').textContent(), 'Ignore case in the search');
      await view.search('MALL');
      t.has(await view.part('matched'), '0 places');
      await button.click();
      t.has(await view.part('matched'), '/MALL/i: 2 places');
      t.equal(await view.page.evaluate(() => document.activeElement.className), 'field');
      await view.page.keyboard.type('OC');
      t.has(await view.part('matched'), '/MALLOC/i: 2 places');
    },
  ],
  [
    'a match has an edge, so that no color of a palette looks like it',
    async (t) => {
      const view = await t.open(DEMO);
      const edge = async () =>
        view.page
          .locator('[role="treeitem"] rect[fill="#e600e6"]')
          .evaluateAll((all) => all.map((one) => getComputedStyle(one).stroke));
      await view.search('^parse$');
      t.equal(await edge(), ['rgb(28, 27, 24)']);
      await view.press('Enter', 'd');
      t.equal(await edge(), ['rgb(255, 255, 255)'], 'in the dark');
    },
  ],
];
