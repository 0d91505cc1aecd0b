// SPDX-License-Identifier: MIT
'use strict';
// Drives a stock Firefox, headless, by Marionette: each message is its length, a colon and JSON,
// over TCP. Mouse and keys are WebDriver actions, that is, events of the browser and not of a
// script.

const { execFileSync, spawn } = require('child_process');
const fs = require('fs');
const net = require('net');
const os = require('os');
const path = require('path');
const { countWaiting } = require('./waiting.js');

const NARROWEST = 520; // pixels of a window
const SECONDS = 60; // for Firefox to start, and for each answer

// The first start must show no page of its own and must open no connection.
const PREFERENCES = {
  'app.normandy.enabled': false,
  'app.update.disabledForTesting': true,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'dom.events.testing.asyncClipboard': true,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.update.enabled': false,
  'marionette.port': 0, // a free one, which the file MarionetteActivePort names
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
  'ui.prefersReducedMotion': 1,
  'ui.useOverlayScrollbars': 1,
  'widget.gtk.overlay-scrollbars.enabled': true,
};

// The screen is large enough for each window of the tests.
const ENVIRONMENT = {
  MOZ_CRASHREPORTER_DISABLE: '1',
  MOZ_HEADLESS_WIDTH: '2600',
  MOZ_HEADLESS_HEIGHT: '1600',
};

// Keys that WebDriver has no character for.
const KEYS = {
  Backspace: '\ue003',
  Tab: '\ue004',
  Enter: '\ue007',
  Shift: '\ue008',
  Control: '\ue009',
  Escape: '\ue00c',
  ArrowLeft: '\ue012',
  ArrowUp: '\ue013',
  ArrowRight: '\ue014',
  ArrowDown: '\ue015',
  PageUp: '\ue00e',
  PageDown: '\ue00f',
  End: '\ue010',
  Home: '\ue011',
  Delete: '\ue017',
  F3: '\ue033',
  F10: '\ue03a',
  Meta: '\ue03d',
};

// $FIREFOX, else the first one on PATH, or '' when there is none.
function findFirefox() {
  if (process.env.FIREFOX) return process.env.FIREFOX;
  for (const name of ['firefox-esr', 'firefox']) {
    for (const folder of (process.env.PATH || '').split(':')) {
      const file = path.join(folder, name);
      if (folder && fs.existsSync(file)) return file;
    }
  }
  return '';
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Waits until `test` returns something true, and returns that.
async function until(test, what, seconds = SECONDS) {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await pause(30)) {
    const value = await test();
    if (value) return value;
  }
  throw new Error(`waited ${seconds} s for ${what}`);
}

class Firefox {
  // Starts a browser of its own, with a profile that goes when it ends.
  static async launch({ width = 1000, height = 700 } = {}) {
    const firefox = new Firefox();
    firefox.profile = fs.mkdtempSync(path.join(os.tmpdir(), 'flametree-firefox-'));
    const lines = Object.entries(PREFERENCES).map(
      (pair) => `user_pref(${pair.map((part) => JSON.stringify(part)).join(', ')});\n`,
    );
    fs.writeFileSync(path.join(firefox.profile, 'user.js'), lines.join(''));
    firefox.child = spawn(
      findFirefox(),
      // Access to the system is what reading the console needs.
      ['--headless', '--marionette', '--remote-allow-system-access', '--no-remote'].concat([
        '--profile',
        firefox.profile,
        'about:blank',
      ]),
      { stdio: 'ignore', env: { ...process.env, ...ENVIRONMENT } },
    );
    firefox.child.on('error', () => {});
    firefox.end = () => firefox.kill();
    process.on('exit', firefox.end);
    try {
      await firefox.connect();
      await firefox.resize(width, height);
    } catch (error) {
      firefox.kill();
      throw error;
    }
    return firefox;
  }

