// SPDX-License-Identifier: MIT
'use strict';
// The view is in the address, readable, by names.
const { DEMO } = require('./lib/profiles.js');

const state = async (view) => [
  await view.names(),
  await view.part('matched'),
  await view.part('state'),
];

module.exports = [
  [
    'zoom, search, mode and cuts are in the fragment, by name',
    async (t) => {
      const view = await t.open(DEMO);
      await view.click('eval', 0);
      t.has(await view.hash(), '#zoom=main;eval');
      await view.search('mal+oc');
      await view.press('Tab');
      await view.hover('malloc', 0);
      await view.press('x');
      for (const part of ['zoom=main;eval', 'search=mal%2boc', 'remove=malloc']) {
        t.has((await view.url()).replace(/%2B/, '%2b'), part);
      }
    },
  ],
  [
    'steps that follow each other at once are steps of their own',
    async (t) => {
      const view = await t.open(DEMO);
      const before = await view.page.evaluate(() => history.length);
      await view.page.evaluate(() => {
        for (const key of ['i', 'm', 'r']) {
          const event = new KeyboardEvent('keydown', { key, bubbles: true });
          document.documentElement.dispatchEvent(event);
        }
      });
      t.equal(await view.hash(), '#bottomup=true&fold=true&icicle=true');
      t.equal(await view.page.evaluate(() => history.length), before + 3);
      for (const left of ['#fold=true&icicle=true', '#icicle=true', '']) {
        await view.press('Escape');
        t.equal(await view.hash(), left);
      }
      await view.press('i');
      await view.press('Escape');
      t.equal(await view.hash(), '', 'a step back at once');
    },
  ],
  [
    'keys right after a step back, which the browser has not made yet',
    async (t) => {
      const view = await t.open(DEMO);
      const press = (...keys) =>
        view.page.evaluate((all) => {
          for (const key of all) {
            const event = new KeyboardEvent('keydown', { key, bubbles: true });
            document.documentElement.dispatchEvent(event);
          }
        }, keys);
      for (const key of ['i', 'm', 's']) await view.press(key);
      const before = await view.hash();
      const steps = await view.page.evaluate(() => history.length);
      t.equal(before, '#order=weight&fold=true&icicle=true');
      await press('Escape', 'r');
      t.equal(await view.hash(), '#bottomup=true&fold=true&icicle=true');
      t.has(await view.part('state'), 'bottom-up');
      t.equal(await view.page.evaluate(() => history.length), steps, 'in place of the last step');
      await press('Escape');
      t.equal(await view.hash(), '#fold=true&icicle=true');
      await press('Escape', 'Escape', 'r');
      t.equal(await view.hash(), '#bottomup=true', 'two steps back and one forward');
      await press('Escape', 'i', 's', 'Escape');
      t.equal(await view.hash(), '', 'what the address never had');
      await press('i');
      t.equal(await view.hash(), '#icicle=true');
    },
  ],
  [
    'opening the address restores the view',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('s', 'm');
      await view.hover('idle');
      await view.press('x');
      await view.click('gc');
      await view.search('sweep|mark');
      await view.press('Tab');
      const before = await state(view);
      const again = await t.page();
      await again.goto(await view.url());
      await t.view(again, 'svg').press('Enter');
      t.equal(await state(t.view(again, 'svg')), before);
    },
  ],
  [
    'bottom-up, sandwich and icicle too',
    async (t) => {
      for (const keys of [['r'], ['b'], ['r', 'i']]) {
        const view = await t.open(DEMO);
        await view.hover('malloc', 0);
        await view.press(...keys);
        const before = await state(view);
        const again = await t.page();
        await again.goto(await view.url());
        t.equal(await state(t.view(again, 'svg')), before, keys.join());
      }
    },
  ],
  [
    'it holds after the profile was drawn anew',
    async (t) => {
      const view = await t.open(DEMO + 'zebra 77\naardvark 400\n', {}, '#zoom=main;gc');
      t.near((await view.frame('gc')).width, 980, 0.11);
    },
  ],
  [
    'a path that leads nowhere leads as far as it can',
    async (t) => {
      const view = await t.open(DEMO, {}, '#zoom=main;gc;nothing&search=%zz&order=x&at=9-1');
      t.near((await view.frame('gc')).width, 980, 0.11);
    },
  ],
  [
    'names with signs of the address in them',
    async (t) => {
      const odd = 'a&b=c;50%;x+y#z 10\na&b=c;"<é> 30\n';
      const view = await t.open(odd);
      await view.click('50%');
      const again = await t.page();
      await again.goto(await view.url());
      t.near((await t.view(again, 'svg').frame('50%')).width, 980, 0.11);
      await view.press('0');
      await view.click('"<é>');
      await again.goto(await view.url());
      await t.view(again, 'svg').settle();
      t.near((await t.view(again, 'svg').frame('"<é>')).width, 980, 0.11);
    },
  ],
  [
    'an expression of an address is shown and waits for Enter',
    async (t) => {
      for (const where of ['?s=lex', '#search=lex']) {
        const view = await t.open(DEMO, { search: 'malloc' }, where);
        t.equal(await view.part('matched'), '/lex/: press Enter to search');
        t.ok(!(await view.frames()).some((frame) => frame.fill === '#e600e6'), 'nothing is marked');
        await view.press('i');
        t.has(await view.part('matched'), 'press Enter');
        await view.press('Enter');
        t.has(await view.part('matched'), '/lex/: 1 place');
        t.equal((await view.frame('lex')).fill, '#e600e6');
        t.ok((await view.names()).includes('idle'), 'this Enter does not zoom');
      }
      const view = await t.open(DEMO, {}, '#search=lex');
      await view.press('/', 'Enter');
      t.has(await view.part('matched'), '/lex/: 1 place', 'Enter in the field');
      await view.press('n');
      t.has(await view.part('details'), 'lex 200', 'the keys are those of the graph');
    },
  ],
  [
    'what this person typed runs at once when Back leads there, what a link brings does not',
    async (t) => {
      const view = await t.open(DEMO);
      await view.search('lex');
      await view.press('Tab', 'i', 'Escape');
      await view.settle();
      t.has(await view.part('matched'), '/lex/: 1 place');
      await view.page.evaluate(() => {
        location.hash = '#search=gc';
      });
      await view.settle();
      t.equal(await view.part('matched'), '/gc/: press Enter to search');
      await view.page.evaluate(() => {
        location.hash = '#search=lex';
      });
      await view.settle();
      t.has(await view.part('matched'), '/lex/: 1 place');
    },
  ],
  [
    'a link with an expression that never ends does not hang the page',
    async (t) => {
      for (const where of ['#search=(a%2B)%2B$', '?s=(a%2B)%2B$']) {
        const view = await t.open(DEMO + 'a'.repeat(60) + 'b 10\n', {}, where);
        t.equal(await view.part('matched'), '/(a+)+$/: press Enter to search');
        await view.press('r', 's', 'Escape', 'Escape');
        await view.search('lex');
        t.has(await view.part('matched'), '/lex/: 1 place');
      }
    },
  ],
  [
    'a changed fragment changes the view',
    async (t) => {
      const view = await t.open(DEMO);
      await view.page.evaluate(() => {
        location.hash = '#zoom=main;parse';
      });
      const width = async () => Math.round((await view.frame('parse')).width);
      await t.becomes(width, 980);
    },
  ],
  [
    'an address claims no name and no order that the picture does not have',
    async (t) => {
      const view = await t.open(DEMO, {}, '#sandwich=nobody&hide=nobody&order=x');
      t.equal(await view.part('state'), '');
      await view.press('u');
      t.equal(await view.part('state'), '', 'nothing to undo');
      t.equal((await view.names()).length, (await (await t.open(DEMO)).names()).length);
    },
  ],
  [
    'Escape twice at once after one step stays on the page',
    async (t) => {
      const view = await t.open(DEMO);
      const url = await view.url();
      await view.click('gc');
      await view.settle();
      await view.page.evaluate(() => {
        for (let i = 0; i < 2; i++)
          document.documentElement.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }),
          );
      });
      await view.settle();
      t.equal(await view.url(), url);
      t.ok((await view.names()).includes('lex'), 'unzoomed');
    },
  ],
];
