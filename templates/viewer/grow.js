// Other trees from the tree of the profile: cut, folded, turned over, sandwiched, ordered anew.
// A Sprout takes stacks and merges equal names under one parent; arrange() makes it a tree.

class Sprout {
  constructor(names, before, chart) {
    this.names = names;
    this.chart = chart;
    this.count = 0;
    this.parent = new Int32Array(1024);
    this.name = new Int32Array(1024);
    this.self = new Float64Array(1024);
    this.before = before ? new Float64Array(1024) : null;
    // In a flame chart only neighbours merge: `last` is the youngest child of each node.
    this.last = new Int32Array(1024);
    this.table = new Int32Array(4096).fill(-1);
    this.add(-1, 0);
  }

  add(parent, name) {
    if (this.count === this.parent.length) this.widen();
    this.parent[this.count] = parent;
    this.name[this.count] = name;
    this.last[this.count] = -1;
    return this.count++;
  }

  widen() {
    ['parent', 'name', 'self', 'before', 'last'].forEach((key) => {
      const old = this[key];
      if (!old) return;
      this[key] = new old.constructor(old.length * 2);
      this[key].set(old);
    });
    this.table = new Int32Array(this.parent.length * 4).fill(-1);
    for (let i = 1; i < this.count; i++) this.table[this.slot(this.parent[i], this.name[i])] = i;
  }

  slot(parent, name) {
    const mask = this.table.length - 1;
    let at = (Math.imul(parent, 0x9e3779b1) ^ Math.imul(name, 0x85ebca6b));
    for (at = (at ^ (at >>> 15)) & mask; ; at = (at + 1) & mask) {
      const node = this.table[at];
      if (node < 0 || (this.parent[node] === parent && this.name[node] === name)) return at;
    }
  }

  child(parent, name) {
    if (this.chart) {
      const last = this.last[parent];
      if (last >= 0 && this.name[last] === name) return last;
      return (this.last[parent] = this.add(parent, name));
    }
    const at = this.slot(parent, name);
    if (this.table[at] >= 0) return this.table[at];
    this.table[at] = this.count;
    return this.add(parent, name);
  }

  // Nodes never have a smaller number than their parents, so one walk back sums the totals and
  // one walk forth gives each node its place among its siblings.
  arrange(order) {
    const n = this.count;
    const { parent, name, self, before } = this;
    const total = self.slice(0, n);
    const weight = before ? before.slice(0, n) : new Float64Array(n);
    const size = new Int32Array(n);
    for (let i = n - 1; i >= 0; i--) {
      if (!(total[i] || weight[i]) && i) continue;
      size[i]++;
      if (!i) break;
      total[parent[i]] += total[i];
      weight[parent[i]] += weight[i];
      size[parent[i]] += size[i];
    }
    const { first, sibling } = siblingOrder(this, total, size, order);
    const count = size[0];
    const place = new Int32Array(n);
    const free = new Int32Array(n);
    const out = {
      parent: new Int32Array(count), name: new Int32Array(count), self: new Float64Array(count),
      before: before && new Float64Array(count),
    };
    free[0] = 1;
    out.parent[0] = -1;
    out.self[0] = self[0];
    if (before) out.before[0] = before[0];
    // Nodes get their place after their parent has one.
    const queue = new Int32Array(count);
    for (let head = 0, tail = 1; head < count; head++) {
      const above = queue[head];
      for (let i = first[above]; i >= 0; i = sibling[i]) {
        place[i] = free[above];
        free[above] += size[i];
        free[i] = place[i] + 1;
        const at = place[i];
        out.parent[at] = place[above];
        out.name[at] = name[i];
        out.self[at] = self[i];
        if (before) out.before[at] = before[i];
        queue[tail++] = i;
      }
    }
    return makeTree(out.parent, out.name, out.self, out.before, this.names, this.chart);
  }
}

