// SPDX-License-Identifier: MIT
'use strict';
// Two sides: what changed, how sure that is, and what is drawn of it. The weights are such that
// b, c, old and fresh changed for sure and a did not.
const { execFileSync } = require('child_process');
const fs = require('fs');
const { comparison, findProgram, writeFile } = require('./lib/harness.js');
const { DEMO, DIFF } = require('./lib/profiles.js');
const x = require('./lib/expect.js');

const BEFORE = 'm;a 5000\nm;b 4000\nm;c 900\nm;old;x 600\n';
const AFTER = 'm;a 5010\nm;b 2500\nm;c 2900\nm;fresh;y 500\n';
const [before, after] = [BEFORE, AFTER].map((text) => x.readStacks(text));
const of = (stacks, name) => x.sum(name === 'all' ? stacks : x.through(stacks, name));
const [whole] = [x.sum(before)];

// 99 %: score intervals of both counts, squared and added; in per cent of the run before.
function interval(name) {
    const z = 2.5758293035489;
    const [[a, aLow, aHigh], [b, bLow, bHigh]] = [before, after].map((stacks) => {
        const count = of(stacks, name);
        const half = z * Math.sqrt(count + (z * z) / 4);
        return [count, count ? count + (z * z) / 2 - half : 0, count + (z * z) / 2 + half];
    });
    return [b - a - Math.hypot(b - bLow, aHigh - a), b - a + Math.hypot(bHigh - b, a - aLow)].map(
        (end) => signed((100 * end) / whole),
    );
}

const signed = (value) => (value >= 0.005 ? '+' : '') + (value + 1e-12).toFixed(2);

// What the static frames of a file say: judged by the program.
const statics = (file) => {
    const [, markup] = fs.readFileSync(file, 'utf8').split('id="frames" class="frames">');
    const frames = markup.matchAll(/<g><title>([^<&]*)<\/title><rect ([^>]*)>/g);
    return Array.from(frames, ([, title, text]) => {
        const valueOf = (key) => (new RegExp(`\\b${key}="([^"]*)"`).exec(text) || ['', ''])[1];
        return { title, fill: valueOf('fill'), mark: valueOf('class') };
    });
};

const hex = (fill) =>
    fill.replace(/rgb\((\d+),(\d+),(\d+)\)/, (all, ...rgb) =>
        rgb.slice(0, 3).reduce((text, c) => text + (256 + Number(c)).toString(16).slice(1), '#'),
    );

// Colours may be one step off: the viewer mixes them from rounded ones.
const steps = (fill) => fill.match(/[0-9a-f]{2}/g).map((c) => parseInt(c, 16));

const looks = (frames) =>
    frames
        .map(({ title, fill, mark }) => [title, hex(fill), mark])
        .filter(([title]) => !title.startsWith('all '))
        .sort();

function alike(t, frames, wanted, what) {
    const [got, want] = [looks(frames), looks(wanted)];
    const rest = (list) => list.map(([title, fill, mark]) => [title, fill[0] === '#', mark]);
    t.equal(rest(got), rest(want), what);
    got.forEach(([title, fill], i) => {
        if (fill[0] === '#') {
            const others = steps(want[i][1]);
            steps(fill).forEach((c, k) => t.near(c, others[k], 1, `${what}: colour of ${title}`));
        } else t.equal(fill, want[i][1], what);
    });
    t.ok(want.length > 1, what);
}

// Five runs a side that differ by more than counting.
const RUNS = [0, 1].map((side) =>
    [0, 1, 2, 3].map((run) =>
        Array.from({ length: 12 }, (none, i) => {
            const wobble = 1 + (((run * 7 + i * 5 + side * 3) % 11) - 5) / 60;
            const weight =
                400 * (i + 1) * wobble * (side && i === 8 ? 1.5 : 1) * (i === 4 ? 2 - side : 1);
            return `m;g${i % 3};f${i} ${Math.round(weight)}`;
        }).join('\n'),
    ),
);

// And whose totals differ too.
const UNEVEN = RUNS.map((side) =>
    side.map((run, i) =>
        run.replace(/\d+$/gm, (weight) => Math.round(weight * 4 * [1, 1.02, 0.97, 1.04][i])),
    ),
);

