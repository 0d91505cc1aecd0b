// SPDX-License-Identifier: MIT
'use strict';
// How long the viewer takes to open, zoom, go back, search and turn over, in headless Chromium:
//
//     node tests/bench/viewer.js OURS.svg [OTHER.svg ...]
//
// Each file is opened `RUNS` times (3); the table has medians in ms, and for others than the first
// the ratio to the first. Open: from the start of the navigation to the second frame on the
// screen. The other times: from the click or key to the second frame after it, less one idle pair
// of frames; a person takes a second between them. Pictures of flamegraph.pl and inferno know the
// same clicks; their search is a call of search(), as it asks by a dialog, and their way back one
// of unzoom().

const path = require('path');
const { loadPlaywright, findChromium } = require('../browser/lib/harness.js');

const RUNS = Number(process.env.RUNS) || 3;

const median = (list) => list.slice().sort((a, b) => a - b)[list.length >> 1];

// Runs in the page: does something, and waits for the second frame after it.
function timed(page, act, argument) {
  return page.evaluate(
    ([source, value]) =>
      new Promise((done) => {
        const start = performance.now();
        // eslint-disable-next-line no-eval
        (0, eval)('(' + source + ')')(value);
        requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
      }),
    [act.toString(), argument],
  );
}

// A frame that is worth a zoom: far from the root, a tenth to a third of the width.
function pickFrame(page) {
  return page.evaluate(() => {
    const all = Array.from(document.querySelectorAll('#frames > *, .func_g'), (g) => {
      const box = g.querySelector('rect').getBoundingClientRect();
      return { x: box.left + box.width / 2, y: box.top + box.height / 2, width: box.width };
    }).filter(
      (one) =>
        one.width > innerWidth / 10 &&
        one.width < innerWidth / 3 &&
        one.y > 40 &&
        one.y < innerHeight - 60,
    );
    return all[all.length >> 1] || { x: innerWidth / 2, y: innerHeight / 2 };
  });
}

function click({ x, y }) {
  document
    .elementFromPoint(x, y)
    .dispatchEvent(
      new MouseEvent('click', { bubbles: true, clientX: x, clientY: y, view: window }),
    );
}

function key(name) {
  document.documentElement.dispatchEvent(
    new KeyboardEvent('keydown', { key: name, bubbles: true }),
  );
}

function searchFor(text) {
  const field = document.querySelector('input');
  if (field) {
    field.value = text;
    field.dispatchEvent(new Event('input'));
  } else if (window.search) {
    window.search(text);
  }
}

async function measure(browser, file) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const out = {};
  const start = Date.now();
  await page.goto('file://' + path.resolve(file), { timeout: 300000 });
  await timed(page, () => {});
  out.open = Date.now() - start;
  out.boot = await page.evaluate(() => performance.now());
  // What the viewer still does behind the picture belongs to nothing that a person does.
  await page.waitForTimeout(1000);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const idle = median([
    await timed(page, () => {}),
    await timed(page, () => {}),
    await timed(page, () => {}),
  ]);
  const less = async (act, argument) => {
    const time = Math.max(0.1, (await timed(page, act, argument)) - idle);
    await page.waitForTimeout(1000);
    return time;
  };
  const ours = await page.evaluate(() => Boolean(document.querySelector('.flametree-data')));
  const frame = await pickFrame(page);
  out.zoom = await less(click, frame);
  out.unzoom = ours ? await less(key, '0') : await less(() => window.unzoom && window.unzoom());
  if (ours) await page.keyboard.press('/');
  out.search = await less(searchFor, 'alloc|read');
  out.drawn = await page.evaluate(
    () => document.querySelectorAll('#frames > *, .func_g').length,
  );
  if (ours) {
    await page.keyboard.press('Tab');
    out.turn = await less(key, 'r');
  }
  await page.close();
  return out;
}

async function main(files) {
  const playwright = loadPlaywright();
  const executablePath = findChromium();
  if (!playwright || !executablePath || !files.length) {
    console.log(files.length ? 'chromium or playwright-core is not here' : 'give SVG files');
    return;
  }
  const browser = await playwright.chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  const keys = ['open', 'zoom', 'unzoom', 'search', 'turn', 'drawn'];
  console.log(['file'.padEnd(28)].concat(keys.map((one) => one.padStart(14))).join(''));
  let first = null;
  // The files take turns, so that what else the machine does falls on all of them.
  const all = files.map(() => []);
  for (let i = 0; i < RUNS; i++) {
    for (const [nth, file] of files.entries()) all[nth].push(await measure(browser, file));
  }
  for (const [nth, file] of files.entries()) {
    const runs = all[nth];
    const row = {};
    for (const one of keys)
      row[one] = runs[0][one] === undefined ? NaN : median(runs.map((run) => run[one]));
    first = first || row;
    console.log(
      [path.basename(file).slice(0, 27).padEnd(28)]
        .concat(
          keys.map((one) => {
            if (isNaN(row[one])) return '-'.padStart(14);
            const text = row[one].toFixed(one === 'drawn' ? 0 : 1);
            return (
              row === first || one === 'drawn'
                ? text
                : `${text} x${(row[one] / first[one]).toFixed(1)}`
            ).padStart(14);
          }),
        )
        .join(''),
    );
  }
  await browser.close();
}

main(process.argv.slice(2));
