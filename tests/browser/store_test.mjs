// SPDX-License-Identifier: MIT
// The page of `flamestore serve` in Chromium: choosing ranges with and without script, links that
// keep everything, widths and colors, and hostile names.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import harness from './lib/harness.js';

const { features, srcdir } = process.env;
if (features && !features.split(' ').includes('store')) {
  console.log('1..0 # SKIP built without store');
  process.exit(0);
}
const SECONDS = 600; // some hundred pages, perhaps with others at work
const RING = 'the alarm rang';
const MINUTE = 60;
const START = 1700000000 - (1700000000 % 3600); // of the windows
const HOUR = 3600;
const hostile = fs
  .readFileSync(path.join(srcdir || '.', 'tests/data/hostile/texts'), 'latin1')
  .trimEnd()
  .split('\n')
  .map((line) => line.replace(/\\([0-7]{3})/g, (all, c) => String.fromCharCode(parseInt(c, 8))))
  .map((line) => line.replace(/\\\\/g, '\\').replace(/%%/g, '%'));

// ---- servers ----

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flametree-store-'));
const servers = [];
process.on('exit', () => {
  for (const server of servers) server.kill();
  fs.rmSync(folder, { recursive: true, force: true });
});

// The address of a new server with an empty store.
function serve(name, ...options) {
  const file = path.join(folder, name + '.db');
  const server = spawn(
    harness.findProgram('flamestore'),
    ['--store', file, 'serve', '--listen', '127.0.0.1:0', ...options],
    { env: { ...process.env, TZ: 'UTC' }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  servers.push(server);
  return new Promise((done, fail) => {
    let said = '';
    server.stderr.on('data', (text) => {
      said += text;
      const found = /listening on (\S+)/.exec(said);
      if (found) done(found[1]);
    });
    server.on('exit', () => fail(new Error('the server ended: ' + said)));
  });
}

async function post(url, body) {
  const answer = await fetch(url, { method: 'POST', body });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
}

const quote = (text) => '"' + text.replace(/["\\]/g, '\\$&') + '"';

function push(url, labels, from, until, body, name = 'app') {
  const text = Object.entries(labels).map(([key, value]) => key + '=' + quote(value));
  const query = new URLSearchParams({ name: `${name}{${text.join(',')}}`, from, until });
  return post(url + 'ingest?' + query, body);
}

// Two hosts, three hours, a window each minute; from the third hour on, `hot` takes more.
let demo;
function demoServer() {
  demo ||= (async () => {
    const url = await serve('demo');
    for (let at = START; at < START + 3 * HOUR; at += MINUTE) {
      const late = at >= START + 2 * HOUR;
      for (const host of ['db1', 'db2'])
        await push(url, { host, commit: late ? 'b2' : 'a1' }, at, at + MINUTE,
          `main;parse ${50 + (at / MINUTE) % 7}\nmain;hot ${late ? 200 : 20}\nmain;idle 30\n`);
    }
    await post(url + 'mark', new URLSearchParams({ text: 'deploy b2', at: START + 2 * HOUR }));
    return url;
  })();
  return demo;
}

// ---- pages ----

// A page in which an alarm is an error, and so is a request for anything but the page.
async function openPage(t, url, options) {
  const page = await t.page(options);
  page.setDefaultTimeout(60000);
  page.removeAllListeners('request');
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (/^(data|blob):$/.test(asked.protocol)) return;
    if (asked.origin !== new URL(url).origin || !['/', '/mark'].includes(asked.pathname))
      t.errors.push('asks for ' + request.url());
  });
  page.on('dialog', () => t.errors.push('a dialog came up'));
  await page.addInitScript((ring) => {
    for (const name of ['alarm', 'alert', 'confirm', 'prompt', 'open'])
      window[name] = () => console.error(ring);
  }, RING);
  await page.goto(url);
  return page;
}

const OURS =
  'a aside body br button caption circle defs desc details div footer foreignObject form g h1 ' +
  'h2 head header html i input kbd label li line linearGradient link main meta metadata nav ' +
  'option p path pattern rect script section select span stop style summary svg table tbody td ' +
  'text th thead title tr tspan ul';

// Elements and attributes that no page of ours has.
const strangers = (page) =>
  page.evaluate((ours) => {
    const found = [];
    for (const element of document.querySelectorAll('*')) {
      if (!ours.split(' ').includes(element.localName)) found.push('<' + element.localName + '>');
      for (const name of element.getAttributeNames())
        if (/^on/i.test(name) ||
            (/^(.*:)?(href|action|src)$/.test(name) &&
             !/^(\/|#|data:,$|[?])/.test(element.getAttribute(name))))
          found.push(`${element.localName} ${name}=${element.getAttribute(name)}`);
    }
    if (document.querySelectorAll('script').length > 2) found.push('more scripts than two');
    if (document.querySelectorAll('style').length > 2) found.push('more styles than two');
    return found;
  }, OURS);

async function look(t, page) {
  const found = await strangers(page);
  if (found.length) t.errors.push(page.url() + ': ' + found.join(', '));
}

const query = (page) => Object.fromEntries(new URL(page.url()).searchParams);
const at = (seconds) => String(START + seconds);
const timelineBox = (page) => page.locator('.timeline').boundingBox();

// Drags from one time to another.
async function drag(page, from, until, { shift } = {}) {
  const box = await timelineBox(page);
  const [first, last] = await page.evaluate(() => {
    const { from: a, until: b } = document.querySelector('.timeline').dataset;
    return [Number(a), Number(b)];
  });
  const x = (seconds) =>
    box.x + (((START + seconds) * 1000 - first) / (last - first)) * box.width;
  if (shift) await page.keyboard.down('Shift');
  await page.mouse.move(x(from), box.y + 60);
  await page.mouse.down();
  await page.mouse.move((x(from) + x(until)) / 2, box.y + 70, { steps: 4 });
  await page.mouse.move(x(until), box.y + 60, { steps: 4 });
  await Promise.all([page.waitForURL(/from=/), page.waitForNavigation(), page.mouse.up()]);
  if (shift) await page.keyboard.up('Shift');
}

const near = (t, time, seconds) =>
  t.ok(Math.abs(Date.parse(time + 'Z') / 1000 - START - seconds) < 120, `${time}: ${seconds}`);

// The contrast of each text with what is under it, the worst ones.
const contrasts = (page) =>
  page.evaluate(() => {
    const parse = (color) => (color.match(/[\d.]+/g) || []).map(Number);
    const light = ([r, g, b]) => {
      const part = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const groundOf = (element) => {
      for (let one = element; one; one = one.parentElement) {
        const [r, g, b, a = 1] = parse(getComputedStyle(one).backgroundColor);
        if (a > 0.5) return [r, g, b];
      }
      return [255, 255, 255];
    };
    const found = [];
    for (const element of document.querySelectorAll('body *')) {
      if (element.closest('svg.flametree') || element.closest('script, style')) continue;
      const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
      if (!own || !element.getClientRects().length) continue;
      const style = getComputedStyle(element);
      const ink = parse(element.closest('svg') ? style.fill : style.color);
      const [a, b] = [light(ink), light(groundOf(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      const text = element.textContent.trim().slice(0, 30);
      if (ratio < 4.5) found.push(`${text}: ${ratio.toFixed(2)}`);
    }
    return found;
  });

// ---- tests ----

const tests = [
  [
    'the whole store, with bars, marks, labels and the flame graph',
    async (t) => {
      const page = await openPage(t, await demoServer());
      const view = t.view(page, 'svg.flametree');
      t.equal((await view.names()).slice(0, 2), ['all', 'main']);
      t.ok((await page.locator('.timeline .bar').count()) > 90, 'bars');
      t.has(await page.locator('.timeline .mark + .flag + .name').textContent(), 'deploy b2');
      t.equal(await page.locator('aside h2').allTextContents(), ['commit', 'host', 'source']);
      t.has(await page.locator('aside li:has-text("db1")').textContent(), '50.0 %');
      await view.hover('hot');
      await view.press('t');
      t.has(await page.locator('.panel').textContent(), 'hot');
      await look(t, page);
    },
  ],
  [
    'dragging chooses a range, with Shift the one before',
    async (t) => {
      const page = await openPage(t, await demoServer());
      await drag(page, 2.2 * HOUR, 2.8 * HOUR);
      near(t, await page.inputValue('[name="from"]'), 2.2 * HOUR);
      near(t, await page.inputValue('[name="until"]'), 2.8 * HOUR);
      t.ok(!('before-from' in query(page)) && !('type' in query(page)), 'empty fields stay away');
      t.equal(await page.locator('.timeline .after').count(), 1);
      await drag(page, 0.5 * HOUR, 1.1 * HOUR, { shift: true });
      near(t, await page.inputValue('[name="from"]'), 2.2 * HOUR);
      near(t, await page.inputValue('[name="before-from"]'), 0.5 * HOUR);
      near(t, await page.inputValue('[name="before-until"]'), 1.1 * HOUR);
      t.equal(await page.locator('.timeline .side').allTextContents(), ['before', 'after']);
      const view = t.view(page, 'svg.flametree');
      await view.hover('hot');
      t.has(await view.partWith('details', 'slower'), '99 % interval');
      await page.check('[name="drag"]');
      await drag(page, 1.2 * HOUR, 1.7 * HOUR);
      near(t, await page.inputValue('[name="before-from"]'), 1.2 * HOUR);
      t.ok(await page.isChecked('[name="drag"]'), 'the choice stays');
      await page.click('text=nothing >> visible=true');
      t.ok(!('before-from' in query(page)));
      await look(t, page);
    },
  ],
  [
    'a click, Escape and a drag that ends where it began choose nothing',
    async (t) => {
      const page = await openPage(t, await demoServer());
      const url = page.url();
      const box = await timelineBox(page);
      await page.mouse.click(box.x + 200, box.y + 60);
      await page.mouse.move(box.x + 100, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + 300, box.y + 60);
      t.equal(await page.locator('.timeline > rect.after').count(), 1);
      await page.keyboard.press('Escape');
      t.equal(await page.locator('.timeline > rect.after').count(), 0);
      await page.mouse.up();
      t.equal(page.url(), url);
    },
  ],
  [
    'a finger chooses a range, too',
    async (t) => {
      const phone = { viewport: { width: 400, height: 800 }, isMobile: true, hasTouch: true };
      const page = await openPage(t, await demoServer(), phone);
      const box = await timelineBox(page);
      const session = await page.context().newCDPSession(page);
      const touch = (type, x) =>
        session.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: x === null ? [] : [{ x: box.x + x, y: box.y + 60 }],
        });
      await touch('touchStart', 100);
      for (let x = 110; x <= 220; x += 10) await touch('touchMove', x);
      await Promise.all([page.waitForURL(/from=/), touch('touchEnd', null)]);
      t.equal(await page.locator('.timeline .after').count(), 1);
    },
  ],
  [
    'without script: the form, labels, marks, the picture',
    async (t) => {
      const page = await openPage(t, await demoServer(), { javaScriptEnabled: false });
      const follow = async (selector) => {
        await page.click(selector);
        await page.waitForLoadState();
      };
      await page.fill('[name="from"]', '2023-11-14T22:10');
      await page.fill('[name="until"]', '2023-11-14T23:40');
      await page.fill('[name="before-from"]', at(0));
      await page.fill('[name="before-until"]', at(HOUR));
      await follow('button.main');
      t.equal(await page.inputValue('[name="from"]'), '2023-11-14T22:10');
      t.equal(await page.inputValue('[name="before-until"]'), '2023-11-14T23:00:00');
      t.ok((await page.locator('svg.flametree [id="frames"] > g').count()) >= 4);
      t.ok(await page.evaluate(() => {
        const picture = document.querySelector('.picture');
        return picture.scrollWidth <= picture.clientWidth;
      }), 'the picture is as wide as its place');
      await follow('aside a:has-text("db1")');
      t.equal(query(page).tag, 'host=db1');
      t.equal(query(page)['before-until'], at(HOUR));
      await follow('.chips a:has-text("host=db1")');
      t.ok(!('tag' in query(page)));
      await follow('.marks a');
      t.equal(query(page)['before-until'], query(page).from, 'before and after the mark');
      t.equal(await page.locator('.timeline .side').allTextContents(), ['before', 'after']);
    },
  ],
  [
    'links keep everything, and a frame that is chosen is a part of the address',
    async (t) => {
      const url = await demoServer();
      const all = {
        from: at(2 * HOUR), until: at(3 * HOUR), 'before-from': at(0), 'before-until': at(HOUR),
        view: '4h', 'view-until': at(3 * HOUR), by: 'host', scale: 'shares', tag: 'commit=b2',
      };
      const page = await openPage(t, url + '?' + new URLSearchParams(all));
      const links = await page.locator('a[href^="/?"]').evaluateAll((some) =>
        some.map((a) => [a.textContent, a.getAttribute('href')]));
      t.ok(links.length > 15);
      for (const [text, href] of links) {
        const asked = Object.fromEntries(new URL(href, url).searchParams);
        const lost = Object.keys(all).filter((key) => !(key in asked));
        // These say what they leave out.
        const wanted = text === 'nothing' ? ['before-from', 'before-until']
          : text.startsWith('commit=b2') || text.startsWith('b2') ? ['tag']
          : ['hour', '6 hours', 'day', 'week', '4 weeks', 'now'].includes(text)
            ? lost.filter((key) => key === 'view-until') : [];
        t.equal(lost, wanted, text);
      }
      const second = await openPage(t, url);
      const view = t.view(second, 'svg.flametree');
      await view.click('hot');
      t.has(await view.hash(), 'zoom=main;hot');
      const third = await openPage(t, second.url());
      t.ok(!(await t.view(third, 'svg.flametree').names()).includes('parse'), 'zoomed');
    },
  ],
  [
    'split by a label, values of it are first frames',
    async (t) => {
      const page = await openPage(t, (await demoServer()) + '?by=host');
      t.equal((await t.view(page, 'svg.flametree').names()).filter((n) => /^db/.test(n)).sort(),
        ['db1', 'db2']);
      t.equal(await page.inputValue('[name="by"]'), 'host');
    },
  ],
  [
    'a mark from the page comes back to the same page',
    async (t) => {
      const url = await serve('marks');
      await push(url, { host: 'a' }, START, START + MINUTE, 'a;b 3\n');
      const page = await openPage(t, url + '?tag=host%3Da&from=' + at(0));
      await page.click('summary:has-text("Add a mark")');
      await page.fill('[name="text"]', '<i>deploy</i> & more');
      await page.fill('[name="at"]', at(30));
      await Promise.all([page.waitForNavigation(), page.click('form.add button')]);
      t.equal(query(page), { from: at(0), tag: 'host=a' });
      t.has(await page.locator('.marks').textContent(), '<i>deploy</i> & more');
      await look(t, page);
    },
  ],
  ...[[1400, 900], [760, 800], [400, 800]].map(([width, height]) => [
    `nothing is cut off at ${width} px, and all text can be read in light and dark`,
    async (t) => {
      const url = await demoServer();
      const long = { from: at(2 * HOUR), until: at(3 * HOUR), 'before-from': at(0),
        'before-until': at(HOUR), tag: 'host=db1' };
      for (const colorScheme of ['light', 'dark'])
        for (const where of ['', '?' + new URLSearchParams(long), '?from=nonsense']) {
          const page = await openPage(t, url + where, { colorScheme, viewport: { width, height } });
          t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
            'it scrolls sideways');
          t.equal(await contrasts(page), [], `${colorScheme}, ${where}`);
          if (where.includes('nonsense'))
            t.has((await t.takeErrors()).join(), '400'); // the browser says that it was refused
          await page.close();
        }
    },
  ]),
  [
    'the policy stops scripts of others',
    async (t) => {
      const page = await openPage(t, await demoServer());
      await page.evaluate(() => {
        const script = document.createElement('script');
        try {
          script.textContent = 'alarm()';
        } catch {
          return; // trusted types
        }
        document.body.append(script);
      });
      const errors = (await t.takeErrors()).join();
      t.hasNot(errors, RING);
    },
  ],
  [
    'hostile names of stacks, labels, values, sources and marks',
    async (t) => {
      const url = await serve('hostile');
      // What a header line and the form of a label can hold.
      const texts = hostile.filter((text) => text.trim().length > 0);
      let stored = 0;
      for (const [i, text] of texts.entries()) {
        const clean = text.replace(/\0/g, '');
        const key = clean.replace(/[=,{}"]/g, '').trim() || 'k';
        const from = START + i * MINUTE;
        await push(url, { [key]: clean, all: clean }, from, from + MINUTE,
          `m;${clean};x 5\nm;${clean} 3\n`, clean.replace(/[{]/g, '') || 'app').then(
          () => stored++, () => {});
        await post(url + 'mark', new URLSearchParams({ text: clean, at: from })).catch(() => {});
      }
      t.ok(stored >= texts.length - 4, `${stored} of ${texts.length} are stored`);
      const page = await openPage(t, url);
      t.ok((await page.locator('aside h2').count()) >= stored - 5, 'labels are shown');
      await look(t, page);
      const view = t.view(page, 'svg.flametree');
      await view.hover('all');
      await view.press('t');
      await look(t, page);
      // Each text as a filter, as its key and its value, and each as what splits.
      const links = await page.locator('aside a').evaluateAll((all) =>
        all.map((a) => a.href).filter((href) => !/[?&]tag=(all|source)=/.test(href)));
      t.ok(links.length >= stored - 5, links.length + ' filters');
      for (const link of links) {
        await page.goto(link);
        await look(t, page);
        t.ok((await page.locator('.chips a').count()) >= 1, link);
      }
      for (const by of await page.locator('[name="by"] option').evaluateAll((all) =>
        all.map((one) => one.value))) {
        await page.goto(url + '?' + new URLSearchParams({ by }));
        await look(t, page);
      }
      const half = START + (texts.length / 2) * MINUTE;
      await page.goto(url + '?' + new URLSearchParams({
        from: half, until: START + HOUR * 2, 'before-from': START, 'before-until': half }));
      await look(t, page);
    },
  ],
  [
    'hostile addresses',
    async (t) => {
      const page = await openPage(t, await demoServer());
      const url = page.url();
      for (const text of hostile)
        for (const names of [['from', 'before-from', 'view'], ['type', 'by', 'tag']]) {
          const asked = new URLSearchParams(names.includes('from') ? {} : { from: at(0) });
          for (const name of names) asked.set(name, name === 'tag' ? text + '=' + text : text);
          await page.goto(url + '?' + asked + '#zoom=' + encodeURIComponent(text));
          await look(t, page);
        }
      const errors = await t.takeErrors();
      t.equal(errors.filter((one) => !/status of 400/.test(one)), []);
    },
  ],
];

const wanted = process.argv.slice(2);
const some = tests.filter(([name]) => !wanted.length || wanted.some((one) => name.includes(one)));
process.exitCode = await harness.runTests(some, SECONDS);
process.exit();
