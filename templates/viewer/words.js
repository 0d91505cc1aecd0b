// What the viewer says about frames.

function nameOf(app, node) {
  return app.tree.names.shown[app.tree.name[node]];
}

function isMany(box) {
  return box.last > box.first;
}

// Weight of a box, now and before.
function boxWeights(app, box) {
  const { inRow, total, totalBefore } = app.tree;
  const sides = [0, 0];
  for (let k = box.first; k <= box.last; k++) {
    sides[0] += total[inRow[k]];
    if (totalBefore) sides[1] += totalBefore[inRow[k]];
  }
  return sides;
}

function changeText(app, change, whole) {
  const value = app.head.delta && app.head.delta.negate ? -change : change;
  return signed(value, percent(value, whole));
}

// As the static picture has it: NAME (N samples, P%).
function boxTitle(app, box) {
  const { tree, head, whole } = app;
  const node = tree.inRow[box.first];
  const many = isMany(box);
  const weight = many ? box.right - box.left : tree.total[node];
  const name = many ? plural(box.last - box.first + 1, 'frame', 'frames') : nameOf(app, node);
  let share = weight === whole ? '100%' : percent(weight, whole) + '%';
  if (tree.before && !many && node) {
    const change = changeOf(tree, node, head.delta && head.delta.of);
    share += '; ' + changeText(app, change, whole) + '%';
  }
  return name + ' (' + app.weight(weight) + ' ' + head.countname + ', ' + share + ')';
}

// The details of a box: its name, and the facts about it.
function describe(app, box) {
  const { tree, head, whole, trimmed, zoomed } = app;
  const node = tree.inRow[box.first];
  const [now, before] = boxWeights(app, box);
  const count = (weight) => app.weight(weight) + ' ' + head.countname;
  const facts = [];
  if (tree.before) {
    const change = now - before;
    facts.push('before ' + app.weight(before), 'after ' + count(now),
      'change ' + signed(change, app.weight(change))
      + (before ? ' (' + signed(change, percent(change, before)) + ' %)' : ' (new)'));
  } else {
    facts.push(count(now));
  }
  facts.push(percent(now, whole) + ' % of all');
  if (zoomed) facts.push(percent(now, tree.total[zoomed]) + ' % of ' + nameOf(app, zoomed));
  if (isMany(box)) {
    const name = plural(box.last - box.first + 1, 'frame', 'frames') + ' too narrow to draw';
    return { name, facts };
  }
  // Turned over, only the first row has the weight of functions themselves.
  if (app.view.mode === 'flame') facts.push('self ' + app.weight(selfOf(tree, node)));
  const name = tree.name[node];
  if (name) {
    const func = tree.names.func[name];
    if (app.sums.of !== trimmed) app.sums = Object.assign(new Map(), { of: trimmed });
    if (!app.sums.has(func)) app.sums.set(func, functionTotal(trimmed, func));
    const sum = app.sums.get(func);
    facts.push('function ' + app.weight(sum.total) + ' (' + percent(sum.total, whole) + ' %) in '
      + plural(sum.places, 'place', 'places'));
  }
  return { name: head.nametype + ' ' + nameOf(app, node), facts };
}

// What was found, in words.
function describeSearch(app) {
  const { view, found, tree, trimmed, layout, zoomed, whole } = app;
  if (!view.search) return '';
  const expression = '/' + view.search + '/' + (view.icase ? 'i' : '');
  if (app.broken) return expression + ' is no regular expression: ' + app.broken;
  const upper = tree.half && tree.row[zoomed] < tree.zero;
  const [from, to] = layout.range(tree.row[zoomed]);
  let part = matchedBetween(upper ? found.up : found.down, from, to) / (to - from || 1);
  if (tree.half && !zoomed) {
    const func = tree.names.func[tree.name[0]];
    part = matchedThrough(trimmed, found.flags, func) / tree.total[0];
  }
  return expression + ': ' + plural(found.places, 'place', 'places') + ', '
    + percent(matchedWeight(trimmed, found.flags), whole, 1) + ' % of all, '
    + percent(part, 1, 1) + ' % of this view';
}

const CUTS = { hide: 'hidden', remove: 'removed', keep: 'only' };

// How the picture differs from the plain one.
function describeState(app) {
  const { view, head, base, trimmed } = app;
  const out = [];
  if (view.mode === 'bottom-up') out.push('bottom-up');
  if (view.mode === 'sandwich') out.push('callers and callees of ' + view.func);
  if (view.fold) out.push('recursion folded');
  if (view.order !== head.order) out.push('by ' + view.order);
  view.cuts.forEach((cut) => out.push(CUTS[cut.op] + ' ' + cut.name));
  if (trimmed.total[0] !== base.total[0]) {
    out.push(percent(trimmed.total[0], base.total[0], 1) + ' % of ' + app.weight(base.total[0])
      + ' ' + head.countname);
  }
  return out.join(' \u00b7 ');
}
