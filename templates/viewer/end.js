// Starts the viewer of the graph that this script stands in.

function start(svg) {
  const block = svg.querySelector('metadata.flametree-data');
  const { head, names, frames: read } = readProfile(block.textContent);
  const base = makeTree(read.parent, read.name, read.self, read.before, names,
    head.order === 'input');
  base.order = head.order;
  const app = { svg, head, base, part: {}, slots: [], shown: 0, sums: new Map() };
  const frames = app.frames = svg.querySelector('#' + CSS.escape(head.prefix + 'frames'));
  app.ground = svg.querySelector('#' + CSS.escape(head.prefix + 'background'));
  app.weight = weightFormat(head);
  const old = addressOfOld(app);
  frames.textContent = '';
  set(frames, { role: 'tree', tabindex: 0, 'aria-label': 'Flame graph' });
  svg.classList.add('live');
  app.small = makeMeasure(app, '', head.geometry.font);
  app.glow = make('rect', svg, { class: 'glow' });
  app.ring = make('rect', svg, { class: 'ring' });
  app.rug = make('path', svg, { class: 'rug' });
  makeBars(app);
  makeCommands(app);
  setTheme(app);
  const view = makeSteps(app);
  showView(app, app.steps[0] ? view : Object.assign(view, old));
  listen(app);
}

// Links of flamegraph.pl: `?s=` is a search, `?x=` and `?y=` are the corner of a zoomed frame.
function addressOfOld(app) {
  const { svg, base, head } = app;
  const { geometry: g } = head;
  const asked = new URLSearchParams(svg === document.documentElement ? location.search : '');
  const old = {};
  if (asked.get('s')) old.search = asked.get('s');
  if (!asked.get('x') || !asked.get('y')) return old;
  const y = Number(asked.get('y'));
  const high = Number(svg.getAttribute('height'));
  const row = Math.round(head.inverted ? (y - g.top) / g.row : (high - g.bottom - y + 1) / g.row - 1);
  const scale = (g.width - 2 * g.pad) / base.total[0];
  const edge = (Number(asked.get('x')) - g.pad - 0.06) / scale;
  if (!(row > 0 && row < base.rows)) return old;
  const at = findStart(base, base.rowAt[row], base.rowAt[row + 1], edge);
  if (at === base.rowAt[row + 1]) return old;
  old.zoom = pathOf(base, base.inRow[at]).map((i) => base.names.raw[base.name[i]]);
  return old;
}

start(document.currentScript.closest('svg'));
})();
