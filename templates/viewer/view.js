// Shows a view: grows its tree, finds the zoom, lays out and draws. Views are plain objects
// (address.js); everything else on the screen follows from the view and the window.

function measureWidth(app) {
  const { svg, head } = app;
  if (!head.fluid) return head.geometry.width;
  svg.setAttribute('width', '100%');
  return Math.max(200, Math.round(svg.getBoundingClientRect().width) || head.geometry.width);
}

// Only what the new view changes is computed.
function showView(app, view) {
  const old = app.view;
  const grown = JSON.stringify([view.mode, view.func, view.order, view.fold, view.cuts]);
  app.view = view;
  if (app.grown !== grown) {
    Object.assign(app, growTree(app.base, view), { grown, found: null });
    app.whole = app.trimmed.total[0];
    app.paint = painter(app.tree, app.head);
    app.focus = 0;
    app.hover = null;
  }
  findZoom(app);
  app.focus = app.focus || app.zoomed;
  if (!app.found || !old || old.search !== view.search || old.icase !== view.icase) runSearch(app);
  refresh(app);
}

function runSearch(app) {
  const { view, tree } = app;
  const regex = compile(view.search, view.icase);
  app.broken = regex.exec ? '' : regex.message.replace(/^.*: /, '');
  // A bad expression says so and changes nothing.
  if (app.broken && app.found) return;
  const flags = view.search && !app.broken ? matchNames(tree.names, regex)
    : new Uint8Array(tree.names.count);
  app.found = findMatches(tree, flags);
}

function findZoom(app) {
  const { view, tree } = app;
  const { start, total, names } = tree;
  const whole = total[0];
  const range = view.range && view.range.map((x) => start[0] + x * whole);
  const hidden = new Set(view.cuts.map((cut) => (cut.op === 'hide' ? cut.name : '')));
  const path = view.zoom.filter((name) => !hidden.has(cleanName(name.replace(/_\[[kwij]\]$/, ''))));
  const edge = tree.chart && range ? (range[0] + range[1]) / 2 : undefined;
  const found = followPath(tree, path, view.callers, edge);
  const node = app.zoomed = found.node;
  app.range = range || [start[node], start[node] + total[node]];
  app.half = !tree.half || !node ? '' : tree.row[node] < tree.zero ? 'up' : 'down';
  if (!(app.range[1] > app.range[0])) app.range = [0, whole];
  if (tree.half && view.range && !node) app.half = 'down';
}

// Draws anew what the view has not changed: the window has, or the theme.
function refresh(app) {
  const { head, tree, view, svg } = app;
  const { geometry } = head;
  const width = app.width = measureWidth(app);
  app.flame = !view.icicle && !tree.half;
  layoutBars(app, width);
  const place = {
    width, pad: geometry.pad, row: geometry.row, flame: app.flame,
    top: geometry.top + app.bar.extra, bottom: app.foot.high,
  };
  app.layout = makeLayout(tree, app.range, app.half, place);
  const { height } = app.layout;
  set(svg, { height, viewBox: '0 0 ' + width + ' ' + height });
  if (!head.fluid) svg.setAttribute('width', width);
  set(app.ground, { width, height });
  app.part.unzoom.classList.toggle('hide', !app.zoomed && !view.range);
  const said = describeSearch(app);
  if (app.said !== said) app.part.matched.textContent = clip(app.said = said, width - 20, app.small);
  drawFrames(app);
  drawMatches(app);
  placeBars(app);
  mark(app);
  explain(app);
}

// Where matches are, for those too narrow to see: a strip of marks beside the root.
function drawMatches(app) {
  const { layout, found, tree } = app;
  const line = (half, row, y) => {
    const [from, to] = layout.range(row);
    let path = '';
    let right = -1;
    for (let i = firstAfter(half.to, from); i < half.from.length && half.from[i] < to; i++) {
      const x = Math.max(right, Math.floor(layout.x(row, half.from[i])));
      const end = Math.max(x + 1, Math.ceil(layout.x(row, half.to[i])));
      if (end <= right) continue;
      path += 'M' + x + ' ' + y + 'H' + end;
      right = end;
    }
    return path;
  };
  const base = layout.y(tree.zero) + app.head.geometry.row;
  let path = line(found.down, layout.last, app.flame ? base + 2 : layout.place.top - 5);
  if (tree.half) path += line(found.up, layout.first, layout.height - app.foot.high + 3);
  app.rug.setAttribute('d', path);
}

// The frame under the mouse and the focused one get an outline.
function mark(app) {
  const { layout, tree, frames, slots } = app;
  const outline = (rect, node, box) => {
    const row = node === null ? -1 : tree.row[node];
    const left = row < 0 ? 0 : layout.x(row, box ? box.left : tree.start[node]);
    const right = row < 0 ? 0 : layout.x(row, box ? box.right : tree.start[node] + tree.total[node]);
    set(rect, {
      x: left, y: row < 0 ? 0 : layout.y(row), width: Math.max(right - left, row < 0 ? 0 : 2),
      height: app.head.geometry.row - 1,
    });
  };
  outline(app.glow, app.hover ? tree.inRow[app.hover.first] : null, app.hover);
  outline(app.ring, app.focused ? app.focus : null);
  if (!app.focused) return;
  const box = boxOf(app, app.focus);
  const slot = slots.slice(0, app.shown).find((one) => one.box === box);
  if (slot) frames.setAttribute('aria-activedescendant', slot.g.id);
}

function boxOf(app, node) {
  const { layout, tree } = app;
  const row = tree.row[node];
  const middle = tree.start[node] + tree.total[node] / 2;
  return layout.boxAt(row, layout.x(row, middle));
}
