// SPDX-License-Identifier: MIT
// An alarm that must never ring: every picture that tests/cli/hostile.sh makes, in Chromium as a
// document, as an <object> and within a page; and hostile names in everything a person can do.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import harness from './lib/harness.js';

const { findProgram } = harness;
const SOURCE = path.join(import.meta.dirname ?? path.dirname(process.argv[1]), '../..');
const SECONDS = 300; // some hundred pictures, perhaps with others at work
const BUILD = path.dirname(findProgram() || '.');
const RING = 'the alarm rang';
const MANY = 15; // pictures in a page
const PARTS = 4; // a test opens every fourth
const parts = (title, run) =>
  Array.from({ length: PARTS }, (none, part) => [
    `${title}, ${part + 1} of ${PARTS}`,
    (t) => run(t, (all) => all.filter((one, i) => i % PARTS === part)),
  ]);

// printf's escapes; %% is %.
const TEXTS = fs
  .readFileSync(path.join(SOURCE, 'tests/data/hostile/texts'), 'latin1')
  .trimEnd()
  .split('\n')
  .map((line) =>
    Buffer.from(
      line
        .replace(/\\(\\|[0-7]{3})/g, (all, c) =>
          c === '\\' ? c : String.fromCharCode(parseInt(c, 8)),
        )
        .replace(/%%/g, '%'),
      'latin1',
    ),
  );

