// SPDX-License-Identifier: MIT
'use strict';
// Zoom: in, out, back, forward, by mouse, keys, wheel; the width of the window.
const x = require('./lib/expect.js');
const { DEEP, DEMO, NARROW } = require('./lib/profiles.js');

const stacks = x.readStacks(DEMO);

// Where a frame must be: its share of the width between the pads.
function spot(path, from, to, width) {
  const sorted = DEMO.trim()
    .split('\n')
    .map((line) => line.replace(/ \d+$/, ''));
  const paths = sorted.filter((one) => (one + ';').startsWith(path + ';'));
  let left = 0;
  for (const one of stacks) {
    if (one.frames.join(';') === paths[0]) break;
    left += one.weight;
  }
  const weight = x.sum(x.under(stacks, path));
  const scale = (width - 20) / (to - from);
  return [10 + Math.max(0, (left - from) * scale), weight * scale];
}

module.exports = [
  [
    'frames lie where the folded lines put them',
    async (t) => {
      const view = await t.open(DEMO);
      for (const path of [
        'idle',
        'main',
        'main;eval',
        'main;gc',
        'main;parse',
        'main;parse;read',
      ]) {
        const [left, width] = spot(path, 0, 1000, 1000);
        const frame = await view.frame(path.split(';').pop());
        t.near(frame.left, left, 0.11, path + ' left');
        t.near(frame.width, width, 0.11, path + ' width');
      }
    },
  ],
  [
    'a click zooms: the frame fills the width, its callees follow, the others go',
    async (t) => {
      const view = await t.open(DEMO);
      await view.click('gc');
      const frame = await view.frame('gc');
      t.near(frame.left, 10, 0.11);
      t.near(frame.width, 980, 0.11);
      t.near((await view.frame('sweep')).width, (980 * 30) / 120, 0.11);
      t.equal((await view.names()).sort(), ['all', 'gc', 'main', 'mark', 'mark', 'mark', 'sweep']);
    },
  ],
  [
    'ancestors stay as a dimmed path to climb',
    async (t) => {
      const view = await t.open(DEMO);
      const before = await view.frame('main');
      await view.click('gc');
      const main = await view.frame('main');
      t.near(main.width, 980, 0.11);
      t.ok(main.fill !== before.fill, 'dimmed');
      t.near(main.top, before.top, 1, 'stays in its row');
      await view.click('main');
      t.ok((await view.names()).includes('parse'));
    },
  ],
  [
    'frames too narrow before appear',
    async (t) => {
      const view = await t.open(NARROW);
      t.ok(!(await view.names()).includes('f300'));
      await view.click('many');
      t.ok((await view.names()).includes('f300'), 'f300 is drawn');
      t.near((await view.frame('f300')).width, 980 / 600, 0.2);
    },
  ],
  [
    'a click on a merged box zooms to it',
    async (t) => {
      const view = await t.open(NARROW);
      const merged = (await view.frames()).find((frame) => /frames$/.test(frame.name));
      await view.page.mouse.click((merged.left + merged.right) / 2, merged.top + 4);
      t.ok((await view.names()).includes('f300'));
    },
  ],
  [
    'Enter zooms to the focused frame, 0 resets',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('ArrowUp', 'ArrowUp', 'ArrowUp', 'Enter');
      t.near((await view.frame('parse')).width, 980, 0.11);
      await view.press('0');
      t.near((await view.frame('parse')).width, 980 * 0.35, 0.11);
    },
  ],
  [
    'Esc, Backspace and Back go one step out, Forward in again',
    async (t) => {
      const view = await t.open(DEMO);
      const main = () => view.frame('main').then((frame) => Math.round(frame.width));
      const shown = async () => (await view.names()).length;
      const counts = [await shown()];
      await view.click('main');
      counts.push(await shown());
      await view.click('eval', 0);
      counts.push(await shown());
      t.equal(new Set(counts).size, 3, 'three views');
      await view.press('Escape');
      await view.settle();
      t.equal(await shown(), counts[1]);
      await view.press('Backspace');
      await view.settle();
      t.equal(await shown(), counts[0]);
      t.equal(await main(), Math.round(980 * 0.73));
      await view.page.goForward();
      await view.settle();
      t.equal(await shown(), counts[1]);
      await view.page.goForward();
      await view.settle();
      t.equal(await shown(), counts[2]);
      await view.page.goBack();
      await view.settle();
      t.equal(await shown(), counts[1]);
    },
  ],
  [
    'pressing Esc twice at once goes two steps',
    async (t) => {
      const view = await t.open(DEMO);
      await view.click('main');
      await view.click('eval', 0);
      await view.press('Escape', 'Escape');
      await view.settle();
      await view.settle();
      t.equal(await view.hash(), '');
      t.ok((await view.names()).includes('idle'));
    },
  ],
  [
    '"Reset zoom" is there when it is wanted',
    async (t) => {
      const view = await t.open(DEMO);
      const button = view.page.locator('[id$="unzoom"]');
      t.ok(!(await button.isVisible()), 'hidden at first');
      await view.click('gc');
      t.ok(await button.isVisible(), 'seen when zoomed');
      await button.click();
      t.ok((await view.names()).includes('idle'));
      t.ok(!(await button.isVisible()), 'hidden again');
    },
  ],
  [
    'the width follows the window',
    async (t) => {
      const view = await t.open(DEMO);
      await view.page.setViewportSize({ width: 640, height: 700 });
      await view.settle();
      t.near((await view.frame('all')).width, 620, 0.11);
      t.near((await view.frame('main')).width, 620 * 0.73, 0.11);
      await view.page.setViewportSize({ width: 1200, height: 700 });
      await view.settle();
      t.near((await view.frame('all')).width, 1180, 0.11);
    },
  ],
  [
    'the width stays when it was given',
    async (t) => {
      const view = await t.open(DEMO, { width: 500 });
      t.near((await view.frame('all')).width, 480, 0.11);
      await view.page.setViewportSize({ width: 640, height: 700 });
      await view.settle();
      t.near((await view.frame('all')).width, 480, 0.11);
    },
  ],
  [
    'Ctrl and the wheel zoom around the mouse, in one step of undo',
    async (t) => {
      const view = await t.open(DEMO);
      const [px, py] = await view.pointAt('gc');
      await view.page.mouse.move(px, py);
      const before = await view.frame('gc');
      await view.page.keyboard.down('Control');
      for (let i = 0; i < 5; i++) await view.page.mouse.wheel(0, -40);
      await view.page.keyboard.up('Control');
      await view.settle();
      const after = await view.frame('gc');
      t.ok(after.width > before.width * 1.5, 'wider');
      t.ok(after.left <= px && after.right >= px, 'still under the mouse');
      await view.press('Escape');
      await view.settle();
      if (await view.hash()) await view.press('Escape');
      await view.settle();
      t.near((await view.frame('gc')).width, before.width, 0.2);
    },
  ],
  [
    'a wheel without Ctrl scrolls',
    async (t) => {
      const deep = Array.from({ length: 120 }, (none, i) => 'f' + i).join(';') + ' 10\n';
      const view = await t.open(deep);
      const top = () => view.page.evaluate(() => scrollY);
      const before = await top();
      await view.page.mouse.move(400, 300);
      await view.page.mouse.wheel(0, -200);
      await t.becomes(async () => (await top()) < before, true, 'scrolled');
      t.equal(await view.hash(), '');
    },
  ],
  [
    'two fingers pinch, a tap zooms',
    async (t) => {
      const view = await t.open(DEMO, {}, '', { hasTouch: true });
      const before = await view.frame('eval');
      const client = await view.page.context().newCDPSession(view.page);
      const touch = (type, points) =>
        client.send('Input.dispatchTouchEvent', {
          type,
          touchPoints: points.map(([px, py], id) => ({ x: px, y: py, id })),
        });
      const y = (before.top + before.bottom) / 2;
      const middle = (before.left + before.right) / 2;
      await touch('touchStart', [
        [middle - 30, y],
        [middle + 30, y],
      ]);
      for (let i = 1; i <= 6; i++) {
        await touch('touchMove', [
          [middle - 30 - 10 * i, y],
          [middle + 30 + 10 * i, y],
        ]);
      }
      await touch('touchEnd', []);
      await view.settle();
      const after = await view.frame('eval');
      t.near(after.width / before.width, 3, 0.8, 'as the fingers went apart');
      await view.press('0');
      const [px, py] = await view.pointAt('gc');
      await view.page.touchscreen.tap(px, py);
      await view.settle();
      t.near((await view.frame('gc')).width, 980, 0.2);
    },
  ],
  [
    'the root row stays in sight when the picture becomes lower or higher',
    async (t) => {
      const view = await t.open(DEEP);
      const inSight = async (what) => {
        await view.settle();
        const { top, bottom } = (await view.frame('all')) || {};
        t.ok(top > 30 && bottom < 660, `the root after ${what}: ${top} to ${bottom}`);
      };
      await inSight('opening');
      await view.hover('d300_3');
      await view.press('x');
      t.ok(!(await view.names()).includes('d300_3'), 'the high stack is gone');
      await inSight('x');
      await view.press('Escape');
      await inSight('Escape');
      await view.click('d100_3');
      await inSight('a zoom');
      await view.page.goBack();
      await inSight('Back');
      await view.page.goForward();
      await inSight('Forward');
      await view.press('r');
      await inSight('r');
      const other = await t.open(DEEP, {}, '#zoom=main;d100_0');
      for (const keys of [['0'], ['Escape'], ['0', 'r', 'r']]) {
        await other.press(...keys);
        view.page = other.page;
        await inSight('a zoom by address, ' + keys);
      }
    },
  ],
  [
    'every drawn frame is a group of title, rect and text, zoomed or not',
    async (t) => {
      const view = await t.open(DEMO);
      for (const name of ['', 'main', 'eval']) {
        if (name) await view.click(name);
        for (const frame of await view.frames()) {
          t.equal(frame.tags, 'g title rect text');
          t.ok(/^.+ \([\d,]+ samples, [\d.]+%\)$/.test(frame.title), frame.title);
          for (const key of ['x', 'y', 'width', 'height', 'fill']) t.ok(frame.attribute[key], key);
        }
      }
    },
  ],
  [
    'a crowd of narrow frames is painted together, and each has its group soon after',
    async (t) => {
      const names = Array.from({ length: 900 }, (none, i) => 'f' + i);
      const view = await t.open(names.map((name) => `${name};${name} 1\n`).join('') + 'wide 80\n');
      const look = () =>
        view.page.evaluate(() => {
          const [...groups] = document.querySelector('[id$="frames"]').children;
          const path = document.querySelector('.crowd path');
          const { top, bottom } = path ? path.getBoundingClientRect() : {};
          return {
            titles: groups.map((g) => g.firstChild.textContent.replace(/ \(.*/, '')),
            shown: groups.filter((g) => g.getBoundingClientRect().width).length,
            high: Math.round(bottom - top),
          };
        });
      const wanted = ['all', 'wide'].concat(names, names);
      await view.page.waitForFunction(
        (count) => document.querySelector('[id$="frames"]').children.length >= count,
        wanted.length,
        { timeout: 5000 },
      );
      const { titles, shown, high } = await look();
      t.equal(titles.sort(), wanted.sort(), 'titles');
      t.equal(shown, 2, 'drawn by themselves');
      t.near(high, 31, 1, 'two rows of paths');
      const rect = await view.frame('f7');
      t.near(Number(rect.attribute.width), 1, 0.11, 'a rect knows its place');
      // One that is painted with others can be clicked like any.
      // The mouse of Firefox is at whole pixels.
      await view.page.mouse.click(Math.ceil(rect.attribute.x), Number(rect.attribute.y) + 5);
      await view.settle();
      t.equal((await look()).titles.sort(), ['all', 'f7', 'f7'], 'zoomed');
      t.equal((await look()).high, null, 'no crowd is left');
    },
  ],
  [
    'a click on a merged box that fills the view goes on to frames',
    async (t) => {
      const rows = Array.from({ length: 9000 }, (none, i) => `m;f${i} 1`).join('\n');
      const view = await t.open(rows + '\n');
      for (let i = 0; i < 6 && !(await view.names()).some((name) => /^f\d/.test(name)); i++) {
        const merged = (await view.names()).find((name) => / frames$/.test(name));
        await view.click(merged);
        await view.settle();
      }
      t.ok((await view.names()).some((name) => /^f\d/.test(name)), 'there are frames');
    },
  ],
];
