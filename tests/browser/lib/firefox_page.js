// SPDX-License-Identifier: MIT
'use strict';
// A page of Firefox with those methods of Playwright's pages that the tests of the viewer call, so
// that the same tests run in both browsers. What Firefox cannot do throws an Unsupported, and the
// test is skipped with that reason.

const { KEYS, NARROWEST, until } = require('./firefox.js');

class Unsupported extends Error {}

const refuse = (what) => {
  throw new Unsupported(what);
};

// Elements by a selector, of which `:visible` and `:has-text("...")` are read here. Everything is
// asked of the page when it is needed.
class Locator {
  constructor(page, selector, wanted = {}) {
    Object.assign(this, { page, selector, wanted });
  }

  nth(index) {
    return new Locator(this.page, this.selector, { ...this.wanted, index });
  }

  first() {
    return this.nth(0);
  }

  last() {
    return this.nth(-1);
  }

  locator(selector) {
    return new Locator(this.page, `${this.selector} ${selector}`, this.wanted);
  }

  // Runs a function on [element, ...], and returns JSON.
  ask(run, ...args) {
    return this.page.evaluate(
      ([selector, { index, name }, code, rest]) => {
        const visible = selector.includes(':visible');
        const text = /:has-text\("(.*?)"\)/.exec(selector)?.[1];
        const plain = selector.replace(/:visible|:has-text\(".*?"\)/g, '');
        const found = [...document.querySelectorAll(plain)].filter(
          (one) =>
            (!visible || one.checkVisibility({ checkVisibilityCSS: true })) &&
            (!text || one.textContent.includes(text)) &&
            (!name || new RegExp(name).test(one.textContent)),
        );
        const list = index === undefined ? found : [found.at(index)].filter(Boolean);
        // eslint-disable-next-line no-new-func -- the function came as text
        return Function(`return (${code})`)()(list, ...rest);
      },
      [this.selector, this.wanted, String(run), args],
    );
  }

  count() {
    return this.ask((list) => list.length);
  }

  async one(run, ...args) {
    await until(() => this.count(), this.selector, 10);
    return this.ask(run, ...args);
  }

  getAttribute(name) {
    return this.one(([element], key) => element.getAttribute(key), name);
  }

  textContent() {
    return this.one(([element]) => element.textContent);
  }

  allTextContents() {
    return this.ask((list) => list.map((element) => element.textContent));
  }

  evaluateAll(run, arg) {
    return this.ask(run, arg);
  }

  evaluate(run) {
    return this.one(`([element]) => (${run})(element)`);
  }

  boundingBox() {
    return this.one(([element]) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x, y, width, height };
    });
  }

  isVisible() {
    return this.ask(([element]) => Boolean(element?.checkVisibility({ checkVisibilityCSS: true })));
  }

  focus() {
    return this.one(([element]) => element.focus());
  }

  async middle() {
    await this.one(([element]) => element.scrollIntoView({ block: 'nearest' }));
    const { x, y, width, height } = await this.boundingBox();
    return [x + width / 2, y + height / 2];
  }

  async hover() {
    return this.page.mouse.move(...(await this.middle()));
  }

  async click() {
    return this.page.mouse.click(...(await this.middle()));
  }

  tap() {
    return refuse('touch');
  }
}

class Page {
  // In a tab of its own.
  static async open(firefox, { viewport, colorScheme = 'light', reducedMotion, ...more } = {}) {
    for (const key of ['hasTouch', 'isMobile', 'javaScriptEnabled']) {
      if (key in more) refuse(key);
    }
    const page = new Page();
    Object.assign(page, { firefox, size: viewport || { width: 1000, height: 700 } });
    page.handle = (await firefox.send('WebDriver:NewWindow', { type: 'tab' })).handle;
    await page.enter();
    await page.emulateMedia({ colorScheme });
    await firefox.preferNumber('ui.prefersReducedMotion', +(reducedMotion !== 'no-preference'));
    return page;
  }

  // Commands go to the tab that was used last.
  async enter() {
    const { firefox, handle, size } = this;
    if (firefox.handle !== handle) {
      await firefox.send('WebDriver:SwitchToWindow', { handle });
      firefox.handle = handle;
      if (size.width < NARROWEST) firefox.size = '';
    }
    const { width, height } = size;
    if (firefox.size !== `${width} ${height}`) await firefox.resize(width, height);
    firefox.size = `${width} ${height}`;
    return firefox;
  }

