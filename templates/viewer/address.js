// A view as text, for the fragment of the address:
//
//     #zoom=main;parse;read&search=mem(cpy|set)&icase&view=bottom-up&hide=free&order=weight
//
// Frames go by name, so that an address still fits after the profile was drawn anew.

function freshView(head) {
  return {
    mode: 'flame', func: '', icicle: head.inverted, order: head.order, fold: false, cuts: [],
    zoom: [], callers: false, range: null, search: head.search || '', icase: false,
  };
}

// Only what would break the address or its parts is escaped; browsers escape some more.
function escapePart(text) {
  return text.replace(/[%&=;+#\s"<>`{}|\\^\0-\x1f]/g,
    (c) => '%' + (256 + c.charCodeAt(0)).toString(16).slice(1).toUpperCase())
    .replace(/[\ud800-\udfff]/g, (c, i) => {
      const pair = text.length && /[\ud800-\udbff][\udc00-\udfff]/.test(text);
      return pair ? c : '\ufffd';
    });
}

function readPart(text) {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    return text;
  }
}

function writeView(view, head) {
  const fresh = freshView(head);
  const out = [];
  const put = (key, value) => out.push(key + '=' + value);
  if (view.mode === 'bottom-up') put('view', 'bottom-up');
  if (view.mode === 'sandwich') put('sandwich', escapePart(view.func));
  view.cuts.forEach((cut) => put(cut.op, escapePart(cut.name)));
  if (view.order !== fresh.order) put('order', view.order);
  if (view.fold) out.push('fold');
  if (view.icicle !== fresh.icicle) out.push(view.icicle ? 'icicle' : 'flame');
  const zoom = view.zoom.map(escapePart).join(';');
  // No browser likes an endless address: very deep paths give way to their place.
  const long = zoom.length > 30000;
  if (zoom && !long) put(view.callers ? 'callers' : 'zoom', zoom);
  if (view.range || long) {
    put('at', (view.range || view.place).map((x) => String(Number(x.toPrecision(9)))).join('-'));
  }
  if (view.search !== fresh.search) put('search', escapePart(view.search));
  if (view.icase) out.push('icase');
  return out.join('&');
}

function readView(text, head) {
  const view = freshView(head);
  text.split('&').forEach((part) => {
    const at = part.indexOf('=');
    const key = at < 0 ? part : part.slice(0, at);
    const raw = at < 0 ? '' : part.slice(at + 1);
    const value = readPart(raw);
    if (key === 'view' && value === 'bottom-up') view.mode = value;
    else if (key === 'sandwich') { view.mode = key; view.func = value; }
    else if (/^(hide|remove|keep)$/.test(key)) view.cuts.push({ op: key, name: value });
    else if (key === 'order' && /^(name|weight|input)$/.test(value)) view.order = value;
    else if (key === 'fold') view.fold = true;
    else if (key === 'icicle' || key === 'flame') view.icicle = key === 'icicle';
    else if (key === 'zoom' || key === 'callers') {
      view.zoom = raw.split(';').map(readPart);
      view.callers = key === 'callers';
    } else if (key === 'at') {
      const range = /^([\d.e]+?)-([\d.e-]+)$/.exec(value.replace(/e-/g, 'e~'));
      const ends = range ? range.slice(1).map((x) => Number(x.replace('~', '-'))) : [];
      if (ends[0] >= 0 && ends[1] > ends[0] && ends[1] <= 1) view.range = ends;
    } else if (key === 'search') view.search = value;
    else if (key === 'icase') view.icase = true;
  });
  return view;
}

// Several graphs share a fragment: each part that belongs to a graph starts with its key and a
// dot. What nobody knows stays where it is.
function splitFragment(fragment, key) {
  const mine = [];
  const others = [];
  const known = /^(zoom|callers|at|search|view|sandwich|hide|remove|keep|order)=|^(fold|icase|icicle|flame)$/;
  fragment.replace(/^#/, '').split('&').filter(Boolean).forEach((part) => {
    const own = !key ? part : part.startsWith(key + '.') ? part.slice(key.length + 1) : '';
    if (known.test(own)) mine.push(own); else others.push(part);
  });
  return { mine: mine.join('&'), others };
}

function joinFragment(others, mine, key) {
  const parts = mine ? mine.split('&').map((part) => (key ? key + '.' + part : part)) : [];
  return others.concat(parts).join('&');
}

// The node that a path of names leads to, as far as it leads. In a flame chart names may stand
// several times side by side: `edge` tells which is meant.
function followPath(tree, path, callers, edge) {
  const { names, name, next, start, total } = tree;
  let node = 0;
  for (let k = 0; k < path.length; k++) {
    let found = -1;
    const upper = callers && !node;
    const end = upper ? tree.count : node ? next[node] : tree.half || tree.count;
    for (let i = upper ? tree.half : node + 1; i < end; i = next[i]) {
      if (cleanName(names.raw[name[i]] || '') !== cleanName(path[k])) continue;
      if (edge === undefined || edge < start[i] + total[i]) {
        found = i;
        break;
      }
    }
    if (found < 0) return { node, whole: false };
    node = found;
  }
  return { node, whole: true };
}
