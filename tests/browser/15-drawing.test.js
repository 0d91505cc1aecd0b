// SPDX-License-Identifier: MIT
'use strict';
// What is drawn and written, element by element: the drawing routine, and the steps in the address.
const { DEMO } = require('./lib/profiles.js');

const SMALL = 'main;a 600\nmain;b 300\nmain;b;c 100\nother 1000\n';
const ROOM = 980;
const WINDOW = { viewport: { width: 1000, height: 700 } };

// [name, left, width, row from the root] of frames.
async function drawn(view) {
    const frames = await view.frames();
    const base = (await view.frame('all')).top;
    return frames
        .map(({ name, left, width, top }) => [name, left, width, Math.round((base - top) / 16)])
        .sort((a, b) => a[3] - b[3] || a[1] - b[1]);
}

// Frames that are displayed, of those of the drawing.
const displayed = (view, shown) =>
    view.page
        .locator('#frames > *')
        .evaluateAll(
            (all, wanted) =>
                all.filter((g) => (g.getAttribute('display') !== 'none') === wanted).length,
            shown,
        );

const painted = (view) =>
    view.page
        .locator('.crowd path')
        .evaluateAll((all) =>
            all.reduce((sum, path) => sum + path.getAttribute('d').match(/M/g).length, 0),
        );

// Waits until as many elements are there.
const until = (view, selector, count) =>
    view.page.waitForFunction(
        ([what, wanted]) => document.querySelectorAll(what).length === wanted,
        [selector, count],
    );

