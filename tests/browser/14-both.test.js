// SPDX-License-Identifier: MIT
'use strict';
// --width both and the `w` that leads there: before above after, on one scale, one view for both.
// Every width is reckoned here from the folded stacks.
const { execFileSync } = require('child_process');
const { comparison, findProgram, writeFile } = require('./lib/harness.js');
const { DIFF } = require('./lib/profiles.js');
const x = require('./lib/expect.js');

const BEFORE = 'm;a 5000\nm;b 4000\nm;c;b 900\nm;old;x 600\n';
const AFTER = 'm;a 5010\nm;b 2500\nm;c;b 2900\nm;fresh;y 500\n';
const SIDES = [BEFORE, AFTER].map((text) => x.readStacks(text));
const BOTH = ['--width', 'both', '--labels', 'v1,v2'];
const ROOM = 980;

const open = (t, where, page) => t.compare(BEFORE, AFTER, BOTH, where, page);

// The frames of each half: those above what is over the lower one, and those below it.
async function halves(view) {
    const border = await view.page.evaluate(
        () => Number(document.querySelectorAll('#sides text')[1].getAttribute('y')),
    );
    const frames = await view.frames();
    frames.sort((one, two) => one.left - two.left);
    // Those that are painted with others are not displayed, and stand nowhere.
    const isUpper = ({ attribute }) => Number(attribute.y) < border;
    return [frames.filter(isUpper), frames.filter((frame) => !isUpper(frame))];
}

const headings = (view) =>
    view.page.evaluate(() =>
        Array.from(document.querySelectorAll('#sides text'), (text) => text.textContent),
    );

const share = (value, whole) => x.percent(value, whole);
const sum = (stacks) => x.sum(stacks);
const below = (stacks, path) => x.sum(x.under(stacks, path));

// `wanted` maps names to paths; all of them are drawn where they weigh something, on one scale.
async function widths(t, view, wanted, full, what, sides = SIDES) {
    const drawn = await halves(view);
    for (const [name, start] of Object.entries(wanted)) {
        drawn.forEach((frames, side) => {
            const weight = below(sides[side], start);
            const frame = frames.find((one) => one.name === name);
            const label = `${name} ${side ? 'after' : 'before'}, ${what}`;
            t.near(frame ? frame.width : 0, (ROOM * weight) / full, 0.11, label);
        });
    }
}

const ALL = { m: 'm', a: 'm;a', c: 'm;c', old: 'm;old', x: 'm;old;x', fresh: 'm;fresh' };
const FULL = Math.max(...SIDES.map(sum));

const point = async (view, name, side) => {
    const frame = (await halves(view))[side].find((one) => one.name === name);
    return [frame.left + frame.width / 2, (frame.top + frame.bottom) / 2];
};
const click = async (view, name, side) =>
    view.page.mouse.click(...(await point(view, name, side)));
const hover = async (view, name, side) => {
    const [left, top] = await point(view, name, side);
    await view.page.mouse.move(left + 1, top);
    await view.page.mouse.move(left, top);
};

const looks = (frames) =>
    frames.map(({ title, mark, left, width }) => [
        title,
        mark,
        Math.round(left * 5),
        Math.round(width * 5),
    ]);

