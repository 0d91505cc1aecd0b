// SPDX-License-Identifier: MIT
'use strict';
// Colours, contrast, labels, dark mode, paper.
const { inflateSync } = require('zlib');
const { DEMO, DIFF } = require('./lib/profiles.js');

function channels(colour) {
  const hex = /^#(..)(..)(..)$/.exec(colour);
  if (hex) return hex.slice(1).map((part) => parseInt(part, 16));
  return /rgba?\((\d+), ?(\d+), ?(\d+)/.exec(colour).slice(1).map(Number);
}

function luminance(colour) {
  const [r, g, b] = channels(colour).map((c) =>
    c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a, b) {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

// The number of pages of a PDF. Firefox compresses the objects that describe them.
function pagesOf(pdf) {
  const text = pdf.toString('latin1');
  const packed = text.matchAll(/\/ObjStm[^]*?stream\r?\n([^]*?)endstream/g);
  const objects = Array.from(packed, ([, data]) =>
    inflateSync(Buffer.from(data, 'latin1')).toString('latin1'),
  );
  return [text, ...objects].join('\n').match(/\/Type\s*\/Page\b/g).length;
}

// Many names, so that many colours are there.
const COLOURS =
  Array.from({ length: 60 }, (none, i) => `f${i};g${i * 7};h${i * 31} 10`).join('\n') + '\n';

const CPP =
  'std::vector<std::pair<int, long>, std::allocator<std::pair<int, long> > >' +
  '::push_back(int const&)';

module.exports = [
  [
    'contrast of label on frame is at least 4.5, light and dark, zoomed and searched',
    async (t) => {
      for (const colorScheme of ['light', 'dark']) {
        const view = await t.open(COLOURS, {}, '', {
          colorScheme,
          viewport: { width: 2400, height: 500 },
        });
        const look = async (when) => {
          const seen = (await view.frames()).filter((one) => one.label);
          t.ok(seen.length > 2, 'labels ' + when);
          for (const one of seen) {
            t.ok(contrast(one.fill, one.ink) >= 4.5, `${one.name} ${one.fill} ${one.ink} ${when}`);
          }
        };
        await look(colorScheme);
        await view.search('g[1-3]');
        await look(colorScheme + ' searched');
        await view.press('Tab');
        await view.click('h0');
        await look(colorScheme + ' zoomed');
      }
    },
  ],
  [
    'ink turns light on dark frames',
    async (t) => {
      const view = await t.open(COLOURS, {}, '', { viewport: { width: 2400, height: 500 } });
      const inks = new Set((await view.frames()).filter((one) => one.label).map((one) => one.ink));
      t.ok(inks.size === 2, 'two inks: ' + Array.from(inks));
    },
  ],
  [
    'labels lose arguments, then template arguments, then their middle',
    async (t) => {
      const view = await t.open(`${CPP} 500\nother 500\n`);
      const label = async (width) => {
        await view.page.setViewportSize({ width, height: 500 });
        await view.settle();
        return (await view.frame(CPP)).label;
      };
      t.equal(await label(2400), CPP);
      t.equal(await label(1150), CPP.replace('(int const&)', ''));
      t.equal(await label(500), 'std::vector::push_back');
      t.ok(/^std:.*\u2026.*back$/.test(await label(240)), 'both ends: ' + (await label(240)));
      t.ok(/^\u2026.*back$/.test(await label(150)), 'the end: ' + (await label(150)));
    },
  ],
  [
    'labels never end inside a character',
    async (t) => {
      const wide = '\u{1f600}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}e\u0301'.repeat(6);
      const view = await t.open(`${wide} 30\nb 970\n`);
      for (const width of [400, 900, 1400, 2000]) {
        await view.page.setViewportSize({ width, height: 500 });
        await view.settle();
        const { label } = await view.frame(wide);
        const rest = label.replace('\u2026', '');
        t.ok(wide.endsWith(rest), 'an end of the name');
        t.ok(!/^[\udc00-\udfff\u200d\u0301]/.test(rest), 'whole characters: ' + escape(label));
      }
    },
  ],
  [
    'labels fit their frames',
    async (t) => {
      const view = await t.open(COLOURS + 'wide\u4e2d\u6587\u5b57\u7b26\u5bbd\u5ea6 30\n', {}, '', {
        viewport: { width: 1900, height: 500 },
      });
      const over = await view.page.evaluate(() =>
        Array.from(document.querySelectorAll('[id$="frames"] > *'))
          .filter(
            (g) =>
              g.lastChild.textContent &&
              g.lastChild.getBoundingClientRect().right >
                g.children[1].getBoundingClientRect().right + 0.5,
          )
          .map((g) => g.textContent),
      );
      t.equal(over, []);
    },
  ],
  [
    'static labels fit their frames, whatever letters they have',
    async (t) => {
      const letters = Array.from({ length: 95 }, (none, i) => String.fromCharCode(32 + i))
        .filter((c) => !/[ ;#]/.test(c))
        .concat('\u00e9', '\u0436', '\u03c9', '\u4e2d');
      const folded = letters
        .map((c, i) => `${c.repeat(20)} ${10 + ((i * 7) % 23)}\n`)
        .concat('WWWWmmmm@@@@ 9\n')
        .join('');
      const view = await t.open(folded, { width: 4000 }, '', { javaScriptEnabled: false });
      const frames = view.page.locator('[id$="frames"] > g');
      let labels = 0;
      for (const [i, text] of (await frames.locator('text').allTextContents()).entries()) {
        if (!text) continue;
        const [box, label] = await Promise.all(
          ['rect', 'text'].map((tag) => frames.nth(i).locator(tag).boundingBox()),
        );
        t.ok(label.x + label.width <= box.x + box.width + 0.1, `${text} ${label.width}`);
        labels++;
      }
      t.ok(labels > 80, `${labels} labels`);
    },
  ],
  [
    'the root says what all of it weighs, in both pictures',
    async (t) => {
      const facts = '# flametree: columns=1 samples=2520 type=cpu-clock unit=ns\n';
      const folded = facts + 'a;b 12660000000\n';
      const svg = t.picture(folded);
      t.has(svg, '>all: 12.66 s, 2,520 samples</text>');
      const view = await t.open(folded);
      const root = async () => (await view.frames()).map(({ label }) => label);
      t.ok((await root()).includes('all: 12.66 s, 2,520 samples'), 'drawn by the viewer');
      const counted = await t.open('x 1 1.0: 5000000 cpu-clock:\n\t4a f (/x)\n\n'
        + 'x 1 1.1: 5000000 cpu-clock:\n\t6a h (/x)\n\n');
      await counted.hover('h');
      await counted.press('x');
      await counted.settle();
      const left = (await counted.frames()).map(({ label }) => label);
      t.ok(left.includes('all: 5.00 ms, 1 sample'), 'of what a cut left: ' + left);
    },
  ],
  [
    'd toggles dark, and it is remembered',
    async (t) => {
      const view = await t.open(DEMO);
      const ground = () =>
        view.page.evaluate(
          () => getComputedStyle(document.querySelector('[id$="background"]')).fill,
        );
      const isDark = async () => /^rgb/.test(await ground()) && luminance(await ground()) < 0.1;
      t.equal(await isDark(), false);
      await view.press('d');
      t.equal(await isDark(), true);
      await view.page.reload();
      t.equal(await isDark(), true, 'after opening it again');
      await view.press('d');
      t.equal(await isDark(), false);
    },
  ],
  [
    'the system\u2019s dark scheme is followed, as it changes',
    async (t) => {
      const view = await t.open(DEMO, {}, '', { colorScheme: 'dark' });
      const dark = () =>
        view.page.evaluate(() => document.querySelector('svg').classList.contains('dark'));
      t.equal(await dark(), true);
      await view.page.emulateMedia({ colorScheme: 'light' });
      await t.becomes(dark, false);
    },
  ],
  [
    'hues stay in the dark',
    async (t) => {
      const light = await t.open(DEMO);
      const dark = await t.open(DEMO, {}, '', { colorScheme: 'dark' });
      const others = await dark.frames();
      (await light.frames()).forEach((one, i) => {
        channels(one.fill).forEach((c, k) =>
          t.near(channels(others[i].fill)[k], c, 0.3 * c + 3, one.name),
        );
      });
    },
  ],
  [
    'on paper the controls are gone, it is light, and the zoomed view stays',
    async (t) => {
      const view = await t.open(DEMO, {}, '', { colorScheme: 'dark' });
      await view.click('gc');
      await view.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      await view.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      const seen = await view.page.evaluate(() => ({
        controls: Array.from(
          document.querySelectorAll('[role="button"]'),
          (one) => getComputedStyle(one).display,
        ),
        grounds: Array.from(
          document.querySelectorAll('[id$="background"], .back'),
          (one) => getComputedStyle(one).fill,
        ),
        page: getComputedStyle(document.documentElement).backgroundColor,
      }));
      t.equal(seen.page, 'rgba(0, 0, 0, 0)', 'the page has no color');
      t.ok(
        seen.controls.length >= 4 && seen.controls.every((one) => one === 'none'),
        'no controls',
      );
      t.equal([...new Set(seen.grounds)], ['none'], 'no bands');
      t.ok(
        (await view.names()).includes('sweep') && !(await view.names()).includes('lex'),
        'zoomed',
      );
      await view.page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
      t.ok(
        await view.page.evaluate(() => document.querySelector('svg').classList.contains('dark')),
      );
    },
  ],
  [
    'a picture that is low enough for one page is printed on one',
    async (t) => {
      const rows = Array.from({ length: 30 }, (none, i) => 'f' + i).join(';') + ' 10\n';
      const view = await t.open(rows, {}, '', { viewport: { width: 1400, height: 900 } });
      // In the window it is 600 pixels high. The page is 750 wide and 400 high.
      const pdf = await view.page.pdf({ width: '750px', height: '400px' });
      t.equal(pagesOf(pdf), 1, 'pages');
    },
  ],
  [
    'all rows are printed, not only those in the window',
    async (t) => {
      const deep = Array.from({ length: 200 }, (none, i) => 'f' + i).join(';') + ' 10\n';
      const view = await t.open(deep);
      t.ok((await view.names()).length < 120);
      await view.page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
      t.equal((await view.names()).length, 201);
    },
  ],
  [
    'differential colours: red grew, blue shrank, white is the same',
    async (t) => {
      for (const negate of [false, true]) {
        const view = await t.open(DIFF, { negate });
        const fill = async (name) => channels((await view.frame(name)).fill);
        // Changes of the subtrees: grow +200, shrink -200, the greatest is 200; leaf +50.
        const rest = Math.trunc((210 * 150) / 200);
        t.equal(await fill('grow'), negate ? [0, 0, 255] : [255, 0, 0], 'grow');
        t.equal(await fill('shrink'), negate ? [255, 0, 0] : [0, 0, 255], 'shrink');
        t.equal(await fill('same'), [255, 255, 255], 'same');
        t.equal(await fill('leaf'), negate ? [rest, rest, 255] : [255, rest, rest], 'leaf');
        t.has((await view.frame('grow')).title, `; ${negate ? '-' : '+'}33.33%)`);
      }
    },
  ],
  [
    'differential colours in other views',
    async (t) => {
      const view = await t.open(DIFF);
      await view.press('r');
      t.equal(channels((await view.frame('shrink')).fill), [0, 0, 255]);
      t.ok(channels((await view.frame('leaf')).fill)[1] < 255, 'leaf grew');
    },
  ],
  [
    'nothing overlaps at 400 px',
    async (t) => {
      const view = await t.open(
        DEMO,
        { title: 'A rather long title of a flame graph to be cut' },
        '',
        { viewport: { width: 400, height: 700 } },
      );
      await view.click('parse');
      await view.search('mark|call');
      await view.press('Tab');
      const boxes = await view.textBoxes('.bar text:not([visibility="hidden"]), .bar tspan');
      t.ok(boxes.length >= 6, 'texts');
      boxes.forEach((a, i) => {
        t.ok(a.left >= 0 && a.right <= 400, a.text + ' is in the picture');
        for (const b of boxes.slice(i + 1)) {
          t.ok(
            a.right <= b.left || b.right <= a.left
              || a.bottom <= b.top + 4 || b.bottom <= a.top + 4,
            `"${a.text}" and "${b.text}" overlap`,
          );
        }
      });
    },
  ],
  [
    'a title that does not fit between the buttons of a narrow window is below them',
    async (t) => {
      const title = 'Which server was this';
      const view = await t.open(DEMO, { title }, '', { viewport: { width: 520, height: 700 } });
      t.equal([await view.part('title'), await view.part('state')], ['', title]);
      await view.page.setViewportSize({ width: 1000, height: 700 });
      await view.settle();
      t.equal([await view.part('title'), await view.part('state')], [title, '']);
    },
  ],
  [
    'the focused frame has a ring of two colors, the document a title',
    async (t) => {
      const view = await t.open(DEMO, { title: 'One <two>' });
      await view.press('/', 'l', 'e', 'x', 'Enter');
      const looks = await view.page.evaluate(() =>
        ['.halo', '.ring'].map((one) => {
          const element = document.querySelector(one);
          const { stroke, strokeWidth } = getComputedStyle(element);
          return [stroke, parseFloat(strokeWidth), element.getAttribute('d')];
        }),
      );
      t.ok(looks[0][0] !== looks[1][0] && looks[0][1] > looks[1][1], JSON.stringify(looks));
      t.equal(looks[0][2], looks[1][2]);
      const { attribute } = (await view.frames()).find(({ name }) => name === 'lex');
      const left = /^M([\d.]+)/.exec(looks[0][2])[1];
      t.near(left, Number(attribute.x) - 1, 0.01, 'the ring is around the frame, not on it');
      t.equal(await view.page.title(), 'One <two>');
    },
  ],
  [
    'below a short picture the page goes on in its color; a long title keeps both ends',
    async (t) => {
      const view = await t.open(DEMO, { title: `first${' middle'.repeat(60)} last` });
      const colors = await view.page.evaluate(() => {
        const end = document.querySelector('#sky').lastChild.getAttribute('stop-color');
        const probe = document.createElementNS('http://www.w3.org/2000/svg', 'g');
        probe.style.color = end;
        return [probe.style.color, getComputedStyle(document.documentElement).backgroundColor];
      });
      t.equal(colors[1], colors[0]);
      const title = await view.part('title');
      t.ok(/^first.*\u2026.*last$/.test(title), title);
    },
  ],
];
