// One map from keys, mouse and touch to commands.

function pointAt(app, event) {
  const rect = app.svg.getBoundingClientRect();
  return {
    x: (event.clientX - rect.left) * app.width / rect.width,
    y: (event.clientY - rect.top) * app.layout.height / rect.height,
  };
}

function boxAt(app, event) {
  const inside = event.target.closest && event.target.closest('.bar, foreignObject');
  if (inside) return null;
  const { x, y } = pointAt(app, event);
  return app.layout.boxAt(app.layout.rowAtY(y), x);
}

function hover(app, box) {
  if (box === app.hover) return;
  app.hover = box;
  mark(app);
  if (box) explain(app);
  app.svg.classList.toggle('over', Boolean(box));
}

// Keys belong to the graph under the mouse, else to the one that has the focus. A graph that is
// the whole document takes them all.
function takesKeys(app, event) {
  const { svg } = app;
  const { target } = event;
  if (target.closest && target.closest('input, textarea, select, [contenteditable]')) return false;
  const under = document.querySelector('svg.flametree:hover');
  if (under) return under === svg;
  return svg === document.documentElement || svg.contains(document.activeElement);
}

function commandOf(event) {
  const key = event.key;
  const ctrl = event.ctrlKey || event.metaKey;
  if (event.altKey) return '';
  if (ctrl) return key === 'f' ? 'search' : key === 'z' ? 'uncut' : '';
  return Object.prototype.hasOwnProperty.call(KEYS, key) ? KEYS[key] : '';
}

function listen(app) {
  const { svg, frames } = app;
  const on = (target, type, act, options) => target.addEventListener(type, act, options);
  on(window, 'keydown', (event) => {
    const command = event.defaultPrevented || !takesKeys(app, event) ? '' : commandOf(event);
    if (!command) return;
    event.preventDefault();
    if (app.panel) closePanel(app);
    else app.run(command);
  });
  on(svg, 'click', (event) => {
    if (app.panel && !app.panel.contains(event.target)) {
      closePanel(app);
      return;
    }
    const box = boxAt(app, event);
    if (box) zoomTo(app, box);
  });
  on(svg, 'contextmenu', (event) => {
    const box = boxAt(app, event);
    if (!box || event.shiftKey || isMany(box)) return;
    event.preventDefault();
    openPanel(app, box, pointAt(app, event).x);
  });
  on(svg, 'pointermove', (event) => {
    if (!event.buttons && event.pointerType !== 'touch' && !app.panel) hover(app, boxAt(app, event));
  });
  on(svg, 'pointerleave', () => {
    hover(app, null);
    explain(app);
  });
  on(frames, 'focus', () => {
    app.focused = frames.matches(':focus-visible');
    mark(app);
  });
  on(frames, 'blur', () => {
    app.focused = false;
    mark(app);
  });
  on(window, 'copy', (event) => {
    if (!app.clip || String(getSelection())) return;
    event.clipboardData.setData('text/plain', app.clip);
    event.preventDefault();
  });
  listenToWheel(app, on);
  listenToFingers(app, on);
  listenToWindow(app, on);
}

function listenToWheel(app, on) {
  let last = 0;
  let turn = 0;
  on(app.svg, 'wheel', (event) => {
    const across = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    const zoomed = app.view.range || app.zoomed;
    if (!event.ctrlKey && !(across && zoomed && Math.abs(across) >= Math.abs(event.deltaY))
      && !(event.shiftKey && zoomed)) return;
    event.preventDefault();
    // A pause ends the step of undo.
    if (event.timeStamp - last > 600) turn++;
    last = event.timeStamp;
    const { x, y } = pointAt(app, event);
    const unit = event.deltaMode ? 30 : 1;
    const pull = Math.max(-60, Math.min(60, event.deltaY * unit));
    zoomAround(app, x, app.layout.rowAtY(y), event.ctrlKey ? Math.exp(pull / 100) : 1,
      event.ctrlKey ? 0 : across * unit / app.width, 'wheel' + turn);
  }, { passive: false });
}

// Two fingers pinch; one that moves sideways shifts a zoomed view; a long press is a right click.
function listenToFingers(app, on) {
  const fingers = new Map();
  let turn = 0;
  let press = 0;
  const spread = () => {
    const [a, b] = Array.from(fingers.values());
    return b ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, size: Math.max(20, Math.abs(a.x - b.x)) }
      : { x: a.x, y: a.y, size: 1 };
  };
  on(app.svg, 'pointerdown', (event) => {
    if (event.pointerType !== 'touch') return;
    fingers.set(event.pointerId, pointAt(app, event));
    turn++;
    clearTimeout(press);
    const box = fingers.size === 1 && boxAt(app, event);
    if (box && !isMany(box)) {
      press = setTimeout(() => openPanel(app, box, pointAt(app, event).x), 600);
    }
  });
  on(app.svg, 'pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    const old = spread();
    fingers.set(event.pointerId, pointAt(app, event));
    const now = spread();
    if (Math.abs(now.x - old.x) + Math.abs(now.y - old.y) > 3) clearTimeout(press);
    if (fingers.size === 1 && !app.zoomed && !app.view.range) return;
    zoomAround(app, now.x, app.layout.rowAtY(now.y), old.size / now.size,
      (old.x - now.x) / app.width, 'fingers' + turn);
  });
  ['pointerup', 'pointercancel', 'pointerleave'].forEach((type) => on(app.svg, type, (event) => {
    clearTimeout(press);
    fingers.delete(event.pointerId);
  }));
}

function listenToWindow(app, on) {
  let waits = false;
  const soon = (act) => () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => {
      waits = false;
      act();
    });
  };
  const scrolled = soon(() => {
    drawFrames(app);
    placeBars(app);
    mark(app);
  });
  const resized = soon(() => refresh(app));
  on(window, 'scroll', scrolled, true);
  on(window, 'resize', resized);
  if (window.ResizeObserver) {
    let known = app.width;
    new ResizeObserver(() => {
      const width = Math.round(app.svg.getBoundingClientRect().width);
      if (width !== known) resized();
      known = width;
    }).observe(app.svg);
  }
  const print = (printing) => () => {
    app.printing = printing;
    setTheme(app);
  };
  on(window, 'beforeprint', print(true));
  on(window, 'afterprint', print(false));
  matchMedia('print').onchange = (event) => print(event.matches)();
  matchMedia('(prefers-color-scheme: dark)').onchange = () => setTheme(app);
}

// The theme is the system's until `d` was pressed; print is always light.
function setTheme(app, wanted) {
  const key = 'flametree-theme';
  let kept = wanted || app.kept;
  try {
    if (wanted) localStorage.setItem(key, wanted); else kept = localStorage.getItem(key) || kept;
  } catch (error) {
    // Some documents have no storage: then it lasts as long as the page.
  }
  app.kept = kept;
  const dark = kept ? kept === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  app.dark = dark && !app.printing;
  app.svg.classList.toggle('dark', app.dark);
  if (app.layout) refresh(app);
}
