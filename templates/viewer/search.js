// Search works on names, then on the numbers of the tree; what is drawn plays no part.

// Returns a regular expression, or an Error that says what is wrong.
function compile(text, ignoreCase) {
  for (const flags of ['u', '']) {
    try {
      return new RegExp(text, ignoreCase ? flags + 'i' : flags);
    } catch (error) {
      // Without `u` more is allowed: `\-`, `{`.
      if (!flags) return error;
    }
  }
  return null;
}

function matchNames(names, regex) {
  return Uint8Array.from(names.shown, (name, i) => (i && regex.test(name) ? 1 : 0));
}

// Weight of all stacks with a match, overlap counted once.
function matchedWeight(tree, flags) {
  const { count, name, next, total } = tree;
  let sum = 0;
  for (let i = 1; i < count; i++) {
    if (!flags[name[i]]) continue;
    sum += total[i];
    i = next[i] - 1;
  }
  return sum;
}

// The same for the stacks through a function: a match may stand above it, or below.
function matchedThrough(tree, flags, func) {
  const { count, name, next, total, parent, names } = tree;
  const above = new Uint8Array(count);
  let sum = 0;
  for (let i = 1; i < count; i++) {
    above[i] = above[parent[i]] | flags[name[i]];
    if (names.func[name[i]] !== func) continue;
    for (let k = i; k < next[i]; k++) {
      if (!above[i] && !flags[name[k]]) continue;
      sum += total[k];
      k = next[k] - 1;
    }
    i = next[i] - 1;
  }
  return sum;
}

// What a search found in the tree on the screen. `hits[k]` counts the matches among the first k
// frames in row order, so that a merged box knows of its matches at once; `from` and `to` are
// the edges of the outermost matches, left to right.
function findMatches(tree, flags) {
  const { count, inRow, name, next, start, total } = tree;
  const hits = new Int32Array(count + 1);
  for (let k = 0; k < count; k++) hits[k + 1] = hits[k] + (flags[name[inRow[k]]] || 0);
  const halves = [[0, tree.half || count], [tree.half || count, count]].map(([low, high]) => {
    const half = { from: [], to: [] };
    for (let i = low; i < high; i++) {
      if (!flags[name[i]]) continue;
      half.from.push(start[i]);
      half.to.push(start[i] + total[i]);
      if (next[i] > i) i = next[i] - 1;
    }
    return half;
  });
  return { flags, hits, places: hits[count], down: halves[0], up: halves[1] };
}

function firstAfter(list, value) {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle + 1; else high = middle;
  }
  return low;
}

function matchedBetween(half, from, to) {
  let sum = 0;
  for (let i = firstAfter(half.to, from); i < half.from.length && half.from[i] < to; i++) {
    sum += Math.min(to, half.to[i]) - Math.max(from, half.from[i]);
  }
  return sum;
}

// Matches are walked from the heaviest to the lightest, equal ones from left to right, and round.
function nextMatch(tree, flags, node, back) {
  const { count, name, total } = tree;
  const isAfter = (a, b) => (total[a] < total[b] || (total[a] === total[b] && a > b)) !== back;
  let best = -1;
  let wrap = -1;
  for (let i = 0; i < count; i++) {
    if (!flags[name[i]] || i === node) continue;
    if (wrap < 0 || isAfter(wrap, i)) wrap = i;
    if (node >= 0 && isAfter(i, node) && (best < 0 || isAfter(best, i))) best = i;
  }
  return best >= 0 ? best : wrap >= 0 ? wrap : node;
}