module.exports = [
    [
        'a box for each frame, in its place; zoomed, the way there is as wide as the picture',
        async (t) => {
            const view = await t.open(SMALL, {}, '', WINDOW);
            const wanted = [
                ['all', 0, 2000, 0],
                ['main', 0, 1000, 1],
                ['other', 1000, 2000, 1],
                ['a', 0, 600, 2],
                ['b', 600, 1000, 2],
                ['c', 900, 1000, 3],
            ];
            const boxes = await drawn(view);
            t.equal(boxes.map(([name, , , up]) => [name, up]),
                wanted.map(([name, , , up]) => [name, up]));
            boxes.forEach(([name, left, width], i) => {
                const [, start, end] = wanted[i];
                t.near(left, 10 + (ROOM * start) / 2000, 0.11, name);
                t.near(width, (ROOM * (end - start)) / 2000, 0.11, name);
            });
            await view.click('b');
            const zoomed = await drawn(view);
            t.equal(zoomed.map(([name]) => name), ['all', 'main', 'b', 'c']);
            for (const [name, , width] of zoomed) {
                t.near(width, name === 'c' ? ROOM / 4 : ROOM, 0.11, name);
            }
        },
    ],
    [
        'what stays the same is not written again',
        async (t) => {
            const view = await t.open(DEMO);
            await view.settle();
            // That comes last; nobody counts the timers of a page that Firefox has just opened.
            await view.page.waitForFunction(() => document.querySelector('[aria-owns]'));
            await view.page.evaluate(() => {
                window.writes = 0;
                new MutationObserver((list) => {
                    window.writes += list.length;
                }).observe(document, {
                    attributes: true,
                    characterData: true,
                    childList: true,
                    subtree: true,
                });
                window.dispatchEvent(new Event('scroll'));
            });
            await view.settle();
            t.equal(await view.page.evaluate(() => window.writes), 0);
        },
    ],
    [
        'rows outside the window are not drawn',
        async (t) => {
            const deep = Array.from({ length: 3000 }, (none, i) => 'f' + i).join(';');
            const view = await t.open(deep + ' 5\n', {}, '', {
                viewport: { width: 1000, height: 300 },
            });
            const count = (await view.frames()).length;
            t.ok(count > 9 && count < 40, 'rows: ' + count);
        },
    ],
    [
        'neighbors under half a pixel are one box that says how many it is',
        async (t) => {
            const narrow = Array.from({ length: 5000 }, (none, i) => `r;n${i} 1`).join('\n');
            const view = await t.open(narrow + '\nr;wide 1000000\n');
            const names = await view.names();
            t.equal(names.filter((name) => name === '5,000 frames').length, 1);
            t.equal(names.length, 4, 'and nothing else');
        },
    ],
    [
        'a row of 150,000 boxes is drawn: more than a call can have arguments',
        async (t) => {
            const lines = Array.from({ length: 150000 }, (none, i) => `n${i} 1`).join('\n');
            const view = await t.open(lines, { width: 400000 });
            t.equal(await painted(view), 150000);
        },
    ],
    [
        'many narrow boxes are painted together, at once; their elements come later',
        async (t) => {
            const lines = Array.from({ length: 1960 }, (none, i) => `n${10000 + i} 1`).join('\n');
            const view = await t.open(lines, { width: 7860 });
            t.equal(await painted(view), 1960, 'each once');
            t.equal(await displayed(view, true), 1, 'the root');
            await until(view, '#frames > *', 1961);
            t.equal(await displayed(view, false), 1960, 'not displayed');
        },
    ],
    [
        'a step is an entry of the history; what is typed in a row is one',
        async (t) => {
            const view = await t.open(SMALL);
            const length = () => view.page.evaluate(() => history.length);
            const start = await length();
            await view.click('main');
            t.equal(await view.hash(), '#zoom=main');
            t.equal((await length()) - start, 1, 'a zoom');
            await view.search('all');
            t.equal(await view.hash(), '#zoom=main&search=all');
            t.equal((await length()) - start, 2, 'typing');
            await view.page.keyboard.type('oc');
            t.equal(await view.hash(), '#zoom=main&search=alloc');
            t.equal((await length()) - start, 2, 'and more of it');
            await view.press('Tab', 'i', 'm');
            await view.settle();
            t.equal((await length()) - start, 4, 'steps at once are entries of their own');
        },
    ],
    [
        'without a history of the browser that of the viewer does',
        async (t) => {
            const page = await t.page();
            await page.addInitScript(() => {
                history.pushState = history.replaceState = () => {
                    throw new Error('no history here');
                };
            });
            await page.goto('file://' + t.writeFile(t.picture(SMALL)));
            const view = t.view(page, 'svg');
            await view.click('main');
            await view.click('b');
            t.equal((await view.names()).includes('a'), false, 'zoomed');
            await view.press('Escape');
            t.equal((await view.names()).includes('a'), true, 'one step back');
            t.equal((await view.names()).includes('other'), false);
            await view.press('Escape');
            t.equal((await view.names()).includes('other'), true, 'the first view');
        },
    ],
    [
        'keys: others are left to the browser, so are those with Alt',
        async (t) => {
            const view = await t.open(SMALL);
            const taken = (key, more) =>
                view.page.evaluate(
                    ([name, init]) =>
                        !document.documentElement.dispatchEvent(
                            new KeyboardEvent('keydown', {
                                key: name,
                                cancelable: true,
                                bubbles: true,
                                ...init,
                            }),
                        ),
                    [key, more],
                );
            await view.hover('main');
            t.equal(await taken('q'), false, 'q');
            t.equal(await taken('m', { altKey: true }), false, 'Alt m');
            t.equal(await view.hash(), '', 'nothing happened');
            await view.press('h');
            t.equal((await view.names()).includes('main'), false, 'cut');
            await view.press('Control+z');
            t.equal((await view.names()).includes('main'), true, 'undone');
        },
    ],
    [
        'two fingers zoom by what they move, around what is between them',
        async (t) => {
            const view = await t.open('a 1\nb 1\nc 2\n', {}, '', { ...WINDOW, hasTouch: true });
            await view.page.evaluate(() => {
                const svg = document.documentElement;
                const touch = (type, pointerId, clientX) =>
                    svg.dispatchEvent(
                        new PointerEvent(type, {
                            pointerId,
                            clientX,
                            clientY: 60,
                            pointerType: 'touch',
                            bubbles: true,
                        }),
                    );
                touch('pointerdown', 1, 310);
                touch('pointerdown', 2, 510);
                touch('pointermove', 2, 710);
            });
            // 200 px became 400, around what was between them, 410 px, and is now at 510.
            const [left, right] = (await view.hash()).match(/[\d.]+/g).map(Number);
            t.near(left, (400 - 500 / 2) / ROOM, 0.001);
            t.near(right, left + 0.5, 0.001);
        },
    ],
];
