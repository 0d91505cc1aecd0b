// SPDX-License-Identifier: MIT
// Other trees from the tree of the profile: cut, folded, turned over, sandwiched, ordered anew.

import {groupOf, isByLegend, parseCut} from './cuts.js';
import {ceil, integers, max} from './numbers.js';
import {matchNames} from './search.js';
import {findPlaces, flagsOf, group, isGap, makeTree} from './tree.js';

// Whether work that has come to node i should let others have a turn.
const isTurn = i => !(i % 4096);

const larger = (array, size) => {
  const copy = new array.constructor(size);
  copy.set(array);
  return copy;
};

// The place of each name in the order of siblings, which is that of their names as if each ended in
// `;`.
function rankNames(raw) {
  const keys = raw.map(name => name + ';'), rank = [];
  [...keys.keys()].sort((a, b) => (keys[a] < keys[b] ? -1 : 1))
    .forEach((name, place) => { rank[name] = place; });
  return rank;
}

// Merges equal names under one parent, in a flame chart (`order` is "input") only neighbors. Its
// nodes are numbered as they come until arrange() makes a tree of them. All is in typed arrays of
// `size`, which grow; `table` has the nodes by a hash of parent and name, 0 where there is none.
class TreeBuilder {
  constructor(tree, order, nodes) {
    this.names = tree.names;
    this.order = order;
    this.count = 0;
    this.own = tree.own.map(() => new Float64Array());
    this.resize(2 ** ceil(Math.log2(nodes + 2)));
    this.push(-1, 0);
    this.origin[0] = 0;
  }

  // `last`: the last child in a flame chart.
  resize(size) {
    this.size = size;
    for (const key of ['parent', 'name', 'origin', 'last']) {
      this[key] = larger(this[key] || integers(0), size);
    }
    this.own = this.own.map(side => larger(side, size));
    this.table = integers(2 * size);
    for (let i = 1; i < this.count; i++) this.table[this.slotOf(this.parent[i], this.name[i])] = i;
  }

  push(above, wanted) {
    const node = this.count++;
    this.parent[node] = above;
    this.name[node] = wanted;
    this.origin[node] = -1;
    return node;
  }

