// SPDX-License-Identifier: MIT
// Shows a view: grows its trees, finds the zoom, lays out and draws. Everything on the screen
// follows from the view (address.js) and the window.

import {followPath, freshView} from './address.js';
import {explain, layoutBars, placeBars, sayFound} from './bars.js';
import {isTrusted} from './cuts.js';
import {findOrigin, pointOf, say, sizeTo, toPicture} from './dom.js';
import {drawMatches, drawPane, lightFrames, markFrames} from './draw.js';
import {clip} from './label.js';
import {floor, max, round} from './numbers.js';
import {boxAtPoint, layOutPanes} from './pane.js';
import {placePanel, roomBeside} from './panel.js';
import {findMatches, matchNames} from './search.js';
import {callExtras, display, layout, picture, pointer, shown} from './state.js';
import {fillTable} from './table.js';
import {finish} from './transform.js';

// Trees of millions of frames take seconds. The present ones are shown until then.
const work = {};

// Gives up what is not done yet.
export function stopWork() {
  if (!work.timer) return;
  work.timer = clearTimeout(work.timer);
  explain();
}

// Runs a generator to its end. After 0.3 s it says how long it has been at work, and lets the
// browser have a turn each 0.1 s.
function doWork(steps, then) {
  const start = Date.now();
  let end = start + 300;
  const go = () => {
    let step;
    do step = steps.next(); while (!step.done && Date.now() < end);
    if (step.done) {
      work.timer = 0;
      then(step.value);
      return;
    }
    // There is something to look at in the meantime.
    if (!shown.view) {
      const plain = freshView(picture.head);
      apply(plain, finish(picture.sides.grow(plain)));
    }
    end = Date.now();
    explain([`Computing for ${floor((end - start) / 1e3)} s: Escape stops it`]);
    work.timer = setTimeout(go, 1);
    end += 100;
  };
  go();
}

// The parts of a view: what is sought, where it is, and the trees of it.
function textsOf({search, icase, zoom, callers, at, icicle, ...way}) {
  return [[search, icase], [zoom, callers, at, icicle], way].map(part => JSON.stringify(part));
}

// Only what the new view changes is computed. Calls when the view is there.
export function showView(next, then) {
  stopWork();
  const done = plant => {
    apply(next, plant);
    then?.();
  };
  if (textsOf(next)[2] === shown.texts[2]) done();
  else doWork(picture.sides.grow(next), done);
}

// `plant` gives the panes other trees.
function apply(next, plant) {
  const texts = textsOf(next), {at, zoom, callers} = next;
  const [sought, moved] = texts.map((text, i) => text !== shown.texts[i]);
  Object.assign(shown, {view: next, texts});
  if (plant) {
    plant();
    shown.paint = picture.sides.makePaint();
    pointer.focus = 0;
    picture.frames.textContent = '';
    display.pen.font = `${picture.geo.font}px ${getComputedStyle(picture.frames).fontFamily}`;
  }
  const {tree} = shown.pane, edge = tree.order === 'input'
    ? (at[0] + at[1]) / 2 * tree.total[0] : NaN;
  shown.zoomed = followPath(tree, zoom, callers, edge);
  if (sought) matchSearch();
  if (plant || sought) {
    for (const pane of shown.panes) pane.found = findMatches(pane.tree, shown.flags);
  }
  if (plant || moved) refresh(); else recolor();
}

// A link must not make the browser match for minutes: an expression of an address waits for Enter.
const isWaiting = () => shown.view.search && !shown.trusted.has(shown.view.search);

// Finds the names of the search. An expression that cannot be used changes nothing.
function matchSearch() {
  const {search, icase} = shown.view, {names} = picture.base, waits = isWaiting();
  const {matched, remark} = matchNames(names, waits ? '' : search, icase ? 'i' : '');
  shown.remark = waits ? ': press Enter to search' : remark || '';
  shown.flags = matched || shown.flags || [];
}

export function runWaiting() {
  const {view, trusted, texts} = shown, cuts = view.cuts.filter(cut => !isTrusted(cut));
  if (!isWaiting() && !cuts[0]) return false;
  for (const text of [view.search, ...cuts.map(cut => cut[1])]) trusted.add(text);
  shown.texts = cuts[0] ? [] : ['', ...texts.slice(1)];
  showView(view);
  return true;
}

// Draws anew what the view has not changed: the window has, or the theme.
export function refresh() {
  const {alone, geo, head} = picture, {scrollX, scrollY} = window;
  const root = layout.flame && layout.high;
  layout.width = geo.width;
  findOrigin();
  const wide = display.origin.width;
  if (head.fluid && wide) layout.width = max(200, round(wide));
  layout.room = layout.width - 2 * geo.pad - roomBeside();
  layout.flame = !shown.view.icicle && !shown.view.sandwich;
  layoutBars();
  layOutPanes();
  sizeTo(layout.high);
  // The root stays where it was in the window; a picture of its own opens there. When the picture
  // became lower, the browser may have scrolled already.
  if (layout.flame && (root ?? alone)) scrollTo(scrollX, scrollY + layout.high - (root || 0));
  if (root === undefined && alone) picture.sides.open?.();
  recolor();
}

// Draws anew all that a search changes.
function recolor() {
  picture.sides.drawHeadings?.();
  callExtras('draw');
  say(picture.part.matched, clip(picture.sides.describeSearch(), layout.room));
  sayFound();
  drawMatches();
  fillTable();
  redraw();
}

// Draws anew all that scrolling changes.
export function redraw() {
  const {mouse} = pointer;
  findOrigin();
  shown.panes.forEach(drawPane);
  placeBars();
  placePanel();
  pointer.hovered = mouse && boxUnder(mouse, toPicture(mouse));
  markFrames();
  lightFrames(pointer.lit);
  explain();
}

// The box under an event that is on no control.
export function boxUnder(event, point = pointOf(event)) {
  return !event.target.closest('.bar, foreignObject') && boxAtPoint(point);
}

// The theme is the picture's, or the system's, until a key chose another; print is always light.
export function setTheme(wanted) {
  const {kept, printing, night} = display, {svg} = picture;
  if (wanted) kept.flameTheme = wanted;
  const wish = kept.flameTheme || svg.dataset.theme;
  display.dark = !printing && (wish === 'dark' || (wish !== 'light' && night.matches));
  svg.classList.toggle('dark', display.dark);
  if (layout.high) refresh();
}
