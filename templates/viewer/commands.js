// What a person can ask for. Keys, the mouse, touch and the menu all end here.

// [command, keys as the menu shows them, what it does, whether it is about a frame]
const COMMANDS = [
  ['zoom', 'Enter, click', 'Zoom to this frame', 1],
  ['sandwich', 'b', 'Callers and callees of this function', 1],
  ['hide', 'h', 'Hide this function', 1],
  ['remove', 'x', 'Remove every stack through it', 1],
  ['keep', 'f', 'Keep only the stacks through it', 1],
  ['copy', 'c', 'Copy its name', 1],
  ['copyStack', 'Shift C', 'Copy its stack', 1],
  ['search', '/, Ctrl F, F3', 'Search'],
  ['next', 'n', 'Next match, by weight'],
  ['previous', 'Shift N', 'Match before'],
  ['back', 'Esc, Backspace', 'One step back'],
  ['reset', '0', 'Reset the zoom'],
  ['uncut', 'u, Ctrl Z', 'Undo a cut'],
  ['turn', 'r', 'Turn over: merge from the leaves'],
  ['flip', 'i', 'Icicle or flame'],
  ['order', 's', 'Order by name or by weight'],
  ['fold', 'm', 'Fold direct recursion'],
  ['theme', 'd', 'Dark or light'],
  ['help', '?', 'This page'],
];

const KEYS = {
  Enter: 'zoom', Escape: 'back', Backspace: 'back', 0: 'reset', '/': 'search', F3: 'search',
  n: 'next', N: 'previous', r: 'turn', b: 'sandwich', i: 'flip', s: 'order', m: 'fold', h: 'hide',
  x: 'remove', f: 'keep', u: 'uncut', c: 'copy', C: 'copyStack', d: 'theme', '?': 'help',
  ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'left', ArrowRight: 'right', Home: 'home',
};

function zoomTo(app, box) {
  const { tree, view } = app;
  const node = tree.inRow[box.first];
  const callers = Boolean(tree.half) && box.row < tree.zero;
  const zoom = pathOf(tree, node).map((i) => tree.names.raw[tree.name[i]]);
  const whole = tree.total[0];
  const range = [(box.left - tree.start[0]) / whole, (box.right - tree.start[0]) / whole];
  // No browser likes an endless address: very deep paths give way to their place.
  const far = isMany(box) || zoom.join().length > 30000;
  app.focus = node;
  go(app, { zoom: far ? [] : zoom, range: far || (tree.chart && node) ? range : null, callers });
}

function cut(app, op, box) {
  const func = app.tree.name[app.tree.inRow[box.first]];
  if (!func || isMany(box)) return;
  const name = app.tree.names.shown[func];
  const cuts = app.view.cuts.filter((old) => old.name !== name).concat({ op, name });
  go(app, { cuts, range: null });
}

// Zooms in on the place under the pointer, and shifts sideways. `factor` < 1 is closer.
function zoomAround(app, x, row, factor, shift, kind) {
  const { tree, layout, view } = app;
  const upper = Boolean(tree.half) && row < tree.zero;
  const [from, to] = upper === view.callers ? app.range : [0, tree.total[0]];
  const whole = tree.total[0];
  const width = Math.min(whole, Math.max((to - from) * factor, whole * 1e-9));
  const place = layout.place;
  const share = Math.max(0, Math.min(1, (x - place.pad) / (place.width - 2 * place.pad)));
  const left = Math.max(0, Math.min(whole - width,
    from + share * (to - from - width) + shift * width));
  const range = width < whole ? [left / whole, (left + width) / whole] : null;
  go(app, { zoom: [], range, callers: upper }, kind);
}

// Makes a match wide enough to see, then scrolls to it.
function reveal(app, node) {
  const { tree, layout } = app;
  const row = tree.row[node];
  const [from, to] = layout.range(row);
  const inside = tree.start[node] >= from && tree.start[node] + tree.total[node] <= to;
  app.focus = node;
  app.focused = true;
  if (!inside || tree.total[node] * layout.scale(row) < 4) {
    let above = tree.parent[node];
    while (above > 0 && tree.total[tree.parent[above]] < 20 * tree.total[node]) {
      above = tree.parent[above];
    }
    const k = tree.inRow.indexOf(Math.max(above, 0), tree.rowAt[tree.row[Math.max(above, 0)]]);
    zoomTo(app, { row: tree.row[above], first: k, last: k,
      left: tree.start[above], right: tree.start[above] + tree.total[above] });
    app.focus = node;
  }
  scrollTo(app, tree.row[node]);
  refresh(app);
}

