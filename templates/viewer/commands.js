// SPDX-License-Identifier: MIT
// All commands of a person. Keys, the mouse, touch and the menu all end here.

import {explain} from './bars.js';
import {searchText} from './cuts.js';
import {openField} from './field.js';
import {focusOn, moveFocus, target, zoomTo} from './move.js';
import {openOrigin} from './origin.js';
import {closePanel, openPanel} from './panel.js';
import {saveFolded, savePng, saveSvg} from './save.js';
import {setTheme} from './show.js';
import {display, fromExtras, layout, picture, shown} from './state.js';
import {UNZOOMED, addCut, go, goBack} from './steps.js';
import {sortTable, toggleTable} from './table.js';
import {nameOf, stackOf} from './words.js';

// Rows of the help page are [command, keys, what it does]; those of `aboutFrame` are the menu of a
// frame. Further commands have no row.
export const commands = {acts: {}, rows: [], aboutFrame: 0, keys: {}};

// A row is [command, keys, what it does, act].
export function addCommands(rows) {
  for (const [command, keys, text, act] of rows) {
    commands.rows.push([command, keys, text]);
    commands.acts[command] = act;
    for (const key of keys.split(', ')) commands.keys[key] = command;
  }
}

export function runCommand(text) {
  const [command, ...values] = text.split(' ');
  commands.acts[command](...values);
}

// Runs a command for one function, with its name and box. The root and merged boxes are no single
// function.
export const ofFunction = act => () => {
  const box = target(), {node, many, pane} = box;
  if (pane.tree.name[node] && !many) act(nameOf(pane.tree, node), box);
  else explain([many ? 'Zoom in: several functions here' : 'Point at a frame first']);
};

const cutBy = op => ofFunction(name => addCut(op, name));

// About all that the search matches.
const cutAll = op => () => {
  const text = searchText();
  if (text) {
    shown.trusted.add(text);
    addCut(op, text);
  } else openField();
};

function openSandwich(name, more) {
  go({...UNZOOMED, bottomup: false, sandwich: name, ...more}, null, () => focusOn(0));
}

// Carries out a line of the table; `func` is its number, `more` is for the view. Where few words
// fit, the table covers the graph.
export function pickFunction(func, more) {
  if (layout.narrow) closePanel();
  openSandwich(picture.base.names.shown[func], more);
}

function undoCut() {
  const {cuts} = shown.view;
  if (cuts[0]) go({at: [], cuts: cuts.slice(0, -1)}); else explain(['No cut yet']);
}

function changeOrder() {
  const {order} = picture.head;
  go({at: [], order: shown.view.order !== order ? order : order === 'weight' ? 'name' : 'weight'});
}

async function copyText(text) {
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false);
  explain([done ? 'Copied' : 'Cannot copy', [text]]);
}

function copyStack(name, {node, row, pane: {tree}}) {
  const path = stackOf(tree, node);
  if (shown.view.bottomup || row < tree.zero) path.reverse();
  copyText(path.join(';'));
}

function openHelp() {
  openPanel('Keys', commands.rows,
    'Arrow keys move, Ctrl and wheel or two fingers zoom; right click or long press: one frame.',
    [620, layout.narrow ? 720 : 450]);
}

// The menu of a frame.
export function openMenu(box) {
  openPanel(picture.sides.titleOf(box), commands.rows.slice(0, commands.aboutFrame), '',
    [310, 260]);
}

export function makeCommands() {
  const {sides} = picture;
  addCommands([
    ['zoom', 'Enter', 'Zoom to this frame', () => zoomTo(target())],
    ['sandwich', 'b', 'Callers and callees',
      ofFunction(name => openSandwich(name === shown.view.sandwich ? '' : name))],
    ['hide', 'h', 'Hide this function', cutBy('hide')],
    ['remove', 'x', 'Remove its stacks', cutBy('remove')],
    ['keep', 'f', 'Keep only stacks through this', cutBy('keep')],
    ['copy', 'c', 'Copy its name', ofFunction(copyText)],
    ['copyStack', 'C', 'Copy its stack', ofFunction(copyStack)],
    ...fromExtras('frameRows'),
  ]);
  commands.aboutFrame = commands.rows.length;
  addCommands([
    ['search', '/, Ctrl F, F3', 'Search', openField],
    ['next', 'n', 'Next ' + sides.walked, () => sides.walk()],
    ['previous', 'N', 'Previous ' + sides.walked, () => sides.walk(true)],
    ['back', 'Escape, Backspace', 'Step back', goBack],
    ['reset', '0', 'Reset zoom', () => go(UNZOOMED)],
    ['hideAll', 'H', 'Hide all that matches', cutAll('hideall')],
    ['removeAll', 'X', 'Remove stacks that match', cutAll('removeall')],
    ['keepAll', 'F', 'Keep only stacks that match', cutAll('keepall')],
    ['uncut', 'u, Ctrl Z', 'Undo a cut', undoCut],
    ['turn', 'r', 'Merge from the leaves',
      () => go({...UNZOOMED, sandwich: '', bottomup: !shown.view.bottomup})],
    ['flip', 'i', 'Icicle or flame', () => go({icicle: !shown.view.icicle})],
    ['order', 's', 'By name or weight', changeOrder],
    ['fold', 'm', 'Fold recursion', () => go({at: [], fold: !shown.view.fold})],
    ['table', sides.table.keys, sides.table.text, toggleTable],
    ['saveSvg', 'e', 'Save this view as SVG', saveSvg],
    ['savePng', 'p', 'Save it as PNG', savePng],
    ['saveFolded', 'E', 'Save its stacks as text', saveFolded],
    ...fromExtras('rows'),
    ['origin', 'o', 'Where this comes from', openOrigin],
    ['theme', 'd', 'Dark or light', () => setTheme(display.dark ? 'light' : 'dark')],
    ['help', '?', 'Keys', openHelp],
  ]);
  Object.assign(commands.acts, ...fromExtras('acts'), {function: pickFunction,
    sort: column => sortTable(+column), icase: () => go({icase: !shown.view.icase})});
  for (const way of ['Up', 'Down', 'Left', 'Right']) {
    commands.keys['Arrow' + way] = way;
    commands.acts[way] = () => moveFocus(way);
  }
}