  async connect() {
    const file = path.join(this.profile, 'MarionetteActivePort');
    const port = await until(() => {
      if (this.child.exitCode !== null) throw new Error('Firefox ended at once');
      return fs.existsSync(file) && Number(fs.readFileSync(file, 'utf8'));
    }, 'the port of Firefox');
    this.waiting = new Map();
    this.last = 0;
    this.socket = net.connect(port, '127.0.0.1');
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('Firefox closed the connection')));
    let rest = Buffer.alloc(0);
    this.socket.on('data', (data) => {
      rest = Buffer.concat([rest, data]);
      for (;;) {
        const colon = rest.indexOf(':');
        const end = colon + 1 + Number(rest.subarray(0, Math.max(colon, 0)));
        if (colon < 0 || rest.length < end) return;
        this.answer(JSON.parse(rest.subarray(colon + 1, end)));
        rest = rest.subarray(end);
      }
    });
    await this.send('WebDriver:NewSession', { capabilities: {} });
  }

  // The first message is a greeting.
  answer(message) {
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message;
    const { done, fail } = this.waiting.get(id) || {};
    this.waiting.delete(id);
    if (error && fail) fail(new Error(`${error.error}: ${error.message}`));
    else if (done) done(result);
  }

  fail(error) {
    for (const { fail } of this.waiting.values()) fail(error);
    this.waiting.clear();
  }

  send(name, values = {}) {
    const id = ++this.last;
    const text = JSON.stringify([0, id, name, values]);
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no answer to ${name}`)), SECONDS * 1000);
      const stop = (act) => (value) => {
        clearTimeout(timer);
        act(value);
      };
      this.waiting.set(id, { done: stop(done), fail: stop(fail) });
      this.socket.write(Buffer.byteLength(text) + ':' + text);
    });
  }

  // What the tests' View asks a page for.
  get mouse() {
    return { move: (x, y) => this.move(x, y), click: (x, y) => this.click(x, y) };
  }

  get keyboard() {
    return { press: (name) => this.press(name), type: (text) => this.press(...text) };
  }

  // Makes the window show so many pixels of a page. No window of Firefox is as narrow as a phone:
  // there the page is made smaller within the window.
  async resize(width, height) {
    const [wide, high] = await this.inside((most) => {
      const window = globalThis.Services.wm.getMostRecentWindow('navigator:browser');
      const { browsers, selectedBrowser } = window.gBrowser;
      for (const { style } of browsers) style.maxWidth = '';
      const { width, height } = selectedBrowser.getBoundingClientRect();
      for (const { style } of browsers) style.maxWidth = most;
      return [window.outerWidth - width, window.outerHeight - height];
    }, width < NARROWEST ? width + 'px' : '');
    const rect = { width: Math.max(width, NARROWEST) + wide, height: height + high };
    await this.send('WebDriver:SetWindowRect', rect);
    await this.waitFor(
      (w, h) => Math.abs(window.innerWidth - w) < 2 && Math.abs(window.innerHeight - h) < 2,
      width,
      height,
    );
  }

  async open(address) {
    await this.send('WebDriver:Navigate', { url: address });
    await this.evaluate(countWaiting);
  }

  async reload() {
    await this.send('WebDriver:Refresh');
    await this.evaluate(countWaiting);
  }

  // Runs a function in the page; arguments and result are JSON. The script runs in the page's own
  // world, where a policy of the page does not hold it back.
  async evaluate(run, ...args) {
    const script = `return (${run}).apply(null, arguments)`;
    return (await this.send('WebDriver:ExecuteScript', { script, args })).value;
  }

  waitFor(test, ...args) {
    return until(() => this.evaluate(test, ...args), String(test).replace(/\s+/g, ' '), 20);
  }

  act(type, actions, more) {
    return this.send('WebDriver:PerformActions', {
      actions: [{ type, id: type, actions, ...more }],
    });
  }

  move(x, y) {
    const to = { type: 'pointerMove', duration: 0, origin: 'viewport' };
    const [left, top] = [x, y].map(Math.round);
    return this.act('pointer', [{ ...to, x: left + 1, y: top }, { ...to, x: left, y: top }], {
      parameters: { pointerType: 'mouse' },
    });
  }

  async click(x, y) {
    await this.move(x, y);
    await this.act(
      'pointer',
      [
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ],
      { parameters: { pointerType: 'mouse' } },
    );
  }

  // Turns the wheel while a key is held.
  async wheelWith(key, x, y, deltaY) {
    const [left, top] = [x, y].map(Math.round);
    const turn = { type: 'scroll', x: left, y: top, deltaX: 0, deltaY, origin: 'viewport' };
    await this.act('key', [{ type: 'keyDown', value: KEYS[key] }]);
    await this.act('wheel', [turn]);
    await this.act('key', [{ type: 'keyUp', value: KEYS[key] }]);
  }

  back() {
    return this.evaluate(() => history.back());
  }

  // Keys by their names: 'Escape', 'a', 'Shift+Enter'.
  press(...names) {
    const actions = [];
    for (const name of names) {
      const keys = name.split(/\+(?=.)/).map((key) => KEYS[key] || key);
      for (const value of keys) actions.push({ type: 'keyDown', value });
      for (const value of keys.reverse()) actions.push({ type: 'keyUp', value });
    }
    return this.act('key', actions);
  }

  // Works in the document of a frame or an <object> from now on, or, without one, in the page.
  async enter(selector) {
    if (!selector) return this.send('WebDriver:SwitchToFrame', { id: null });
    const using = { using: 'css selector', value: selector };
    const { value } = await this.send('WebDriver:FindElement', using);
    return this.send('WebDriver:SwitchToFrame', { element: Object.values(value)[0] });
  }

  // Writes what the window shows into a PNG file.
  async screenshot(file) {
    const { value } = await this.send('WebDriver:TakeScreenshot', { full: false });
    fs.writeFileSync(file, Buffer.from(value, 'base64'));
  }

  // Runs a function in Firefox itself instead of the page.
  async inside(run, ...args) {
    await this.send('Marionette:SetContext', { value: 'chrome' });
    try {
      return await this.evaluate(run, ...args);
    } finally {
      await this.send('Marionette:SetContext', { value: 'content' });
    }
  }

  prefer(name, value) {
    return this.inside((key, on) => globalThis.Services.prefs.setBoolPref(key, on), name, value);
  }

  preferNumber(name, value) {
    return this.inside((key, to) => globalThis.Services.prefs.setIntPref(key, to), name, value);
  }

  // What pages threw since the last call.
  errors() {
    return this.inside(() => {
      const { Ci, Services } = globalThis;
      const all = Services.console.getMessageArray();
      Services.console.reset();
      return all
        .filter((one) => one instanceof Ci.nsIScriptError && !(one.flags & 1))
        .filter((one) => /^(file|data|blob):/.test(one.sourceName))
        .map((one) => `${one.errorMessage} (line ${one.lineNumber})`);
    });
  }

  kill() {
    process.off('exit', this.end);
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
    fs.rmSync(this.profile, { recursive: true, force: true, maxRetries: 9 });
  }

  async quit() {
    const gone = new Promise((done) => this.child.once('exit', done));
    this.send('Marionette:Quit', { flags: ['eForceQuit'] }).catch(() => {});
    await Promise.race([gone, pause(10000)]);
    this.kill();
  }
}

// "Mozilla Firefox 128.5.0esr"
const version = () => execFileSync(findFirefox(), ['--version']).toString().trim();

module.exports = { Firefox, KEYS, NARROWEST, findFirefox, until, version };
