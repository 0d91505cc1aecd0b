// A view as text, for the fragment of the address:
//
//     bottomup=true&hide=free&order=weight&zoom=main;parse;read&search=mem(cpy|set)&icase=true
//
// Frames go by name, so that an address still fits after the profile was drawn anew. A view is
// the same as a plain object; `at` is the part of the root's width that is shown when no frame
// alone fills the picture.

function freshView(head) {
  return {
    bottomup: false, sandwich: '', cuts: [], order: head.order, fold: false,
    icicle: head.inverted, zoom: head.zoom || [], callers: false, at: [],
    search: head.search,
    icase: false, ...head.view,
  }
}

// Only what would break the address or its parts is escaped; browsers escape some more.
let escapePart = text => String(text).replace(/[%&=;+#]/g, encodeURIComponent)

function writeView(view, head) {
  let fresh = freshView(head), out = []
  for (let key in fresh) {
    let value = view[key]
    if (key === 'cuts') {
      for (let [op, name] of value) out.push(op + '=' + escapePart(name))
    } else if ('' + value !== '' + fresh[key]) {
      out.push(key + '=' + [].concat(value).map(escapePart).join(';'))
    }
  }
  return out.join('&')
}

function readView(text, head) {
  let view = freshView(head)
  for (let [key, value] of new URLSearchParams(text)) {
    let old = view[key]
    if (/^(hide|remove|keep)$/.test(key)) view.cuts.push([key, value])
    else if (old?.pop) view[key] = value.split(';')
    else if (old !== undefined) view[key] = old === '' + old ? value : value === 'true'
  }
  let [a, b] = view.at
  view.at = a >= 0 && b <= 1 && b - a > 1e-14 ? [+a, +b] : []
  return view
}

// Several graphs share a fragment: what belongs to one starts with its key and a dot. What nobody
// knows stays where it is.
function splitFragment(fragment, key, head) {
  let [mine, others] = [[], []]
  for (let part of fragment.replace(/^#/, '').split('&').filter(Boolean)) {
    let own = part.startsWith(key) ? part.slice(key.length) : ''
    if (own && writeView(readView(own, head), head)) mine.push(own); else others.push(part)
  }
  return [mine.join('&'), others]
}

// The node that a path of names leads to, as far as it leads. In a flame chart names may stand
// several times side by side: `edge`, a weight, tells which is meant.
function followPath(tree, path, callers, edge) {
  let {names, name, next, start, total, half, count} = tree, node = 0
  for (let wanted of path.map(cleanName)) {
    let i = node || !callers ? node + 1 : half, end = node ? next[node] : callers ? count : half
    while (i < end && (cleanName(names.raw[name[i]] || '') !== wanted
      || edge >= start[i] + total[i])) i = next[i]
    if (i >= end) break
    node = i
  }
  return node
}
