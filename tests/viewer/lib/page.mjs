// A page that is none: as much of a browser as the viewer asks for, under Node. Nothing is laid
// out; the window is `innerHeight` high and shows the picture from `scrollY` on. Timers and frames
// wait until the test runs them, and `writes` counts what changes the document.
import draw from '../../browser/lib/draw.js';

export const GEOMETRY = {
  width: 1020,
  row: 16,
  pad: 10,
  top: 36,
  bottom: 34,
  font: 12,
  fontwidth: 0.59,
  minwidth: 0.1,
};

class Element {
  constructor(page, tag) {
    Object.assign(this, { page, tag, children: [], values: {}, text: '', heard: {}, parent: null });
    const classes = () => new Set((this.values.class || '').split(' ').filter(Boolean));
    const keep = (set) => this.setAttribute('class', [...set].join(' '));
    this.classList = {
      add: (name) => keep(classes().add(name)),
      toggle: (name, wanted) => {
        const all = classes();
        if (wanted) all.add(name);
        else all.delete(name);
        if (all.has(name) !== classes().has(name)) keep(all);
      },
    };
  }

  setAttribute(key, value) {
    this.page.writes++;
    this.values[key] = String(value);
  }

  getAttribute(key) {
    return this.values[key] ?? null;
  }

  get dataset() {
    const data = Object.entries(this.values).filter(([key]) => key.startsWith('data-'));
    return Object.fromEntries(data.map(([key, value]) => [key.slice(5), value]));
  }

  get textContent() {
    return this.text + this.children.map((child) => child.textContent).join('');
  }

  set textContent(text) {
    if (text || this.text || this.children.length) this.page.writes++;
    this.text = text;
    this.children = [];
  }

  place(child, parent, at) {
    child.remove();
    child.parent = parent;
    parent.children.splice(at, 0, child);
    this.page.writes++;
    return child;
  }

  appendChild(child) {
    return this.place(child, this, this.children.length);
  }

  before(child) {
    this.place(child, this.parent, this.parent.children.indexOf(this));
  }

  remove() {
    const at = this.parent ? this.parent.children.indexOf(this) : -1;
    if (at < 0) return;
    this.page.writes++;
    this.parent.children.splice(at, 1);
  }

  // Knows `tag`, `#id`, `.class` and `[name]`, and lists of them.
  matches(list) {
    return list.split(', ').some((one) => {
      const [sort, name] = [one[0], one.slice(1)];
      if (sort === '#') return this.values.id === name;
      if (sort === '.') return (this.values.class || '').split(' ').includes(name);
      return sort === '[' ? name.slice(0, -1) in this.values : this.tag === one;
    });
  }

  closest(list) {
    return this.matches(list) ? this : this.parent && this.parent.closest(list);
  }

  contains(other) {
    return other === this || Boolean(other && other.parent && this.contains(other.parent));
  }

  all() {
    return [this, ...this.children.flatMap((child) => child.all())];
  }

  querySelector(list) {
    return this.all().find((element) => element !== this && element.matches(list)) || null;
  }

  addEventListener(type, act) {
    (this.heard[type] ||= []).push(act);
  }

  // Returns whether somebody took it.
  fire(type, values) {
    const event = { type, target: this, ...values };
    let taken = false;
    event.preventDefault = () => {
      taken = true;
    };
    for (let at = this; at; at = at.parent) for (const act of at.heard[type] || []) act(event);
    for (const act of (at(this) ? this.page.window.heard[type] : null) || []) act(event);
    return taken;
  }

  focus() {}

  blur() {
    this.fire('blur');
  }

  select() {}

  getScreenCTM() {
    return { a: 1, e: 0, f: -this.page.window.scrollY };
  }

  getBoundingClientRect() {
    return { left: 0, top: -this.page.window.scrollY, width: Number(this.values.width) };
  }
}

// Events of elements that are in the document reach the window.
const at = (element) => element.page.svg.contains(element);

// Opens a folded profile, and returns what a test may ask for: `go`, `state()` and so on by name.
export function openPage(folded, head, names) {
  const page = { writes: 0, timers: [], log: [] };
  const window = new Element(page, 'window');
  page.window = Object.assign(window, { scrollX: 0, scrollY: 0 });
  const svg = new Element(page, 'svg');
  page.svg = Object.assign(svg, { values: { class: 'flametree', width: '1020', height: '500' } });
  const json = Object.assign({ geometry: GEOMETRY }, head);
  const add = (tag, values, text) => {
    const element = svg.appendChild(Object.assign(new Element(page, tag), { values }));
    element.text = text || '';
  };
  const ids = ['title', 'subtitle', 'details', 'unzoom', 'search', 'ignorecase', 'matched'];
  add('script', {});
  for (const id of ids) add('text', { id }, id === 'title' ? 'Flame Graph' : '');
  add('g', { id: 'frames', class: 'frames' });
  const block = draw.dataBlock(draw.readFolded(folded, json), json);
  add('metadata', { class: 'flametree-data' }, block);

  const document = {
    readyState: 'complete',
    documentElement: svg,
    currentScript: svg.children[0],
    createElementNS: (space, tag) => new Element(page, tag),
    querySelector: () => null,
    querySelectorAll: () => svg.all().filter((element) => element.matches('.live')),
  };
  page.location = { hash: '', pathname: '/x.svg', search: '' };
  const write = (how) => (state, title, address) => {
    page.log.push([how, address]);
    history.state = state;
    page.location.hash = address[0] === '#' ? address : '';
  };
  const history = { state: null, back: () => page.log.push(['back']) };
  history.pushState = write('push');
  history.replaceState = write('replace');
  page.history = history;
  const later = (act, wait, ...more) => page.timers.push({ act: () => act(...more), wait });
  const context = { measureText: (text) => ({ width: [...text].length * 7 }) };
  const browser = {
    document,
    window,
    history,
    location: page.location,
    innerHeight: 2000,
    scrollBy: () => {},
    scrollTo: () => {},
    setTimeout: later,
    clearTimeout: (id) => id && (page.timers[id - 1].act = () => {}),
    requestAnimationFrame: (act) => later(act, 0),
    getComputedStyle: () => ({ fontFamily: 'sans-serif' }),
    matchMedia: () => ({ matches: false }),
    navigator: {},
    localStorage: {},
    CSS: { escape: String },
    ResizeObserver: class {
      observe() {}
    },
    OffscreenCanvas: class {
      getContext() {
        return context;
      }
    },
    ...(head && head.browser),
  };
  const script = draw.viewerScript(false).replace(
    /\}\)\(\);\s*$/,
    `window.parts = { ${names},
       state: () => ({ view, tree, steps, at, high, panel, first, last, zoomed, focus }) }\n})();`,
  );
  new Function(...Object.keys(browser), script)(...Object.values(browser));
  page.frames = svg.querySelector('#frames');
  page.crowd = svg.querySelector('.crowd');
  // Runs what waits, and what comes of it.
  page.wait = () => {
    for (let i = 0; i < page.timers.length; i++) {
      page.timers[i].act();
      page.timers[i].act = () => {};
    }
  };
  page.key = (key, more) => svg.fire('keydown', { key, ...more });
  return Object.assign(page, window.parts);
}
