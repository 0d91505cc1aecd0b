// SPDX-License-Identifier: MIT
// The viewer in Firefox, by real clicks and keys: the main things with some care for what this
// browser does its own way, and then all tests that viewer_test.mjs runs in Chromium. Arguments
// choose files by a part of their names. $FIREFOX names the browser; without one all is skipped.
import driver from './lib/firefox.js';
import pages from './lib/firefox_page.js';
import harness from './lib/harness.js';
import profiles from './lib/profiles.js';

const { Firefox, findFirefox, version } = driver;
const { DEMO, DEEP } = profiles;
const [WIDE, HIGH] = [1000, 700];
const MATCH = '#e600e6';
const MOST_SKIPPED = 20; // tests of Chromium that need what Firefox cannot do

let firefox;

async function openFile(t, file, where = '') {
  await firefox.open('file://' + file + where);
  return t.view(firefox, 'svg');
}

const open = (t, folded, options, where) =>
  openFile(t, t.writeFile(t.picture(folded, options)), where);

const scroll = (y) =>
  firefox.evaluate((to) => {
    window.scrollTo(0, to);
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }, y);

// The details line is in the window and begins with this.
async function details(t, view, wanted) {
  const box = await firefox.evaluate((root) => {
    const { top, bottom } = document
      .querySelector(root + ' [id$="details"]')
      .getBoundingClientRect();
    return [top, bottom];
  }, view.root);
  t.has(await view.part('details'), wanted);
  t.ok(box[0] > 0 && box[1] <= HIGH, `the details are in the window: ${box}`);
}

async function rootInSight(t, view, what) {
  await view.settle();
  const { top, bottom } = (await view.frame('all')) || {};
  t.ok(top > 30 && bottom < HIGH, `the root after ${what}: ${top} to ${bottom}`);
}

