// SPDX-License-Identifier: MIT
'use strict';
// Names that want to break out, depth, and odd profiles.
const x = require('./lib/expect.js');

const NAMES = [
  '</script><script>alert(1)</script>',
  ']]>',
  '<!--',
  '-->',
  '"\'`',
  '&amp&lt',
  '\u2028\u2029',
  '\u202eabc\u202c',
  '\u05e9\u05dc\u05d5\u05dd',
  '\u4e2d\u6587\u5b57',
  '\u{1f600}\u{1f469}\u200d\u{1f467}',
  '</metadata>',
  '</svg>',
  '\\',
  '\\x41',
  'a\\lb',
  '__proto__',
  'constructor',
  'toString',
  '<![CDATA[',
  '${alert(1)}',
  '%3Cb%3E',
  '#a',
  '=1+1',
  'na\u0308ive',
  '\u0e01\u0e33',
  '{"a":1}',
  '\ufeffbom',
];
const HOSTILE = NAMES.map((name, i) => `top;${name} ${100 + i}`).join('\n') + '\n';

module.exports = [
  [
    'hostile names are shown, zoomed, found and addressed as they are',
    async (t) => {
      const view = await t.open(HOSTILE, {}, '', { viewport: { width: 1400, height: 700 } });
      view.page.on('dialog', () => t.errors.push('a dialog came up'));
      const names = await view.names();
      for (const name of NAMES) t.ok(names.includes(name), 'drawn: ' + escape(name));
      const again = await t.page({ viewport: { width: 1400, height: 700 } });
      for (const name of NAMES) {
        await view.click(name);
        t.near((await view.frame(name)).width, 1380, 0.2, 'zoomed: ' + escape(name));
        t.ok((await view.part('details')).includes(name.replace(/\s+/g, ' ').trim()), escape(name));
        if (/[<"%\\]|_/.test(name)) {
          await again.goto('about:blank');
          await again.goto(await view.url());
          t.near(
            (await t.view(again, 'svg').frame(name)).width,
            1380,
            0.2,
            'address: ' + escape(name),
          );
        }
        await view.press('0');
      }
      await view.search('^</script>');
      t.has(await view.part('matched'), '1 place');
    },
  ],
  [
    'in an HTML page too',
    async (t) => {
      const page = await t.html(
        '<!doctype html><meta charset="utf-8"><title>t</title>' +
          t.picture(HOSTILE, { inline: true }),
      );
      page.on('dialog', () => t.errors.push('a dialog came up'));
      const names = await t.view(page, 'svg').names();
      for (const name of NAMES) t.ok(names.includes(name), 'drawn: ' + escape(name));
    },
  ],
  [
    'a title, a count and a search that are hostile',
    async (t) => {
      const view = await t.open('a;b 10\n', {
        title: '</script>]]>"<b>',
        countname: '<i>&"',
        search: '</script>',
      });
      t.equal(await view.part('title'), '</script>]]>"<b>');
      await view.hover('b');
      t.has(await view.part('details'), '10 <i>&"');
      t.has(await view.part('matched'), '/</script>/: 0 places');
    },
  ],
  [
    'a stack of 5,000 frames',
    async (t) => {
      const path = Array.from({ length: 5000 }, (none, i) => 'f' + i);
      const view = await t.open(path.join(';') + ' 10\nf0;other 30\n');
      t.ok((await view.names()).length < 120, 'only what can be seen');
      await view.search('^f4999$');
      await view.press('Enter');
      await view.settle();
      t.ok((await view.names()).includes('f4999'), 'brought into view');
      await view.press('Enter');
      await view.settle();
      t.near((await view.frame('f4999')).width, 980, 0.2);
      t.ok((await view.url()).length < 40000, 'the address stays short');
      const again = await t.page();
      await again.goto(await view.url());
      await t.view(again, 'svg').press('Enter');
      t.has(await t.view(again, 'svg').part('matched'), '100.0 % of this view');
      await view.press('r', 'Escape', 'm', 'b');
      await view.settle();
    },
  ],
  [
    'a profile of one frame',
    async (t) => {
      const view = await t.open('one 1\n');
      await view.click('one');
      await view.press('r', 'b', 'm', 's', 'i', 'h', 'n', 'N', 'c');
      await view.press('Escape', 'Escape', 'Escape', '0', 'u');
      await view.settle();
      t.ok((await view.frames()).length > 0);
    },
  ],
  [
    'everything removed',
    async (t) => {
      const view = await t.open('one;two 1\n');
      await view.hover('two');
      await view.press('x');
      t.has(await view.part('state'), '0.0 % of 1');
      await view.press('Escape');
      await view.settle();
      t.ok((await view.names()).includes('two'));
    },
  ],
  [
    'large weights',
    async (t) => {
      const view = await t.open('a;b 9007199254740000\na;c 3000000000000000\n');
      t.has((await view.frame('b')).title, `b (${x.commas('9007199254740000')} samples, 75.01%)`);
    },
  ],
];