  // All pages keep what they remember in one place.
  async close() {
    await this.evaluate(() => {
      try {
        localStorage.clear();
      } catch {
        // A page without storage.
      }
    });
    await this.firefox.send('WebDriver:CloseWindow');
    this.firefox.handle = '';
  }

  async goto(address) {
    const to = await address;
    return (await this.enter()).open(to);
  }

  async evaluate(run, arg) {
    return (await this.enter()).evaluate(run, arg);
  }

  // On pages of "750px" and the like, without margins.
  async pdf({ width, height }) {
    const [wide, high] = [width, height].map((text) => (parseInt(text, 10) / 96) * 2.54);
    const { value } = await (await this.enter()).send('WebDriver:Print', {
      background: true,
      margin: { top: 0, bottom: 0, left: 0, right: 0 },
      page: { width: wide, height: high },
    });
    return Buffer.from(value, 'base64');
  }

  async reload() {
    return (await this.enter()).reload();
  }

  async goBack() {
    await this.evaluate(() => history.back());
  }

  async goForward() {
    await this.evaluate(() => history.forward());
  }

  url() {
    return this.evaluate(() => location.href);
  }

  // The end of an address is enough.
  waitForURL(pattern) {
    const end = pattern.replace('**', '');
    return this.waitForFunction((wanted) => location.href.endsWith(wanted), end);
  }

  focus(selector) {
    return this.locator(selector).focus();
  }

  inputValue(selector) {
    return this.locator(selector).evaluate((element) => element.value);
  }

  title() {
    return this.evaluate(() => document.title);
  }

  waitForFunction(test, arg) {
    return until(() => this.evaluate(test, arg), String(test).replace(/\s+/g, ' '), 20);
  }

  viewportSize() {
    return this.size;
  }

  async setViewportSize(size) {
    this.size = size;
    await this.enter();
  }

  async emulateMedia({ colorScheme, media }) {
    if (media) refuse('media: ' + media);
    const key = 'layout.css.prefers-color-scheme.content-override';
    await this.firefox.preferNumber(key, colorScheme === 'dark' ? 0 : 1);
    await this.firefox.waitFor(
      (wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches,
      colorScheme,
    );
  }

  locator(selector) {
    return new Locator(this, selector);
  }

  getByRole(role, { name }) {
    return new Locator(this, `${role}, [role="${role}"]`, { name: name.source });
  }

  // No page of the tests may open a dialog; where one does, the next command fails.
  on() {}

  frames() {
    return refuse('the pages within a page');
  }

  context() {
    return refuse('the protocol of Chromium');
  }

  addInitScript() {
    return refuse('scripts before those of the page');
  }

  get touchscreen() {
    return refuse('touch');
  }

  get mouse() {
    const pointer = async (...actions) =>
      (await this.enter()).act('pointer', actions, { parameters: { pointerType: 'mouse' } });
    const at = (x, y) => ({
      type: 'pointerMove',
      duration: 0,
      origin: 'viewport',
      x,
      y,
    });
    const place = this;
    return {
      move: async (x, y) => {
        Object.assign(place, { x, y });
        await pointer(at(x, y));
      },
      down: () => pointer({ type: 'pointerDown', button: 0 }),
      up: () => pointer({ type: 'pointerUp', button: 0 }),
      click: async (x, y, { button, modifiers = [] } = {}) => {
        const number = button === 'right' ? 2 : 0;
        for (const key of modifiers) await this.keyboard.down(key);
        await pointer(
          at(x, y),
          { type: 'pointerDown', button: number },
          { type: 'pointerUp', button: number },
        );
        for (const key of modifiers) await this.keyboard.up(key);
      },
      wheel: async (deltaX, deltaY) =>
        (await this.enter()).act('wheel', [
          { type: 'scroll', x: place.x | 0, y: place.y | 0, deltaX, deltaY, origin: 'viewport' },
        ]),
    };
  }

  get keyboard() {
    const key = async (type, name) =>
      (await this.enter()).act('key', [{ type, value: KEYS[name] || name }]);
    return {
      press: async (name) => {
        if (name === 'ContextMenu') refuse('the key of menus');
        await (await this.enter()).press(name);
      },
      type: async (text) => (await this.enter()).press(...text),
      down: (name) => key('keyDown', name),
      up: (name) => key('keyUp', name),
    };
  }
}

module.exports = { Page, Unsupported };