// Linked lists of children, in the order wanted. Appending every node, taken in the order of its
// name, to the list of its parent sorts all lists at once.
function siblingOrder(sprout, total, size, order) {
  const n = sprout.count;
  const first = new Int32Array(n).fill(-1);
  const sibling = new Int32Array(n).fill(-1);
  const tail = new Int32Array(n).fill(-1);
  const queue = new Int32Array(n);
  if (sprout.chart) {
    for (let i = 0; i < n; i++) queue[i] = i;
  } else {
    const rank = nameRank(sprout.names);
    const at = new Int32Array(rank.length + 1);
    for (let i = 0; i < n; i++) at[rank[sprout.name[i]] + 1]++;
    for (let r = 0; r < rank.length; r++) at[r + 1] += at[r];
    for (let i = 0; i < n; i++) queue[at[rank[sprout.name[i]]]++] = i;
  }
  for (let k = 0; k < n; k++) {
    const i = queue[k];
    const p = sprout.parent[i];
    if (!size[i] || p < 0) continue;
    if (tail[p] < 0) first[p] = i; else sibling[tail[p]] = i;
    tail[p] = i;
  }
  if (order !== 'weight') return { first, sibling };
  for (let p = 0; p < n; p++) {
    if (first[p] === tail[p]) continue;
    const list = [];
    for (let i = first[p]; i >= 0; i = sibling[i]) list.push(i);
    list.sort((a, b) => total[b] - total[a]);
    list.forEach((i, k) => { sibling[i] = k + 1 < list.length ? list[k + 1] : -1; });
    first[p] = list[0];
  }
  return { first, sibling };
}

// Cuts, folding of direct recursion and order. Hidden functions give their weight and their
// callees to their callers; of the other cuts only what passes all of them is left.
function trimTree(tree, view) {
  if (!view.cuts.length && !view.fold && view.order === tree.order) return tree;
  const { count, parent, name, self, before, next, names } = tree;
  const what = new Map(view.cuts.map((cut) => [names.first.get(cut.name), cut.op]));
  const keeps = view.cuts.filter((cut) => cut.op === 'keep');
  const bit = new Map(keeps.map((cut, i) => [names.first.get(cut.name), 1 << i]));
  const all = (1 << keeps.length) - 1;
  const passed = new Int32Array(count);
  const map = new Int32Array(count);
  const out = new Sprout(names, before, tree.chart && view.order === 'input');
  for (let i = 0; i < count; i++) {
    const gap = isGap(tree, i);
    const func = gap ? -1 : names.func[name[i]];
    if (what.get(func) === 'remove') {
      i = next[i] - 1;
      continue;
    }
    const p = parent[i];
    if (i) {
      passed[i] = passed[p] | (bit.get(func) || 0);
      const above = map[p];
      const folds = view.fold && above && func === names.func[out.name[above]];
      const lost = folds || what.get(func) === 'hide' || (gap && !out.chart);
      map[i] = lost ? above : out.child(above, name[i]);
    }
    if (passed[i] !== all) continue;
    out.self[map[i]] += self[i];
    if (before) out.before[map[i]] += before[i];
  }
  return out.arrange(view.order);
}

// Walks from nodes with a weight to the root, all of them one level at a time, and merges what
// goes through the same names. Stacks lighter than `least` are not followed further.
function growCallers(out, tree, nodes, weight, weightBefore, least) {
  const { parent, name } = tree;
  let at = nodes;
  let to = new Int32Array(nodes.length);
  let share = new Float64Array(0);
  while (at.length) {
    let live = 0;
    const from = out.count;
    share = new Float64Array(at.length);
    for (let k = 0; k < at.length; k++) {
      const node = at[k];
      if (parent[node] < 0) {
        out.self[to[k]] += weight[k];
        if (weightBefore) out.before[to[k]] += weightBefore[k];
        continue;
      }
      const child = out.child(to[k], name[node]);
      share[child - from] += weight[k];
      at[live] = parent[node];
      to[live] = child;
      weight[live] = weight[k];
      if (weightBefore) weightBefore[live] = weightBefore[k];
      live++;
    }
    let left = 0;
    for (let k = 0; k < live; k++) {
      if (share[to[k] - from] < least) {
        out.self[to[k]] += weight[k];
        if (weightBefore) out.before[to[k]] += weightBefore[k];
        continue;
      }
      at[left] = at[k];
      to[left] = to[k];
      weight[left] = weight[k];
      if (weightBefore) weightBefore[left] = weightBefore[k];
      left++;
    }
    at = at.subarray(0, left);
    to = to.subarray(0, left);
  }
}

