// Labels that keep what a name means. When a name is too long its arguments go first, then its
// template arguments, then its left part; never half a character.

const CHARACTER = /.[\p{M}\ufe0f]*(?:\u200d.[\p{M}\ufe0f]*)*/gsu;

// Where the bracket that closes at `end` opens; -1 when it does not.
function opening(name, end, open, close) {
  for (let i = end, depth = 0; i >= 0; i--) {
    if (name[i] === close) depth++;
    else if (name[i] === open && --depth === 0) return i;
  }
  return -1;
}

function withoutArguments(name) {
  const tail = /\)(?: const| volatile| noexcept| &&?| \[[^\]]*\])*$/.exec(name);
  const at = tail ? opening(name, tail.index, '(', ')') : -1;
  if (at <= 0 || /(?:operator|::|[.>])\s*$/.test(name.slice(0, at))) return name;
  return name.slice(0, at);
}

// Drops <...> that follows a name; not that of `operator<`, `->` or Rust's `<T as Trait>::f`.
function withoutTemplates(name) {
  let out = '';
  let depth = 0;
  for (let i = 0; i < name.length; i++) {
    const c = name[i];
    if (c === '<' && (depth || (/[\w\]:]$/.test(out) && !/operator<?$/.test(out)))) depth++;
    else if (c === '>' && depth && name[i - 1] !== '-') depth--;
    else if (!depth) out += c;
  }
  return depth ? name : out.replace(/::(?=::)|::$/g, '');
}

// measure(text) gives a width in pixels. Returns '' when nothing useful fits.
function shorten(name, room, measure) {
  if (measure(name) <= room) return name;
  const plain = withoutArguments(name);
  if (measure(plain) <= room) return plain;
  const short = withoutTemplates(plain);
  if (measure(short) <= room) return short;
  const parts = short.match(CHARACTER) || [];
  let left = room - measure('\u2026');
  let from = parts.length;
  while (from > 0 && left >= measure(parts[from - 1])) left -= measure(parts[--from]);
  if (parts.length - from < 2) return '';
  // Rather begin at a part of the name than in the middle of a word.
  const joint = /^.{0,12}?(?=::|[/.])/s.exec(parts.slice(from).join(''));
  const text = parts.slice(from).join('');
  const skip = joint && joint[0].length * 3 < text.length ? joint[0].length : 0;
  return '\u2026' + text.slice(skip);
}

// Cuts a line of text at its right end.
function clip(text, room, measure) {
  if (measure(text) <= room) return text;
  let left = room - measure('\u2026');
  let out = '';
  for (const part of text.match(CHARACTER) || []) {
    left -= measure(part);
    if (left < 0) break;
    out += part;
  }
  return out && out + '\u2026';
}
