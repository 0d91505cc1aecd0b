// SPDX-License-Identifier: MIT
'use strict';
// How long the viewer takes to open, zoom, go back, search and turn over, in headless Chromium:
//
//     node tests/bench/viewer.js OURS.svg [OTHER.svg ...]
//
// Each file is opened `RUNS` times (3); the table has medians in ms, and for others than the first
// the ratio to the first. Painted: from the start of the navigation until the frame is painted in
// which all of the picture is there; open: until the next frame, when it answers; whole: until the
// document has been read, too. The other times: from a real click or key
// to the second frame after it, less one idle pair of frames; a person takes a second between them.
// Pictures of flamegraph.pl and inferno know the same clicks; their search is a call of search(),
// as it asks by a dialog, and their way back one of unzoom().

const path = require('path');
const { loadPlaywright, findChromium } = require('../browser/lib/harness.js');

const RUNS = Number(process.env.RUNS) || 3;

const median = (list) => list.slice().sort((a, b) => a - b)[list.length >> 1];

// Runs in the page before it is read: notes when the picture is painted and when it answers. A
// message that is sent before a frame is painted comes after that.
function watchOpening() {
  const { port1, port2 } = new MessageChannel();
  let painted;
  port1.onmessage = () => {
    painted = performance.now();
  };
  window.opened = new Promise((done) => {
    const look = () => {
      const ready = document.querySelector('.live, :root:not(.flametree)');
      if (ready && (document.readyState === 'complete' || ready.matches('.live'))) {
        port2.postMessage('');
        requestAnimationFrame(() => done([painted, performance.now()]));
      } else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

// From an event that `act` causes to the second frame after it.
async function timed(page, type, act) {
  await page.evaluate((wanted) => {
    window.answered = new Promise((done) => {
      const start = ({ timeStamp }) =>
        requestAnimationFrame(() =>
          requestAnimationFrame(() => done(performance.now() - timeStamp)),
        );
      addEventListener(wanted, start, { capture: true, once: true });
    });
  }, type);
  await act();
  return page.evaluate(() => window.answered);
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

async function measure(browser, file) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  const out = {};
  await page.addInitScript(watchOpening);
  await page.goto('about:blank');
  await page.waitForTimeout(1500); // a new window of the browser has work of its own
  await page.goto('file://' + path.resolve(file), { timeout: 300000 });
  [out.painted, out.open] = await page.evaluate(() => window.opened);
  out.whole = await page.evaluate(
    () => performance.getEntriesByType('navigation')[0].loadEventEnd,
  );
  // What the viewer still does behind the picture belongs to nothing that a person does.
  await page.waitForTimeout(1500);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const pair = () =>
    page.evaluate(
      () =>
        new Promise((done) => {
          const from = performance.now();
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - from)));
        }),
    );
  const idle = median([await pair(), await pair(), await pair()]);
  const less = async (type, act) => {
    const time = Math.max(0.1, (await timed(page, type, act)) - idle);
    await page.waitForTimeout(1000);
    return time;
  };
  const call = (text) =>
    page.evaluate((code) => {
      dispatchEvent(new Event('asked'));
      // eslint-disable-next-line no-eval
      (0, eval)(code);
    }, text);
  const ours = await page.evaluate(() => Boolean(document.querySelector('.flametree-data')));
  const { x, y } = await pickFrame(page);
  await page.mouse.move(x, y);
  out.zoom = await less('click', () => page.mouse.click(x, y));
  if (ours) {
    out.unzoom = await less('keydown', () => page.keyboard.press('0'));
    await page.keyboard.press('/');
    out.search = await less('input', () => page.keyboard.insertText('alloc|read'));
  } else {
    out.unzoom = await less('asked', () => call('unzoom()'));
    out.search = await less('asked', () => call('search("alloc|read")'));
  }
  out.drawn = await page.evaluate(
    () => document.querySelectorAll('#frames > *, .func_g').length,
  );
  if (ours) {
    await page.keyboard.press('Enter');
    out.turn = await less('keydown', () => page.keyboard.press('r'));
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
  const keys = ['painted', 'open', 'whole', 'zoom', 'unzoom', 'search', 'turn', 'drawn'];
  console.log(['file'.padEnd(28)].concat(keys.map((one) => one.padStart(13))).join(''));
  let first = null;
  // The files take turns, so that what else the machine does falls on all of them.
  const all = files.map(() => []);
  for (let i = 0; i < RUNS; i++) {
    const turns = [...files.entries()];
    for (const [nth, file] of i % 2 ? turns.reverse() : turns) {
      all[nth].push(await measure(browser, file));
    }
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
            if (isNaN(row[one])) return '-'.padStart(13);
            const text = row[one].toFixed(one === 'drawn' ? 0 : 1);
            return (
              row === first || one === 'drawn'
                ? text
                : `${text} x${(row[one] / first[one]).toFixed(1)}`
            ).padStart(13);
          }),
        )
        .join(''),
    );
  }
  await browser.close();
}

main(process.argv.slice(2));
