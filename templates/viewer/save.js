// SPDX-License-Identifier: MIT
// Saves what is looked at: as SVG, as PNG, as folded stacks; and the command line that draws it.

import {explain} from './bars.js';
import {isByLegend, parseCut} from './cuts.js';
import {make, set, sizeTo} from './dom.js';
import {max, min} from './numbers.js';
import {refresh} from './show.js';
import {display, isZoomed, layout, picture, shown} from './state.js';
import {isGap} from './tree.js';
import {samplesIn, stackOf} from './words.js';

const SVG = 'image/svg+xml';

function saveFile(blob, extension) {
  const title = picture.part.title.full.replace(/[^\w.-]+/g, '-').slice(0, 60);
  const href = URL.createObjectURL(blob), box = make('foreignObject', picture.svg);
  make('a', box, {href, download: `${title}.${extension}`}).click();
  box.remove(); // the address ends with the page: nobody knows when the browser has read it
}

// The picture with all its rows, without what only a running viewer needs.
export function pictureText() {
  const {svg} = picture;
  display.printing = true;
  refresh();
  const copy = svg.cloneNode(true), {width, high} = layout;
  display.printing = false;
  refresh();
  for (const one of copy.querySelectorAll(
    'metadata, foreignObject, .button, .lit, .halo, .ring, .glow, [display="none"], *|meta',
  )) one.remove();
  set(sizeTo(high, copy), {width});
  return new XMLSerializer().serializeToString(copy);
}

export async function savePng() {
  const image = new Image();
  try {
    image.src = `data:${SVG},${encodeURIComponent(pictureText())}`;
    await image.decode();
    // No side of a canvas may be longer.
    const {width, high} = layout, scale = min(2, 16000 / max(width, high));
    const canvas = new OffscreenCanvas(width * scale, high * scale);
    canvas.getContext('2d').drawImage(image, 0, 0, width * scale, high * scale);
    saveFile(await canvas.convertToBlob(), 'png');
  } catch (error) {
    explain(['Cannot save: ' + error]);
  }
}

// Stacks below the zoomed frame, from the root; of a sandwich those of the callees. A comparison
// has the weights before and after, without the scale of the picture.
export function foldedText() {
  const {zoomed, pane: {tree}} = shown, {unit, decimals, sides, delta, ...head} = picture.head;
  const columns = sides > 1 ? [tree.own[2], tree.own[1]] : [tree.own[0]];
  const end = zoomed ? tree.next[zoomed] : tree.half, samples = samplesIn(tree, zoomed);
  const [type, name] = [head.valueType, head.valueUnit].map(text => encodeURIComponent(text || ''));
  const lines = [name && `# flametree: columns=${columns.length} type=${type} unit=${name}${
    samples && ' samples=' + samples || ''}\n`];
  for (let i = zoomed; i < end; i++) {
    if (isGap(tree, i) || !columns.some(side => side[i])) continue;
    const weights = columns.map((side, k) => +(side[i] * unit / 10 ** decimals
      / (!k && delta?.scale || 1)).toFixed(decimals));
    lines.push(`${stackOf(tree, i).join(';')} ${weights.join(' ')}\n`);
  }
  return lines.join('');
}

// An expression as a word of a command line.
const quote = (expression, icase) =>
  ` '${icase ? '(?i)' : ''}${expression.replace(/'/g, "'\\''")}'`;

const exactly = name => `^${name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`;

function optionOf(cut) {
  const [, expression = `${exactly(cut[1])}(_\\[[kwij]\\])?$`, icase] = parseCut(cut);
  return {h: ' --hide', r: ' --ignore', k: ' --focus'}[cut[0][0]] + quote(expression, icase);
}

// The command line that draws this view; '' where it has no option for a part of it.
export function commandLine() {
  const {cuts, sandwich, fold, bottomup, icicle, order, search, icase, value} = shown.view;
  const {head: {sides, title, palette, fluid}, baseOf, geo} = picture;
  if (sides > 1 || isZoomed() || (search && icase) || value || cuts.some(isByLegend)) return '';
  return ['flamegraph', baseOf && ' --all-events', title && ' --title' + quote(title),
    palette.name !== 'hot' && ' --colors ' + palette.name, palette.hash && ' --hash',
    !fluid && ' --width ' + geo.width, ...cuts.map(optionOf),
    fold && ' --merge-recursion',
    sandwich ? ` --sandwich${quote(exactly(sandwich) + '$')}` : bottomup && ' --reverse',
    icicle && ' --inverted', order !== 'name' && ' --sort ' + order,
    search && ' --search' + quote(search), ' FILE'].filter(Boolean).join('');
}

export const saveSvg = () => saveFile(new Blob([pictureText()], {type: SVG}), 'svg');

export const saveFolded = () => saveFile(new Blob([foldedText()]), 'folded');