// What the script made, once.
let made;
function pictures() {
  if (!made) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flametree-alarm-'));
    process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
    execFileSync('sh', [path.join(SOURCE, 'tests/cli/hostile.sh')], {
      env: { ...process.env, KEEP: folder, srcdir: SOURCE, builddir: BUILD },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    made = fs.readdirSync(folder).map((name) => path.join(folder, name));
  }
  return made;
}

// A page in which an alarm, and all that knocks at a person's door, is an error of the console.
async function guarded(t, options) {
  const page = await t.page(options);
  page.setDefaultTimeout(SECONDS * 1000);
  await page.addInitScript((ring) => {
    for (const name of ['alarm', 'alert', 'confirm', 'prompt', 'open'])
      window[name] = () => console.error(ring);
  }, RING);
  page.on('dialog', () => t.errors.push('a dialog came up'));
  page.on('request', (request) => {
    if (!/\/flametree-(alarm|browser)-[^/]*\/[\w.-]+$/.test(request.url().replace(/[?#].*/, '')))
      t.errors.push('asks for ' + request.url());
  });
  return page;
}

// Elements and attributes of a frame that no picture of ours has.
const strangers = (frame) =>
  frame.evaluate(() => {
    const ours =
      'a body defs desc div g head html iframe kbd linearGradient metadata meta object path ' +
      'pattern rect script stop style svg text title tspan';
    const found = [];
    for (const element of document.querySelectorAll('*')) {
      if (!ours.split(' ').includes(element.localName)) found.push('<' + element.localName + '>');
      for (const name of element.getAttributeNames())
        if (
          /^on/i.test(name) ||
          (/^(.*:)?href /.test(name + ' ') &&
            /^\s*(java|vb|data)/i.test(element.getAttribute(name)))
        )
          found.push(`${element.localName} ${name}=${element.getAttribute(name)}`);
    }
    if (document.querySelectorAll('script').length > document.querySelectorAll('svg').length)
      found.push('more scripts than pictures');
    return found;
  });

async function look(t, page) {
  for (const frame of page.frames()) {
    const found = await strangers(frame);
    if (found.length) t.errors.push(frame.url() + ': ' + found.join(', '));
  }
}

const shell = (bodies) =>
  '<!doctype html><meta charset="utf-8"><title>t</title><body>' + bodies.join('\n');

async function pages(t, some, wanted, markup) {
  const all = pictures().filter((file) => wanted.test(file));
  t.ok(all.length >= TEXTS.length, all.length + ' pictures');
  const files = some(all);
  const page = await guarded(t);
  for (let i = 0; i < files.length; i += MANY) {
    await page.goto('file://' + t.writeFile(shell(files.slice(i, i + MANY).map(markup)), '.html'));
    await look(t, page);
  }
}

const tests = [
  [
    'the alarm rings when something executes',
    async (t) => {
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg"><script>alarm()</script><rect onclick="1"/></svg>';
      const file = t.writeFile(svg);
      for (const body of [
        svg,
        `<object data="${file}" type="image/svg+xml"></object>`,
        `<iframe src="${file}"></iframe>`,
        '<img src="x" onerror="alarm()">',
      ]) {
        const page = await guarded(t);
        await page.goto('file://' + t.writeFile(shell([body]), '.html'));
        await look(t, page);
        t.has(t.errors.join('\n'), RING);
        t.ok(t.errors.length > 1, 'strangers are seen');
        t.errors.length = 0;
      }
    },
  ],
  ...parts('hostile pictures as documents', (t, some) =>
    pages(t, some, /\.svg$/, (file) => `<iframe src="${file}"></iframe>`),
  ),
  ...parts('hostile pictures as objects', (t, some) =>
    pages(t, some, /\.svg$/, (file) => `<object type="image/svg+xml" data="${file}"></object>`),
  ),
  [
    'hostile pictures within a page',
    (t) =>
      pages(
        t,
        (all) => all,
        /\.html$/,
        (file) => fs.readFileSync(file, 'utf8'),
      ),
  ],
  ...parts('hostile names in everything that can be done, a copy too', async (t, some) => {
    const folded = Buffer.concat(
      some(TEXTS).map((text) => Buffer.concat([Buffer.from('m;'), text, Buffer.from(';x 1\n')])),
    );
    const file = t.writeFile(
      execFileSync(findProgram(), ['-q', '--minwidth=0'], {
        input: folded,
      }),
    );
    const page = await guarded(t, {
      permissions: ['clipboard-read', 'clipboard-write'],
      viewport: { width: 1800, height: 700 },
    });
    await page.goto('file://' + file);
    const view = t.view(page, 'svg');
    const wide = (await view.frames()).filter((frame) => frame.level > 2);
    t.ok(wide.length >= some(TEXTS).length, 'all are drawn');
    for (const frame of wide.filter((one) => one.name !== 'x')) {
      const [x, y] = [(frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2];
      await page.mouse.move(x, y);
      await view.press('Shift+C', 'b', 'Escape', 'x', 'u');
      await page.mouse.click(x, y);
      await view.press('0');
    }
    for (const keys of ['r', 'i', 's', 'm', 'd']) await view.press(keys, keys);
    await view.press('?', 'Escape');
    await look(t, page);
  }),
  [
    'hostile expressions and addresses',
    async (t) => {
      const page = await guarded(t);
      const file = t.writeFile(t.picture('main;<script>alarm()</script> 3\nmain;b 4\n'));
      await page.goto('file://' + file);
      const view = t.view(page, 'svg');
      for (const text of TEXTS.map((one) => one.toString().replace(/[\0-\x1f]/g, ''))) {
        await view.press('/');
        await page.keyboard.insertText(text);
        await view.press('Escape');
      }
      await look(t, page);
      for (const text of TEXTS.map((one) => one.toString())) {
        const coded = encodeURIComponent(text);
        await page.goto(`file://${file}?s=${coded}#search=${coded}&zoom=main;${coded}`);
        await view.press('Enter');
      }
      await look(t, page);
      for (const text of TEXTS) await page.goto(`file://${file}#zoom=${text}`);
      await look(t, page);
    },
  ],
  [
    'links that would run something, though the file says so',
    async (t) => {
      const page = await guarded(t);
      const links = {};
      const names = [
        'javascript:alarm()',
        ' javascript:alarm()',
        'JAVASCRIPT:alarm()',
        '\tjavas' + 'cript:alarm()',
        'java\nscript:alarm()',
        '\u0001javascript:alarm()',
        'data:text/html,<' + 'script>parent.alarm()</script>',
        'vbscript:alarm()',
        'blob:x',
      ];
      names.forEach((href, i) => (links['f' + i] = { href, target: '_self' }));
      const svg = t.picture(names.map((name, i) => `f${i} 10\n`).join(''));
      const file = t.writeFile(
        svg.replace(
          '{"unit"',
          () =>
            `{"links":${JSON.stringify(links).replace(
              /[<>&]/g,
              (c) => '\\u00' + c.charCodeAt(0).toString(16),
            )},"unit"`,
        ),
      );
      await page.goto('file://' + file);
      const view = t.view(page, 'svg');
      t.equal((await view.frames()).length, names.length + 1);
      for (let i = 0; i < names.length; i++) {
        await view.click('f' + i);
        await view.press('0');
      }
      t.equal(page.url().replace(/#.*/, ''), 'file://' + file);
    },
  ],
];

process.exitCode = await harness.runTests(tests, SECONDS);