const tests = [
  [
    'a picture taller than the window: frames are where they are seen, at any scroll',
    async (t) => {
      const view = await open(t, DEEP);
      await rootInSight(t, view, 'opening');
      for (const [y, wanted] of [
        [null, 'd300_7'],
        [2500, 'd300_145'],
        [0, 'd300_290'],
      ]) {
        if (y !== null) await scroll(y);
        const shown = (await view.frames()).filter(({ top, bottom }) => top > 40 && bottom < 640);
        t.ok(shown.length > 35, `rows fill the window at ${y}: ${shown.length}`);
        const { name } = shown.find((frame) => frame.name === wanted) || shown[20];
        await view.hover(name);
        await details(t, view, `Function: ${name} 9 samples`);
      }
      await view.click('d300_290');
      t.ok((await view.hash()).endsWith('d300_289;d300_290'), 'the frame under the click');
      t.near((await view.frame('d300_290')).width, (await view.frame('d300_289')).width, 1);
    },
  ],
  [
    'the root row stays in sight when the picture becomes lower or higher',
    async (t) => {
      const view = await open(t, DEEP);
      await view.hover('d300_3');
      await view.press('x');
      t.ok(!(await view.names()).includes('d300_3'), 'the high stack is gone');
      await rootInSight(t, view, 'x');
      await view.press('Escape');
      await rootInSight(t, view, 'Escape');
      await view.click('d100_3');
      await rootInSight(t, view, 'a zoom');
      await firefox.back();
      await rootInSight(t, view, 'Back');
      await view.press('r');
      await rootInSight(t, view, 'r');
    },
  ],
  [
    'zoom by click, step back by key and by Back; the address opens the same view',
    async (t) => {
      const view = await open(t, DEMO);
      const names = (await view.names()).sort();
      await view.click('eval');
      t.equal(await view.hash(), '#zoom=main;eval');
      t.near((await view.frame('eval')).width, (await view.frame('all')).width, 1);
      await details(t, view, 'Function: eval 260 samples');
      const zoomed = (await view.names()).sort();
      const url = await view.url();
      await view.press('Escape');
      await view.settle();
      t.equal((await view.names()).sort(), names);
      await view.click('eval');
      await view.settle();
      await firefox.back();
      await view.settle();
      t.equal((await view.names()).sort(), names, 'Back');
      await firefox.open('about:blank');
      await firefox.open(url);
      t.equal((await view.names()).sort(), zoomed, 'the address');
    },
  ],
  [
    'search: typing marks matches, Enter walks them into view, Escape clears',
    async (t) => {
      const view = await open(t, DEEP);
      await view.search('d300_(7|250)$');
      t.has(await view.part('matched'), '/d300_(7|250)$/: 2 places, 50.0 % of all');
      t.equal((await view.frame('d300_7')).fill, MATCH);
      await view.press('Enter', 'n');
      await view.settle();
      const { top, bottom, fill } = (await view.frame('d300_250')) || {};
      t.ok(top > 30 && bottom < 660 && fill === MATCH, `in sight: ${top} to ${bottom}`);
      await details(t, view, 'Function: d300_250');
      await view.press('Escape');
      t.equal(await view.part('matched'), '');
    },
  ],
  [
    'an expression of an address waits for Enter',
    async (t) => {
      const view = await open(t, DEMO, {}, '#search=lex');
      t.equal(await view.part('matched'), '/lex/: press Enter to search');
      await view.press('Enter');
      t.has(await view.part('matched'), '/lex/: 1 place');
    },
  ],
  [
    'bottom-up, sandwich, cut and undo, icicle, dark, help',
    async (t) => {
      const view = await open(t, DEMO);
      await view.press('r');
      t.ok((await view.names()).includes('poll'), 'r');
      await view.press('r');
      await view.hover('malloc');
      await view.press('b');
      t.has(await view.part('state'), 'callers and callees of malloc');
      await view.press('Escape');
      await view.settle();
      await view.hover('gc');
      await view.press('h');
      t.ok(!(await view.names()).includes('gc'), 'h');
      await view.press('u', 'i');
      await view.settle();
      t.ok((await view.frame('gc')).top > (await view.frame('all')).top, 'u and i');
      await view.press('d');
      const dark = () => firefox.evaluate(() => document.documentElement.matches('.dark'));
      t.ok(await dark(), 'd');
      await view.press('d', '?');
      const panel = await firefox.evaluate(() => {
        const { top, bottom, width } = document.querySelector('.panel').getBoundingClientRect();
        return { top, bottom, width };
      });
      t.ok(panel.top >= 0 && panel.bottom <= HIGH && panel.width > 300, JSON.stringify(panel));
      await view.press('Escape');
    },
  ],
  [
    'the wheel with Ctrl zooms around the mouse',
    async (t) => {
      const view = await open(t, DEMO);
      const before = await view.frame('parse');
      const [x, y] = await view.pointAt('parse');
      await firefox.wheelWith('Control', x, y, -120);
      await view.settle();
      const after = await view.frame('parse');
      t.ok(after.width > 1.2 * before.width, `${before.width} to ${after.width}`);
      t.ok(after.left < x && after.right > x, 'the frame stays under the mouse');
    },
  ],
  [
    'as <object> with empty margins: the frame under the click is zoomed',
    async (t) => {
      const file = t.writeFile(t.picture(DEMO, { width: 900 }));
      const html = `<!doctype html><title>t</title><body style="margin: 30px"><object
        type="image/svg+xml" data="${file}" width="500" height="500"></object>`;
      await firefox.open('file://' + t.writeFile(html, '.html'));
      await firefox.enter('object');
      const view = t.view(firefox, 'svg');
      const { top, width } = await view.frame('all');
      t.ok(top > 200 && width < 500, `a margin above, made smaller: ${top}, ${width}`);
      await view.hover('gc');
      t.has(await view.part('details'), 'Function: gc 120');
      await view.click('gc');
      t.near((await view.frame('gc')).width, width, 1);
      t.ok(!(await view.names()).includes('lex'), 'zoomed');
      await firefox.enter();
    },
  ],
  [
    'inside a page that is scrolled',
    async (t) => {
      const svg = t.picture(DEEP, { inline: true });
      const html = `<!doctype html><meta charset="utf-8"><title>t</title>
        <p style="height: 900px">above</p>${svg}<p style="height: 900px">below</p>`;
      const view = await openFile(t, t.writeFile(html, '.html'));
      await scroll(3000);
      const [{ name }] = (await view.frames()).filter(({ top }) => top > 300 && top < 500);
      await view.hover(name);
      await details(t, view, `Function: ${name} 9 samples`);
    },
  ],
  [
    'a comparison: details and the list of changes',
    async (t) => {
      const view = await openFile(t, harness.comparison('a;b 10\na;c 40\n', 'a;b 30\na;c 40\n'));
      await view.hover('b');
      await details(t, view, 'Function: b');
      t.has(await view.part('details'), 'before 20.00 \u2192 after 60.00 % of the run');
      await view.press('l');
      t.has(await firefox.evaluate(() => document.querySelector('.panel').textContent), 'b');
    },
  ],
  [
    'a window as narrow as a phone: the page is as wide as the window',
    async (t) => {
      // Firefox for phones has this on.
      const phone = (on) => firefox.prefer('dom.meta-viewport.enabled', on);
      await firefox.resize(520, HIGH);
      try {
        await phone(true);
        const view = await open(t, DEMO);
        t.near(await firefox.evaluate(() => window.innerWidth), 520, 1);
        t.ok((await view.frame('all')).width > 480);
        await view.hover('gc');
        await details(t, view, 'Function: gc 120');
      } finally {
        await phone(false);
        await firefox.open('about:blank');
        await firefox.resize(WIDE, HIGH);
      }
    },
  ],
];

