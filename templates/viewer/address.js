// SPDX-License-Identifier: MIT
// A view as text, for the fragment of the address:
//
//     bottomup=true&hide=free&removeall=/^lock/&order=weight&zoom=main;parse&search=mem(cpy)
//
// Frames go by name, so that an address still fits after the profile was drawn anew. A view is
// the same as a plain object; `at` is the part of the root's width that is shown when no frame
// alone fills the picture.

import {cleanName} from './data.js';

export function freshView(head) {
  return {
    bottomup: false, sandwich: head.sandwich || '', cuts: [], order: head.order, fold: false,
    icicle: head.inverted, zoom: head.zoom || [], callers: false, at: [],
    search: head.search,
    icase: false, ...head.view,
  };
}

// Only what would break the address or its parts is escaped; browsers escape some more.
const escapePart = text => String(text).replace(/[%&=;+#]/g, encodeURIComponent);

export function writeView(view, head) {
  const fresh = freshView(head), out = [];
  for (const key in fresh) {
    const value = view[key];
    if (key === 'cuts') {
      for (const [op, name] of value) out.push(op + '=' + escapePart(name));
    } else if (String(value) !== String(fresh[key])) {
      out.push(key + '=' + [].concat(value).map(escapePart).join(';'));
    }
  }
  return out.join('&');
}

export function readView(text, head) {
  const view = freshView(head);
  for (const [key, value] of new URLSearchParams(text)) {
    const old = view[key];
    if (/^(hide|remove|keep)(all)?$/.test(key)) view.cuts.push([key, value]);
    else if (Array.isArray(old)) view[key] = value.split(';');
    // A text has at(), a boolean has not.
    else if (Object.hasOwn(view, key)) view[key] = old.at ? value : value === 'true';
  }
  const [a, b] = view.at;
  view.at = a >= 0 && b <= 1 && b - a > 1e-14 ? [+a, +b] : [];
  return view;
}

// Several graphs share a fragment: what belongs to one starts with its key and a dot. Unknown
// parts stay where they are.
export function splitFragment(fragment, key, head) {
  const mine = [], others = [];
  for (const part of fragment.replace(/^#/, '').split('&').filter(Boolean)) {
    const own = part.startsWith(key) ? part.slice(key.length) : '';
    if (own && writeView(readView(own, head), head)) mine.push(own); else others.push(part);
  }
  return [mine.join('&'), others];
}

// The node that a path of names leads to, as far as it leads. In a flame chart a name may be there
// several times side by side: `edge`, a weight, says which is meant.
export function followPath(tree, path, callers, edge) {
  const {names, name, next, start, total, half, count} = tree;
  let node = 0;
  for (const wanted of path.map(cleanName)) {
    const end = node ? next[node] : callers ? count : half;
    let i = node || !callers ? node + 1 : half;
    while (i < end && (cleanName(names.raw[name[i]] || '') !== wanted
      || edge >= start[i] + total[i])) i = next[i];
    if (i >= end) break;
    node = i;
  }
  return node;
}