// Scrolls as little as it takes to show a row between the bars.
function scrollTo(app, row) {
  const { layout, svg, bar, foot, head } = app;
  const rect = svg.getBoundingClientRect();
  const zoom = rect.height / layout.height;
  const y = rect.top + layout.y(row) * zoom;
  const top = (head.geometry.top + bar.extra) * zoom;
  const bottom = window.innerHeight - (foot.high + head.geometry.row) * zoom;
  if (y < top) window.scrollBy(0, y - top); else if (y > bottom) window.scrollBy(0, y - bottom);
}

// Arrows go where they point: along the row, to the caller, to the widest callee.
function moveFocus(app, key) {
  const { tree, layout } = app;
  const row = tree.row[app.focus];
  const step = { up: -1, down: 1 }[key] * (app.flame ? -1 : 1) || 0;
  const here = boxOf(app, app.focus) || boxOf(app, app.zoomed);
  let box = null;
  if (key === 'home') {
    box = boxOf(app, app.zoomed);
  } else if (!step) {
    const boxes = layout.boxes(row);
    box = boxes[boxes.indexOf(here) + (key === 'left' ? -1 : 1)];
  } else if (row + step >= layout.first && row + step <= layout.last) {
    const widest = (best, other) => (best && best.right - best.left >= other.right - other.left
      ? best : other);
    box = layout.boxes(row + step).filter((other) => other.left < here.right
      && other.right > here.left).reduce(widest, null);
  }
  app.hover = null;
  if (box && app.focused) app.focus = tree.inRow[box.first];
  app.focused = true;
  scrollTo(app, tree.row[app.focus]);
  refresh(app);
}

function copyText(app, text) {
  app.note = { name: 'Copied', facts: [text] };
  const failed = () => { app.note = { name: 'Press Ctrl-C to copy', facts: [text] }; };
  app.clip = text;
  const done = navigator.clipboard ? navigator.clipboard.writeText(text) : Promise.reject();
  done.catch(failed).then(() => {
    explain(app);
    app.note = null;
  });
}

function makeCommands(app) {
  const { head } = app;
  const target = () => app.aim || app.hover || boxOf(app, app.focus);
  const name = (box) => app.tree.names.shown[app.tree.name[app.tree.inRow[box.first]]];
  const walk = (back) => {
    const { tree, found } = app;
    const on = found.flags[tree.name[app.focus]] ? app.focus : -1;
    if (found.places) reveal(app, nextMatch(tree, found.flags, on, back));
  };
  const plain = { zoom: [], range: null, callers: false };
  const commands = {
    zoom: () => zoomTo(app, target()),
    back: () => goBack(app),
    reset: () => go(app, plain),
    search: () => openField(app),
    icase: () => go(app, { icase: !app.view.icase }),
    next: () => walk(false),
    previous: () => walk(true),
    turn: () => go(app, Object.assign({}, plain,
      { mode: app.view.mode === 'bottom-up' ? 'flame' : 'bottom-up' })),
    sandwich: () => {
      const func = name(target());
      const off = app.view.mode === 'sandwich' && app.view.func === func;
      if (func !== 'all') {
        go(app, Object.assign({}, plain, { mode: off ? 'flame' : 'sandwich', func: off ? '' : func }));
      }
    },
    flip: () => go(app, { icicle: !app.view.icicle }),
    order: () => {
      const other = head.order === 'weight' ? 'name' : 'weight';
      go(app, { order: app.view.order === head.order ? other : head.order, range: null });
    },
    fold: () => go(app, { fold: !app.view.fold, range: null }),
    uncut: () => (app.view.cuts.length ? go(app, { cuts: app.view.cuts.slice(0, -1), range: null })
      : goBack(app)),
    copy: () => copyText(app, name(target())),
    copyStack: () => {
      const { tree, view } = app;
      const box = target();
      const path = pathOf(tree, tree.inRow[box.first]).map((i) => tree.names.raw[tree.name[i]]);
      if (tree.half) path.unshift(view.func);
      if (view.mode === 'bottom-up' || box.row < tree.zero) path.reverse();
      copyText(app, path.map(cleanName).join(';'));
    },
    theme: () => setTheme(app, app.dark ? 'light' : 'dark'),
    help: () => openPanel(app, null),
  };
  ['hide', 'remove', 'keep'].forEach((op) => { commands[op] = () => cut(app, op, target()); });
  ['up', 'down', 'left', 'right', 'home'].forEach((key) => {
    commands[key] = () => moveFocus(app, key);
  });
  app.run = (command) => commands[command]();
}
