// SPDX-License-Identifier: MIT
// What Chromium shows of an SVG without script, and what our PNG of it shows, of eleven documents.
// Letters are drawn by two different libraries; everything else is the same to a few pixels.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { PLAYWRIGHT, CHROMIUM, builddir, features } = process.env;
const { chromium } = (await import(pathToFileURL(join(PLAYWRIGHT, 'index.js')))).default;
const work = mkdtempSync(join(tmpdir(), 'flametree-raster-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

// A profile that grows from a seed.
function profile(seed, stacks, deepest, sides) {
  let state = seed;
  const dice = (n) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % n;
  };
  // Short ones: a name that does not fit loses its end in SVG, but its middle in PNG.
  const names = ['ma', 'jH', 'sv', 'tk_[k]', 'λ', 'pr', 'ws', 'rd', 'W', 'i', 'js', 'né'];
  const lines = new Set();
  for (let i = 0; i < stacks; i++) {
    const stack = [];
    for (let depth = 1 + dice(deepest); depth > 0; depth--) {
      stack.push(names[dice(depth > 4 ? 3 : names.length)] + (dice(5) === 0 ? dice(9) : ''));
    }
    lines.add(stack.join(';') + ' ' + (1 + dice(300)) + (sides === 2 ? ' ' + (1 + dice(300)) : ''));
  }
  return [...lines].join('\n') + '\n';
}

const documents = [
  ['plain', profile(1, 30, 8), []],
  ['many frames', profile(2, 900, 30), []],
  ['java, icicle', profile(3, 120, 14), ['--colors', 'java', '--inverted']],
  ['differential', profile(4, 90, 12, 2), []],
  ['narrow', profile(5, 60, 9), ['--width', '480', '--colors', 'io']],
  ['large letters', profile(6, 40, 7), ['--fontsize', '20', '--height', '30']],
  ['title & subtitle', profile(7, 40, 7), ['--title', 'a <b> & c', '--subtitle', 'below']],
  ['flat background, no viewer', profile(8, 50, 9), ['--bgcolors', '#ffffff', '--script', 'none']],
  ['legend', profile(9, 80, 9), ['--colors', 'module']],
  ['long names in wide frames', 'java/lang/String:::hash;core::fmt::Formatter::write_str 30\n'
    + 'std::vector<int>::push_back;naïve_é_and_so_on 50\nlib/app.js;λ_of_some_length 40\n', []],
  ['flame chart', profile(10, 70, 9), ['--flamechart', '--colors', 'aqua']],
];

// Runs in a page: how far two pictures are from each other.
async function distance([a, b]) {
  const pixels = async (base64) => {
    const picture = new Image();
    picture.src = 'data:image/png;base64,' + base64;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d');
    context.drawImage(picture, 0, 0);
    return context.getImageData(0, 0, picture.width, picture.height);
  };
  const [p, q] = [await pixels(a), await pixels(b)];
  if (p.width !== q.width || p.height !== q.height) {
    return { sizes: `${p.width}x${p.height}, ${q.width}x${q.height}` };
  }
  let sum = 0;
  let far = 0;
  for (let i = 0; i < p.data.length; i += 4) {
    let most = 0;
    for (let c = 0; c < 3; c++) {
      const off = Math.abs(p.data[i + c] - q.data[i + c]);
      sum += off;
      most = Math.max(most, off);
    }
    if (most > 64) far++;
  }
  const n = p.data.length / 4;
  return { mean: sum / (3 * n), far: far / n };
}

if (!` ${features} `.includes(' raster ')) {
  console.log('1..0 # SKIP built without raster');
  process.exit(0);
}
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
const judge = await (await browser.newContext()).newPage();
let failed = 0;
for (const [i, [name, folded, options]] of documents.entries()) {
  const svg = join(work, `${i}.svg`);
  const png = join(work, `${i}.png`);
  const draw = (file) => execFileSync(join(builddir, 'flamegraph'),
    ['--quiet', ...options, '-o', file], { input: folded });
  draw(svg);
  draw(png);
  const header = readFileSync(png);
  const viewport = { width: header.readUInt32BE(16), height: header.readUInt32BE(20) };
  const context = await browser.newContext({ viewport, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(pathToFileURL(svg).href);
  const shot = await page.screenshot();
  await context.close();
  const off = await judge.evaluate(distance, [shot.toString('base64'), header.toString('base64')]);
  // Of 255; measured: 0.5 to 1.6, and 0.2 to 1.2 %, all of it in letters.
  const good = off.mean < 2 && off.far < 0.02;
  if (!good) failed++;
  console.log(`${good ? 'ok' : 'not ok'} ${i + 1} - ${name}: what Chromium shows and our PNG`);
  console.log('# ' + (off.sizes
    || `mean ${off.mean.toFixed(2)}, far ${(100 * off.far).toFixed(2)} %`));
  if (process.env.KEEP) {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(process.env.KEEP, `${i}-chromium.png`), shot);
    writeFileSync(join(process.env.KEEP, `${i}-ours.png`), header);
  }
}
await browser.close();
console.log(`1..${documents.length}`);
process.exitCode = failed > 0 ? 1 : 0;
