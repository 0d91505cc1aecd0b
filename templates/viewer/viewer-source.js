// SPDX-License-Identifier: MIT
// Links from functions to their source, by the pattern of --source-url.

import {explain} from './bars.js';
import {ofFunction} from './commands.js';
import {numbersIn} from './data.js';
import {extras, picture} from './state.js';

// By name: [file, line].
const places = [];

// "name:file.c:12", as --srcline and --lines have it.
const inName = name => /:([^:]+):(\d+)$/.exec(name)?.slice(1) || [];

function readPlaces() {
  const {head: {source}, base: {names}} = picture, next = numbersIn(source.places);
  for (const name of names.raw) {
    const file = next(), line = file && next(), [path, at] = inName(name);
    places.push([source.files[file - 1] || path, line || at || 1]);
  }
}

// The address of the source of a name. It is always an address of the web, whatever the name of the
// file.
export function sourceOf(url, [file, line]) {
  const path = file && file.split(/[/\\]/).filter(part => !/^\.*$/.test(part))
    .map(encodeURIComponent).join('/');
  const address = path && url.replace('{file}', () => path).replace('{line}', line);
  return /^https?:\/\/[^/]/.test(address) ? address : '';
}

function openSource(name, {node, pane: {tree}}) {
  const address = sourceOf(picture.head.source.url, places[tree.name[node]] || []);
  if (address) window.open(address, '_blank', 'noopener');
  else explain(['The profile does not say where its source is', [name]]);
}

extras.push({
  start: readPlaces,
  frameRows: [['source', 'g', 'Show its source', ofFunction(openSource)]],
});
