// SPDX-License-Identifier: MIT
'use strict';
// What only some pictures have: several values, links to source, the axis of time, the legend.
const { execFileSync } = require('child_process');
const path = require('path');
const { DEMO } = require('./lib/profiles.js');
const { findProgram, writeFile } = require('./lib/harness.js');

const PPROF = path.join(__dirname, '../data/formats/pprof/go-allocs.pb.gz');

// Opens what the program draws of these arguments.
async function draw(t, args, input) {
  const svg = execFileSync(findProgram(), ['-q', ...args], { input, maxBuffer: 1 << 28 });
  const page = await t.page();
  await page.goto('file://' + writeFile(svg));
  return t.view(page, 'svg');
}

const titles = async (view) => (await view.frames()).map(({ title }) => title).sort();

// Two events, of which the second has a frame of its own.
const EVENTS = [
  ['cycles', 500, 'f', 'main'],
  ['faults', 7, 'g', 'main'],
  ['cycles', 300, 'f', 'h', 'main'],
  ['faults', 2, 'f', 'main'],
]
  .map(
    ([event, period, ...frames], i) =>
      `p 1 ${i}.0: ${period} ${event}:\n${frames.map((name) => `\t4a ${name} (/x)\n`).join('')}\n`,
  )
  .join('');

module.exports = [
  [
    'each value is drawn as a picture of it alone',
    async (t) => {
      const all = await draw(t, ['--all-events', '--width', '1000', PPROF]);
      for (const value of ['alloc_space', 'alloc_objects', 'inuse_objects', 'inuse_space']) {
        const alone = await draw(t, ['--sample-index', value, '--width', '1000', PPROF]);
        await t.becomes(() => all.part('value'), value + ' \u25be');
        t.equal(await titles(all), await titles(alone), value);
        await all.press('a');
      }
      await t.becomes(() => all.part('value'), 'alloc_space \u25be');
    },
  ],
  [
    'the table has the number of samples, which is another value of the profile',
    async (t) => {
      const file = path.join(__dirname, '../data/formats/pprof/node20-datadog-wall.pb.gz');
      for (const more of [[], ['--all-events']]) {
        const wall = await draw(t, [...more, file]);
        const count = await draw(t, ['--sample-index', 'sample', file]);
        const read = async (view, column) => {
          await view.press('t');
          const row = `[role="dialog"] tbody tr`;
          const rows = await view.page.locator(row).evaluateAll((all) =>
            all.map(({ cells }) => Array.from(cells, (cell) => cell.textContent)));
          const texts = rows.map((cells) => cells[0] + ' ' + parseInt(cells.at(column), 10));
          return texts.filter((text) => !text.startsWith('(idle)')).sort(); // has no weight
        };
        t.equal(await read(wall, 6), await read(count, 3), more.join());
      }
    },
  ],
  [
    'of fractions of a unit, too',
    async (t) => {
      const sample = (ts, sf) => ({ cpu: 0, tid: 1, ts, name: 'x', sf, weight: 1 });
      const view = await draw(t, ['--all-events'], JSON.stringify({
        traceEvents: [],
        stackFrames: { 1: { name: 'a' }, 2: { name: 'b', parent: '1' } },
        samples: [sample(10.5, 1), sample(20.5, 2), sample(30.25, 2)],
      }));
      t.has((await view.frame('b')).title, '9.75 us');
      await view.hover('a');
      t.has(await view.part('details'), '· 2 samples ·');
    },
  ],
  [
    'a, A and the button switch events; the address, the table and the search follow',
    async (t) => {
      const view = await draw(t, ['--all-events', '--width', '1000'], EVENTS);
      const root = async () => (await view.frame('all')).title;
      t.has(await root(), '800 cycles, 2 samples');
      await view.press('a');
      await view.settle();
      t.has(await root(), '9 faults, 2 samples');
      t.has(await view.page.evaluate(() => location.hash), 'value=faults');
      t.equal((await view.frames()).map(({ name }) => name).sort().join(), 'all,f,g,main,p');
      await view.search('^g$');
      t.has(await view.part('matched'), '77.8 % of all');
      await view.press('Enter', 't');
      t.equal(await view.page.locator('tbody tr').count(), 1);
      await view.press('t', 'Escape', 'A');
      await view.settle();
      t.has(await root(), '800 cycles');
      await view.page.locator('[data-run="values"]').click();
      const lines = view.page.locator('[role="dialog"] button');
      t.equal(await lines.allTextContents(), ['\u2713 cycles: 800', 'faults: 9']);
      await lines.nth(1).click();
      await view.settle();
      t.has(await root(), '9 faults');
      await view.page.reload();
      await view.settle();
      t.has(await root(), '9 faults', 'from the address');
      await view.page.evaluate(() => {
        location.hash = location.hash.replace('faults', 'nothing');
      });
      await view.page.reload();
      await view.settle();
      t.has(await root(), '800 cycles', 'an address with another name');
    },
  ],
  [
    'samples of each event, in the details and the table',
    async (t) => {
      const view = await draw(t, ['--all-events', '--width', '1000'], EVENTS);
      await view.hover('main');
      t.has(await view.part('details'), 'main 800 cycles · 2 samples · 100.00 % of all');
      await view.press('a');
      await view.settle();
      await view.hover('g');
      t.has(await view.part('details'), 'g 7 faults · 1 sample · 77.78 % of all');
      await view.press('t');
      const cells = await view.page.locator('tbody tr').evaluateAll((rows) =>
        rows.map(({ cells: all }) => [all[0].textContent, all[6].textContent].join(': ')));
      t.equal(cells.sort().join(), 'f: 1,g: 1,main: 2,p: 2');
    },
  ],
  [
    'each value has its own unit, and the first one again',
    async (t) => {
      for (const [file, first, second] of [
        ['pprof/go-cpu.pb.gz', '1.21 s', '121 count'],
        ['bpftrace/maps.json', '9 count', '10 samples'],
      ]) {
        const profile = path.join(__dirname, '../data/formats', file);
        const view = await draw(t, ['--all-events', '--width', '1000', profile]);
        const root = async () => (await view.frame('all')).title;
        t.has(await root(), first);
        for (const amount of [second, first]) {
          await view.press(amount === second ? 'a' : 'A');
          await view.settle();
          t.has(await root(), amount);
        }
      }
    },
  ],
  [
    'cuts stay when the event changes',
    async (t) => {
      const view = await draw(t, ['--all-events', '--width', '1000'], EVENTS);
      await view.hover('f');
      await view.press('x');
      await view.settle();
      t.equal(await view.frames().then((all) => all.length), 0, 'all cycles are in f');
      await view.press('a');
      await view.settle();
      t.has((await view.frame('all')).title, '7 faults');
    },
  ],
  [
    'g opens the source, at an address of the pattern and no other',
    async (t) => {
      const url = 'https://src.example/{file}#L{line}';
      const folded = 'main:a b.c:7;f:../../x"y.c:3 100\n' + 'main:a b.c:7;plain 50\n';
      const view = await draw(t, ['--source-url', url, '--width', '1000'], folded);
      await view.page.evaluate(() => {
        window.opened = [];
        window.open = (...values) => window.opened.push(values);
      });
      await view.hover('main:a b.c:7');
      await view.press('g');
      await view.hover('f:../../x"y.c:3');
      await view.press('g');
      await view.hover('plain');
      await view.press('g');
      t.has(await view.part('details'), 'does not say');
      t.equal(await view.page.evaluate(() => window.opened), [
        ['https://src.example/a%20b.c#L7', '_blank', 'noopener'],
        ['https://src.example/x%22y.c#L3', '_blank', 'noopener'],
      ]);
      const other = await t.open(DEMO);
      await other.press('?');
      t.ok(!(await other.page.locator('[role="dialog"]').textContent()).includes('source'));
    },
  ],
  [
    'the legend outlines what it stands for, and cuts it',
    async (t) => {
      const folded = 'a;b_[k] 30\na;c_[k];d 50\ne 20\n';
      const view = await draw(t, ['--colors', 'auto', '--width', '1000'], folded);
      const texts = view.page.locator('[id$="legend"] text');
      const entry = texts.nth((await texts.allTextContents()).indexOf('kernel'));
      await entry.hover();
      const lit = () => view.page.locator('.lit').first().getAttribute('d');
      t.equal((await lit()).match(/M/g).length, 2, 'b and c');
      await view.page.mouse.move(500, 5);
      t.equal(await lit(), '');
      const stops = [];
      for (let i = 0; i < 7; i++) {
        await view.press('Tab');
        stops.push(await view.page.evaluate(() => {
          const { activeElement: here } = document;
          return here.getAttribute('role') || here.localName;
        }));
      }
      t.equal(stops.join(' '), 'tree' + ' button'.repeat(6), 'each has one Tab stop');
      await entry.click();
      await view.page.locator('[role="dialog"] button').nth(1).click();
      await view.settle();
      t.equal((await view.frames()).map(({ name }) => name).sort().join(), 'all,e');
      t.has(await view.part('state'), 'removed kernel');
      await view.page.reload();
      await view.settle();
      t.has(await view.part('state'), 'removed kernel', 'from the address');
      await view.press('u');
      await view.settle();
      t.equal((await view.frames()).length, 6);
    },
  ],
  [
    'a flame chart has an axis of time, which follows the zoom and goes with cuts',
    async (t) => {
      const folded =
        '# flametree: columns=1 type=cpu-clock unit=ns\n' +
        Array.from({ length: 10 }, (none, i) => `main;f${i} 1000000000\n`).join('');
      const view = await draw(t, ['--flamechart', '--width', '1000'], folded);
      const marks = () => view.page.locator('.axis text').allTextContents();
      t.equal((await marks()).slice(0, 3), ['0', '1.00 s', '2.00 s']);
      await view.click('f3');
      await view.settle();
      t.equal((await marks()).slice(0, 3), ['3.00 s', '3.10 s', '3.20 s']);
      await view.press('Escape');
      await view.hover('f5');
      await view.press('x');
      await view.settle();
      t.equal(await marks(), []);
    },
  ],
  [
    'marks of an axis that are too close to differ count from the first one',
    async (t) => {
      const folded = '# flametree: columns=1 type=cpu-clock unit=ns\n' +
        'main;long 6331200000\nmain;short 5000000\nmain;long 90000000\n';
      const view = await draw(t, ['--flamechart', '--width', '1000', '--minwidth', '0'], folded);
      await view.page.goto((await view.page.url()) + '#zoom=main;short');
      await view.page.reload();
      await view.settle();
      const marks = await view.page.locator('.axis text').allTextContents();
      t.equal(marks.slice(0, 3), ['6.33 s', '+500.00 us', '+1.00 ms']);
      t.equal(new Set(marks).size, marks.length);
    },
  ],
  [
    '--sandwich: the static picture has the frames of the viewer',
    async (t) => {
      const options = { sandwich: '^lex$', width: 1000 };
      const view = await t.open(DEMO, options);
      await view.settle();
      const plain = await t.open(DEMO, options, '', { javaScriptEnabled: false });
      const frames = plain.page.locator('[id$="frames"] > g');
      const still = [];
      for (let i = 0; i < (await frames.count()); i++) {
        const rect = frames.nth(i).locator('rect');
        still.push(
          (await frames.nth(i).locator('title').textContent()) +
            (await rect.getAttribute('x')) +
            ' ' +
            (await rect.getAttribute('width')),
        );
      }
      const live = await view.page.evaluate(() =>
        Array.from(document.querySelectorAll('[role="treeitem"]'), (g) => {
          const rect = g.querySelector('rect');
          const [x, width] = ['x', 'width'].map((key) => rect.getAttribute(key));
          return `${g.firstChild.textContent}${x} ${width}`;
        }),
      );
      t.equal(live.sort(), still.sort());
      await view.hover('lex');
      await view.press('b');
      await view.settle();
      t.ok(await view.frame('idle'), 'the rest is there');
    },
  ],
  [
    'callers and callees with their parts of the function',
    async (t) => {
      const view = await t.open('a;f;x 30\nb;f;y 40\nb;f 10\nc 20\n', { width: 1000 });
      await view.hover('f');
      await view.press('b', 't');
      const rows = await view.page
        .locator('tbody tr')
        .evaluateAll((all) => all.map((row) => Array.from(row.cells, (c) => c.textContent).join()));
      t.equal(rows, [
        'b,50,62.50 %,caller',
        'a,30,37.50 %,caller',
        'f,10,12.50 %,self',
        'y,40,50.00 %,callee',
        'x,30,37.50 %,callee',
      ]);
      await view.page.locator('tbody tr').first().click();
      await view.settle();
      t.has(await view.page.locator('[role="dialog"] h2').textContent(), 'callees of b');
    },
  ],
  [
    'the note of --notes is shown; commands without a frame, and of merged boxes, say so',
    async (t) => {
      const view = await t.open(DEMO, { notes: 'build <812>' });
      t.has(await view.part('state'), 'build <812>');
      for (const key of ['b', 'h', 'x', 'f', 'c', 'C']) {
        await view.press(key);
        t.has(await view.part('details'), 'Point at a frame first', key);
      }
    },
  ],
];
