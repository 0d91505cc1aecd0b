// SPDX-License-Identifier: MIT
'use strict';
// Copying names and stacks; selecting the details.
const { DEMO } = require('./lib/profiles.js');

const open = async (t) => {
  const view = await t.open(DEMO, {}, '', { permissions: ['clipboard-read', 'clipboard-write'] });
  return [view, () => view.page.evaluate(() => navigator.clipboard.readText())];
};

module.exports = [
  [
    'c copies the name, Shift-C the folded stack',
    async (t) => {
      const [view, clipboard] = await open(t);
      await view.hover('mark', 1);
      await view.press('c');
      await t.becomes(clipboard, 'mark');
      await view.press('Shift+C');
      await t.becomes(clipboard, 'main;gc;mark;mark');
      await t.becomes(async () => /Copied/.test(await view.part('details')), true);
    },
  ],
  [
    'the stack runs from the root in every view',
    async (t) => {
      const [view, clipboard] = await open(t);
      await view.press('r');
      const frame = (await view.frames()).find((one) => one.name === 'eval' && one.level === 3);
      await view.page.mouse.move(frame.left + 20, frame.top + 5);
      await view.press('Shift+C');
      await t.becomes(clipboard, 'eval;call');
    },
  ],
  [
    'without the mouse it is the focused frame',
    async (t) => {
      const [view, clipboard] = await open(t);
      await view.press('ArrowUp', 'ArrowUp', 'ArrowUp', 'c');
      await t.becomes(clipboard, 'parse');
    },
  ],
  [
    'text can be selected in the details line',
    async (t) => {
      const view = await t.open(DEMO);
      await view.hover('gc');
      const box = await view.page.evaluate(() => {
        const { left, right, top } = document
          .querySelector('[id$="details"] tspan')
          .getBoundingClientRect();
        return [left, right, top];
      });
      await view.page.mouse.move(box[0] + 1, box[2] + 8, { steps: 4 });
      await view.page.mouse.down();
      const selected = () => view.page.evaluate(() => String(getSelection()));
      await view.page.mouse.move(box[1] - 2, box[2] + 8, { steps: 4 });
      t.has(await selected(), 'Function: ');
      await view.page.mouse.move(box[1] + 300, box[2] + 8, { steps: 4 });
      await view.page.mouse.up();
      t.hasNot(await selected(), 'Search');
      t.hasNot(await selected(), 'Flame Graph');
    },
  ],
];
