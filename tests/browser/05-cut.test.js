// SPDX-License-Identifier: MIT
'use strict';
// Cuts: hide, remove, keep; undo.
const x = require('./lib/expect.js');
const { DEMO } = require('./lib/profiles.js');

const stacks = x.readStacks(DEMO);
const all = x.sum(stacks);

module.exports = [
  [
    'h hides a function: its callees move up',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('eval', 0);
      await view.press('h');
      const titles = (await view.frames()).map((one) => one.title);
      t.ok(!titles.some((one) => one.startsWith('eval')), 'no eval is left');
      // main;call (180) holds call;call (120) and malloc (60); main;malloc has 80.
      t.ok(
        titles.includes('call (180 samples, 18.00%)') &&
          titles.includes('call (120 samples, 12.00%)'),
      );
      t.ok(
        titles.includes('malloc (80 samples, 8.00%)') &&
          titles.includes('malloc (60 samples, 6.00%)'),
      );
      const call = (await view.frames()).find((one) => one.title.startsWith('call (180'));
      t.equal(call.level, 3);
      t.has(await view.part('state'), 'hidden eval');
    },
  ],
  [
    'x removes every stack through a function; totals follow and say what is left',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('malloc', 0);
      await view.press('x');
      const left = all - x.sum(x.through(stacks, 'malloc'));
      t.has(
        await view.part('state'),
        `removed malloc \u00b7 ${x.percent(left, all, 1)} % of ${x.commas(all)}`,
      );
      t.has((await view.frame('all')).title, `all (${left} samples, 100%)`);
      t.has((await view.frame('parse')).title, `parse (350 samples, ${x.percent(350, left)}%)`);
      t.near((await view.frame('parse')).width, (980 * 350) / left, 0.11);
    },
  ],
  [
    'f keeps only the stacks through a function',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('gc');
      await view.press('f');
      const left = x.sum(x.through(stacks, 'gc'));
      t.has(
        await view.part('state'),
        `only gc \u00b7 ${x.percent(left, all, 1)} % of ${x.commas(all)}`,
      );
      t.equal((await view.names()).sort(), ['all', 'gc', 'main', 'mark', 'mark', 'mark', 'sweep']);
      t.has((await view.frame('all')).title, `all (${left} samples`);
    },
  ],
  [
    'cuts add up, u and Ctrl-Z undo the last one',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('gc');
      await view.press('x');
      await view.hover('idle');
      await view.press('x');
      const left = all - 120 - 270;
      t.has((await view.frame('all')).title, `all (${left} samples`);
      t.has(await view.hash(), 'remove=gc&remove=idle');
      await view.click('eval', 0);
      await view.press('u');
      t.has((await view.frame('all')).title, `all (${all - 120} samples`);
      t.hasNot(await view.hash(), 'idle');
      await view.press('Control+z');
      t.has((await view.frame('all')).title, `all (${x.commas(all)} samples`);
    },
  ],
  [
    'a cut is a step of undo',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('gc');
      await view.press('x');
      await view.press('Escape');
      await view.settle();
      t.ok((await view.names()).includes('gc'));
      t.equal(await view.hash(), '');
    },
  ],
  [
    'search after a cut is of what is left',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('idle');
      await view.press('x');
      await view.search('gc');
      t.has(await view.part('matched'), `${x.percent(120, all - 270, 1)} % of all`);
    },
  ],
  [
    'the menu of a frame does the same by mouse',
    async (t) => {
      const view = await t.open(DEMO);
      await view.click('gc', 0, { button: 'right' });
      await view.page.getByRole('button', { name: /Hide this function/ }).click();
      t.ok(!(await view.names()).includes('gc'));
      t.has(await view.part('state'), 'hidden gc');
      await view.page.locator('[data-run="help"]').click();
      await view.page.getByRole('button', { name: /Undo a cut/ }).click();
      t.ok((await view.names()).includes('gc'));
    },
  ],
  [
    'where nothing is left keys do nothing, and u brings all back',
    async (t) => {
      const view = await t.open(DEMO, [], '#keep=nobody');
      await view.press('Enter', 'b', 'h', 'x', 'f', 'c', 'C', 'n', 'N');
      await view.press('ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'i', 'ArrowUp', 'r', 's');
      await view.press('0', 'u');
      t.ok((await view.names()).includes('gc'));
    },
  ],
  [
    'the root is no function: it cannot be cut',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('all');
      await view.press('h', 'x', 'f', 'b');
      t.equal(await view.hash(), '');
    },
  ],
  [
    'when nothing is left the picture says so',
    async (t) => {
      const view = await t.open(DEMO, {}, '#remove=main&remove=idle');
      t.has(await view.part('details'), 'The cuts left nothing: u takes back the last one.');
      await view.press('u');
      t.hasNot(await view.part('details'), 'nothing');
      t.equal((await view.names()).includes('idle'), true);
      await view.hover('wait');
      await view.press('b', 'x');
      t.has(await view.part('details'), 'The cuts left nothing', 'of a sandwich');
    },
  ],
  [
    'H, X and F cut by the search, each a step; their expression waits in an address',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('u');
      t.equal((await view.part('details')).trim(), 'No cut yet');
      await view.press('H');
      t.equal(await view.page.locator('input.field').count(), 1, 'without a search, the field');
      await view.press('Escape');
      await view.search('^(LEX|read)$');
      await view.press('Enter');
      await view.page.locator('[data-run="icase"]').click();
      const all = (await view.names()).sort();
      await view.press('H');
      t.ok(!(await view.names()).some((name) => /lex|read/.test(name)), 'hidden');
      t.has((await view.frame('parse')).title, '350 samples', 'the caller has their weight');
      t.has(await view.part('state'), 'hidden /^(LEX|read)$/i');
      await view.press('u', 'X');
      t.has((await view.frame('parse')).title, '50 samples', 'removed');
      t.has(await view.part('state'), '70.0 % of 1,000');
      await view.press('u');
      t.equal((await view.names()).sort(), all, 'undone');
      await view.press('F');
      t.equal((await view.frame('all')).title, 'all (300 samples, 100%)');
      const hash = await view.hash();
      t.has(hash, 'keepall=/^(LEX|read)$/i');
      await view.press('Escape');
      await view.settle();
      t.equal((await view.names()).sort(), all, 'a step back');
      const again = await t.page();
      await again.goto((await view.url()).replace(/#.*/, '') + '#keepall=/^(LEX|read)$/i');
      const other = t.view(again, 'svg');
      t.equal((await other.frame('all')).title, 'all (1,000 samples, 100%)', 'not yet');
      t.has(await other.part('state'), 'press Enter to apply');
      await other.press('Enter');
      t.equal((await other.frame('all')).title, 'all (300 samples, 100%)');
    },
  ],
];
