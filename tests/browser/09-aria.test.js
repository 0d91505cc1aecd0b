// SPDX-License-Identifier: MIT
'use strict';
// The graph read without eyes, and moved in by arrows.
const { DEMO, NARROW } = require('./lib/profiles.js');

const focused = (view) =>
  view.page.evaluate(() => {
    const tree = document.querySelector('[role="tree"]');
    const item = document.getElementById(tree.getAttribute('aria-activedescendant'));
    return item && item.querySelector('title').textContent.replace(/ \(.*/, '');
  });

module.exports = [
  [
    'the frames are a tree of items with name, level and expanded',
    async (t) => {
      const view = await t.open(DEMO);
      t.equal(
        await view.page.evaluate(() =>
          document.querySelector('[id$="frames"]').getAttribute('role'),
        ),
        'tree',
      );
      for (const one of await view.frames()) {
        t.equal(one.role, 'treeitem');
        if (one.name === 'parse') t.equal([one.level, one.expanded], [3, 'true']);
        if (one.name === 'lex') t.equal([one.level, one.expanded], [4, 'undefined']);
      }
      const client = await view.page.context().newCDPSession(view.page);
      const { nodes } = await client.send('Accessibility.getFullAXTree');
      const items = nodes.filter((node) => node.role && node.role.value === 'treeitem');
      t.equal(items.length, (await view.frames()).length, 'items in the accessibility tree');
      t.ok(
        items.some((node) => node.name.value.startsWith('parse (350 samples')),
        'named',
      );
    },
  ],
  [
    'details and matches are live regions',
    async (t) => {
      const view = await t.open(DEMO);
      for (const id of ['details', 'matched']) {
        t.equal(await view.page.locator(`[id$="${id}"]`).getAttribute('aria-live'), 'polite', id);
      }
    },
  ],
  [
    'arrows go to callers, callees and neighbours',
    async (t) => {
      const view = await t.open(DEMO);
      const walk = async (key, name) => {
        await view.press(key);
        t.equal(await focused(view), name, key);
      };
      await walk('ArrowUp', 'all');
      await walk('ArrowUp', 'main');
      await walk('ArrowUp', 'parse');
      await walk('ArrowLeft', 'gc');
      await walk('ArrowLeft', 'eval');
      await walk('ArrowRight', 'gc');
      await walk('ArrowUp', 'mark');
      await walk('ArrowDown', 'gc');
      await walk('ArrowDown', 'main');
      await walk('ArrowLeft', 'idle');
      await walk('ArrowLeft', 'idle');
    },
  ],
  [
    'in an icicle, down is to the callees',
    async (t) => {
      const view = await t.open(DEMO);
      await view.press('i', 'ArrowDown', 'ArrowDown', 'ArrowDown');
      t.equal(await focused(view), 'parse');
      await view.press('ArrowUp');
      t.equal(await focused(view), 'main');
    },
  ],
  [
    'the focused frame has an outline, and is scrolled into view',
    async (t) => {
      const deep = Array.from({ length: 120 }, (none, i) => 'f' + i).join(';') + ' 10\n';
      const view = await t.open(deep);
      for (let i = 0; i < 90; i++) await view.press('ArrowUp');
      t.equal(await focused(view), 'f88');
      const box = await view.page.evaluate(() => {
        const { top, bottom, width } = document.querySelector('.ring').getBoundingClientRect();
        return [top, bottom, width];
      });
      t.ok(box[0] > 0 && box[1] < 700 && box[2] > 900, 'outline in view: ' + box);
    },
  ],
  [
    'controls can be reached by Tab and pressed',
    async (t) => {
      const view = await t.open(DEMO);
      for (let i = 0; i < 9; i++) {
        await view.press('Tab');
        if (await view.page.evaluate(() => document.activeElement.textContent === 'Menu')) break;
      }
      await view.press('Enter');
      t.equal(await view.page.locator('[role="dialog"]').count(), 1);
    },
  ],
  [
    'each frame owns its callees, from left to right; in a sandwich the root owns both sides',
    async (t) => {
      const look = (view) =>
        view.page.evaluate(() => {
          const items = Array.from(document.querySelectorAll('#frames > *'));
          const nameOf = (g) => g.firstChild.textContent.replace(/ \(.*/, '');
          const wrong = [];
          const lists = {};
          const owned = new Map();
          for (const g of items) {
            const ids = (g.getAttribute('aria-owns') || '').split(' ').filter(Boolean);
            lists[nameOf(g)] ||= ids.map((id) => nameOf(document.getElementById(id)));
            for (const id of ids) {
              if (owned.has(id)) wrong.push(id + ' twice');
              owned.set(id, g);
            }
          }
          for (const g of items) {
            const level = Number(g.getAttribute('aria-level'));
            const above = owned.get(g.id);
            if (level > 1 && !above) wrong.push(nameOf(g) + ' has no owner');
            if (above && Number(above.getAttribute('aria-level')) !== level - 1)
              wrong.push(nameOf(g) + ' has a wrong level');
          }
          return { wrong, lists };
        });
      // Frames that are painted together get their elements when the picture is on the screen.
      const owners = async (view) => {
        const end = Date.now() + 10000;
        let seen = await look(view);
        while (seen.wrong.length > 0 && Date.now() < end) {
          await new Promise((goOn) => setTimeout(goOn, 50));
          seen = await look(view);
        }
        return seen;
      };
      const view = await t.open(DEMO);
      await view.settle();
      const { wrong, lists } = await owners(view);
      t.equal(wrong, []);
      t.equal(lists.main, ['eval', 'gc', 'parse']);
      t.equal(lists.parse, ['lex', 'read']);
      await view.hover('eval');
      await view.press('b');
      await view.settle();
      const both = await owners(view);
      t.equal(both.wrong, []);
      t.equal(both.lists.eval, ['call', 'malloc', 'main']);
      const crowd = await t.open(NARROW, { width: 60000 });
      await crowd.settle();
      t.equal((await owners(crowd)).wrong, [], 'those that are painted together');
    },
  ],
];
