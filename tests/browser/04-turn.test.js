// SPDX-License-Identifier: MIT
'use strict';
// Turned over, sandwich, icicle, order, recursion.
const x = require('./lib/expect.js');
const { DEMO } = require('./lib/profiles.js');

const stacks = x.readStacks(DEMO);
const all = x.sum(stacks);
const MATCH = '#e600e6';

module.exports = [
  [
    'r merges from the leaves, and back',
    async (t) => {
      const view = await t.open(DEMO);
      const before = await view.names();
      await view.press('r');
      for (const name of [
        'call',
        'malloc',
        'mark',
        'sweep',
        'parse',
        'lex',
        'read',
        'wait',
        'poll',
      ]) {
        const leaf = stacks.filter((one) => one.frames[one.frames.length - 1] === name);
        const frame = (await view.frames()).find((one) => one.name === name && one.level === 2);
        t.near(frame.width, (980 * x.sum(leaf)) / all, 0.11, name);
        t.has(frame.title, `${name} (${x.sum(leaf)} samples, ${x.percent(x.sum(leaf), all)}%)`);
      }
      const callers = (await view.frames()).filter((one) => one.name === 'eval' && one.level === 3);
      t.equal(
        callers.map((one) => one.title).sort(),
        ['eval (120 samples, 12.00%)', 'eval (80 samples, 8.00%)'],
        'callers of call and malloc',
      );
      await view.press('r');
      t.equal(await view.names(), before);
    },
  ],
  [
    'zoom and search work there too',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('r');
      await view.search('eval');
      const found = x.sum(x.through(stacks, 'eval'));
      t.has(
        await view.part('matched'),
        `${x.percent(found, all, 1)} % of all, ${x.percent(found, all, 1)} % of this view`,
      );
      await view.press('Tab');
      await view.click('malloc');
      t.near((await view.frame('malloc')).width, 980, 0.11);
      t.has(await view.part('matched'), '100.0 % of this view');
    },
  ],
  [
    'b shows all callers above and all callees below',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('call', 0);
      await view.press('b');
      const through = x.through(stacks, 'call');
      const whole = x.sum(through);
      const frames = await view.frames();
      const root = frames.find((one) => one.level === 1);
      t.has(root.title, `call (${whole} samples, ${x.percent(whole, all)}%)`);
      t.near(root.width, 980, 0.11);
      const above = frames.filter((one) => one.bottom <= root.top + 1);
      const below = frames.filter((one) => one.top >= root.bottom - 1);
      t.equal(
        above.map((one) => one.title).sort(),
        ['eval (180 samples, 18.00%)', 'main (180 samples, 18.00%)'],
        'callers',
      );
      t.equal(
        below.map((one) => one.title).sort(),
        ['call (120 samples, 12.00%)', 'eval (120 samples, 12.00%)', 'malloc (60 samples, 6.00%)'],
        'callees',
      );
      await view.press('Escape');
      await view.settle();
      t.ok((await view.names()).includes('idle'), 'Esc leaves');
    },
  ],
  [
    'b merges all places, and the callers have their shares',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('malloc', 0);
      await view.press('b');
      const frames = await view.frames();
      const titles = frames.map((one) => one.title);
      t.ok(titles.includes('malloc (140 samples, 14.00%)'), 'both places');
      t.ok(
        titles.includes('call (60 samples, 6.00%)') && titles.includes('eval (80 samples, 8.00%)'),
      );
      t.near(frames.find((one) => one.name === 'call').width, (980 * 60) / 140, 0.11);
      await view.click('call');
      t.near((await view.frame('call')).width, 980, 0.11, 'zoom to a caller');
      t.near((await view.frame('malloc')).width, 980, 0.11, 'the function stays');
    },
  ],
  [
    'search in a sandwich counts stacks once',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('call', 0);
      await view.press('b');
      await view.search('^eval$');
      const inside = x.through(stacks, 'call');
      t.has(
        await view.part('matched'),
        `${x.percent(x.sum(x.through(stacks, 'eval')), all, 1)} % of all, ${x.percent(
          x.sum(x.through(inside, 'eval')),
          x.sum(inside),
          1,
        )} % of this view`,
      );
      for (const one of await view.frames())
        t.equal(one.fill === MATCH, one.name === 'eval', one.name);
    },
  ],
  [
    'i turns flames to icicles and back',
    async (t) => {
      const view = await t.open(DEMO);
      const order = async () => (await view.frame('all')).top < (await view.frame('main')).top;
      t.equal(await order(), false);
      await view.press('i');
      t.equal(await order(), true);
      t.ok((await view.frame('main')).top < (await view.frame('parse')).top);
      await view.press('i');
      t.equal(await order(), false);
    },
  ],
  [
    '--inverted starts as an icicle',
    async (t) => {
      const view = await t.open(DEMO, { inverted: true });
      t.ok((await view.frame('all')).top < (await view.frame('main')).top);
      await view.press('i');
      t.ok((await view.frame('all')).top > (await view.frame('main')).top);
    },
  ],
  [
    's orders by weight and by name',
    async (t) => {
      const view = await t.open(DEMO);
      const row = async () =>
        (await view.frames())
          .filter((one) => one.level === 3)
          .sort((a, b) => a.left - b.left)
          .map((one) => one.name);
      t.equal(await row(), ['wait', 'eval', 'gc', 'parse']);
      await view.press('s');
      t.equal(await row(), ['parse', 'eval', 'gc', 'wait']);
      await view.press('s');
      t.equal(await row(), ['wait', 'eval', 'gc', 'parse']);
    },
  ],
  [
    'm folds direct recursion',
    async (t) => {
      const view = await t.open(DEMO);
      const marks = async () => (await view.frames()).filter((one) => one.name === 'mark').length;
      t.equal(await marks(), 3);
      await view.press('m');
      t.equal(await marks(), 1);
      t.has((await view.frame('mark')).title, 'mark (90 samples, 9.00%)');
      t.equal((await view.frames()).filter((one) => one.name === 'call').length, 2, 'only direct');
      await view.press('m');
      t.equal(await marks(), 3);
    },
  ],
  [
    'names keep their colours in every view',
    async (t) => {
      const view = await t.open(DEMO);
      const fill = (await view.frame('malloc')).fill;
      for (const key of ['r', 'r', 'i', 's', 'm']) {
        await view.press(key);
        t.equal((await view.frame('malloc')).fill, fill, 'after ' + key);
      }
    },
  ],
  [
    'flame charts keep their order, and only neighbours merge',
    async (t) => {
      const view = await t.open('a;x 10\na;y 10\na;x 10\n', { chart: true });
      t.equal((await view.frames()).filter((one) => one.name === 'x').length, 2);
      await view.click('x', 1);
      t.near((await view.frame('x')).width, 980, 0.11);
      await view.press('0');
      const [px] = await view.pointAt('x', 1);
      t.ok(px > 600, 'the second x is at the right');
      await view.press('s');
      t.equal(
        (await view.frames()).filter((one) => one.name === 'x').length,
        1,
        'by weight they merge',
      );
    },
  ],
  [
    'b brings the function into the window, with its callers above it',
    async (t) => {
      const tower = (name) => Array.from({ length: 40 }, (none, i) => name + i).join(';');
      const folded = `${tower('caller')};fun;${tower('callee')} 10\n`;
      const view = await t.open(folded, { search: '^callee39$' }, '', {
        viewport: { width: 1000, height: 400 },
      });
      await view.press('n', 'b');
      await view.settle();
      const { top, bottom } = await view.frame('callee39');
      t.ok(top > 20 && bottom < 400, `in the window: ${top} to ${bottom}`);
    },
  ],
  [
    'details of a sandwich say which part of the function a caller is',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('malloc', 0);
      await view.press('b');
      await view.hover('call');
      t.has(await view.part('details'), `${(100 * 60 / 140).toFixed(2)} % of malloc`);
    },
  ],
  [
    'long work says so and leaves the picture as it is; Escape stops it',
    async (t) => {
      const view = await t.open(DEMO);
      const before = await view.names();
      // Each look at the clock costs 0.4 s, so that all work is long.
      const start = (...keys) =>
        view.page.evaluate((names) => {
          const { Date: clock } = window;
          const { now } = clock;
          let late = 0;
          clock.now = () => now() + (late += 400);
          for (const key of names)
            document.documentElement.dispatchEvent(
              new KeyboardEvent('keydown', { key, bubbles: true }),
            );
          clock.now = now;
          return [
            document.querySelector('#details').textContent.trim(),
            document.querySelectorAll('#frames > *').length,
          ];
        }, keys);
      const [text, count] = await start('r');
      t.ok(/^Computing for \d+ s: Escape stops it$/.test(text), text);
      t.equal(count, before.length, 'the picture stays');
      await view.settle();
      t.ok((await view.names()).includes('poll'), 'done');
      t.hasNot(await view.part('details'), 'Computing');
      t.equal(await view.hash(), '#bottomup=true');
      await view.press('r');
      t.equal((await view.names()).sort(), before.sort());
      const [after] = await start('m', 'Escape');
      t.hasNot(after, 'Computing');
      await view.settle();
      t.hasNot(await view.hash(), 'fold');
      t.equal((await view.names()).sort(), before.sort(), 'stopped');
      await view.press('m');
      t.equal((await view.names()).filter((name) => name === 'mark').length, 1, 'goes on');
    },
  ],
  [
    'an address whose view takes long shows the plain picture first',
    async (t) => {
      const view = await t.open(DEMO, {}, '#bottomup=true&order=weight');
      t.ok((await view.names()).includes('poll'));
      t.has(await view.part('state'), 'bottom-up');
    },
  ],
];
