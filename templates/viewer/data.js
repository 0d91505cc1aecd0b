// Reads the data block (doc/format.md, section 2) into a profile: its names and its tree.

const DIGITS = new Int8Array(128).fill(-1);
'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.split('')
  .forEach((c, i) => { DIGITS[c.charCodeAt(0)] = i; });

const DEFAULTS = {
  unit: '1', decimals: 0, sides: 1, prefix: '', countname: 'samples', nametype: 'Function:',
  factor: 1, inverted: false, order: 'name', fluid: false,
};

const GEOMETRY = {
  width: 1200, row: 16, pad: 10, top: 36, bottom: 34, font: 12, fontwidth: 0.59, minwidth: 0.1,
};

// A byte of a name that is not UTF-8 is kept as a lone surrogate, which counts as one byte.
const ESCAPES = { '\\': '\\', l: '<', g: '>', a: '&', n: '\n', t: '\t', r: '\r' };

function readEscapes(text) {
  return text.replace(/\\(x(..)|.)/g, (all, letter, hex) => {
    if (!hex) return ESCAPES[letter];
    const byte = parseInt(hex, 16);
    return String.fromCharCode(byte < 128 ? byte : 0xdc00 + byte);
  });
}

// The first characters of a name that make up the given number of its bytes.
function takeBytes(name, bytes) {
  let i = 0;
  while (bytes > 0) {
    const c = name.codePointAt(i);
    bytes -= c < 0x80 || (c >= 0xdc80 && c < 0xdd00) ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    i += c > 0xffff ? 2 : 1;
  }
  return name.slice(0, i);
}

// What people see of a name: no control characters, no broken bytes, a blank for a TAB.
function cleanName(name) {
  return name.replace(/\t/g, ' ')
    .replace(/[\0-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      '\ufffd');
}

function readNames(text, at, count) {
  const names = new Array(count);
  let previous = '';
  for (let i = 0; i < count; i++) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    const shared = DIGITS[text.charCodeAt(at)];
    let rest = text.slice(at + 1, end);
    if (rest.includes('\\')) rest = readEscapes(rest);
    previous = (shared > 0 ? takeBytes(previous, shared) : '') + rest;
    names[i] = previous;
    at = end + 1;
  }
  return { names, at };
}

// The frames line: parents, names and self weights, in pre-order. A gap of a flame chart has the
// name one past the last.
function readFrames(text, at, count, names, sides) {
  const parent = new Int32Array(count);
  const name = new Int32Array(count);
  const self = new Float64Array(count);
  const before = sides > 1 ? new Float64Array(count) : null;
  const seen = new Int32Array(names + 2);
  let seenCount = 1;
  function number() {
    let digit = DIGITS[text.charCodeAt(at++)];
    let value = digit & 31;
    for (let scale = 32; digit > 31; scale *= 32) {
      digit = DIGITS[text.charCodeAt(at++)];
      value += (digit & 31) * scale;
    }
    return value;
  }
  for (let i = 0; i < count; i++) {
    const step = number();
    let above = i - 1;
    for (let up = i ? step >> 1 : 0; up > 0; up--) above = parent[above];
    parent[i] = above;
    if (i) {
      const nth = number();
      if (nth === seenCount) seen[seenCount++] = number();
      name[i] = seen[nth];
    }
    if (step & 1) {
      if (before) before[i] = number();
      self[i] = number();
    }
  }
  return { parent, name, self, before };
}

function readProfile(block) {
  const text = block.trim();
  const lines = [];
  let at = 0;
  for (let i = 0; i < 3; i++) {
    const end = text.indexOf('\n', at);
    lines.push(text.slice(at, end));
    at = end + 1;
  }
  if (lines[0].trim() !== 'flametree 1') throw new Error('unknown data: ' + lines[0].slice(0, 40));
  const head = Object.assign({}, DEFAULTS, JSON.parse(lines[1]));
  head.geometry = Object.assign({}, GEOMETRY, head.geometry);
  const counts = lines[2].trim().split(' ').map(Number);
  const read = readNames(text, at, counts[0]);
  const frames = readFrames(text, read.at, counts[1], counts[0], head.sides);
  return { head, names: nameTable(read.names), frames };
}

// Names and what is derived from them. Names that differ only in their mark (`_[k]` kernel,
// `_[w]` waker, `_[i]` inlined, `_[j]` compiled) are one function, known by the first of them.
function nameTable(raw) {
  const shown = raw.map((name) => cleanName(name.replace(/_\[[kwij]\]$/, '')));
  shown[0] = 'all';
  const first = new Map();
  const func = Int32Array.from(shown, (name, i) => {
    if (i && !first.has(name)) first.set(name, i);
    return i ? first.get(name) : 0;
  });
  return { raw, shown, func, first, count: raw.length, rank: null };
}

// Siblings stand in byte order as if every name ended in `;`. The names are sorted by bytes, so
// only a name and one that it begins can stand the other way round.
function nameRank(names) {
  if (names.rank) return names.rank;
  const raw = names.raw;
  const order = raw.map((name, i) => i).sort((a, b) => {
    const shorter = raw[a].length < raw[b].length ? a : b;
    const longer = shorter === a ? b : a;
    if (a === b || !raw[longer].startsWith(raw[shorter])) return a - b;
    const shorterFirst = raw[longer].charCodeAt(raw[shorter].length) > 59;
    return (shorter === a) === shorterFirst ? -1 : 1;
  });
  names.rank = new Int32Array(order.length + 1);
  order.forEach((name, i) => { names.rank[name] = i; });
  names.rank[order.length] = order.length;
  return names.rank;
}
