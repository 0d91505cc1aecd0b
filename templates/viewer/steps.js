// SPDX-License-Identifier: MIT
// The steps a person took, as texts of views, and the browser's history beside them.

import {freshView, readView, splitFragment, writeView} from './address.js';
import {isKnown} from './cuts.js';
import {on} from './dom.js';
import {showView, stopWork} from './show.js';
import {callExtras, isZoomed, picture, shown} from './state.js';

// owed: what the address owes to the last step, `pushState` or `replaceState`. It is written when
// the picture is on the screen, since it takes as long as drawing it.
// backs: how many steps back the browser still has to take; until then, the address waits.
const trail = {steps: [], at: 0, backs: 0};

export const UNZOOMED = {zoom: [], at: [], callers: false};

const splitAddress = () => splitFragment(location.hash, trail.key, picture.head);

// The view of the address, without names and orders that the picture does not have.
function readAddress() {
  const {head, base} = picture, view = readView(splitAddress()[0], head);
  view.cuts = view.cuts.filter(isKnown);
  if (!base.names.first.has(view.sandwich)) view.sandwich = '';
  if (!/^(name|weight)$/.test(view.order)) view.order = head.order;
  callExtras('clean', view);
  return view;
}

// Shows the view of the address, and follows it.
export function startSteps() {
  const {head} = picture;
  // Graphs of one page without a prefix are told apart by their number.
  const nth = document.querySelectorAll('svg.live').length;
  trail.key = head.prefix || nth > 1 ? (head.prefix || nth) + '.' : '';
  const first = readAddress();
  trail.steps = [writeView(first, head)];
  showView(first);
  on(window, 'popstate', () => {
    const next = readAddress();
    if (trail.backs && (--trail.backs || trail.owed)) {
      writeAddress();
      return;
    }
    stopWork();
    // In the browser's history: which graph made a step, and at which step each of them was.
    trail.at = history.state?.['at' + trail.key] || 0;
    trail.kind = trail.owed = '';
    trail.steps[trail.at] = writeView(next, head);
    if (trail.steps[trail.at] !== writeView(shown.view, head)) showView(next);
  });
}

function writeAddress() {
  const {steps, at, key, owed, backs} = trail;
  if (backs) return;
  const mine = steps[at].replace(/[^&]+/g, part => key + part);
  const hash = [...splitAddress()[1], mine].filter(Boolean).join('&');
  try {
    history[owed]?.({...history.state, by: key, ['at' + key]: at}, '',
      hash ? '#' + hash : location.pathname + location.search);
  } catch {
    // Some documents have no history of their own: then ours alone has to do.
  }
  trail.owed = '';
}

// The next change is a step of its own.
export function endKind() {
  trail.kind = null;
}

// Changes the view, and calls when that is done. Changes of one kind in a row (typing, turning the
// wheel) are one step, and so are those that wait for the address.
export function go(change, kind, then) {
  const next = {...shown.view, ...change}, text = writeView(next, picture.head);
  if (text === trail.steps[trail.at]) {
    then?.();
    return;
  }
  const same = kind && kind === trail.kind || trail.backs && trail.owed;
  trail.kind = kind;
  if (!same) {
    writeAddress();
    trail.at++;
  }
  trail.steps.splice(trail.at, Infinity, text);
  showView(next, then);
  trail.owed ||= same ? 'replaceState' : 'pushState';
  setTimeout(writeAddress, 99);
}

export const addCut = (op, text) => go({at: [], cuts: [...shown.view.cuts, [op, text]]});

// One step back, with the browser when its last step was ours.
export function goBack() {
  stopWork();
  writeAddress();
  trail.kind = '';
  if (!trail.at) go(isZoomed() ? UNZOOMED : {...freshView(picture.head), search: ''});
  else {
    showView(readView(trail.steps[--trail.at], picture.head));
    if (trail.owed) trail.owed = ''; // the address never had that step
    else if (history.state?.by === trail.key) {
      trail.backs++;
      history.back();
    } else {
      trail.owed = 'replaceState';
      writeAddress();
    }
  }
}
