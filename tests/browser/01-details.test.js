// SPDX-License-Identifier: MIT
'use strict';
// The details line: always in view, and right.
const { execFileSync } = require('child_process');
const { findProgram } = require('./lib/harness.js');
const x = require('./lib/expect.js');
const { DEMO, NARROW, DIFF } = require('./lib/profiles.js');

const stacks = x.readStacks(DEMO);
const all = x.sum(stacks);

module.exports = [
  [
    'a unit by its long name is scaled, too',
    async (t) => {
      const view = await t.open('# flametree: columns=1 unit=nanoseconds\nm;a 1500000000\nm;b 2\n');
      await view.hover('a');
      t.has(await view.part('details'), '1.50 s');
    },
  ],
  [
    'hovering tells name, weight, share, self and the function in all its places',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('call', 0);
      const text = await view.part('details');
      const here = x.sum(x.under(stacks, 'main;eval;call'));
      const everywhere = x.sum(x.through(stacks, 'call'));
      t.has(text, 'Function: call');
      t.has(text, `${here} samples`);
      t.has(text, `${x.percent(here, all)} % of all`);
      t.has(text, `self ${x.self(stacks, 'main;eval;call')}`);
      t.has(
        text,
        `function ${everywhere} (${x.percent(everywhere, all)} %) in ${
          x.places(stacks, 'call').length
        } places`,
      );
    },
  ],
  [
    'recursion counts once per stack',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('mark', 2);
      t.has(await view.part('details'), `function ${x.sum(x.through(stacks, 'mark'))} (`);
      t.has(await view.part('details'), 'in 3 places');
    },
  ],
  [
    'self weight is what no callee has',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('parse');
      t.has(await view.part('details'), 'self 50');
      await view.hover('lex');
      t.has(await view.part('details'), 'self 200');
    },
  ],
  [
    'after a zoom, the share of the zoomed frame is told too',
    async (t) => {
      const view = await t.open(DEMO);
      await view.click('parse');
      await view.hover('read');
      const parse = x.sum(x.under(stacks, 'main;parse'));
      t.has(await view.part('details'), `${x.percent(100, parse)} % of parse`);
      t.has(await view.part('details'), `${x.percent(100, all)} % of all`);
    },
  ],
  [
    'focus by keyboard tells the same as the mouse',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('Tab');
      for (let i = 0; i < 9; i++) {
        if (await view.page.evaluate(() => document.activeElement.id.endsWith('frames'))) break;
        await view.press('Tab');
      }
      await view.press('ArrowUp');
      await view.press('ArrowUp');
      t.has(await view.part('details'), 'Function: parse');
    },
  ],
  [
    'thousands have commas, and the count has its name',
    async (t) => {
      const view = await t.open('a;b 1234567\na 1\n', { countname: 'bytes' });
      await view.hover('b');
      t.has(await view.part('details'), '1,234,567 bytes');
    },
  ],
  [
    'a merged box says how many frames it stands for',
    async (t) => {
      const view = await t.open(NARROW.replace('99400', '59400'));
      const merged = (await view.frames()).filter((frame) => / frames?$/.test(frame.name));
      t.ok(merged.length > 0, 'merged boxes');
      const inner = x.readStacks(NARROW).length - 1;
      t.has(merged[0].title, `${inner} frames (${inner} samples`);
      await view.page.mouse.move((merged[0].left + merged[0].right) / 2, merged[0].top + 5);
      t.has(await view.part('details'), `${inner} frames too narrow to draw`);
    },
  ],
  [
    'differential: before, after, change and change in per cent',
    async (t) => {
      const view = await t.open(DIFF);
      const both = x.readStacks(DIFF);
      for (const name of ['grow', 'shrink', 'same']) {
        await view.hover(name);
        const part = x.through(both, name);
        const [before, after] = [x.sum(part, 'before'), x.sum(part)];
        const text = await view.part('details');
        const sign = after > before ? '+' : '';
        t.has(text, `before ${before} \u2192 after ${after} samples`);
        t.has(
          text,
          `change ${sign}${after - before} (${sign}${x.percent(after - before, before)} %)`,
        );
      }
    },
  ],
  [
    'details and controls stay in the window when the graph is taller',
    async (t) => {
      const deep = Array.from({ length: 120 }, (none, i) => 'f' + i).join(';') + ' 10\nf0 5\n';
      const view = await t.open(deep);
      const seen = () =>
        view.page.evaluate(() =>
          ['details', 'search'].map((id) => {
            const box = document.querySelector(`[id$="${id}"]`).getBoundingClientRect();
            return box.top >= 0 && box.bottom <= innerHeight && box.height > 5;
          }),
        );
      t.equal(await seen(), [true, true], 'at the start');
      for (const y of [0, 600, 5000]) {
        await view.page.evaluate((to) => scrollTo(0, to), y);
        await view.settle();
        t.equal(await seen(), [true, true], 'scrolled to ' + y);
      }
    },
  ],
  [
    'rows outside the window are not drawn, and are when they come into it',
    async (t) => {
      const deep = Array.from({ length: 400 }, (none, i) => 'f' + i).join(';') + ' 10\n';
      const view = await t.open(deep);
      const bottom = await view.names();
      t.ok(bottom.length < 90, 'few of 401 rows: ' + bottom.length);
      t.ok(bottom.includes('f0') && !bottom.includes('f399'), 'the root is in view first');
      await view.page.evaluate(() => scrollTo(0, 0));
      await view.settle();
      t.ok((await view.names()).includes('f399'), 'the top is drawn');
    },
  ],
  [
    'one sample is one; what is little is not nothing; nothing is a part of itself',
    async (t) => {
      const view = await t.open('m;wide 99999\nm;b 1\nm;wide;c 1\n');
      await view.search('^b$');
      await view.press('Enter');
      const small = await view.part('details');
      t.has(small, 'Function: b 1 sample \u00b7 < 0.01 % of all');
      t.hasNot(small, ' of b');
      t.has(small, 'function 1 (< 0.01 %) in 1 place');
      await view.press('0');
      await view.click('wide');
      await view.hover('wide');
      t.hasNot(await view.part('details'), '% of wide');
      await view.hover('all');
      t.equal(await view.part('details'), 'Function: all 100,001 samples \u00b7 self 0');
    },
  ],
  [
    'a merged box says how many frames it is, where that fits',
    async (t) => {
      const rows = Array.from({ length: 3000 }, (none, i) => `m;many;f${i} 1`).join('\n');
      const view = await t.open(rows + '\nm;rest 600\n');
      const labels = (await view.frames()).filter(({ title }) => /^[\d,]+ frames/.test(title));
      const wide = labels.filter(({ width }) => width > 100);
      t.ok(wide.length, 'there is one');
      for (const { title, label } of wide) t.equal(label, title.replace(/ \(.*/, ''));
      for (const { width, label } of labels) t.ok(width > 40 || !label, label);
    },
  ],
  [
    'a command about a frame says so where there is none',
    async (t) => {
      const view = await t.open(NARROW);
      await view.hover('all');
      for (const key of ['b', 'h', 'x', 'f']) {
        await view.press(key);
        t.has(await view.part('details'), 'Point at a frame first');
        await view.hover('top');
        await view.hover('all');
      }
    },
  ],
  [
    'the text of the details can be selected by dragging',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('parse');
      const box = await view.page.locator('[id$="details"] tspan').first().boundingBox();
      const y = box.y + box.height / 2;
      await view.page.mouse.move(box.x + 1, y);
      await view.page.mouse.down();
      for (const at of [30, 60, box.width - 2, 200, 600]) {
        await view.page.mouse.move(box.x + at, y);
      }
      await view.page.mouse.up();
      const text = await view.page.evaluate(() => getSelection().toString());
      t.equal(text.trim(), 'Function: parse', 'beyond the end of the line');
      await view.page.evaluate(() => getSelection().removeAllRanges());
      await view.page.mouse.move(box.x + 1, y);
      await view.page.mouse.down();
      for (const at of [10, 20, 30]) await view.page.mouse.move(box.x + at, y);
      await view.page.mouse.up();
      const part = await view.page.evaluate(() => getSelection().toString());
      t.ok(part.length > 1 && 'Function'.startsWith(part), `a part of it: ${part}`);
      t.has(await view.part('details'), 'Function: parse');
      t.equal(await view.hash(), '');
    },
  ],
  [
    'a name that is written from the right does not turn the details round',
    async (t) => {
      const name = '\u05d0\u05d1\u05d2\u2069';
      const view = await t.open(`main;${name} 9\nmain;x 1\n`);
      await view.hover(name.replace('\u2069', '\ufffd'));
      t.has(await view.part('details'), 'Function: \u2068\u05d0\u05d1\u05d2\ufffd\u2069 9 samples');
      await view.hover('x');
      t.has(await view.part('details'), 'Function: x 1 sample');
    },
  ],
  [
    'nor titles; what reads them gets the name',
    async (t) => {
      const name = '\u05d0\u05d1\u05d2', folded = `main;${name} 9\nmain;x 1\n`;
      const title = `>\u2068${name}\u2069 (9 samples, 90.00%)</title>`;
      const still = t.picture(folded, { script: false });
      t.has(still, title);
      t.has(t.picture(folded), title);
      const read = execFileSync(findProgram('collapse'), [t.writeFile(still)],
        { stdio: ['ignore', 'pipe', 'ignore'] });
      t.equal(read.toString().split('\n').sort().join('\n').trim(), `main;x 1\nmain;${name} 9`);
      const view = await t.open(folded);
      const titles = (await view.frames()).map((frame) => `>${frame.title}</title>`);
      t.ok(titles.includes(title), titles.join());
      t.ok(titles.includes('>x (1 samples, 10.00%)</title>'));
      await view.press('t');
      await view.page.locator(`td[title="${name}"]`).click();
      await view.settle();
      t.equal(await view.page.locator('h2').textContent(),
        `Callers and callees of \u2068${name}\u2069`);
      await view.press('Escape');
      await view.search(name);
      t.has(await view.part('matched'), '1 place');
      const two = await t.compare(folded.replace('9', '5000'), folded.replace('9', '9000'), []);
      t.ok((await two.frames()).some((frame) => frame.title.startsWith(`\u2068${name}\u2069 (`)));
    },
  ],
];
