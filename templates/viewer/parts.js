// Elements: making them, and finding those that the static picture brings along.

const SVG = 'http://www.w3.org/2000/svg';
const HTML = 'http://www.w3.org/1999/xhtml';

function set(element, attributes) {
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return element;
}

function make(tag, parent, attributes, text, space) {
  const element = set(document.createElementNS(space || SVG, tag), attributes);
  if (text) element.textContent = text;
  if (parent) parent.appendChild(element);
  return element;
}

// A group that stays in the window: what the picture shows above or below its frames.
function makeBar(app, ids) {
  const bar = make('g', app.svg, { class: 'bar' });
  bar.back = make('rect', bar, { class: 'back', x: 0 });
  ids.forEach((id) => {
    const part = app.svg.querySelector('#' + CSS.escape(app.head.prefix + id));
    app.part[id] = part || make('text', null, { id: app.head.prefix + id });
    bar.appendChild(app.part[id]);
  });
  return bar;
}

// A text that can be pressed.
function makeButton(app, element, text, command) {
  set(element, { role: 'button', tabindex: 0, class: 'button' });
  element.textContent = text;
  element.addEventListener('click', () => app.run(command));
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    event.stopPropagation();
    app.run(command);
  });
}

// Widths of text come from the widths of its characters, each measured once in the font in use.
function makeMeasure(app, like, fallback) {
  const probe = make('text', app.svg, { x: 0, y: -999, class: like, 'aria-hidden': 'true' });
  const known = new Map();
  const size = parseFloat(getComputedStyle(probe).fontSize) || fallback;
  function measureNew(c) {
    probe.textContent = c + c;
    const width = probe.getComputedTextLength() / 2;
    return width || size * app.head.geometry.fontwidth;
  }
  probe.setAttribute('xml:space', 'preserve');
  return (text) => {
    let width = 0;
    for (const c of text) {
      let one = known.get(c);
      if (one === undefined) known.set(c, one = c === ' ' ? size * 0.3 : measureNew(c));
      width += one;
    }
    return width;
  };
}
