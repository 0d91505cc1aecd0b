// SPDX-License-Identifier: MIT
'use strict';
// What is looked at as a file, by a command line, and where it comes from.
const { execFileSync } = require('child_process');
const { findProgram, writeFile } = require('./lib/harness.js');
const { DEMO, DIFF } = require('./lib/profiles.js');

// Runs a command of the viewer, and returns the file that it saves: [name, type, text or size].
const saved = (view, key) =>
    view.page.evaluate(
        (name) =>
            new Promise((done) => {
                const { createObjectURL } = URL;
                let blob;
                URL.createObjectURL = (file) => {
                    blob = file;
                    return createObjectURL.call(URL, file);
                };
                document.addEventListener(
                    'click',
                    async (event) => {
                        if (!event.target.download) return;
                        event.preventDefault();
                        URL.createObjectURL = createObjectURL;
                        const isText = blob.type !== 'image/png';
                        const image = isText ? null : await createImageBitmap(blob);
                        done([
                            event.target.download,
                            blob.type,
                            isText ? await blob.text() : [image.width, image.height],
                        ]);
                    },
                    { capture: true },
                );
                document.documentElement.dispatchEvent(
                    new KeyboardEvent('keydown', { key: name, bubbles: true }),
                );
            }),
        key,
    );

const facts = async (view) => {
    await view.press('o');
    const lines = await view.page
        .locator('.facts tr')
        .evaluateAll((all) =>
            all.map((line) => [line.firstChild.textContent, line.lastChild.textContent]),
        );
    await view.press('Escape');
    return Object.fromEntries(lines);
};

