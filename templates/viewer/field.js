// The search field, and the panel that is the help page and the menu.

function openField(app) {
  const { bar, head, width, part } = app;
  if (app.field) {
    app.field.select();
    return;
  }
  const wide = Math.min(320, width - 2 * head.geometry.pad);
  const box = make('foreignObject', bar, {
    x: width - head.geometry.pad - wide, y: 5, width: wide, height: 30,
  });
  const field = app.field = make('input', box, {
    type: 'search', class: 'field', placeholder: 'Regular expression', spellcheck: 'false',
    'aria-label': 'Search frames by regular expression', autocomplete: 'off',
  }, '', HTML);
  field.value = app.view.search;
  app.svg.classList.add('searching');
  const close = () => {
    if (!app.field) return;
    app.field = null;
    app.kind = '';
    box.remove();
    app.svg.classList.remove('searching');
  };
  field.addEventListener('input', () => go(app, { search: field.value }, 'search'));
  field.addEventListener('blur', close);
  field.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') app.run(event.shiftKey ? 'previous' : 'next');
    else if (event.key === 'Escape') {
      go(app, { search: '' }, 'search');
      field.blur();
    } else if (event.key === 'F3' || (event.key === 'f' && (event.ctrlKey || event.metaKey))) {
      field.select();
    } else {
      return;
    }
    event.preventDefault();
  });
  part.menu.focus({ preventScroll: true });
  field.focus({ preventScroll: true });
  field.select();
}

// Without a box: all commands and their keys. With one: what can be done with that frame.
function openPanel(app, box, x) {
  closePanel(app);
  const seen = visiblePart(app);
  const { width } = app;
  const wide = Math.min(box ? 300 : 620, width - 12);
  const high = Math.min(box ? 268 : 420, Math.max(seen.bottom - seen.top - 12, 160));
  const y = box ? app.layout.y(box.row) + app.head.geometry.row : (seen.top + seen.bottom - high) / 2;
  const frame = app.panel = make('foreignObject', app.svg, {
    x: box ? Math.max(6, Math.min(x, width - wide - 6)) : (width - wide) / 2,
    y: Math.max(seen.top + 6, Math.min(y, seen.bottom - high - 6)), width: wide, height: high,
  });
  app.aim = box;
  const panel = make('div', frame, { class: box ? 'panel' : 'panel wide', role: 'dialog',
    'aria-label': 'Commands', tabindex: -1 }, '', HTML);
  make('h2', panel, {}, box ? boxTitle(app, box) : app.wording[0][1] || 'Flame graph', HTML);
  const list = make('div', panel, { class: 'list' }, '', HTML);
  COMMANDS.forEach(([command, keys, text, about]) => {
    if (box && !about) return;
    const button = make('button', list, { type: 'button' }, '', HTML);
    make('span', button, {}, text, HTML);
    keys.split(', ').forEach((key) => make('kbd', button, {}, key, HTML));
    button.addEventListener('click', () => {
      const aim = app.aim;
      closePanel(app);
      app.aim = aim;
      app.run(command);
      app.aim = null;
    });
  });
  if (!box) {
    make('p', panel, {}, 'Arrow keys move along the frames. Ctrl and wheel, or two fingers, zoom '
      + 'anywhere; Shift and wheel goes sideways. A right click or a long press lists what can be '
      + 'done with a frame.', HTML);
  }
  panel.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = Array.from(list.children);
    if (event.key === 'Escape' || event.key === '?') closePanel(app);
    else if (step) (all[all.indexOf(document.activeElement) + step] || all[0]).focus();
    else if (event.key !== 'Enter' && event.key !== ' ') return;
    else { event.stopPropagation(); return; }
    event.preventDefault();
    event.stopPropagation();
  });
  panel.focus({ preventScroll: true });
}

function closePanel(app) {
  if (!app.panel) return;
  app.panel.remove();
  app.panel = app.aim = null;
  app.frames.focus({ preventScroll: true });
}
