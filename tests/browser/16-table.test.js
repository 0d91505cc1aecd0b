// SPDX-License-Identifier: MIT
'use strict';
// The table of functions: its numbers are reckoned here from the folded stacks.
const { DEMO, DIFF, NARROW } = require('./lib/profiles.js');
const x = require('./lib/expect.js');

const stacks = x.readStacks(DEMO);
const ALL = x.sum(stacks);
const NAMES = [...new Set(stacks.flatMap(({ frames }) => frames))];

// [self, total, places] of a function.
const reckon = (name) => [
    x.sum(stacks.filter(({ frames }) => frames[frames.length - 1] === name)),
    x.sum(x.through(stacks, name)),
    x.places(stacks, name).length,
];

const lines = (view) =>
    view.page
        .locator('[role="dialog"] tbody tr')
        .evaluateAll((all) => all.map((row) => Array.from(row.cells, (cell) => cell.textContent)));

const firstCells = async (view) => (await lines(view)).map(([name]) => name);

const isOpen = (view) => view.page.locator('[role="dialog"] table').count();

module.exports = [
    [
        'places have digits in groups of three',
        async (t) => {
            const folded = Array.from({ length: 1200 }, (none, i) => `m;c${i};f 1\n`).join('');
            const view = await t.open(folded);
            await view.press('t');
            const row = (await lines(view)).find(([name]) => name === 'f');
            t.equal(row.slice(-1), ['1,200']);
        },
    ],
    [
        'the keyboard stays in the table when its lines change, or goes to the graph',
        async (t) => {
            const view = await t.open(DEMO);
            const held = () => view.page.evaluate(() => document.activeElement.dataset.run
                || document.activeElement.id);
            await view.press('t');
            for (const column of ['1', '0', '0']) {
                await view.page.locator(`[data-run="sort ${column}"]`).focus();
                await view.press('Enter');
                t.equal(await held(), 'sort ' + column);
            }
            const row = view.page.locator('tr:has(td[title="malloc"])');
            const run = await row.getAttribute('data-run');
            await row.focus();
            await view.press('Enter');
            t.equal(await held(), run, 'it is among callers and callees, too');
            await view.press('/');
            await view.page.keyboard.type('nothing of the kind');
            await view.press('Enter');
            await view.press('Escape');
            await view.press('r');
            t.ok((await view.hash()).includes('bottomup'), 'keys work on');
        },
    ],
    [
        'the heading of a column is a button in all its width',
        async (t) => {
            const view = await t.open(DEMO);
            await view.press('t');
            const widths = await view.page.locator('[role="dialog"] th').evaluateAll((cells) =>
                cells.map((cell) => cell.clientWidth - cell.firstChild.offsetWidth));
            t.ok(widths.every((rest) => rest <= 12), widths);
        },
    ],
    [
        'a long unit is in the heading, not in each line',
        async (t) => {
            const file = DEMO.replace(/^/, '# flametree: columns=1 type=cycles unit=cycles\n');
            const view = await t.open(file);
            await view.press('t');
            const rows = await lines(view);
            t.equal(rows.filter((row) => row.join().includes('cycles')), []);
            t.has(await view.page.locator('[role="dialog"] h2').textContent(), 'cycles');
        },
    ],
    [
        'the table does not cover what the search says',
        async (t) => {
            const view = await t.open(DEMO, {}, '', { viewport: { width: 1400, height: 700 } });
            await view.press('t');
            await view.press('/');
            await view.page.keyboard.type('((');
            const seen = await view.page.locator('.seeking p').evaluate((found) => {
                const { left, top, width, height } = found.getBoundingClientRect();
                // The pointer goes through it: what is in front is drawn last.
                const panel = document.querySelector('.panel');
                return [width > 0 && height > 0 && left > 0 && top > 0,
                    Boolean(panel.compareDocumentPosition(found) & 4)];
            });
            t.equal(seen, [true, true]);
        },
    ],
    [
        't: self, total, shares and places of each function, the largest self first',
        async (t) => {
            const view = await t.open(DEMO);
            await view.press('t');
            const rows = await lines(view);
            t.equal(await view.page.locator('[role="dialog"] h2').textContent(),
                'Functions, by samples');
            const wanted = NAMES.map((name) => [name, ...reckon(name)]);
            t.equal(
                rows.map(([name, self, , total, , places]) => [name, self, total, places].join())
                    .sort(),
                wanted.map(([name, self, total, places]) =>
                    [name, x.commas(self), x.commas(total), places].join()).sort(),
            );
            for (const [name, self, selfShare, total, share] of rows) {
                t.equal(selfShare, x.percent(Number(self), ALL) + ' %', name);
                t.equal(share, x.percent(Number(total), ALL) + ' %', name);
            }
            const selves = rows.map((row) => Number(row[1]));
            t.equal(selves, selves.slice().sort((a, b) => b - a), 'by self');
            await view.press('t');
            t.equal(await isOpen(view), 0, 't closes it');
            await view.page.locator('[id$="table"]').click();
            t.equal(await isOpen(view), 1, 'the button opens it');
            await view.press('Escape');
            t.equal(await isOpen(view), 0, 'Escape closes it');
        },
    ],
    [
        'on a wide window the graph makes room for the table, on a narrow one the table covers it',
        async (t) => {
            const view = await t.open(DEMO, {}, '', { viewport: { width: 1400, height: 700 } });
            const edges = async () => {
                const all = await view.frames();
                return [Math.min, Math.max].map((most, i) =>
                    Math.round(most(...all.map((one) => (i ? one.right : one.left)))));
            };
            const left = (selector) =>
                view.page.evaluate((one) =>
                    document.querySelector(one).getBoundingClientRect().left, selector);
            t.equal(await edges(), [10, 1390]);
            await view.press('t');
            const table = await left('[role="dialog"]');
            t.ok(table > 700 && table < 800, `the table is at ${table}`);
            t.equal(await edges(), [10, Math.round(table) - 10]);
            await view.search('ma[lr]');
            const right = await view.page.evaluate(() =>
                document.querySelector('[id$="matched"]').getBoundingClientRect().right);
            t.ok(right < table, 'what the search says is not below the table');
            await view.press('Enter');
            await view.click('main');
            await view.settle();
            t.equal((await view.frame('main')).right, (await view.frame('all')).right, 'zoomed');
            t.equal(await edges(), [10, Math.round(table) - 10]);
            await view.press('t');
            t.equal(await edges(), [10, 1390], 't closes it');
            await view.press('t', '?');
            t.equal(await edges(), [10, 1390], 'the help page takes its place');
            await view.press('Escape');

            const narrow = await t.open(DEMO, {}, '', { viewport: { width: 1000, height: 700 } });
            const width = (await narrow.frame('all')).width;
            await narrow.press('t');
            t.equal((await narrow.frame('all')).width, width, 'covered');
        },
    ],
    [
        'a click on a title sorts, a second one the other way round',
        async (t) => {
            const view = await t.open(DEMO);
            await view.press('t');
            const column = (i) => view.page.locator(`[role="dialog"] th:nth-child(${i + 1})`);
            for (const i of [0, 1, 3, 5]) {
                const read = async () =>
                    (await lines(view)).map((row) => (i ? Number(row[i]) : row[i]));
                const sorted = (list) =>
                    list.slice().sort((a, b) => (a < b ? -1 : Number(a > b)));
                await column(i).locator('button').click();
                const way = await column(i).getAttribute('aria-sort');
                const up = await read();
                t.equal(up, way === 'ascending' ? sorted(up) : sorted(up).reverse(), way);
                await column(i).locator('button').click();
                const other = await read();
                t.ok((await column(i).getAttribute('aria-sort')) !== way, 'the other way');
                t.equal(other, way === 'ascending' ? sorted(other).reverse() : sorted(other));
            }
            t.equal(await view.page.locator('th[aria-sort$="ending"]').count(), 1, 'one at a time');
        },
    ],
    [
        'the search filters it, cuts change its numbers',
        async (t) => {
            const view = await t.open(DEMO);
            await view.press('t');
            await view.search('^m.*[lk]');
            await view.press('Tab');
            const found = NAMES.filter((name) => /^m.*[lk]/.test(name)).sort();
            t.equal((await firstCells(view)).sort(), found);
            t.ok(found.length > 1, 'some');
            await view.search('nothing');
            t.has(await view.page.locator('[role="dialog"]').textContent(), 'No function matches');
            await view.press('Escape');
            t.equal((await firstCells(view)).length, NAMES.length, 'without a search all');
            await view.hover('wait');
            await view.press('x');
            const left = stacks.filter(({ frames }) => !frames.includes('wait'));
            const rows = await lines(view);
            t.equal(rows.map(([name]) => name).includes('wait'), false, 'cut');
            const [, , , total, share] = rows.find(([name]) => name === 'main');
            t.equal(total, x.commas(x.sum(x.through(left, 'main'))));
            t.equal(share, x.percent(x.sum(x.through(left, 'main')), x.sum(left)) + ' %');
        },
    ],
    [
        'a line opens the sandwich, by click and by Enter; arrows go from line to line',
        async (t) => {
            const view = await t.open(DEMO);
            await view.press('t');
            const names = await firstCells(view);
            await view.page.locator('[role="dialog"] tbody tr').nth(1).click();
            t.equal(await view.hash(), '#sandwich=' + names[1]);
            t.equal(await isOpen(view), 1, 'it stays');
            await view.press('Escape', 'Escape');
            await view.settle();
            t.equal(await view.hash(), '');
            await view.press('t');
            await view.page.locator('[role="dialog"] tbody tr').first().focus();
            await view.press('ArrowDown', 'ArrowDown', 'ArrowUp', 'ArrowDown', 'Enter');
            t.equal(await view.hash(), '#sandwich=' + names[2]);
            await view.press('Escape', 'Escape', 't', 'ArrowDown', 'ArrowDown', 'Enter');
            await view.settle();
            t.equal(await view.hash(), '#sandwich=' + names[1], 'from a table that was opened now');
        },
    ],
    [
        'the places of the function under the mouse are outlined',
        async (t) => {
            const view = await t.open(DEMO);
            await view.press('t');
            const outlines = () =>
                view.page
                    .locator('.lit')
                    .evaluate((path) => ((path.getAttribute('d') || '').match(/M/g) || []).length);
            for (const name of ['mark', 'eval', 'gc']) {
                const i = (await firstCells(view)).indexOf(name);
                await view.page.locator('[role="dialog"] tbody tr').nth(i).hover();
                t.equal(await outlines(), x.places(stacks, name).length, name);
            }
            await view.page.mouse.move(20, 300);
            t.equal(await outlines(), 0, 'elsewhere none');
        },
    ],
    [
        'many functions: the first of them, and how many more there are',
        async (t) => {
            const view = await t.open(NARROW);
            await view.press('t');
            t.equal((await lines(view)).length, 300);
            const panel = view.page.locator('[role="dialog"]');
            t.has(await panel.textContent(), '304 more functions: a search finds them');
        },
    ],
    [
        'samples of each function and frame, whether they weigh the same or not',
        async (t) => {
            const sample = (period, ...frames) => `p 1 1.0: ${period} cycles:\n`
                + frames.map((name) => `\t4a ${name} (/x)\n`).join('') + '\n';
            const wide = { viewport: { width: 1400, height: 700 } };
            for (const periods of [[500, 300, 9000, 7], [40, 40, 40, 40]]) {
                const view = await t.open(sample(periods[0], 'f', 'main')
                    + sample(periods[1], 'f', 'main') + sample(periods[2], 'g', 'f', 'main')
                    + sample(periods[3], 'main'), {}, '', wide);
                await view.press('t');
                const head = await view.page.locator('[role="dialog"] th').allTextContents();
                t.equal(head.at(-1), 'Samples');
                const seen = Object.fromEntries((await lines(view)).map((row) =>
                    [row[0], row.at(-1)]));
                t.equal([seen.p, seen.main, seen.f, seen.g], ['4', '4', '3', '1']);
                await view.hover('f');
                t.has(await view.part('details'), ' 3 samples ');
                await view.hover('g');
                t.has(await view.part('details'), ' 1 sample ');
                await view.press('b');
                t.equal((await lines(view)).map((row) => [row[0], ...row.slice(3)].join(' ')),
                    ['f caller 1', 'g self 1']);
                await view.press('Escape', 'Escape');
                await view.settle();
                await view.hover('g');
                await view.press('x');
                t.has(await view.partWith('details', '3 samples'), ' 3 samples ');
            }
            const plain = await t.open(DEMO);
            await plain.press('t');
            const titles = await plain.page.locator('[role="dialog"] th').allTextContents();
            t.equal(titles.at(-1), 'Places', 'not where weights are samples');
        },
    ],
    [
        'of a comparison: before, after, change and verdict; all that did not change, too',
        async (t) => {
            const before = 'm;a 5000\nm;b 4000\nm;c 900\nm;old;x 600\n';
            const after = 'm;a 5010\nm;b 2500\nm;c 2900\nm;fresh;y 500\n';
            const view = await t.compare(before, after);
            await view.press('t');
            const rows = await lines(view);
            const row = (name) => rows.find(([first]) => first.replace(/, by .*/, '') === name);
            t.equal(row('b').slice(1), ['38.10', '23.81', '-14.29', 'faster']);
            t.equal(row('a').slice(1), ['47.62', '47.71', '+0.10', 'noise']);
            t.equal(row('old').slice(1), ['5.71', '0.00', '-5.71', 'vanished']);
            t.equal(row('fresh').slice(1), ['0.00', '4.76', '+4.76', 'new']);
            const verdicts = rows.map((cells) => cells[4]);
            t.equal(verdicts.slice(0, 7).includes('noise'), false, 'changes come first');
            const sizes = rows.slice(0, 7).map((cells) => Math.abs(parseFloat(cells[3])));
            t.equal(
                sizes,
                sizes.slice().sort((a, b) => b - a),
                'the largest first',
            );
            t.equal((await firstCells(view))[0], 'c', 'the largest change, up or down');
            const change = view.page.locator('[role="dialog"] th:nth-child(4)');
            t.equal(await change.getAttribute('aria-sort'), 'descending', 'its column is marked');
            await change.locator('button').click();
            t.equal((await firstCells(view)).at(-1), 'c');
            t.equal(await change.getAttribute('aria-sort'), 'ascending');
            await view.hover('a');
            await view.press('x');
            const cut = (await lines(view)).map((cells) => cells[4]);
            t.equal([...new Set(cut)], ['not judged'], 'of a tree that the viewer made');
            const plain = await t.open(DIFF);
            await plain.press('t');
            const shrink = (await lines(plain)).find(([name]) => name === 'shrink');
            t.equal(shrink.slice(1), ['300', '100', '-200', 'changed']);
        },
    ],
    [
        'a name that is too long keeps its end, before its arguments, and is copied whole',
        async (t) => {
            const names = {
                'com.example.application.of.many.packages.RequestHandler.handleTheRequest': 0,
                'acme::storage::engine::Table<acme::Row>::insert_or_replace(acme::Row&&, bool)': 21,
                'a name of few words': 0,
                ['\u05d0\u05d1\u05d2'.repeat(30)]: -1,
            };
            const folded = Object.keys(names).map((name) => `m;${name} 5\n`).join('');
            const view = await t.open(folded, {}, '', { viewport: { width: 400, height: 700 } });
            await view.press('t');
            for (const [name, rest] of Object.entries(names)) {
                const [end, copied, way] = await view.page.evaluate(([wanted, skip]) => {
                    const cell = [...document.querySelectorAll('td')]
                        .find(({ title }) => title === wanted);
                    const text = cell.lastChild, at = text.length - skip, range = new Range();
                    getSelection().selectAllChildren(cell);
                    range.setStart(text, at - 1);
                    range.setEnd(text, at);
                    const box = cell.getBoundingClientRect(), last = range.getBoundingClientRect();
                    return [last.right <= box.right && last.left >= box.left,
                        String(getSelection()), cell.scrollWidth > cell.clientWidth];
                }, [name, Math.max(0, rest)]);
                t.equal(copied, name);
                if (rest >= 0) t.ok(end, 'its end can be seen: ' + name);
                if (!rest) t.equal(way, false, 'nothing is cut at the end: ' + name);
            }
        },
    ],
    [
        'it fits the window, between the bars',
        async (t) => {
            for (const [width, height] of [[1400, 800], [400, 700], [1000, 300]]) {
                for (const compared of [false, true]) {
                    const page = { viewport: { width, height } };
                    const view = compared
                        ? await t.compare(DEMO.repeat(2), DEMO, [], '', page)
                        : await t.open(NARROW, {}, '', page);
                    await view.press('t');
                    const box = await view.page.locator('[role="dialog"]').boundingBox();
                    t.ok(box.x >= 0 && box.x + box.width <= width, `${width} wide`);
                    t.ok(box.y >= 20 && box.y + box.height <= height, `${height} high`);
                }
            }
        },
    ],
];
