'use strict';
// Makes the SVG that `flamegraph` would write, by doc/format.md, from folded text. The tests use
// it where the program is not there, and for inputs that are easier made than written.

const fs = require('fs');
const path = require('path');

const TEMPLATES = path.join(__dirname, '../../../templates');
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

// The script as the build makes it: full-line comments and leading indentation go.
function viewerScript(two) {
  const folder = path.join(TEMPLATES, 'viewer');
  const files = fs.readFileSync(path.join(folder, 'ORDER'), 'utf8').trim().split('\n');
  return (
    files
      .filter((file) => two || !file.startsWith('differential'))
      .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'))
      .join('')
      .split('\n')
      .map((line) => line.replace(/^\s+/, ''))
      .filter((line) => line && !line.startsWith('//'))
      .join('\n') + '\n'
  );
}

function number(value) {
  let text = '';
  for (;;) {
    const digit = value % 32;
    value = Math.floor(value / 32);
    text += ALPHABET[value ? digit + 32 : digit];
    if (!value) return text;
  }
}

// Folded lines into a tree of plain objects {name, self: [after, before], children}.
function readFolded(folded, options) {
  const opts = options || {};
  const lines = folded.split('\n').filter(Boolean);
  const two = lines.length > 0 && lines.every((line) => / \d+ \d+$/.test(line));
  const root = { name: '', self: [0, 0], children: [], map: new Map() };
  let gcd = 0;
  for (const line of lines) {
    const found = (two ? /^([^]*) (\d+) (\d+)$/ : /^([^]*) (\d+)$/).exec(line);
    const after = Number(found[two ? 3 : 2]);
    const before = two ? Number(found[2]) : 0;
    let node = root;
    for (const name of found[1].split(';')) {
      let child = opts.chart ? node.children[node.children.length - 1] : node.map.get(name);
      if (!child || child.name !== name) {
        child = { name, self: [0, 0], children: [], map: new Map() };
        node.map.set(name, child);
        node.children.push(child);
      }
      node = child;
    }
    node.self[0] += after;
    node.self[1] += before;
    for (let a = after; a;) [gcd, a] = [a, gcd % a];
    for (let a = before; a;) [gcd, a] = [a, gcd % a];
  }
  const bytes = (node) => Buffer.from(node.name + ';');
  const finish = (top) => {
    const all = [top];
    for (const node of all) for (const child of node.children) all.push(child);
    for (let i = all.length - 1; i >= 0; i--) {
      const node = all[i];
      if (!opts.chart) node.children.sort((a, b) => Buffer.compare(bytes(a), bytes(b)));
      node.total = node.self.slice();
      for (const child of node.children) {
        node.total[0] += child.total[0];
        node.total[1] += child.total[1];
      }
    }
  };
  finish(root);
  return { root, two, gcd: gcd || 1 };
}

function escapeName(text) {
  return text
    .replace(/[\\<>&\n\t\r]/g, (c) => '\\' + '\\lgantr'['\\<>&\n\t\r'.indexOf(c)])
    .replace(/[\0-\x1f\x7f\ufffe\uffff]/g, (c) =>
      Array.from(Buffer.from(c))
        .map((byte) => '\\x' + (256 + byte).toString(16).slice(1))
        .join(''),
    );
}

function dataBlock(profile, head) {
  const { root, two, gcd } = profile;
  const names = new Set();
  const walk = (visit) => {
    const stack = [[root, 0]];
    while (stack.length) {
      const [node, depth] = stack.pop();
      visit(node, depth);
      for (let i = node.children.length - 1; i >= 0; i--) stack.push([node.children[i], depth + 1]);
    }
  };
  let count = 0;
  walk((node) => {
    names.add(node.name);
    count++;
  });
  const sorted = Array.from(names).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const place = new Map(sorted.map((name, i) => [name, i]));
  let previous = Buffer.alloc(0);
  const lines = sorted.map((name) => {
    const now = Buffer.from(name);
    let shared = 0;
    while (shared < 63 && shared < now.length && now[shared] === previous[shared]) shared++;
    while (shared && shared < now.length && (now[shared] & 0xc0) === 0x80) shared--;
    previous = now;
    return ALPHABET[shared] + escapeName(now.subarray(shared).toString());
  });
  const seen = new Map([['', 0]]);
  const frames = [];
  let last = -1;
  walk((node, depth) => {
    const weight = node.self[0] || node.self[1];
    const up = depth ? last - depth + 1 : 0;
    last = depth;
    let text = number(2 * up + (weight ? 1 : 0));
    if (depth) {
      if (seen.has(node.name)) text += number(seen.get(node.name));
      else {
        text += number(seen.size) + number(place.get(node.name));
        seen.set(node.name, seen.size);
      }
    }
    if (weight) text += (two ? number(node.self[1] / gcd) : '') + number(node.self[0] / gcd);
    frames.push(text);
  });
  const colors = two ? undefined : sorted.map((name) => nameColour(name)).join('');
  const always = {
    unit: String(gcd),
    decimals: 0,
    sides: two ? 2 : 1,
    factor: 1,
    prefix: '',
    countname: 'samples',
    nametype: 'Function:',
    order: 'name',
    inverted: false,
    fluid: false,
    search: '',
    colors,
  };
  const json = Object.assign(always, head);
  return (
    'flametree 1\n' +
    JSON.stringify(json).replace(/[<>&]/g, (c) => '\\u00' + c.charCodeAt(0).toString(16)) +
    '\n' +
    sorted.length +
    ' ' +
    count +
    '\n' +
    lines.join('\n') +
    '\n' +
    frames.join('') +
    '\n'
  );
}

