// Cuts by the search: [`hideall`, `removeall` or `keepall`, the expression as "/x/" or "/x/i"].

import {picture, shown} from './state.js';

export const isBySearch = op => op.endsWith('all');

// [all, expression, flag] of such a cut, nothing of others.
export const parseCut = (op, text) => (isBySearch(op) && /^\/([^]*)\/(i?)$/.exec(text)) || [];

// The present search as text of such a cut; '' where none ran.
export function searchText() {
  const {view, remark} = shown;
  return view.search && !remark ? `/${view.search}/${view.icase ? 'i' : ''}` : '';
}

// A link must not make the browser match for minutes: expressions of an address wait for Enter.
export const isTrusted = ([op, text]) => !isBySearch(op) || shown.trusted.has(text);

// The view with those cuts that may run.
export const trustedView = view => ({...view, cuts: view.cuts.filter(isTrusted)});

// What the picture has of the cuts of an address.
export const isKnown = ([op, name]) => isBySearch(op) || picture.base.names.first.has(name);