const SHAPES = [
    ['as it is', BEFORE, AFTER, []],
    ['before', BEFORE, AFTER, ['--width', 'before']],
    ['union', BEFORE, AFTER, ['--width', 'union']],
    ['self', BEFORE + 'm 300\n', AFTER + 'm 900\n', ['--delta', 'self', '--width', 'union']],
    ['shares', BEFORE, AFTER + 'm;d 9000\n', ['--normalize', 'total', '--width', 'union']],
    ['work', BEFORE, AFTER, ['--work', '10,12', '--work-unit', 'row', '--countname', 'us']],
    ['runs', RUNS[0], RUNS[1], []],
    ['runs of several lengths', UNEVEN[0], UNEVEN[1], []],
    ['runs on one side', UNEVEN[0], UNEVEN[1].slice(0, 1), []],
    ['shares of runs', RUNS[0], RUNS[1], ['--normalize', 'total', '--colors', 'red-blue']],
    ['few samples', 'm;a 12\nm;b 30\nm;c 9\n', 'm;a 2\nm;b 37\nm;d 11\n', ['--width', 'union']],
    ['nothing known', 'm;a 7000013\nm;b 9000011\n', 'm;a 9000017\nm;b 8000021\n', []],
];

const fillOf = async (view, name) => (await view.frame(name)).fill;