// Hot colours, by a hash of its own: tests compare with what the data says.
function nameColour(name) {
  if (!name) return 'd52709';
  let hash = 7;
  for (const c of name) hash = (Math.imul(hash, 31) + c.codePointAt(0)) >>> 0;
  const v = (hash % 997) / 997;
  const hex = (x) => (256 + Math.floor(x)).toString(16).slice(1);
  return hex(205 + 50 * v) + hex(230 * v) + hex(55 * v);
}

function xml(text) {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
}

// options: everything of the JSON line of the data block, and `chart`, `inline` (no XML head),
// `script: false`.
function drawSvg(folded, options) {
  const opts = Object.assign({ title: 'Flame Graph', subtitle: '' }, options);
  opts.prefix = opts.prefix || '';
  const profile = readFolded(folded, opts);
  const width = (opts.geometry || {}).width || 1200;
  const top = opts.subtitle ? 60 : 36;
  const geometry = Object.assign(
    { width, row: 16, pad: 10, top, bottom: 34, font: 12, fontwidth: 0.59, minwidth: 0.1 },
    opts.geometry,
  );
  const { root, two } = profile;
  const scale = (width - 20) / root.total[0];
  const boxes = [];
  let deepest = 0;
  const stack = [[root, 0, 0]];
  while (stack.length) {
    const [node, depth, start] = stack.pop();
    if (node.total[0] * scale < geometry.minwidth) continue;
    deepest = Math.max(deepest, depth);
    boxes.push([node, depth, start]);
    let edge = start + node.self[0];
    for (const child of node.children) {
      stack.push([child, depth + 1, edge]);
      edge += child.total[0];
    }
  }
  const height = top + (deepest + 1) * geometry.row + geometry.bottom;
  const frames = boxes.map(([node, depth, start]) => {
    const x = (10 + start * scale).toFixed(1);
    const wide = (node.total[0] * scale).toFixed(1);
    const y = opts.inverted ? top + depth * 16 : height - geometry.bottom - (depth + 1) * 16 + 1;
    const name = node.name.replace(/_\[[kwij]\]$/, '') || 'all';
    const share = depth ? ((100 * node.total[0]) / root.total[0]).toFixed(2) : '100';
    const fill = two ? 'rgb(255,255,255)' : '#' + nameColour(node.name);
    const room = Math.floor(wide / 7.08);
    const label = room < 3 ? '' : name.length <= room ? name : name.slice(0, room - 2) + '..';
    return (
      `<g><title>${xml(name)} (${node.total[0].toLocaleString('en-US')} samples, ${share}%)` +
      `</title><rect x="${x}" y="${y}" width="${wide}" height="15" fill="${fill}"/>` +
      `<text x="${Number(x) + 3}" y="${y + 10.5}">${xml(label)}</text></g>`
    );
  });
  const head = { prefix: opts.prefix, title: opts.title, geometry };
  if (opts.chart) head.order = 'input';
  if (two) head.delta = { of: 'total', negate: false };
  [
    'fluid',
    'inverted',
    'search',
    'countname',
    'nametype',
    'decimals',
    'factor',
    'order',
    'delta',
    'total',
    'subtitle',
  ].forEach((key) => {
    if (opts[key]) head[key] = opts[key];
  });
  const p = xml(opts.prefix);
  const style = fs
    .readFileSync(path.join(TEMPLATES, 'viewer.css'), 'utf8')
    .replace(/\/\*[^]*?\*\//g, '');
  const script =
    opts.script === false
      ? ''
      : '<metadata class="flametree-data">\n' +
        dataBlock(profile, head) +
        '</metadata>\n<script type="text/ecmascript"><![CDATA[\n' +
        viewerScript(two) +
        ']]></script>\n';
  return (
    (opts.inline ? '' : '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n') +
    `<svg xmlns="http://www.w3.org/2000/svg" version="1.1" class="flametree" width="${width}" ` +
    `height="${height}" viewBox="0 0 ${width} ${height}" font-family="Verdana, sans-serif" ` +
    `font-size="${geometry.font}">\n<style>${style}</style>\n` +
    `<defs><linearGradient id="${p}ground" y1="0" y2="1" x1="0" x2="0"><stop offset="5%" ` +
    `stop-color="#eeeeee"/><stop offset="95%" stop-color="#eeeeb0"/></linearGradient></defs>\n` +
    `<rect id="${p}background" width="${width}" height="${height}" fill="url(#${p}ground)"/>\n` +
    `<text id="${p}title" x="${width / 2}" y="24" font-size="17" text-anchor="middle">` +
    `${xml(opts.title)}</text>\n<text id="${p}subtitle" x="${width / 2}" y="48" ` +
    `text-anchor="middle">${xml(opts.subtitle)}</text>\n` +
    ['details', 'unzoom', 'search', 'ignorecase', 'matched']
      .map((id) => `<text id="${p}${id}" x="10" y="24"></text>\n`)
      .join('') +
    `<g id="${p}frames">\n${frames.join('\n')}\n</g>\n${script}</svg>\n`
  );
}

module.exports = { drawSvg, readFolded, dataBlock, viewerScript, number };

if (require.main === module) {
  const [folded, output, options] = process.argv.slice(2);
  fs.writeFileSync(output, drawSvg(fs.readFileSync(folded, 'utf8'), JSON.parse(options || '{}')));
}