// A test whose pages are tabs of Firefox.
class FirefoxTest extends harness.Test {
  async page(options) {
    const page = await pages.Page.open(firefox, options);
    this.contexts.push(page);
    return page;
  }

  async takeErrors() {
    return [...this.errors.splice(0), ...(await firefox.errors())];
  }
}

// Returns [what went wrong, why it was skipped].
async function runOne(name, run) {
  const t = new FirefoxTest(null, name);
  let wrong = '';
  let skipped = '';
  try {
    await run(t);
    wrong = (await t.takeErrors()).join('\n');
  } catch (error) {
    if (error instanceof pages.Unsupported) skipped = error.message;
    else wrong = error.stack;
  }
  for (const page of t.contexts) await page.close();
  await firefox.send('WebDriver:SwitchToWindow', { handle: firefox.home });
  Object.assign(firefox, { handle: firefox.home });
  await firefox.enter().catch(() => {});
  if (firefox.size !== `${WIDE} ${HIGH}`) await firefox.resize(WIDE, HIGH);
  firefox.size = `${WIDE} ${HIGH}`;
  await firefox.errors();
  return [wrong, skipped];
}

if (!findFirefox()) {
  console.log('1..0 # SKIP firefox is missing');
} else {
  const names = process.argv.slice(2);
  const all = [...(names.length ? [] : tests), ...harness.findTests(names)];
  let skips = 0;
  console.log('1..' + (all.length + 1));
  console.log('# ' + version());
  firefox = await Firefox.launch({ width: WIDE, height: HIGH });
  firefox.home = await firefox.send('WebDriver:GetWindowHandle').then(({ value }) => value);
  firefox.size = `${WIDE} ${HIGH}`;
  for (const [i, [name, run]] of all.entries()) {
    const [wrong, skipped] = await runOne(name, run);
    skips += Boolean(skipped);
    console.log(
      `${wrong ? 'not ok' : 'ok'} ${i + 1} - ${name}${skipped ? ` # SKIP ${skipped}` : ''}`,
    );
    if (wrong) {
      process.exitCode = 1;
      console.log(wrong.replace(/^/gm, '# '));
    }
  }
  const few = skips <= MOST_SKIPPED;
  if (!few) process.exitCode = 1;
  console.log(`${few ? 'ok' : 'not ok'} ${all.length + 1} - few need Chromium (${skips})`);
  await firefox.quit();
}
