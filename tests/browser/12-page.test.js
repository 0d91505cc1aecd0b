// SPDX-License-Identifier: MIT
'use strict';
// In pages: inline twice, as object and image, under a policy, without script.
const crypto = require('crypto');
const { execFileSync } = require('child_process');
const { DEMO } = require('./lib/profiles.js');
const { findProgram } = require('./lib/harness.js');

const OTHER = 'run;left 60\nrun;right 40\n';
const inline = (t, folded, prefix) => t.picture(folded, { inline: true, prefix });
const page = (...bodies) =>
  '<!doctype html><meta charset="utf-8"><title>t</title><body>' + bodies.join('\n');

module.exports = [
  [
    'two graphs in a page do not meet',
    async (t) => {
      const tab = await t.html(
        page(
          '<p><input id="other"></p><div id="one">',
          inline(t, DEMO, 'a-'),
          '</div><div id="two">',
          inline(t, OTHER, 'b-'),
          '</div>',
        ),
      );
      const [one, two] = [t.view(tab, '#one svg'), t.view(tab, '#two svg')];
      await one.click('gc');
      t.ok(!(await one.names()).includes('lex') && (await two.names()).includes('left'));
      await two.click('left');
      t.near((await two.frame('left')).width, (await two.frame('all')).width, 0.2);
      await one.hover('gc');
      await one.press('r');
      t.ok((await one.names()).includes('lex'), 'keys go to the one under the mouse');
      t.ok(!(await two.names()).includes('right'));
      const hash = await one.hash();
      t.has(hash, 'a-.bottomup=true');
      t.has(hash, 'b-.zoom=run;left');
      const again = await t.page();
      await again.goto(tab.url());
      t.ok(!(await t.view(again, '#two svg').names()).includes('right'), 'restored');
      t.equal(await t.view(again, '#one svg').names(), await one.names());
      await two.hover('left');
      await two.press('Escape');
      await two.settle();
      t.ok((await two.names()).includes('right'), 'a step back of the other graph');
      t.ok((await one.hash()).includes('bottomup'), 'leaves the first alone');
    },
  ],
  [
    'the same picture twice, without prefixes',
    async (t) => {
      const svg = inline(t, OTHER);
      const tab = await t.html(page('<div id="one">', svg, '</div><div id="two">', svg, '</div>'));
      const [one, two] = [t.view(tab, '#one svg'), t.view(tab, '#two svg')];
      await two.click('left');
      t.ok((await one.names()).includes('right'));
      t.ok(!(await two.names()).includes('right'));
      const again = await t.page();
      await again.goto(await two.url());
      t.ok((await t.view(again, '#one svg').names()).includes('right'));
      t.ok(!(await t.view(again, '#two svg').names()).includes('right'));
    },
  ],
  [
    'keys of the page stay with the page',
    async (t) => {
      const tab = await t.html(page('<p><input id="other"> text</p>', inline(t, DEMO)));
      await tab.mouse.move(5, 5);
      await tab.focus('#other');
      await tab.keyboard.type('r/d0');
      t.equal(await tab.inputValue('#other'), 'r/d0');
      await tab.evaluate(() => document.activeElement.blur());
      await tab.keyboard.press('r');
      t.equal(await tab.evaluate(() => location.hash), '');
    },
  ],
  [
    'an anchor of the page stays in the address',
    async (t) => {
      const tab = await t.html(page('<h1 id="part">x</h1>', inline(t, DEMO)));
      await tab.evaluate(() => {
        location.hash = '#part';
      });
      const view = t.view(tab, 'svg');
      await view.click('gc');
      t.equal(await view.hash(), '#part&zoom=main;gc');
    },
  ],
  [
    'as <object>',
    async (t) => {
      const file = t.writeFile(t.picture(DEMO));
      const tab = await t.html(
        page(`<object type="image/svg+xml" data="${file}" width="800" height="400"></object>`),
      );
      const frame = tab.frames()[1];
      await t.view(frame, 'svg').settle();
      const at = await frame.evaluate(() => {
        const g = Array.from(document.querySelectorAll('[id$="frames"] > g')).find((one) =>
          one.textContent.startsWith('gc'),
        );
        const { left, top } = g.children[1].getBoundingClientRect();
        return [left + 5, top + 5];
      });
      const box = await tab.locator('object').boundingBox();
      await tab.mouse.click(box.x + at[0], box.y + at[1]);
      await frame.waitForFunction(
        () =>
          !Array.from(document.querySelectorAll('[id$="frames"] > g')).some((one) =>
            one.textContent.startsWith('lex'),
          ),
        null,
        { timeout: 5000 },
      );
    },
  ],
  [
    'a phone lays a picture out as wide as it is, and a page around it decides for itself',
    async (t) => {
      const phone = { viewport: { width: 400, height: 800 }, isMobile: true, hasTouch: true };
      const width = (tab) => tab.evaluate(() => window.innerWidth);
      const view = await t.open(DEMO, {}, '', phone);
      t.equal(await width(view.page), 400);
      t.near((await view.frame('all')).width, 380, 0.2);
      const fixed = await t.open(DEMO, { width: 1200 }, '', phone);
      t.equal(await width(fixed.page), 1200, 'a given width is seen as a whole');
      // The whole file in a page: nothing ends the <svg>, nothing speaks for the page.
      const text = t.picture(DEMO).replace(/^<[?].*/, '');
      const tab = await t.html(page(text, '<p>after</p>'), phone);
      t.equal(await width(tab), 980);
      t.equal(await tab.locator('svg > p').count(), 0);
      await t.view(tab, 'svg').click('gc');
      t.has(await t.view(tab, 'svg').part('details'), 'gc');
    },
  ],
  [
    'as <img> it is the static picture',
    async (t) => {
      const file = t.writeFile(t.picture(DEMO));
      const tab = await t.html(page(`<img src="${file}">`));
      t.ok(
        await tab.evaluate(() =>
          document
            .querySelector('img')
            .decode()
            .then(() => document.querySelector('img').naturalWidth > 100),
        ),
      );
    },
  ],
  [
    'under a policy that allows its hashes only',
    async (t) => {
      const svg = inline(t, DEMO);
      const hash = (text) =>
        `'sha256-${crypto.createHash('sha256').update(text).digest('base64')}'`;
      const script = /<script[^>]*>(?:<!\[CDATA\[)?([^]*?)(?:\]\]>)?<\/script>/.exec(svg)[1];
      const style = /<style[^>]*>(?:<!\[CDATA\[)?([^]*?)(?:\]\]>)?<\/style>/.exec(svg)[1];
      t.ok(
        !/\sstyle=|\son\w+=/.test(svg.replace(script, '').replace(style, '')),
        'no inline style or handler',
      );
      const tab = await t.html(
        '<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" ' +
          `content="default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; ` +
          "require-trusted-types-for 'script'\"><title>t</title>" +
          svg,
      );
      const view = t.view(tab, 'svg');
      await view.click('gc');
      await view.press('?', 'Escape', 'd', 'i', 'r', 'b');
      await view.search('gc');
      t.has(await view.part('matched'), '/gc/');
      const program = findProgram();
      if (program) {
        t.has(execFileSync(program, ['--print-csp-hash']).toString(), hash(script).slice(1, -1));
      }
    },
  ],
  [
    'links of --nameattr stay after a redraw, unsafe ones do not lead anywhere',
    async (t) => {
      const other = t.writeFile('<!doctype html><title>other</title>', '.html').replace(/.*\//, '');
      const links = {
        main: { href: other, target: '_top', title: 'the start', id: 'own', class: 'c' },
        gc: { href: 'java\tscript:alert(1)', target: '_top' },
        parse: { title: 'parses' },
        idle: { href: 'https://example.org/', target: '_blank' },
      };
      const file = t.writeFile(
        t
          .picture(DEMO, { nameattr: t.writeFile('main\tclass=c\n') })
          .replace('"links":{"main":{"class":"c"}}', () => `"links":${JSON.stringify(links)}`),
      );
      const tab = await t.page();
      await tab.goto('file://' + file);
      const view = t.view(tab, 'svg');
      const found = async (title) =>
        tab.evaluate((wanted) => {
          const g = Array.from(document.querySelectorAll('[id$="frames"] > *')).find((one) =>
            one.firstChild.textContent.startsWith(wanted),
          );
          return (
            g &&
            [g.localName]
              .concat(
                ['href', 'target', 'id', 'class'].map((key) =>
                  key === 'id' && g.id.includes('frame-') ? '' : g.getAttribute(key) || '',
                ),
              )
              .join(' ')
          );
        }, title);
      t.equal(await found('the start'), `a ${other} _top own c`);
      t.equal((await found('gc')).split(' ')[0], 'g', 'the script is no link');
      t.equal(await found('parses'), 'g    ', 'a title alone');
      t.equal((await found('idle')).trim(), 'a https://example.org/ _blank');
      await view.click('eval');
      t.equal(await found('the start'), `a ${other} _top own c`, 'zoomed');
      t.equal((await found('call')).split(' ')[0], 'g');
      await view.click('the start');
      await tab.waitForURL('**/' + other);
    },
  ],
  [
    'without script it is the static picture',
    async (t) => {
      const plain = await t.open(DEMO, { width: 1000 }, '', { javaScriptEnabled: false });
      const texts = await plain.page.locator('[id$="frames"] > g').count();
      t.equal(texts, 19, 'frames and the root');
      const none = await t.open(DEMO, { script: false });
      t.equal(await none.page.locator('script, metadata').count(), 0);
      t.equal(await none.page.locator('[id$="frames"] > g').count(), 19);
    },
  ],
  [
    'it leaves no global behind and asks for nothing',
    async (t) => {
      const tab = await t.html(
        page('<script>window.before = Object.keys(window)</script>', inline(t, DEMO)),
      );
      await t.view(tab, 'svg').click('gc');
      t.equal(
        await tab.evaluate(() =>
          Object.keys(window).filter((key) => !window.before.includes(key) && key !== 'before'),
        ),
        [],
      );
    },
  ],
  [
    'the script is small and strict',
    async (t) => {
      const svg = t.picture(DEMO);
      const script = /<script[^>]*>(?:<!\[CDATA\[)?([^]*?)(?:\]\]>)?<\/script>/.exec(svg)[1];
      t.ok(Buffer.byteLength(script) <= 64000, 'bytes: ' + Buffer.byteLength(script));
      t.ok(Buffer.byteLength(script) > 10000, 'all of it');
      t.has(script.slice(0, 60), "'use strict'");
      t.ok(
        !/\beval\b\(|innerHTML|prompt\(|alert\(|document\.write|\]\]>/.test(script),
        'none of those',
      );
    },
  ],
  [
    'the viewer draws before the document is complete; static frames are in no document',
    async (t) => {
      const page = await t.page();
      await page.addInitScript(() => {
        addEventListener(
          'DOMContentLoaded',
          () => {
            window.there = Array.from(document.querySelectorAll('#frames'), (group) => [
              group.getAttribute('role'),
              group.childElementCount > 50,
            ]);
          },
          true,
        );
      });
      // More than a browser parses at a time, so that it could lay out the beginning.
      let folded = '';
      for (let i = 0; i < 5000; i++) folded += `main;caller_${i % 70};function_${i} 10\n`;
      await page.goto('file://' + t.writeFile(t.picture(folded)));
      const view = t.view(page, 'svg');
      t.equal(await page.evaluate(() => window.there), [['tree', true]]);
      t.has((await view.frame('main')).title, 'main (50,000 samples, 100%)');
    },
  ],
  [
    'a data block that cannot be read leaves the static picture',
    async (t) => {
      const page = await t.page();
      const svg = t.picture(DEMO).replace('\nflametree 1\n', '\nflametree 9\n');
      await page.goto('file://' + t.writeFile(svg));
      t.ok((await page.locator('#frames > g').count()) > 3);
      const errors = await t.takeErrors();
      t.ok(errors.length === 1 && errors[0].includes('unknown data'), errors.join());
    },
  ],
  [
    'hidden at first, drawn when shown',
    async (t) => {
      const tab = await t.html(
        page('<div id="tab" style="display: none">', inline(t, DEMO), '</div>'),
      );
      await tab.evaluate(() => {
        document.querySelector('#tab').style.display = 'block';
      });
      const view = t.view(tab, 'svg');
      await view.settle();
      t.ok((await view.frame('all')).width > 900);
    },
  ],
];
