// What stands above and below the frames. Both bars stay in the window when the graph is taller.

function makeBars(app) {
  app.bar = makeBar(app, ['title', 'subtitle', 'unzoom', 'search', 'ignorecase']);
  app.foot = makeBar(app, ['details', 'matched']);
  const { part } = app;
  part.menu = make('text', app.bar);
  part.state = make('text', app.bar, { class: 'quiet' });
  makeButton(app, part.unzoom, 'Reset zoom', 'reset');
  makeButton(app, part.search, 'Search', 'search');
  makeButton(app, part.ignorecase, 'Aa', 'icase');
  makeButton(app, part.menu, 'Menu', 'help');
  app.wording = ['title', 'subtitle'].map((key) => [part[key], part[key].textContent]);
  [part.details, part.matched].forEach((text) => {
    set(text, { role: 'status', 'aria-live': 'polite' });
  });
  app.line = app.head.geometry.font + 4;
}

// Puts everything that depends on the width in its place, and says how much room it takes.
function layoutBars(app, width) {
  const { part, head, small, line, bar, foot } = app;
  const { pad, font, top } = head.geometry;
  const y = 2 * font;
  let right = width - pad;
  [part.menu, part.ignorecase, part.search].forEach((text) => {
    set(text, { x: right, y, 'text-anchor': 'end' });
    right -= small(text.textContent) + 14;
  });
  set(part.unzoom, { x: pad, y });
  const room = 2 * Math.min(right - width / 2, width / 2 - pad - small('Reset zoom') - 8);
  app.wording.forEach(([text, full], i) => {
    const size = parseFloat(getComputedStyle(text).fontSize) / font || 1;
    set(text, { x: width / 2 }).textContent =
      clip(full, (i ? width - 2 * pad : room) / size, small);
  });
  const state = describeState(app);
  bar.extra = state ? line : 0;
  set(part.state, { x: pad, y: top + line - 8 }).textContent = clip(state, width - 2 * pad, small);
  part.ignorecase.classList.toggle('on', app.view.icase);
  app.narrow = width < 760;
  foot.high = Math.max(head.geometry.bottom, (app.narrow ? 4 : 2) * line + 12);
  set(bar.back, { width, height: top + bar.extra });
  set(foot.back, { width, height: foot.high });
}

function placeBars(app) {
  const { layout, bar, foot, part, head, width, line } = app;
  const seen = visiblePart(app);
  const { pad } = head.geometry;
  const low = Math.max(seen.bottom, Math.min(layout.height, seen.top + bar.extra + foot.high));
  const move = (group, y, stuck) => {
    group.setAttribute('transform', 'translate(0 ' + y + ')');
    group.classList.toggle('stuck', stuck);
  };
  move(bar, seen.top, seen.top > 0);
  move(foot, low - foot.high, low < layout.height);
  set(part.matched, app.narrow ? { x: pad, y: 4 * line + 4, 'text-anchor': 'start' }
    : { x: width - pad, y: line + 4, 'text-anchor': 'end' });
}

// Fills the details: the frame under the mouse, else the focused one, else the zoomed one.
function explain(app) {
  const { part, head, width, small, line, narrow } = app;
  const { pad } = head.geometry;
  const box = app.hover || boxOf(app, app.focused ? app.focus : app.zoomed);
  const said = app.note || box && describe(app, box);
  if (!said) return;
  const free = width - 2 * pad;
  const beside = narrow ? 0 : small(part.matched.textContent) + 20;
  const lines = [clip(said.name, free - beside, small)];
  let row = '';
  said.facts.forEach((fact) => {
    const longer = row ? row + ' \u00b7 ' + fact : fact;
    if (row && small(longer) > free && lines.length < (narrow ? 2 : 1)) {
      lines.push(row);
      row = fact;
    } else {
      row = longer;
    }
  });
  lines.push(clip(row, free, small));
  part.details.textContent = '';
  lines.forEach((text, i) => {
    make('tspan', part.details, { x: pad, y: (i + 1) * line + 4, class: i ? 'quiet' : '' }, text + ' ');
  });
}
