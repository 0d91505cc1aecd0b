// SPDX-License-Identifier: MIT
// Starts the viewer of the graph that a script is in. The data is before the script, so the viewer
// draws while the browser still reads the static frames. The script is in a group with those: out
// of the document they need no styles and no layout.

import {makeBars} from './bars.js';
import {makeCommands} from './commands.js';
import {readProfile} from './data.js';
import {byId, make, set} from './dom.js';
import {listen} from './input.js';
import {Pane} from './pane.js';
import {setTheme} from './show.js';
import {callExtras, display, picture, shown} from './state.js';
import {startSteps} from './steps.js';
import {findPlaces} from './tree.js';

function makeElements() {
  const {svg, head, sides} = picture;
  const marks = {crowd: make('g', svg, {class: 'crowd'})};
  picture.frames = make('g', svg, {id: head.prefix + 'frames', class: 'frames', role: 'tree',
    tabindex: 0, 'aria-label': 'Flame graph'});
  svg.classList.add('live');
  // Below a short picture of its own the page goes on in the color of its end.
  svg.style.setProperty('--ground', byId('sky')?.lastChild.getAttribute('stop-color') ?? '');
  if (head.fluid) set(svg, {width: '100%'});
  display.pen = new OffscreenCanvas(1, 1).getContext('2d');
  for (const name of ['lit', 'rug', 'glow', 'halo', 'ring']) {
    marks[name] = make('path', svg, {class: name});
  }
  sides.start(new Pane(marks));
  makeBars();
  callExtras('start');
}

// `sides`: oneSide or twoSides.
export function start(script, sides) {
  const svg = script.closest('svg');
  const [head, base] = readProfile(svg.querySelector('.flametree-data').textContent);
  script.parentNode.remove();
  Object.assign(picture, {svg, head, base, sides, alone: svg === document.documentElement,
    geo: head.geometry, line: head.geometry.font + 4});
  makeElements();
  makeCommands();
  sides.addCommands?.();
  try {
    display.kept = localStorage;
  } catch {
    // Some documents have no storage: then a theme lasts as long as the page.
  }
  display.night = matchMedia('(prefers-color-scheme: dark)');
  setTheme();
  shown.trusted.add(head.search);
  if (picture.alone) {
    // Where the browser scrolled to at another height of the picture is of no use here.
    history.scrollRestoration = 'manual';
    // Links to flamegraph.pl's pictures search.
    head.search = new URLSearchParams(location.search).get('s') || head.search;
  }
  startSteps();
  listen();
  setTimeout(findPlaces, 99, base, [1]); // makes the index of places before someone needs it
}