module.exports = [
    [
        'what the viewer says, paints and marks is what the program did',
        async (t) => {
            const page = await t.page();
            for (const [what, one, two, options] of SHAPES) {
                const file = comparison(one, two, options);
                await page.goto('file://' + file);
                alike(t, await t.view(page, 'svg').frames(), statics(file), what);
            }
        },
    ],
    [
        'details: before, after, change, its interval and what to make of it',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, ['--width', 'union']);
            const words = {
                a: 'within noise',
                b: 'faster',
                c: 'slower',
                old: 'vanished',
                fresh: 'new',
            };
            for (const name of Object.keys(words)) {
                await view.hover(name);
                const [was, now] = [of(before, name), of(after, name)];
                const share = (value) => x.percent(value, whole);
                const text = await view.part('details');
                t.has(
                    text,
                    `before ${share(was)} \u2192 after ${share(now)} % of the run before`,
                );
                t.has(text, `change ${signed((100 * (now - was)) / whole)}`);
                if (was) t.has(text, `(${now > was ? '+' : ''}${x.percent(now - was, was)} %)`);
                t.has(text, `99 % interval ${interval(name).join(' to ')} \u00b7 ${words[name]}`);
                t.has(text, `function ${share(was)} \u2192 ${share(now)}`);
            }
        },
    ],
    [
        'details: what is rounded to 0 has no sign',
        async (t) => {
            const view = await t.compare('m;a 100000\n', 'm;a 99999\n', ['--normalize', 'none']);
            await view.hover('a');
            t.has(await view.part('details'), 'change 0.00 (0.00 %)');
        },
    ],
    [
        'noise is grey, what vanished is hatched, what is new has an edge: zoomed, turned and cut',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, ['--width', 'union']);
            const look = async (when, judged = true) => {
                const dark = await view.page.locator('svg.dark').count();
                for (const frame of await view.frames()) {
                    if (frame.name === 'm') continue;
                    const hatched = /^(old|x)$/.test(frame.name);
                    t.equal(
                        frame.mark,
                        hatched ? 'gone' : /^(fresh|y)$/.test(frame.name) ? 'new' : '',
                        when,
                    );
                    t.equal(
                        frame.fill === 'url(#gone)',
                        hatched,
                        `${frame.name} hatched, ${when}`,
                    );
                    if (frame.name === 'a') {
                        const noise = dark ? '#4b4c52' : '#d6d6d6';
                        t.equal(frame.fill === noise, judged, 'grey, ' + when);
                        t.equal(/: noise\)$/.test(frame.title), judged, frame.title);
                        t.equal(/: not judged\)$/.test(frame.title), !judged, frame.title);
                    }
                    const dash = await view.page.evaluate(
                        () => getComputedStyle(document.querySelector('.new')).strokeDasharray,
                    );
                    t.equal(dash, '3px, 2px', 'dashes');
                }
            };
            await look('at first');
            for (const keys of [['r'], ['r'], ['i'], ['s'], ['d'], ['m']]) {
                await view.press(...keys);
                const turned = /bottom-up/.test(await view.part('state'));
                t.equal(/changes not judged/.test(await view.part('state')), turned, keys);
                await look(keys.join(), !turned);
            }
            await view.hover('b');
            await view.press('x');
            await look('cut');
            t.ok(!(await view.names()).includes('b'), 'b is cut');
            t.has((await view.frame('m')).title, 'not judged', 'what lost a callee');
            t.has((await view.frame('c')).title, 'slower', 'what the cut left as it was');
            await view.hover('m');
            t.has(await view.part('details'), 'not judged');
            await view.click('m');
            await look('zoomed');
            await view.hover('x');
            await view.press('b');
            t.equal(
                (await view.frames()).map((frame) => frame.mark),
                Array(3).fill('gone'),
                'sandwich',
            );
        },
    ],
    [
        'matches are coloured over hatching, and marks come back',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, ['--width', 'union']);
            await view.search('old');
            t.equal(await fillOf(view, 'old'), '#e600e6');
            await view.press('Escape');
            t.equal(await fillOf(view, 'old'), 'url(#gone)');
        },
    ],
    [
        'a cut leaves values in cost per unit of work, of what is left',
        async (t) => {
            const options = ['--work', '10,20', '--work-unit', 'row', '--countname', 'us'];
            const view = await t.compare(BEFORE, AFTER, options);
            const cost = () => [of(before, 'm') / 10, of(after, 'm') / 20];
            const [was, now] = cost().map((value) => (value / 1000).toFixed(3));
            await view.hover('m');
            t.has(await view.part('details'), `before ${was} \u2192 after ${now} ms per row`);
            await view.hover('c');
            await view.press('x');
            await view.hover('m');
            const left = [10, 20].map((work, i) => {
                const side = [before, after][i];
                return ((of(side, 'm') - of(side, 'c')) / work / 1000).toFixed(3);
            });
            t.has(
                await view.part('details'),
                `before ${left[0]} \u2192 after ${left[1]} ms per row`,
            );
            t.has((await view.frame('m')).title, `m (${left[0]} to ${left[1]} ms per row, `);
        },
    ],
    [
        'w: widths after, before, of the larger side; in the address, undone by Esc',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER);
            const larger = (name) =>
                ['a', 'b', 'c', 'x', 'y']
                    .filter((leaf) => name === 'm' || leaf === name)
                    .reduce((sum, leaf) => sum + Math.max(of(before, leaf), of(after, leaf)), 0);
            const sides = {
                after: (name) => of(after, name),
                before: (name) => of(before, name),
                union: larger,
            };
            const look = async (side) => {
                const total = sides[side]('m');
                for (const name of ['a', 'b', 'c', 'x', 'y']) {
                    const wanted = (980 * sides[side](name)) / total;
                    const frame = await view.frame(name);
                    t.near(frame ? frame.width : 0, wanted, 0.11, `${name}, widths ${side}`);
                }
            };
            await look('after');
            await view.press('w');
            await look('before');
            t.has(await view.hash(), 'width=before');
            t.has(await view.part('state'), 'widths before');
            await view.press('w');
            await look('union');
            const again = await t.page();
            await again.goto(await view.url());
            t.equal(await t.view(again, 'svg').names(), await view.names(), 'from the address');
            await view.press('Escape');
            await view.settle();
            await look('before');
            await view.press('w', 'w', 'w');
            await look('after');
            t.equal(await view.hash(), '');
            // A zoom stays.
            await view.click('b');
            await view.press('w');
            t.near((await view.frame('b')).width, 980, 0.11);
        },
    ],
    [
        'v: colors and titles of a frame by itself, as --delta self has them',
        async (t) => {
            const [one, two] = [BEFORE + 'm 300\n', AFTER + 'm 900\n'];
            const own = statics(comparison(one, two, ['--delta', 'self']));
            const total = statics(comparison(one, two, []));
            const view = await t.compare(one, two);
            t.ok(looks(own).join() !== looks(total).join(), 'they differ');
            alike(t, await view.frames(), total, 'total');
            await view.press('v');
            alike(t, await view.frames(), own, 'self');
            t.has(await view.part('state'), 'colors of frames by themselves');
            t.has(await view.hash(), 'delta=self');
            await view.hover('m');
            const text = await view.part('details');
            t.has(
                text,
                `before ${x.percent(10800, 10800)} \u2192 after ${x.percent(11810, 10800)} %`,
            );
            t.has(
                text,
                `self: before ${x.percent(300, 10800)} \u2192 after ${x.percent(900, 10800)} %`,
            );
            await view.press('Escape');
            await view.settle();
            alike(t, await view.frames(), total, 'total');
        },
    ],
    [
        'l: the changes that the report has, the largest first; n and N walk them',
        async (t) => {
            for (const [one, two, options] of [
                [BEFORE, AFTER, []],
                [RUNS[0], RUNS[1], []],
                [BEFORE, AFTER + 'm;d 9000\n', ['--normalize', 'total']],
            ]) {
                const files = [one, two].map((side) =>
                    [].concat(side).map((text) => writeFile(text, '.folded')),
                );
                const report = JSON.parse(
                    execFileSync(
                        findProgram('flamediff'),
                        ['--report', 'json'].concat(options, files[0], '--', files[1]),
                    ),
                );
                const wanted = report.functions
                    .filter((row) => !/noise|unknown/.test(row.total.verdict))
                    .sort((a, b) => Math.abs(b.total.change) - Math.abs(a.total.change))
                    .map((row) => row.name + (row.cause ? ', by ' + row.cause : ''));
                const view = await t.compare(one, two, options);
                await view.press('l');
                const rows = view.page.locator('[role="dialog"] tbody tr:not(.quiet)');
                const names = await rows.evaluateAll((all) =>
                    all.map((row) => row.firstChild.textContent),
                );
                t.equal(names, wanted, 'as reported');
                t.ok(names.length > 1, 'changes');
                await view.press('n', 'n');
                const second = wanted[1].replace(/,.*/, '');
                const current = view.page.locator('[role="dialog"] [aria-current="true"]');
                t.equal(
                    await current.evaluate((row) => row.firstChild.textContent),
                    wanted[1],
                    'marked',
                );
                t.has(await view.part('matched'), `change 2 of ${wanted.length}: ${second} `);
                t.has(await view.part('details'), `Function: ${second} `);
                await view.press('N', 'N');
                t.has(await view.part('matched'), `change ${wanted.length} of ${wanted.length}`);
                await view.press('Escape');
                t.equal(await rows.count(), 0, 'closed');
                t.has(
                    await view.part('matched'),
                    `change ${wanted.length} of`,
                    'Esc goes no step back',
                );
                await view.press('n');
                t.has(await view.part('matched'), 'change 1 of', 'walked without the list');
            }
        },
    ],
    [
        'a search takes n and N for itself',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER);
            await view.search('^a$');
            await view.press('Tab', 'n');
            t.has(await view.part('matched'), '/^a$/: 1 place');
            t.has(await view.part('details'), 'Function: a ');
        },
    ],
    [
        'a line of the list opens the sandwich: mouse, keys and touch; what vanished gets a width',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, [], '', { hasTouch: true });
            await view.page.locator('[id$="table"]').tap();
            const line = (name) =>
                view.page.locator(`[role="dialog"] [data-run]:has-text("${name}")`);
            await line('old, by x').tap();
            t.has(await view.part('details'), 'Function: old ');
            t.has(await view.hash(), 'width=union');
            t.equal((await view.frame('old')).mark, 'gone');
            t.equal(await view.hash(), '#sandwich=old&width=union', 'one step');
            await view.press('Escape', 'Escape');
            await view.settle();
            t.equal(await view.hash(), '');
            await view.press('l');
            await view.page.locator('[role="dialog"] tbody tr').first().focus();
            await view.press('Enter');
            t.equal(await view.hash(), '#sandwich=c');
            t.ok((await line('Close').count()) === 1, 'it stays');
            await line('Close').click();
            t.equal(await line('Close').count(), 0);
        },
    ],
    [
        'a picture without a judge: colours of the difference, marks, widths, list',
        async (t) => {
            const both = x.readStacks(DIFF);
            const view = await t.open(DIFF);
            await view.press('l', 'n');
            t.has(await view.part('matched'), 'change 1 of 5: grow +200');
            await view.press('Escape', 'w', 'w');
            const gone = await view.frame('gone');
            t.equal(gone.mark, 'gone');
            const total = both.reduce((sum, one) => sum + Math.max(one.weight, one.before), 0);
            t.near(gone.width, (980 * 50) / total, 0.11);
            t.equal((await view.frame('leaf')).mark, 'new');
            await view.hover('gone');
            t.has(await view.part('details'), 'before 50 \u2192 after 0 samples');
            t.has(await view.part('details'), 'vanished');
            t.equal(gone.fill, 'url(#gone)');
            t.ok(await view.page.locator('pattern[id="gone"]').count(), 'a hatching');
        },
    ],
    [
        '? lists what a differential has; a plain picture has none of it',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER);
            await view.press('?');
            const keys = await view.page.locator('[role="dialog"] kbd').allTextContents();
            for (const key of ['w', 't', 'l', 'v', 'n', 'N']) t.ok(keys.includes(key), key);
            const plain = await t.open(DEMO);
            await plain.press('?');
            const others = await plain.page.locator('[role="dialog"] kbd').allTextContents();
            for (const key of ['w', 'l', 'v']) t.ok(!others.includes(key), key);
            await plain.press('Escape', 'w', 'v', 'l');
            t.equal(await plain.hash(), '');
        },
    ],
    [
        'the legend stays, also in the dark',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, [], '', { colorScheme: 'dark' });
            await view.click('b');
            const [text, fill] = await view.page.evaluate(() => {
                const legend = document.querySelector('#legend');
                return [legend.textContent, getComputedStyle(legend.querySelector('text')).fill];
            });
            t.has(text, 'noise');
            t.ok(Math.min(...fill.match(/\d+/g).map(Number)) > 180, 'light ink: ' + fill);
        },
    ],
    [
        'labels of marked frames can be read',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, ['--width', 'union']);
            t.equal((await view.frame('old')).ink, 'rgb(0, 0, 0)');
            const stripes = await view.page
                .locator('pattern rect')
                .evaluateAll((all) => all.map((rect) => getComputedStyle(rect).fill));
            for (const fill of stripes) {
                // Black ink on what is lighter than this has a contrast of more than 4.5.
                t.ok(Math.min(...fill.match(/\d+/g).map(Number)) > 120, fill);
            }
        },
    ],
    [
        'collapse reads both sides back, whatever widths stand for',
        async (t) => {
            for (const width of ['after', 'before', 'union', 'both']) {
                const file = comparison(BEFORE, AFTER, [
                    '--width',
                    width,
                ]);
                const folded = execFileSync(findProgram('collapse'), [file]).toString();
                t.equal(
                    folded,
                    'm;a 5000 5010\nm;b 4000 2500\nm;c 900 2900\nm;fresh;y 0 500\nm;old;x 600 0\n',
                    width,
                );
                const rest = fs.readFileSync(file, 'utf8').replace(/<script[^]*<\/script>/, '');
                t.ok(rest.length < 15000, 'small');
            }
        },
    ],
    [
        'nothing overlaps at 400 px, and the facts are there',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, [], '', {
                viewport: { width: 400, height: 700 },
            });
            await view.click('b');
            const lines = await view.textBoxes('.bar tspan, [id$="matched"]');
            t.ok(lines.length >= 5, 'lines');
            const facts = await view.page.locator('.details > tspan').nth(1).textContent();
            t.ok(/^change -?[\d.,]+ \(/.test(facts), 'the change comes first: ' + facts);
            lines.forEach(({ top, right }, i) => {
                t.ok(right <= 400, 'in the picture');
                if (i) t.ok(top - lines[i - 1].top > 12, 'one below the other');
            });
        },
    ],
    [
        'on a phone all facts of a comparison can be read',
        async (t) => {
            for (const options of [[], ['--delta', 'self', '--width', 'union']]) {
                const view = await t.compare(BEFORE, AFTER, options, '', {
                    viewport: { width: 400, height: 700 },
                });
                await view.hover('b');
                const text = await view.part('details');
                for (const fact of ['before 38.10', '99 % interval', 'faster', 'function 38.10',
                    '% of all', 'in 1 place', ...options[0] ? ['self: change'] : []])
                    t.has(text, fact);
                t.hasNot(text, '\u2026');
                const lines = await view.textBoxes('.bar tspan');
                t.ok(lines.every(({ right, bottom }) => right <= 400 && bottom < 700), 'in sight');
            }
        },
    ],
    [
        'the details say whose share it is where widths are those of the larger side',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, ['--width', 'union']);
            await view.hover('b');
            t.has(await view.part('details'), 'larger of both sides \u00b7 4,000 samples');
            const shares = await t.compare(BEFORE, AFTER, ['--normalize', 'total', '--width',
                'union']);
            await shares.hover('b');
            t.ok(/larger of both sides \u00b7 [\d.]+ % of all/.test(await shares.part('details')),
                await shares.part('details'));
        },
    ],
    [
        'without a number of samples all is gray, and the legend says why',
        async (t) => {
            const why = 'cannot be judged: number of samples unknown';
            const sides = ['m;a 7000013\nm;b 9000011\n', 'm;a 9000017\nm;b 4000021\n'];
            const file = comparison(...sides, []);
            t.has(fs.readFileSync(file, 'utf8'), `>${why}</text>`);
            const view = await t.compare(...sides, []);
            t.has(await view.part('legend'), why);
            t.hasNot(await view.part('legend'), 'noise');
            await view.hover('a');
            t.has(await view.part('details'), why);
            await view.press('t');
            const panel = view.page.locator('[role="dialog"]');
            t.hasNot(await panel.textContent(), 'noise');
            const words = await panel.locator('td:last-child').allTextContents();
            t.equal([...new Set(words)], ['unknown']);
            await view.press('Escape');
            await view.page.locator('#legend rect').nth(2).click();
            t.has(await panel.textContent(), why);
        },
    ],
    [
        'weights are those of the runs, whatever brings both sides to one total',
        async (t) => {
            // Per row the work is 10 and 20: the weights before are drawn twice as wide.
            const one = 'm;a 300\nm;b 100\n';
            const two = 'm;a 500\nm;b 300\n';
            const options = (width) => ['--work', '10,20', '--work-unit', 'row', '--width', width];
            for (const [width, amount] of [['before', 'before · 300 samples'],
                ['after', 'after · 500 samples']]) {
                const view = await t.compare(one, two, options(width));
                await view.hover('a');
                t.has(await view.part('details'), amount);
            }
            const view = await t.compare(one, two, options('union'));
            await view.hover('a');
            t.hasNot((await view.part('details')).replace('samples per row', ''), 'samples');
            t.hasNot(await view.part('details'), 'self ');
        },
    ],
    [
        '--negate has the same signs in titles, details and table',
        async (t) => {
            const view = await t.open('m;a 7 9\nm;b 9 8\n', { negate: true });
            t.has((await view.frame('a')).title, '; -');
            await view.hover('a');
            t.has(await view.part('details'), 'negated change -');
            await view.press('t');
            const cells = await view.page.locator('[role="dialog"] tr').evaluateAll((rows) =>
                rows.map((row) => Array.from(row.cells, (cell) => cell.textContent)));
            t.equal(cells[0][3], 'Negated change');
            t.equal(cells.find(([name]) => name === 'a').slice(1, 4), ['7', '9', '-2']);
        },
    ],
    [
        'pointing at an entry of the legend outlines the frames that have its color',
        async (t) => {
            const view = await t.compare('m;a 9000\nm;b 5000\nm;c 20000\n',
                'm;a 5000\nm;b 9000\nm;c 20000\n', []);
            const lit = () => view.page.locator('.lit').last().getAttribute('d');
            const outlined = async (entry) => {
                await view.page.locator('#legend rect').nth(entry).hover();
                const places = (await lit()).split('M').filter(Boolean)
                    .map((path) => parseFloat(path));
                const frames = await view.frames();
                return frames.filter(({ left, name }) =>
                    name !== 'all' && places.some((x) => Math.abs(x + 1 - left) < 1))
                    .map(({ name }) => name);
            };
            t.equal((await outlined(0)).includes('a'), true, 'less');
            t.equal((await outlined(0)).includes('b'), false, 'not more');
            t.equal((await outlined(4)).includes('b'), true, 'more');
            t.equal((await outlined(4)).includes('a'), false, 'not less');
            await view.page.mouse.move(5, 300);
            t.equal(await lit(), '');
        },
    ],
    [
        'entries of the legend cut functions by their own change, whatever their callers did',
        async (t) => {
            const view = await t.compare(
                'm;r;a 9000\nm;p;b_[k] 5000\nm;q;b_[k] 100\nm;c 20000\nm;c;d 400\n',
                'm;r;a 3000\nm;p;b_[k] 9000\nm;q;b_[k] 100\nm;c 20000\nm;c;d 400\n', []);
            const names = async () => {
                await view.settle();
                return Array.from(await view.frames(), ({ name }) => name).sort().join();
            };
            const pick = async (entry, line) => {
                await view.page.locator('#legend rect').nth(entry).click();
                const heading = await view.page.locator('[role="dialog"]').textContent();
                if (line < 3) await view.page.locator('[role="dialog"] button').nth(line).click();
                else await view.press('Escape');
                return heading;
            };
            const buttons = await view.page.locator('#legend [role="button"]').allTextContents();
            t.equal(buttons.filter((text) => !text.trim()), [], 'each Tab stop has a name');
            t.ok(buttons.length >= 3, buttons.join());
            t.has(await pick(4, 2), 'functions that grew (self)');
            t.equal(await names(), 'all,b,b,m,p,q', 'kept in all their places');
            t.has(await view.part('state'), 'only functions that grew (self)');
            await view.page.reload();
            t.equal(await names(), 'all,b,b,m,p,q', 'from the address');
            await view.press('u');
            await pick(2, 0);
            t.equal(await names(), 'a,all,b', 'without what did not change by itself');
            await view.press('u');
            t.has(await pick(0, 1), '1 function');
            t.equal(await names(), 'all,b,b,c,d,m,p,q');
            await view.press('u');
            const none = await t.compare('m;a 9000\nm;b 9000\n', 'm;a 9000\nm;b 9000\n', []);
            await none.page.locator('#legend rect').first().click();
            const dialog = none.page.locator('[role="dialog"]');
            t.has(await dialog.textContent(), '0 functions');
            t.equal(await dialog.locator('button').count(), 0, 'nothing to cut');
        },
    ],
    [
        'the table of a sandwich has callers and callees with both sides and their changes',
        async (t) => {
            const view = await t.compare('m;p;f;a 900\nm;q;f;b 500\nm;f 200\nm;c 5000\n',
                'm;p;f;a 300\nm;q;f;b 1500\nm;f 100\nm;c 5000\n', []);
            const cells = async () => {
                await view.settle();
                return view.page.locator('.aside tr').evaluateAll((rows) =>
                    rows.map((row) => Array.from(row.cells, (cell) => cell.textContent)));
            };
            await view.press('t');
            t.equal((await cells())[0].at(-1), 'Verdict');
            const click = async (name) => view.page.locator('.aside tr')
                .nth((await cells()).findIndex(([first]) => first.startsWith(name))).click();
            await click('q');
            await view.settle();
            t.has(await view.page.locator('.aside h2').textContent(), 'Callers and callees of q');
            await click('f');
            const rows = (await cells()).slice(1);
            t.equal(rows.map(([name, , , , word]) => name + ' ' + word).join(),
                'q caller,p caller,m caller,f self,b callee,a callee');
            t.equal(rows[0].slice(1, 4).map(parseFloat), [7.58, 22.73, 15.15]);
            t.equal(await view.hash(), '#sandwich=f');
            await view.press('Escape', 'Escape', 'Escape', 't');
            t.equal((await cells())[0].at(-1), 'Verdict', 'the table of changes is back');
        },
    ],
    [
        'the legend stays in the window of a tall picture',
        async (t) => {
            const deep = (weight) =>
                `m;${Array.from({ length: 90 }, (none, i) => 'd' + i).join(';')} ${weight}\n`;
            const view = await t.compare(deep(5000) + BEFORE, deep(7000) + AFTER, []);
            for (const y of [0, 1e5]) {
                await view.page.mouse.wheel(0, y ? y : -1e5);
                await view.settle();
                const box = await view.page.locator('#legend').boundingBox();
                t.ok(box.y >= 0 && box.y + box.height < 90, `at ${box.y}`);
            }
        },
    ],
    [
        'where nearly all changed, colors still say how much; the legend has the unit and the end',
        async (t) => {
            const small = Array.from({ length: 40 }, (none, i) => `m;b;s${i} 2000\n`).join('');
            const [one, two] = ['m;a;x 80000\n' + small, 'm;a;x 8000\n' + small];
            const view = await t.compare(one, two, ['--work', '1,1', '--width', 'union']);
            const fills = async (...names) =>
                Promise.all(names.map(async (name) => (await view.frame(name)).fill));
            const less = one.replace('80000', '60000');
            const all = await t.compare(less, less.replace(/ (\d+)0$/gm, ' $1'), [
                '--work',
                '1,1',
                '--width',
                'union',
            ]);
            const [root, part] = await Promise.all(['m', 'a'].map((name) => all.frame(name)));
            t.ok(root.fill !== part.fill, `all of it and a part: ${root.fill} ${part.fill}`);
            t.has(await view.part('legend'), 'and more, of the run');
            const [a, b] = await fills('a', 'b');
            t.ok(a !== b, 'what changed and what did not');
        },
    ],
    [
        'cost that moved has a color of its own, which the legend names in every theme',
        async (t) => {
            const one = 'm;p;a 20000\nm;p;b 20000\nm;c 60000\n';
            const view = await t.compare(one, one.replace('a', 'a2'), ['--normalize', 'none']);
            for (const theme of ['dark', 'light']) {
                await view.page.emulateMedia({ colorScheme: theme });
                const swatch = view.page.locator('#legend rect').last();
                t.ok((await view.part('legend')).endsWith('moved'), theme);
                const same = async () =>
                    (await view.frame('a2')).fill === (await swatch.getAttribute('fill'));
                await t.becomes(same, true, theme);
            }
            const still = await t.compare(BEFORE, AFTER);
            t.ok(!(await still.part('legend')).includes('moved'), 'nothing moved');
        },
    ],
    [
        'v: changes of the run and of the frame before, in four ways; the legend says which',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER);
            const legend = () => view.part('legend');
            const states = [];
            for (let i = 0; i < 4; i++) {
                const hash = await view.hash();
                states.push(`${hash} ${/of the run|of itself/.exec(await legend())}`);
                await view.press('v');
            }
            t.equal(states, [
                ' of the run',
                '#delta=self of the run',
                '#relative=true of itself',
                '#delta=self&relative=true of itself',
            ]);
            t.equal(await view.hash(), '', 'round');
            const narrow = await t.compare(BEFORE, AFTER, [], '', {
                viewport: { width: 400, height: 700 },
            });
            const ends = await narrow.page
                .locator('#legend text')
                .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().right));
            t.ok(Math.max(...ends) < 400, `a narrow window: ${ends}`);
        },
    ],
    [
        'the colors of a change of the frame before, and those of the legend in the dark',
        async (t) => {
            // The change of x is a small part of the run, and most of x.
            const [one, two] = ['m;a 100000\nm;x 4000\n', 'm;a 100000\nm;x 400\n'];
            const dark = { colorScheme: 'dark' };
            const view = await t.compare(one, two, ['--work', '1,1', '--width', 'union'], '', dark);
            const swatches = () =>
                view.page
                    .locator('#legend rect')
                    .evaluateAll((all) => all.map((one) => one.getAttribute('fill')));
            t.equal((await view.frame('a')).fill, (await swatches())[2], 'noise');
            await view.press('v', 'v');
            t.equal((await view.frame('x')).fill, (await swatches())[0], 'the strongest');
            t.has(await view.part('state'), 'changes as parts of each frame before');
        },
    ],
    [
        'a title that does not fit says where its sides differ',
        async (t) => {
            const labels = ['1.2', '1.3'].map(
                (one) => `/srv/measured/on-the-new-machine/at-night/release-${one}/heap.perf`,
            );
            const view = await t.compare(BEFORE, AFTER, ['--labels', labels.join()], '', {
                viewport: { width: 1000, height: 700 },
            });
            t.equal(
                await view.part('title'),
                'before: \u2026release-1.2\u2026 \u2014 after: \u2026release-1.3\u2026',
            );
            await view.page.setViewportSize({ width: 2400, height: 700 });
            await view.settle();
            t.has(await view.part('title'), labels[1]);
            const long = (what) => `release with ${what} on the machine of all benchmarks`;
            const phone = await t.compare(BEFORE, AFTER, ['--labels', [1, 2].map((i) =>
                long(['one row at a time', 'rows in batches'][i - 1])).join()], '', {
                viewport: { width: 400, height: 700 },
            });
            const state = await phone.part('state');
            t.ok(/one row.*after.*batches/.test(state), 'on a phone: ' + state);
            await phone.press('t');
            await phone.page.locator('.aside tbody tr').first().click();
            await phone.settle();
            t.equal(await phone.page.locator('.aside').count(), 0, 'the graph can be seen');
            t.has(await phone.part('state'), 'callers and callees of');
        },
    ],
  [
    'in the dark, the hatches of what vanished are dark, and their labels light',
    async (t) => {
      const view = await t.compare('main;gone 50\nmain;rest 50\n', 'main;rest 50\n', [
        '--width',
        'union',
      ]);
      const looks = () =>
        view.page.evaluate(() => {
          const light = (element) => {
            const [r, g, b] = getComputedStyle(element).fill.match(/\d+/g).map(Number);
            return r + g + b > 380;
          };
          const [ground] = document.querySelectorAll('pattern rect');
          return [light(ground), light(document.querySelector('.gone + text'))];
        });
      t.equal(await looks(), [true, false], 'light page');
      await view.press('d');
      t.equal(await looks(), [false, true], 'dark page');
    },
  ],
];
