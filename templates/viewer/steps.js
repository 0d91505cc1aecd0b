// The steps a person took, as texts of views, and the browser's history beside them.

function makeSteps(app) {
  const { svg, head } = app;
  // Graphs of one page that share a prefix are told apart by their number.
  const alike = Array.from(document.querySelectorAll('svg.flametree'))
    .filter((other) => other.dataset.key === head.prefix);
  svg.dataset.key = head.prefix;
  app.key = head.prefix.replace(/\W+$/, '') + (alike.length ? alike.length + 1 : '');
  const read = () => readView(splitFragment(location.hash, app.key).mine, head);
  const changed = (event) => {
    if (app.pending) {
      if (event.type === 'popstate') app.pending--;
      return;
    }
    const view = read();
    const text = writeView(view, head);
    const place = (history.state || {})['flametree' + app.key] || 0;
    if (place < app.steps.length) app.at = place;
    app.steps[app.at] = text;
    if (text !== writeView(app.view, head)) showView(app, view);
  };
  window.addEventListener('popstate', changed);
  window.addEventListener('hashchange', changed);
  app.at = 0;
  app.pending = 0;
  const view = read();
  app.steps = [writeView(view, head)];
  return view;
}

// Some documents may not write their history: then ours alone has to do.
function writeAddress(app, how) {
  const { others } = splitFragment(location.hash, app.key);
  const hash = '#' + joinFragment(others, app.steps[app.at], app.key);
  const state = Object.assign({}, history.state, { flametree: app.key });
  state['flametree' + app.key] = app.at;
  try {
    history[how](state, '', hash === '#' ? location.pathname + location.search : hash);
  } catch (error) {
    app.alone = true;
  }
}

// Changes the view. Changes of one kind in a row (typing, turning the wheel) are one step.
function go(app, change, kind) {
  const view = Object.assign({}, app.view, change);
  const text = writeView(view, app.head);
  if (text === app.steps[app.at]) return;
  const same = kind && kind === app.kind;
  app.kind = kind;
  if (!same) app.at++;
  app.steps.length = app.at;
  app.steps[app.at] = text;
  showView(app, view);
  writeAddress(app, same ? 'replaceState' : 'pushState');
}

// One step back. The browser goes along when its last step was ours.
function goBack(app) {
  const { view } = app;
  app.kind = '';
  if (!app.at) {
    const out = view.zoom.length || view.range ? {} : view.search ? { search: '' }
      : freshView(app.head);
    go(app, Object.assign({ zoom: [], range: null, callers: false }, out));
    return;
  }
  app.at--;
  showView(app, readView(app.steps[app.at], app.head));
  if (!app.alone && history.state && history.state.flametree === app.key) {
    app.pending++;
    history.back();
  } else {
    writeAddress(app, 'replaceState');
  }
}