  // The place in the table of a child, or where it belongs.
  slotOf(above, wanted) {
    const {table, parent, name} = this, mask = table.length - 1;
    let slot = Math.imul(above ^ Math.imul(wanted, 0x5bd1e995), 0x9e3779b1) >>> 7 & mask;
    while (table[slot] && (parent[table[slot]] !== above || name[table[slot]] !== wanted)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  child(above, wanted) {
    if (this.count === this.size) this.resize(2 * this.size);
    if (this.order === 'input') {
      const last = this.last[above];
      if (!last || this.name[last] !== wanted) this.last[above] = this.push(above, wanted);
      return this.last[above];
    }
    const slot = this.slotOf(above, wanted);
    return this.table[slot] ||= this.push(above, wanted);
  }

  // Adds the weights of a node of another tree: `from` is its own or its sums.
  add(node, from, i) {
    for (let k = 0; k < from.length; k++) this.own[k][node] += from[k][i];
  }

  // The nodes in pre-order, siblings sorted, those without weight left out. A node is numbered
  // after its parent, so its place follows from that of its parent and the sizes of the siblings
  // before.
  * arrange() {
    const {order, names, name, parent, origin, count} = this, none = count;
    const own = this.own.map(side => side.subarray(0, count)), sums = own.map(side => side.slice());
    const size = integers(count + 1), place = size.slice(), keys = integers(count).fill(none);
    for (let i = count; i--;) {
      if (i && !sums.some(side => side[i])) continue;
      size[i]++;
      if (!i) continue;
      keys[i] = parent[i];
      size[parent[i]] += size[i];
      for (const side of sums) side[parent[i]] += side[i];
    }
    const [at, list] = group(keys, none + 1), nodes = integers(size[0]);
    const rank = order === 'name' && (names.rank ||= rankNames(names.raw));
    const comes = rank ? (a, b) => rank[name[a]] - rank[name[b]]
      : (a, b) => sums[0][b] - sums[0][a];
    for (let i = 0; i < count; i++) {
      if (isTurn(i)) yield;
      if (i && keys[i] === none) continue;
      const end = at[i + 1];
      if (order !== 'input' && end > at[i] + 1) list.subarray(at[i], end).sort(comes);
      nodes[place[i]] = i;
      for (let k = at[i], next = place[i] + 1; k < end; next += size[list[k++]]) {
        place[list[k]] = next;
      }
    }
    const pick = from => from.slice(0, nodes.length).map((zero, i) => from[nodes[i]]);
    return makeTree({parent: nodes.map(node => (node ? place[parent[node]] : -1)), name: pick(name),
      names, order, own: own.map(pick), origin: pick(origin)});
  }
}

// The generators here compute trees. Where they yield, others may have a turn, or give up the work.

// The tree that one cut leaves: `remove` takes all stacks through the functions `wanted` (flags by
// function), `keep` all others, `hide` only their frames: their weight and callees go to the
// caller. `fold` does that with frames that call themselves.
export function* cutTree(tree, order, op, wanted = []) {
  const {count, parent, name, next, names, origin} = tree;
  const out = new TreeBuilder(tree, order, count);
  const map = integers(count), inside = new Uint8Array(count);
  let turn = 0;
  for (let i = 0; i < count; i++) {
    if (isTurn(turn++)) yield;
    const func = isGap(tree, i) ? -1 : names.func[name[i]], hit = func >= 0 && wanted[func];
    if (hit && op === 'remove') {
      i = next[i] - 1;
      continue;
    }
    if (i) {
      const above = map[parent[i]];
      inside[i] = inside[parent[i]] || hit;
      if ((hit && op === 'hide') || (func < 0 && order !== 'input')
        || (op === 'fold' && above && func === names.func[out.name[above]])) map[i] = above;
      else {
        const end = out.count, node = map[i] = out.child(above, name[i]);
        // Those that come from several nodes have no origin.
        out.origin[node] = node < end ? -1 : origin ? origin[i] : i;
      }
    }
    if (op !== 'keep' || inside[i]) out.add(map[i], tree.own, i);
  }
  return yield* out.arrange();
}

// Merges the ways from nodes to the root, the heaviest first: past some millions of frames,
// callers of what no screen could show are left out.
function* climb(tree, order, nodes, from) {
  const {parent, name, total} = tree, all = nodes.length;
  const out = new TreeBuilder(tree, order, 4 * all);
  const list = all > 1e5 ? heaviestFirst(nodes, from[0]) : nodes;
  let made = 0;
  for (let k = 0; k < all; k++) {
    if (isTurn(k)) yield;
    const i = list[k];
    let at = 0;
    for (let p = from[0] === total ? parent[i] : i; p > 0 && made < 6e6; p = parent[p]) {
      made++;
      if (!isGap(tree, p)) at = out.child(at, name[p]);
    }
    out.add(at, from, i);
  }
  return yield* out.arrange();
}

// By size, to within a tenth of it.
function heaviestFirst(nodes, weight) {
  const last = 1200, keys = nodes.map(i => max(0, last - ceil(8 * Math.log2(weight[i] + 1))));
  return group(keys, last + 1)[1].map(k => nodes[k]);
}

function turnOver(tree, order) {
  const {own, count} = tree;
  const nodes = integers(count).map((zero, i) => i).filter(i => own.some(side => side[i]));
  return climb(tree, order, nodes, own);
}

// Every place of a function at once: its callees grow down, its callers up. Places inside
// another place of the same function are part of its callees, so that nothing counts twice.
function* sandwich(tree, order, func) {
  const {count, parent, name, next, names, own, sums} = tree, map = integers(count);
  const out = new TreeBuilder(tree, order, 1000);
  const {nodes: places} = findPlaces(tree, flagsOf(names, func));
  for (const place of places) {
    for (let i = place; i < next[place]; i++) {
      if (isTurn(i)) yield;
      const above = map[parent[i]];
      map[i] = i === place ? 0 : isGap(tree, i) ? above : out.child(above, name[i]);
      out.add(map[i], own, i);
    }
  }
  const down = yield* out.arrange(), up = yield* climb(tree, order, places, sums);
  const join = (a, b) => {
    const all = larger(a, a.length + b.length - 1);
    all.set(b.subarray(1), a.length);
    return all;
  };
  down.name[0] = func;
  return makeTree({parent: join(down.parent, up.parent.map(p => p && p + down.count - 1)),
    name: join(down.name, up.name), own: down.own.map((side, k) => join(side, up.own[k])), names,
    order, half: down.count, edgeUp: up.own[0][0], origin: integers(down.count + up.count - 1)
      .fill(-1)});
}

// The tree that all cuts leave of the profile: each cut is a step.
function* trimTree(tree, {cuts, fold, order}) {
  for (const cut of cuts) {
    tree = yield* cutTree(tree, tree.order, cut[0].replace('all', ''), flagsOfCut(tree.names, cut));
  }
  if (fold || order !== tree.order) tree = yield* cutTree(tree, order, fold && 'fold');
  return tree;
}

// Which functions a cut is about: one by its name, or many (cuts.js).
function flagsOfCut(names, cut) {
  const {first, func, count} = names, flags = new Uint8Array(count);
  const [, text] = cut, [, expression, icase] = parseCut(cut);
  const many = expression ? matchNames(names, expression, icase).matched
    : isByLegend(cut) && groupOf(text);
  if (many) many.forEach((on, i) => { if (on) flags[func[i]] = 1; });
  else if (first.has(text)) flags[first.get(text)] = 1;
  return flags;
}

// The trees of a view: what is left of the profile, and the way to look at it.
export function* transformTree(base, view) {
  const func = base.names.first.get(view.sandwich);
  const order = view.order === 'input' ? 'name' : view.order;
  const trimmed = yield* trimTree(base, view);
  return [trimmed, func ? yield* sandwich(trimmed, order, func)
    : view.bottomup ? yield* turnOver(trimmed, order) : trimmed];
}

// All of the work at once.
export function finish(work) {
  let step;
  do step = work.next(); while (!step.done);
  return step.value;
}
