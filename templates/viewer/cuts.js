// SPDX-License-Identifier: MIT
// Cuts of many functions: [`hideall`, `removeall` or `keepall`, the expression of a search as "/x/"
// or "/x/i", or an entry of the legend].

import {picture, shown} from './state.js';

const isOfMany = op => op.endsWith('all');

// [all, expression, flag] of a cut by the search, nothing of others.
export const parseCut = ([op, text]) => (isOfMany(op) && /^\/([^]*)\/(i?)$/.exec(text)) || [];

export const isByLegend = cut => isOfMany(cut[0]) && !parseCut(cut)[1];

// Flags of the names of an entry of the legend.
export const groupOf = text => picture.base.names.groups?.get(text);

// The present search as text of such a cut; '' where none ran.
export function searchText() {
  const {view, remark} = shown;
  return view.search && !remark ? `/${view.search}/${view.icase ? 'i' : ''}` : '';
}

// A link must not make the browser match for minutes: expressions of an address wait for Enter.
export const isTrusted = cut => !parseCut(cut)[1] || shown.trusted.has(cut[1]);

// The view with those cuts that may run.
export const trustedView = view => ({...view, cuts: view.cuts.filter(isTrusted)});

// Whether the picture has a function of this cut of an address.
export const isKnown = cut => parseCut(cut)[1]
  || (isOfMany(cut[0]) ? groupOf(cut[1]) : picture.base.names.first.has(cut[1]));
