// SPDX-License-Identifier: MIT
'use strict';
// The help page, and motion.
const { DEMO } = require('./lib/profiles.js');

module.exports = [
  [
    '? lists the keys, Esc closes it and does nothing else',
    async (t) => {
      const view = await t.open(DEMO);
      await view.click('gc');
      await view.press('?');
      const dialog = view.page.locator('[role="dialog"]');
      const text = await dialog.textContent();
      const keys = await view.page.locator('[role="dialog"] kbd').allTextContents();
      for (const key of [
        'Enter',
        'b',
        'h',
        'x',
        'f',
        'c',
        'C',
        '/',
        'Ctrl F',
        'F3',
        'n',
        'N',
        'Escape',
        'Backspace',
        '0',
        'u',
        'Ctrl Z',
        'r',
        'i',
        's',
        'm',
        'd',
        '?',
      ])
        t.ok(keys.includes(key), 'key ' + key);
      for (const word of ['Arrow keys', 'wheel', 'two fingers']) t.has(text, word);
      await view.press('Escape');
      t.equal(await dialog.count(), 0);
      t.near((await view.frame('gc')).width, 980, 0.11, 'still zoomed');
    },
  ],
  [
    'its lines are commands',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('?');
      await view.page.getByRole('button', { name: /Icicle or flame/ }).click();
      t.ok((await view.frame('all')).top < (await view.frame('main')).top);
      t.equal(await view.page.locator('[role="dialog"]').count(), 0);
    },
  ],
  [
    'its lines can be walked by keys',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('?', 'Tab', 'Tab', 'Shift+Tab');
      t.has(
        await view.page.evaluate(() => document.activeElement.textContent),
        'Zoom to this frame',
      );
      for (let i = 0; i < 17; i++) await view.press('Tab');
      t.has(await view.page.evaluate(() => document.activeElement.textContent), 'Icicle or flame');
      await view.press('Enter');
      t.ok((await view.frame('all')).top < (await view.frame('main')).top);
    },
  ],
  [
    'it is in the window at 400 px, and scrolls',
    async (t) => {
      const view = await t.open(DEMO, {}, '', { viewport: { width: 400, height: 300 } });
      await view.press('?');
      const box = await view.page.locator('[role="dialog"]').boundingBox();
      t.ok(
        box.x >= 0 && box.x + box.width <= 400 && box.y >= 0 && box.y + box.height <= 300,
        JSON.stringify(box),
      );
    },
  ],
  [
    'nothing moves for those who want no motion',
    async (t) => {
      for (const reducedMotion of ['reduce', 'no-preference']) {
        const view = await t.open(DEMO, {}, '', { reducedMotion });
        const long = await view.page.evaluate(() =>
          Array.from(document.querySelectorAll('svg, svg *')).some(
            (one) =>
              parseFloat(getComputedStyle(one).transitionDuration) > 0 ||
              parseFloat(getComputedStyle(one).animationDuration) > 0,
          ),
        );
        t.equal(long, reducedMotion === 'no-preference', reducedMotion);
      }
    },
  ],
  [
    'the key of menus opens that of the focused frame',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('Tab', 'Tab', 'Tab', 'Tab', 'Tab');
      await view.search('^lex$');
      await view.press('Enter', 'ContextMenu');
      await view.page.evaluate(() => {
        if (document.querySelector('.panel')) return;
        const event = new PointerEvent('contextmenu', { bubbles: true, clientX: 500 });
        document.querySelector('#frames').dispatchEvent(event);
      });
      t.has(await view.page.locator('.panel h2').textContent(), 'lex (200 samples');
    },
  ],
];