// Past some millions of frames, callers of what no screen could show are left out.
function leastWorth(tree, nodes) {
  let frames = 0;
  for (let k = 0; k < nodes.length; k++) frames += tree.row[nodes[k]];
  return frames > 6e6 ? tree.total[0] * 2e-5 : 0;
}

function turnOver(tree, order) {
  const { count, parent, self, before, names } = tree;
  const nodes = [];
  for (let i = 0; i < count; i++) if (self[i] || (before && before[i])) nodes.push(i);
  const out = new Sprout(names, before, false);
  const at = Int32Array.from(nodes, (i) => (isGap(tree, i) ? parent[i] : i));
  growCallers(out, tree, at, Float64Array.from(nodes, (i) => self[i]),
    before && Float64Array.from(nodes, (i) => before[i]), leastWorth(tree, at));
  return out.arrange(order === 'input' ? 'name' : order);
}

// Every place of a function at once: its callees grow down, its callers up. Places inside
// another place of the same function are part of its callees, so that nothing counts twice.
function sandwich(tree, func, order) {
  const { count, parent, name, self, before, next, total, totalBefore, names } = tree;
  const places = [];
  for (let i = 1; i < count; i++) {
    if (names.func[name[i]] !== func) continue;
    places.push(i);
    i = next[i] - 1;
  }
  const callees = new Sprout(names, before, false);
  const map = new Int32Array(count);
  places.forEach((place) => {
    for (let i = place; i < next[place]; i++) {
      const gap = isGap(tree, i);
      map[i] = i === place ? 0 : gap ? map[parent[i]] : callees.child(map[parent[i]], name[i]);
      callees.self[map[i]] += self[i];
      if (before) callees.before[map[i]] += before[i];
    }
  });
  const callers = new Sprout(names, before, false);
  const at = Int32Array.from(places, (i) => parent[i]);
  growCallers(callers, tree, at, Float64Array.from(places, (i) => total[i]),
    before && Float64Array.from(places, (i) => totalBefore[i]), leastWorth(tree, at));
  const by = order === 'input' ? 'name' : order;
  return joinHalves(callees.arrange(by), callers.arrange(by), func);
}

// One tree of both halves: the callers follow the callees and share their root.
function joinHalves(down, up, func) {
  const count = down.count + up.count - 1;
  const shift = down.count - 1;
  const both = Object.assign({}, down, { count, half: down.count });
  const join = (key, change) => {
    if (!down[key]) return;
    both[key] = new down[key].constructor(count);
    both[key].set(down[key]);
    for (let i = 1; i < up.count; i++) both[key][i + shift] = change(up[key][i]);
  };
  ['name', 'self', 'before', 'total', 'totalBefore', 'start'].forEach((key) => join(key, (x) => x));
  join('parent', (p) => (p ? p + shift : 0));
  join('next', (x) => x + shift);
  join('row', (r) => -r);
  both.name[0] = func;
  return indexRows(both);
}

// The tree for a view: what is left of the profile, then the way to look at it.
function growTree(base, view) {
  const trimmed = trimTree(base, view);
  const { names } = base;
  if (view.mode === 'bottom-up') return { trimmed, tree: turnOver(trimmed, view.order) };
  if (view.mode !== 'sandwich') return { trimmed, tree: trimmed };
  return { trimmed, tree: sandwich(trimmed, names.first.get(view.func), view.order) };
}