module.exports = [
    [
        'e: the view as SVG is a picture of its own, with all rows and without a script',
        async (t) => {
            const deep = Array.from({ length: 90 }, (none, i) => 'f' + i).join(';');
            const view = await t.open(`${deep} 10\nother;x 10\nother;y 30\n`);
            await view.hover('x');
            await view.press('x');
            const [name, type, text] = await saved(view, 'e');
            t.equal([name, type], ['Flame-Graph.svg', 'image/svg+xml']);
            for (const word of ['<script', 'flametree-data', '<foreignObject', 'Search']) {
                t.hasNot(text, word);
            }
            t.ok((await view.names()).length < 92, 'the window shows a part');
            const again = await t.page();
            await again.goto('file://' + writeFile(text));
            const names = await t.view(again, 'svg').names();
            t.equal(names.length, 93, 'all rows');
            t.ok(names.includes('y') && !names.includes('x'), 'as it was cut');
        },
    ],
    [
        'e: collapse reads the frames of it, with their rounded weights',
        async (t) => {
            const view = await t.open(
                '# flametree: columns=1 samples=2520 unit=ns\n' +
                    'a;b;c 2500300000\na;b;d 71234567\na;e 2800000000\nf 7286000000\n',
            );
            await view.click('b');
            const [, , text] = await saved(view, 'e');
            const options = ['-q', '--header', writeFile(text)];
            t.equal(
                execFileSync(findProgram('collapse'), options).toString(),
                '# flametree: columns=1 samples=2520 unit=ns\n' +
                    ' 7290000000\na 2798770000\na;b;c 2500000000\na;b;d 71230000\n',
            );
        },
    ],
    [
        'e: without the room that the table takes',
        async (t) => {
            const view = await t.open(DEMO, {}, '', { viewport: { width: 1400, height: 700 } });
            const [, , plain] = await saved(view, 'e');
            await view.press('t');
            const [, , text] = await saved(view, 'e');
            const widths = (svg) => svg.match(/<rect [^>]* width="[\d.]+"/g).join();
            t.equal(widths(text), widths(plain));
        },
    ],
    [
        'p: the view as PNG has twice its size',
        async (t) => {
            const view = await t.open(DEMO);
            const [name, type, [width, height]] = await saved(view, 'p');
            t.equal([name, type], ['Flame-Graph.png', 'image/png']);
            const box = await view.page.evaluate(() => {
                const { width: w, height: h } = document
                    .querySelector('svg')
                    .getBoundingClientRect();
                return [w, h];
            });
            t.near(width, 2 * box[0], 2);
            t.near(height, 2 * box[1], 2);
        },
    ],
    [
        'E: the stacks of the view as folded text, below the zoom; two columns of two sides',
        async (t) => {
            const view = await t.open(DEMO);
            const sorted = (text) => text.trim().split('\n').sort();
            t.equal(sorted((await saved(view, 'E'))[2]), sorted(DEMO), 'all');
            await view.click('parse');
            t.equal(
                sorted((await saved(view, 'E'))[2]),
                sorted(DEMO).filter((line) => line.includes('parse')),
                'zoomed',
            );
            await view.press('Escape', 'r');
            await view.settle();
            t.has((await saved(view, 'E'))[2], 'lex;parse;main 200\n');
            const two = await t.open(DIFF);
            t.equal(sorted((await saved(two, 'E'))[2]), sorted(DIFF));
        },
    ],
    [
        'E: with unit, event and samples; a comparison without the scale of its picture',
        async (t) => {
            const perf = 'x 1 1.0: 5000000 cpu-clock:\n\t4a f (/x)\n\t5a g (/x)\n\n'
                + 'x 1 1.1: 5000000 cpu-clock:\n\t6a h (/x)\n\n';
            const view = await t.open(perf);
            const header = '# flametree: columns=1 type=cpu-clock unit=ns samples=';
            t.equal((await saved(view, 'E'))[2], header + '2\nx;g;f 5000000\nx;h 5000000\n');
            await view.click('g');
            const text = (await saved(view, 'E'))[2];
            t.equal(text, header + '1\nx;g;f 5000000\n');
            const again = await t.open(text);
            t.ok((await again.frames()).some(({ label }) => label === 'all: 5.00 ms, 1 sample'));
            const runs = [1, 3].map((n) =>
                `# flametree: unit=ns samples=9\nm;a ${n * 500}\nm;b ${n * 400}\n`);
            const two = await t.compare(...runs, ['--normalize', 'work', '--work', '10,90']);
            await two.settle();
            const [, , both] = await saved(two, 'E');
            t.equal(both.split('\n').filter((line) => line[0] === 'm').sort(),
                ['m;a 500 1500', 'm;b 400 1200']);
        },
    ],
    [
        'o: where it comes from; the command line draws the same frames',
        async (t) => {
            const view = await t.open(DEMO + "main;it's a.b 20\n");
            const file = writeFile(DEMO + "main;it's a.b 20\n", '.folded');
            t.equal((await facts(view))['drawn by'], 'flamegraph FILE');
            await view.hover("it's a.b");
            await view.press('x');
            await view.hover('gc');
            await view.press('h');
            await view.search('^(MAIN|idle)$');
            await view.page.locator('[data-run="icase"]').click();
            await view.press('Tab', 'F');
            await view.page.locator('[data-run="icase"]').click();
            await view.search('^le');
            await view.press('Enter', 'r', 's', 'i');
            await view.settle();
            const line = (await facts(view))['drawn by'];
            t.has(line, "--focus '(?i)^(MAIN|idle)$'");
            for (const word of ['--ignore', '--hide', '--reverse', '--inverted', '--sort weight'])
                t.has(line, word);
            const svg = execFileSync('sh', [
                '-c',
                line.replace('flamegraph', '"$0"').replace('FILE', '"$1"'),
                findProgram(),
                file,
            ]).toString();
            const drawn = await t.page();
            await drawn.goto('file://' + writeFile(svg));
            const again = t.view(drawn, 'svg');
            const look = async (one) =>
                (await one.frames()).map(({ name, fill, left, top }) => [
                    name,
                    Math.round(left),
                    Math.round(top - 0.01) * (name === 'all' ? 0 : 1),
                    fill === '#e600e6',
                ]);
            await again.settle();
            const bars = (await view.frame('all')).top - (await again.frame('all')).top;
            const moved = (await look(again)).map((one) => [
                one[0],
                one[1],
                one[2] && one[2] + Math.round(bars),
                one[3],
            ]);
            t.equal(await look(view), moved);
            await view.press('i');
            await view.hover('lex');
            await view.press('b');
            t.has((await facts(view))['drawn by'], " --sandwich '^lex$'");
            await view.press('Escape');
            await view.click('lex');
            t.ok(!('drawn by' in (await facts(view))), 'a zoomed view has no command line');
            const options = { title: "it's mine", colors: 'java', width: 900 };
            t.equal((await facts(await t.open(DEMO, options)))['drawn by'],
                "flamegraph --title 'it'\\''s mine' --colors java --width 900 FILE");
        },
    ],
    [
        'o: host, command and event of a recording, what is shown and what is left out',
        async (t) => {
            const view = await t.open('main;wide 100000\n' + 'main;f1;g1 1\n');
            const seen = await facts(view);
            t.equal(seen.total, '100,001 samples');
            t.equal(seen.holds, '4 frames');
            t.equal(seen['left out'], '2 frames only in the viewer');
            await view.hover('wide');
            await view.press('x');
            t.has((await facts(view)).view, 'removed wide');
            const perf = writeFile(
                [
                    '# hostname : demo',
                    '# cmdline : perf record -g x',
                    '# event : name = cycles, , type = 0',
                    'x 1/1 10.000000: 250 cycles: ',
                    '\t ffff main+0x1 (/bin/x)',
                    '',
                    '',
                ].join('\n'),
                '.perf',
            );
            const svg = execFileSync(findProgram(), [perf], {
                stdio: ['ignore', 'pipe', 'ignore'],
            }).toString();
            const page = await t.page();
            await page.goto('file://' + writeFile(svg));
            const known = await facts(t.view(page, 'svg'));
            t.equal(known.host, 'demo');
            t.equal(known.command, 'perf record -g x');
        },
    ],
    [
        'o: of a comparison, the facts of both sides, once where they agree',
        async (t) => {
            const head = '# flametree: columns=1 type=cpu unit=ns command=make';
            const side = (host, weight) => `${head} host=${host}\nm;a ${weight}\n`;
            const view = await t.compare(side('db7', 100), side('db8', 200), []);
            const seen = await facts(view);
            t.equal(
                [seen.value, seen['host before'], seen['host after'], seen.command],
                ['cpu', 'db7', 'db8', 'make'],
            );
            t.equal([seen['total before'], seen['total after']], ['100 ns', '200 ns']);
            t.has(seen['source before'], '.folded');
        },
    ],
];