module.exports = [
    [
        'the picture without script has the same frames in the same places',
        async (t) => {
            const page = { viewport: { width: 1200, height: 900 } };
            for (const more of [[], ['--normalize', 'total'], ['--delta', 'self']]) {
                const options = BOTH.concat(more);
                const plain = await t.compare(BEFORE, AFTER, options, '', {
                    ...page,
                    javaScriptEnabled: false,
                });
                const view = await t.compare(BEFORE, AFTER, options, '', page);
                const [still, live] = [await halves(plain), await halves(view)];
                for (const side of [0, 1]) {
                    t.equal(looks(live[side]).sort(), looks(still[side]).sort(), more.join());
                    t.ok(live[side].length >= 7, 'frames');
                }
                t.equal(await headings(plain), ['before: v1', 'after: v2']);
            }
        },
    ],
    [
        'before above after, on one scale; headings say which is which and what it weighs',
        async (t) => {
            const view = await open(t);
            await widths(t, view, ALL, FULL, 'at first');
            const whole = sum(SIDES[0]);
            const said = SIDES.map((side) => share(sum(side), whole) + ' % of the run before');
            t.equal(await headings(view), [
                `before: v1 \u00b7 ${said[0]}`,
                `after: v2 \u00b7 ${said[1]}`,
            ]);
            await view.press('i');
            await widths(t, view, ALL, FULL, 'icicle');
            const [upper] = await halves(view);
            upper.sort((one, two) => one.top - two.top);
            t.equal(upper[0].name, 'all', 'the root on top');
            await view.press('d');
            await widths(t, view, ALL, FULL, 'dark');
            const ink = await view.page
                .locator('#sides text')
                .first()
                .evaluate((text) => getComputedStyle(text).fill);
            t.ok(Math.min(...ink.match(/\d+/g).map(Number)) > 180, 'light ink: ' + ink);
        },
    ],
    [
        'a zoom is of both halves; in the address, undone by Back, the root by 0',
        async (t) => {
            const view = await open(t);
            for (const side of [0, 1]) {
                await click(view, 'c', side);
                const full = below(SIDES[1], 'm;c');
                await widths(t, view, { c: 'm;c', m: 'm;c', b: 'm;c;b' }, full, 'zoomed');
                t.equal((await view.names()).includes('a'), false, 'only what is zoomed');
                t.equal(await view.hash(), '#zoom=m;c');
                t.has((await headings(view))[0], share(900, 10500));
                t.has((await headings(view))[1], share(2900, 10500));
                const again = await t.page();
                await again.goto(await view.url());
                await widths(t, t.view(again, 'svg'), { b: 'm;c;b' }, full, 'from the address');
                await view.page.goBack();
                await view.settle();
                await widths(t, view, ALL, FULL, 'back');
            }
            await click(view, 'b', 0);
            await view.press('0');
            await widths(t, view, ALL, FULL, 'reset');
        },
    ],
    [
        'where the zoomed frame is on one side alone the other half is empty, and nothing breaks',
        async (t) => {
            const view = await open(t);
            for (const [name, side] of [
                ['fresh', 1],
                ['old', 0],
            ]) {
                await click(view, name, side);
                const drawn = await halves(view);
                t.equal(drawn[1 - side], [], 'empty');
                t.ok(drawn[side].find((frame) => frame.name === name).width > ROOM - 1, name);
                t.has((await headings(view))[1 - side], '0.00 %');
                await view.page.mouse.move(500, 690);
                await view.press('ArrowUp', 'ArrowDown', 'Enter', 'c', 'n', 'N');
                await view.press('b');
                t.has(await view.part('state'), 'callers and callees of');
                await view.press('b', '/');
                await view.page.keyboard.type('a');
                t.hasNot(await view.part('matched'), 'NaN');
                await view.press('Escape', '0');
            }
        },
    ],
    [
        'a search tells the shares of both sides, and colours both halves',
        async (t) => {
            const view = await open(t);
            await view.search('^[bo]');
            const part = (side, wanted) => (100 * wanted) / sum(SIDES[side]);
            const all = [part(0, 4000 + 900 + 600), part(1, 2500 + 2900)].map((v) => v.toFixed(1));
            const shares = all.map((text) => `${text} % of all, ${text} % of this view`);
            t.equal(await view.part('matched'), `/^[bo]/: 3 places, ${shares.join(' \u2192 ')}`);
            const drawn = await halves(view);
            const found = (frames) =>
                frames
                    .filter((frame) => frame.fill === '#e600e6')
                    .map((frame) => frame.name)
                    .sort();
            t.equal(drawn.map(found), [['b', 'b', 'old'], ['b', 'b']]);
            await view.press('Enter');
            t.has(await view.part('details'), 'Function: b');
            await view.press('n', 'n');
            // The lightest one is on one side alone.
            t.has(await view.part('details'), 'Function: old');
            await view.press('Escape', 'Escape');
            await click(view, 'c', 1);
            await view.search('b');
            const matched = await view.part('matched');
            t.equal(matched.match(/100\.0 % of this view/g).length, 2, matched);
        },
    ],
    [
        'cuts, turning over, sandwich, order and folding are of both halves',
        async (t) => {
            const view = await open(t);
            await hover(view, 'a', 1);
            await view.press('x');
            const left = SIDES.map((side) => side.filter((stack) => !stack.frames.includes('a')));
            const most = Math.max(...left.map(sum));
            const kept = { m: 'm', c: 'm;c', old: 'm;old', fresh: 'm;fresh' };
            await widths(t, view, kept, most, 'cut', left);
            (await headings(view)).forEach((text, i) => {
                const rest = (100 * sum(left[i])) / sum(SIDES[i]);
                t.has(text, `\u00b7 ${rest.toFixed(1)} % left`);
            });
            t.equal(await view.part('state'), 'removed a \u00b7 some changes not judged');
            await view.press('u', 's');
            await widths(t, view, ALL, FULL, 'by weight');
            const order = (frames) =>
                frames
                    .filter((frame) => /^(a|c|old|fresh)$/.test(frame.name))
                    .sort((one, two) => one.left - two.left)
                    .map((frame) => frame.name);
            // Both halves have the order of the larger side, stack by stack.
            t.equal((await halves(view)).map(order), [
                ['a', 'c', 'old'],
                ['a', 'c', 'fresh'],
            ]);
            await view.press('s', 'r');
            const turned = SIDES.map((side) =>
                side.map(({ frames, weight }) => ({ frames: [...frames].reverse(), weight })),
            );
            await widths(t, view, { b: 'b', a: 'a', x: 'x', y: 'y' }, FULL, 'turned over', turned);
            const callers = (half) => half.filter((frame) => frame.name === 'c').length;
            t.equal((await halves(view)).map(callers), [1, 1]);
            await view.press('r');
            await hover(view, 'b', 1);
            await view.press('b');
            const whole = [4900, 5400];
            const drawn = await halves(view);
            whole.forEach((weight, side) => {
                const named = (name) => drawn[side].filter((frame) => frame.name === name);
                t.equal(named('b').length, 1, 'one function');
                t.near(named('b')[0].width, (ROOM * weight) / 5400, 0.11, 'sandwich');
                t.near(named('c')[0].width, (ROOM * [900, 2900][side]) / 5400, 0.11, 'caller');
                t.ok(named('c')[0].top < named('b')[0].top, 'callers above');
            });
        },
    ],
    [
        'a frame under the mouse is outlined in both halves; details say which side is meant',
        async (t) => {
            const view = await open(t);
            for (const side of [0, 1]) {
                await hover(view, 'a', side);
                const boxes = await view.page
                    .locator('.glow[d^="M"]')
                    .evaluateAll((all) =>
                        all.map((one) => /h([\d.]+)/.exec(one.getAttribute('d'))[1] - 2),
                    );
                const wanted = SIDES.map((one) => (ROOM * below(one, 'm;a')) / FULL);
                t.equal(boxes.length, 2, 'outlines');
                boxes.sort().forEach((width, i) => t.near(width, wanted.sort()[i], 0.2));
                const text = await view.part('details');
                const weight = below(SIDES[side], 'm;a');
                t.has(text, `before ${share(5000, 10500)} \u2192 after ${share(5010, 10500)} %`);
                t.has(
                    text,
                    `${side ? 'after' : 'before'} \u00b7 ${x.commas(weight)} samples \u00b7 ` +
                        `${share(weight, sum(SIDES[side]))} % of all`,
                );
            }
            await hover(view, 'old', 0);
            t.equal(await view.page.locator('.glow[d^="M"]').count(), 1);
        },
    ],
    [
        'arrows move along a half and from one to the other',
        async (t) => {
            const view = await open(t);
            const where = () =>
                view.page.evaluate(() => {
                    const frames = document.querySelector('#frames');
                    const id = frames.getAttribute('aria-activedescendant');
                    const rect = document.getElementById(id).children[1];
                    const border = document.querySelectorAll('#sides text')[1];
                    const [one, two] = [rect, border].map((e) => e.getBoundingClientRect().top);
                    return [rect.previousSibling.textContent.split(' ')[0], one < two ? 0 : 1];
                });
            await view.page.keyboard.press('Tab');
            await view.page.evaluate(() => document.querySelector('#frames').focus());
            for (const [key, name, side] of [
                ['ArrowUp', 'm', 0],
                ['ArrowUp', 'a', 0],
                ['ArrowRight', 'b', 0],
                ['ArrowDown', 'm', 0],
                ['ArrowDown', 'all', 0],
                ['ArrowDown', 'all', 1],
                ['ArrowUp', 'm', 1],
                ['ArrowUp', 'a', 1],
                ['ArrowUp', 'a', 0],
            ]) {
                await view.press(key);
                t.equal(await where(), [name, side], key);
            }
        },
    ],
    [
        'the list of changes walks both halves',
        async (t) => {
            const view = await open(t);
            await view.press('l');
            const rows = view.page.locator('[role="dialog"] tbody tr:not(.quiet)');
            const names = await rows.evaluateAll((all) =>
                all.map((row) => row.firstChild.textContent),
            );
            for (const name of names) {
                await view.press('n');
                const text = await view.part('details');
                const plain = name.replace(/, by .*/, '');
                t.has(text, 'Function: ' + plain + ' ');
                if (/^(old|x)$/.test(plain)) t.has(text, 'before \u00b7 600 samples');
                if (/^(fresh|y)$/.test(plain)) t.has(text, 'after \u00b7 500 samples');
                t.equal(await view.hash(), '', 'widths stay those of both');
            }
            t.ok(names.length >= 5, 'changes');
        },
    ],
    [
        'the wheel zooms both halves about the mouse, on one scale',
        async (t) => {
            const view = await open(t);
            const [left, top] = await point(view, 'b', 1);
            await view.page.mouse.move(left, top);
            await view.page.keyboard.down('Control');
            await view.page.mouse.wheel(0, -60);
            await view.page.keyboard.up('Control');
            await view.settle();
            const [one, two] = (await halves(view)).map((half) =>
                half.filter((frame) => frame.name === 'b').sort((a, b) => a.left - b.left),
            );
            const scale = two[0].width / ((ROOM * 2500) / FULL);
            t.ok(scale > 1.2, 'closer: ' + scale);
            t.near(two[0].left + two[0].width / 2, left, 1, 'about the mouse');
            const edge = 10 + (ROOM * 5000) / FULL;
            t.near(one[0].left, left + (edge - left) * scale, 1, 'one scale');
            t.has(await view.hash(), 'at=');
        },
    ],
    [
        'w leads there from other widths and back, also in a picture without judgement',
        async (t) => {
            const view = await t.compare(BEFORE, AFTER, ['--width', 'union']);
            const before = looks(await view.frames());
            t.equal(await view.page.locator('#sides text:visible').count(), 0);
            await view.press('w');
            t.equal(await view.hash(), '#width=both');
            await widths(t, view, ALL, FULL, 'both');
            await view.press('w', 'w', 'w');
            t.equal(looks(await view.frames()), before, 'as it was');
            t.equal(await view.page.locator('#sides text:visible').count(), 0);
            t.equal(await view.page.locator('.glow[d^="M"], .ring[d^="M"]').count(), 0);
            const other = await t.open(DIFF);
            await other.press('w', 'w', 'w');
            const rows = DIFF.trim().split('\n').map((line) => line.match(/ (\d+) (\d+)$/));
            const sums = [1, 2].map((i) => rows.reduce((sum, row) => sum + Number(row[i]), 0));
            t.equal(
                await headings(other),
                ['before', 'after'].map((side, i) => `${side} \u00b7 ${x.commas(sums[i])} samples`),
            );
            (await halves(other)).forEach((frames, i) => {
                const root = frames.find((frame) => frame.name === 'all');
                t.near(root.width, (ROOM * sums[i]) / Math.max(...sums), 0.11);
            });
        },
    ],
    [
        'many frames: each half draws its own, also those that come later',
        async (t) => {
            const sides = [0, 1].map((side) =>
                Array.from(
                    { length: 1600 },
                    (none, i) => `m;f${i} ${100 + ((i * (side + 3)) % 17)}`,
                ),
            );
            const view = await t.compare(sides[0].join('\n'), sides[1].join('\n'), BOTH);
            await view.settle();
            const count = async () => (await halves(view)).map((half) => half.length > 100);
            await view.press('w', 'w', 'w', 'w');
            await view.settle();
            t.equal(await count(), [true, true], 'both');
            await view.press('w');
            await view.settle();
            t.ok((await view.page.locator('.crowd path').count()) > 0, 'painted together');
            t.equal(await view.page.locator('.crowd ~ .crowd path').count(), 0, 'none left');
        },
    ],
    [
        'what was read from the picture is the profile, and can be drawn and compared again',
        async (t) => {
            const file = comparison(BEFORE, AFTER, BOTH);
            const run = (name, ...args) => execFileSync(findProgram(name), args).toString();
            const folded = run('collapse', file);
            t.equal(
                folded,
                'm;a 5000 5010\nm;b 4000 2500\nm;c;b 900 2900\nm;fresh;y 0 500\nm;old;x 600 0\n',
            );
            const frames = (svg) => svg.match(/<title>.*<\/title><rect[^>]*>/g);
            const again = frames(run('flamegraph', file));
            t.equal(again, frames(run('flamegraph', writeFile(folded, '.folded'))));
            t.ok(again.length > 5, 'frames');
            const page = await t.html(
                run('flamegraph', '--fragment', file).replace(/^/, '<!DOCTYPE html><body>'),
            );
            t.ok((await t.view(page, 'svg').names()).includes('fresh'), 'drawn');
        },
    ],
    [
        'nothing overlaps at 400 px; a tall picture keeps its details in view',
        async (t) => {
            const view = await open(t, '', { viewport: { width: 400, height: 700 } });
            await view.search('b');
            const lines = await view.textBoxes('#sides text, .bar tspan, #matched');
            lines.sort((one, two) => one.top - two.top);
            t.ok(lines.length >= 6, 'lines');
            lines.forEach(({ top, right }, i) => {
                t.ok(right <= 400, 'in the picture: ' + right);
                if (i) t.ok(top - lines[i - 1].top > 12, 'one below the other');
            });
            const deep = [1, 2].map((k) => 'r' + ';deep'.repeat(60) + ` ${1000 * k}\nr;b 900\n`);
            const tall = await t.compare(...deep, BOTH);
            const box = await tall.page.locator('#details').boundingBox();
            t.ok(box.y > 0 && box.y + box.height <= 700, 'details in view');
            t.ok((await tall.names()).includes('all'), 'opens at a root');
        },
    ],
    [
        'the side before is in sight at first, in a window lower than the picture',
        async (t) => {
            const deep = Array.from({ length: 60 }, (none, i) => 'd' + i).join(';');
            for (const size of [
                [400, 700],
                [1000, 500],
            ]) {
                const [width, height] = size;
                const view = await t.compare(
                    `m;${deep} 500\n`,
                    `m;${deep} 700\n`,
                    ['--width', 'both'],
                    '',
                    { viewport: { width, height } },
                );
                const { top } = (await view.frame('all', 0)) || {};
                t.ok(top > 100 && top < height - 100, `at ${size}: ${top}`);
            }
        },
    ],
];
