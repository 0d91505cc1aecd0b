// SPDX-License-Identifier: MIT
'use strict';
// Runs tests in Chromium by real clicks and keys, and reports in TAP. A test file exports an array
// of [name, async function (t)]; `t` opens pictures and checks values.

const { execFileSync } = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { countWaiting, untilQuiet } = require('./waiting.js');

const BUILD = [
  process.env.builddir || process.cwd(),
  path.join(__dirname, '../../..'),
  path.join(__dirname, '../../../build'),
];

function loadPlaywright() {
  const places = [process.env.PLAYWRIGHT, 'playwright-core'].concat(
    BUILD.map((folder) => path.join(folder, 'node_modules/playwright-core')),
  );
  for (const place of places.filter(Boolean)) {
    try {
      return require(place);
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return null;
}

function findChromium() {
  const places = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return places.find((place) => place && fs.existsSync(place));
}

// A program under test: $FLAMEGRAPH or the like, else the one in the build folder.
function findProgram(name = 'flamegraph') {
  const named = process.env[name.toUpperCase()];
  if (named) return named;
  const files = BUILD.map((folder) => path.join(folder, name));
  const found = files.find((file) => fs.existsSync(file));
  if (!found) throw new Error(name + ' is not built');
  return found;
}

const work = fs.mkdtempSync(path.join(os.tmpdir(), 'flametree-browser-'));
process.on('exit', () => fs.rmSync(work, { recursive: true, force: true }));

// Options of the program.
function toArguments(options) {
  const out = [];
  for (const [key, value] of Object.entries(options)) {
    if (
      key === 'width' ||
      key === 'title' ||
      key === 'subtitle' ||
      key === 'countname' ||
      key === 'search' ||
      key === 'order' ||
      key === 'nameattr' ||
      key === 'sandwich' ||
      key === 'notes' ||
      key === 'colors' ||
      key === 'total'
    )
      out.push('--' + key, String(value));
    else if (key === 'inverted' && value) out.push('--inverted');
    else if (key === 'chart' && value) out.push('--flamechart');
    else if (key === 'prefix' && value) out.push('--id-prefix', value);
    else if (key === 'negate' && value) out.push('--negate');
    else if (key === 'script' && value === false) out.push('--script', 'none');
  }
  return out;
}

// The SVG of folded text; `inline`: for a page.
function picture(folded, options = {}) {
  const svg = execFileSync(findProgram(), toArguments(options), {
    input: folded,
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'ignore'],
  }).toString();
  return options.inline ? svg.replace(/^<\?xml[^>]*>\s*(<!DOCTYPE[^>]*>)?/, '') : svg;
}

// The text of the data block of a picture (doc/format.md, section 2).
function dataBlock(svg) {
  return /<metadata class="flametree-data">([^]*?)<\/metadata>/.exec(svg)[1];
}

// The picture that `flamediff` makes of two sides; a side is folded text, or several.
function comparison(before, after, options) {
  const sides = [before, after].map((side) =>
    [].concat(side).map((text) => writeFile(text, '.folded')),
  );
  const file = writeFile('');
  const all = ['-o', file].concat(options || [], sides[0], '--', sides[1]);
  execFileSync(findProgram('flamediff'), all, { stdio: ['ignore', 'ignore', 'inherit'] });
  return file;
}

let files = 0;

function writeFile(text, extension) {
  const file = path.join(work, 'page' + ++files + (extension || '.svg'));
  fs.writeFileSync(file, text);
  return file;
}

// What tests do with an open picture. `root` is the selector of its <svg>.
class View {
  constructor(page, root) {
    this.page = page;
    this.root = root;
  }

  part(id) {
    return this.page.evaluate(
      ([root, name]) => {
        const element = document.querySelector(root).querySelector(`[id$="${name}"]`);
        return element ? element.textContent.replace(/\s+/g, ' ').trim() : '';
      },
      [this.root, id],
    );
  }

  // All drawn frames: the contract of #frames, and where each is on the screen.
  // Where the first text of each element is, without the blank at the end of a line of details,
  // which is wide.
  textBoxes(selector) {
    return this.page.evaluate((all) => Array.from(document.querySelectorAll(all))
      .filter((one) => one.firstChild?.nodeType === 3 && one.textContent.trim())
      .map((one) => {
        const range = document.createRange();
        range.selectNode(one.firstChild);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        return { text: one.textContent, left, right, top, bottom };
      }), selector);
  }

  frames() {
    return this.page.evaluate((root) => {
      const group = document.querySelector(root).querySelector('[id$="frames"]');
      return Array.from(group.children, (g) => {
        const [title, rect, text] = g.children;
        const box = rect.getBoundingClientRect();
        const { stroke, strokeWidth } = getComputedStyle(rect);
        // In Firefox the edge is part of the box.
        if (stroke !== 'none' && navigator.userAgent.includes('Firefox')) {
          const edge = parseFloat(strokeWidth) / 2;
          Object.assign(box, { x: box.x + edge, y: box.y + edge });
          Object.assign(box, { width: box.width - 2 * edge, height: box.height - 2 * edge });
        }
        return {
          tags: [g.localName, title.localName, rect.localName, text.localName].join(' '),
          title: title.textContent,
          name: title.textContent.replace(/ \([^(]*\)$/, '').replace(/^\u2068(.*)\u2069$/, '$1'),
          label: text.textContent,
          fill: rect.getAttribute('fill'),
          mark: rect.getAttribute('class') || '',
          ink: getComputedStyle(text).fill,
          role: g.getAttribute('role'),
          level: Number(g.getAttribute('aria-level')),
          expanded: g.getAttribute('aria-expanded'),
          left: box.left,
          right: box.right,
          top: box.top,
          bottom: box.bottom,
          width: box.width,
          attribute: Object.fromEntries(
            rect.getAttributeNames().map((name) => [name, rect.getAttribute(name)]),
          ),
        };
      });
    }, this.root);
  }

  async names() {
    return (await this.frames()).map((frame) => frame.name);
  }

  // The nth frame of a name, in the order of the screen: from the root outwards, left to right.
  async frame(name, nth) {
    const all = (await this.frames()).filter((frame) => frame.name === name);
    return all[nth || 0];
  }

  async pointAt(name, nth) {
    const frame = await this.frame(name, nth);
    if (!frame) throw new Error('no frame ' + name + ' among ' + (await this.names()).slice(0, 40));
    return [
      Math.max(frame.left, 0) + Math.min(frame.width, 1300) / 2,
      (frame.top + frame.bottom) / 2,
    ];
  }

  async hover(name, nth) {
    const [x, y] = await this.pointAt(name, nth);
    await this.page.mouse.move(x + 1, y);
    await this.page.mouse.move(x, y);
  }

  async click(name, nth, options) {
    const [x, y] = await this.pointAt(name, nth);
    await this.page.mouse.click(x, y, options);
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  // Until the page has nothing left to do: a step back goes through the browser's history, which
  // takes its time; a step forward is written there when the picture is on the screen.
  async settle() {
    const { width } = this.page.viewportSize?.() || { width: 0 }; // a frame has none
    await this.page.evaluate(untilQuiet, [width, 30000]);
  }

  // What a part of the picture says when it has come to `text`, or after a minute without it.
  async partWith(name, text) {
    const end = Date.now() + 60000;
    let says = await this.part(name);
    while (!says.includes(text) && Date.now() < end) {
      await new Promise((goOn) => setTimeout(goOn, 50));
      says = await this.part(name);
    }
    return says;
  }

  async search(text) {
    await this.press('/');
    await this.page.keyboard.type(text);
  }

  // The address follows the picture.
  async url() {
    await this.settle();
    return this.page.evaluate(() => location.href);
  }

  async hash() {
    await this.settle();
    return this.page.evaluate(() => decodeURIComponent(location.hash));
  }
}

// Pages that tests are done with. To open a new one takes three times as long as to use one again.
const idle = [];

// Makes a page note when a test changes it so that the next one had better not use it.
function noteChanges(page) {
  const changes = ['addInitScript', 'close', 'context', 'emulateMedia', 'on', 'setViewportSize'];
  for (const name of changes) {
    const method = page[name].bind(page);
    page[name] = (...values) => {
      page.isChanged = true;
      return method(...values);
    };
  }
}

// Ends the use of a page. The next test finds it as a new one: nothing stored, the mouse outside.
async function clearPage(page) {
  await page.evaluate(() => {
    try {
      localStorage.clear();
    } catch {
      // A page without storage.
    }
  });
  await page.goto('about:blank');
  await page.mouse.move(-9, -9);
  page.isUsed = true;
  idle.push(page);
}

class Test {
  constructor(browser, name) {
    this.browser = browser;
    this.name = name;
    this.errors = [];
    this.contexts = [];
    this.pages = [];
    this.picture = picture;
    this.writeFile = writeFile;
  }

  // A page of its own for each test with options; the others use theirs one after the other.
  async page(options) {
    const page = (!options && idle.pop()) || (await this.newPage(options));
    page.test = this;
    if (!options) this.pages.push(page);
    return page;
  }

  async newPage(options) {
    const context = await this.browser.newContext(
      Object.assign(
        {
          viewport: { width: 1000, height: 700 },
          colorScheme: 'light',
        },
        options,
      ),
    );
    if (options) this.contexts.push(context);
    await context.addInitScript(countWaiting);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    const goto = page.goto.bind(page);
    page.goto = async (...values) => {
      await goto(...values);
      // Nothing is before the first document of a test.
      if (page.isUsed) await session.send('Page.resetNavigationHistory');
      page.isUsed = false;
    };
    page.setDefaultNavigationTimeout(150000); // the largest picture takes 20 s on a busy machine
    page.on('console', (message) => {
      if (/error|warning/.test(message.type()))
        page.test.errors.push('console: ' + message.text());
    });
    page.on('pageerror', (error) => page.test.errors.push('page: ' + (error.stack || error)));
    page.on('request', (request) => {
      if (!/^(file|data|about|blob):/.test(request.url()))
        page.test.errors.push('asks for ' + request.url());
    });
    if (!options) noteChanges(page);
    return page;
  }

  // Clears what was opened.
  async close(isGood) {
    for (const context of this.contexts) await context.close();
    for (const page of this.pages) {
      if (isGood && !page.isChanged) await clearPage(page);
      else await page.context().close();
    }
  }

  // Opens a picture by itself. `where` is what follows the file name in the address.
  async open(folded, options, where, pageOptions) {
    const page = await this.page(pageOptions);
    const file = writeFile(picture(folded, options));
    await page.goto('file://' + file + (where || ''));
    return new View(page, 'svg');
  }

  // As open(), of what flamediff draws.
  async compare(before, after, options, where, pageOptions) {
    const page = await this.page(pageOptions);
    await page.goto('file://' + comparison(before, after, options) + (where || ''));
    return new View(page, 'svg');
  }

  async html(text, pageOptions) {
    const page = await this.page(pageOptions);
    await page.goto('file://' + writeFile(text, '.html'));
    return page;
  }

  view(page, root) {
    return new View(page, root);
  }

  equal(got, wanted, what) {
    const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (a !== b) this.fail(`${what || 'value'}: got ${a}, wanted ${b}`);
  }

  // For what the browser does in its own time: reads until the value is as wanted.
  async becomes(read, wanted, what) {
    const end = Date.now() + 10000;
    let got = await read();
    while (JSON.stringify(got) !== JSON.stringify(wanted) && Date.now() < end) {
      await new Promise((done) => setTimeout(done, 20));
      got = await read();
    }
    this.equal(got, wanted, what);
  }

  near(got, wanted, within, what) {
    if (!(Math.abs(got - wanted) <= within))
      this.fail(`${what || 'value'}: got ${got}, wanted ${wanted}`);
  }

  has(text, wanted) {
    if (!String(text).includes(wanted))
      this.fail(`wanted ${JSON.stringify(wanted)} in ${JSON.stringify(text)}`);
  }

  hasNot(text, wanted) {
    if (String(text).includes(wanted))
      this.fail(`unwanted ${JSON.stringify(wanted)} in ${JSON.stringify(text)}`);
  }

  ok(value, what) {
    if (!value) this.fail(what || 'not true');
  }

  // What pages threw so far, which then is no fault.
  async takeErrors() {
    return this.errors.splice(0);
  }

  fail(message) {
    throw new Error(message);
  }
}

// The tests, [name, function] each, of the files whose name has one of `names` in it, or of all.
function findTests(names) {
  const folder = path.join(__dirname, '..');
  const tests = [];
  for (const file of fs
    .readdirSync(folder)
    .filter((one) => one.endsWith('.test.js'))
    .sort()) {
    if (names.length && !names.some((name) => file.includes(name))) continue;
    for (const [name, run] of require(path.join(folder, file))) {
      tests.push([file.replace('.test.js', '') + ': ' + name, run]);
    }
  }
  return tests;
}

const runAll = (names) => runTests(findTests(names));

// A test may take `seconds`.
async function runTests(tests, seconds = 180) {
  const playwright = loadPlaywright();
  const executablePath = findChromium();
  if (!playwright || !executablePath) {
    console.log('1..0 # SKIP ' + (playwright ? 'chromium' : 'playwright-core') + ' is not here');
    return 0;
  }
  console.log('1..' + tests.length);
  const browser = await playwright.chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
  // Most of a test is waiting, so some run at a time; what is told keeps its order. The clipboard
  // is one for all: those who copy take turns.
  const reports = tests.map(() => null);
  let told = 0;
  const work = async (mine) => {
    while (mine.length) {
      const i = mine.shift();
      reports[i] = await runOne(browser, ...tests[i], seconds);
      for (; told < tests.length && reports[told] !== null; told++) {
        console.log(`${reports[told] ? 'not ok' : 'ok'} ${told + 1} - ${tests[told][0]}`);
        if (reports[told]) console.log(reports[told].replace(/^/gm, '# '));
      }
    }
  };
  const [alone, others] = [[], []];
  tests.forEach(([name], i) => (/copy/.test(name) ? alone : others).push(i));
  await Promise.all([...Array(Number(process.env.PARALLEL) || 3).fill(others), alone].map(work));
  await browser.close();
  return reports.some(Boolean) ? 1 : 0;
}

// Returns what went wrong, or ''.
async function runOne(browser, name, run, seconds) {
  const test = new Test(browser, name);
  let wrong = '';
  let timer;
  try {
    await Promise.race([
      run(test),
      new Promise((done, fail) => {
        timer = setTimeout(() => fail(new Error(`took longer than ${seconds} s`)), seconds * 1000);
      }),
    ]);
    wrong = test.errors.join('\n');
  } catch (error) {
    wrong =
      error.stack.split('\n').slice(0, 6).join('\n') + test.errors.map((e) => '\n' + e).join('');
  }
  clearTimeout(timer);
  await test.close(!wrong);
  return wrong;
}

module.exports = {
  Test,
  View,
  findTests,
  runAll,
  runTests,
  findProgram,
  picture,
  dataBlock,
  comparison,
  loadPlaywright,
  findChromium,
  writeFile,
};
