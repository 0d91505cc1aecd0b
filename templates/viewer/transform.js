// Other trees from the tree of the profile: cut, folded, turned over, sandwiched, ordered anew.

import {parseCut} from './cuts.js';
import {ceil, integers, max} from './numbers.js';
import {matchNames} from './search.js';
import {findPlaces, flagsOf, group, isGap, makeTree} from './tree.js';

const STRIDE = 4096; // so many nodes are worked on at a time

// Whether work that has come to node i should let others have a turn.
const isTurn = i => i % STRIDE === 0;

const larger = (array, size) => {
  const copy = new array.constructor(size);
  copy.set(array);
  return copy;
};

// Merges equal names under one parent, in a flame chart (`order` is "input") only neighbors. Its
// nodes are numbered as they come until arrange() makes a tree of them. All is in typed arrays of
// `size`, which grow; `table` has the nodes by a hash of parent and name, 0 where there is none.
class TreeBuilder {
  constructor(tree, order, nodes) {
    this.names = tree.names;
    this.order = order;
    this.count = 0;
    this.size = 2 ** ceil(Math.log2(nodes + 2));
    this.parent = integers(this.size);
    this.name = integers(this.size);
    this.origin = integers(this.size);
    this.own = tree.own.map(() => new Float64Array(this.size));
    this.table = integers(2 * this.size);
    this.last = integers(this.size); // the last child in a flame chart
    this.push(-1, 0);
    this.origin[0] = 0;
  }

  push(above, wanted) {
    if (this.count === this.size) this.grow();
    const node = this.count++;
    this.parent[node] = above;
    this.name[node] = wanted;
    this.origin[node] = -2;
    return node;
  }

  grow() {
    const size = this.size *= 2;
    for (const key of ['parent', 'name', 'origin', 'last']) this[key] = larger(this[key], size);
    this.own = this.own.map(side => larger(side, size));
    this.table = integers(2 * size);
    for (let i = 1; i < this.count; i++) this.table[this.slotOf(this.parent[i], this.name[i])] = i;
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
    let node;
    if (this.order === 'input') {
      node = this.last[above];
      if (node && this.name[node] === wanted) return node;
      node = this.push(above, wanted);
      this.last[above] = node;
      return node;
    }
    const slot = this.slotOf(above, wanted);
    node = this.table[slot];
    if (node) return node;
    if (this.count < this.size) {
      this.table[slot] = this.count;
      return this.push(above, wanted);
    }
    node = this.push(above, wanted); // which makes the table anew
    this.table[this.slotOf(above, wanted)] = node;
    return node;
  }

  // Adds the weights of a node of another tree: `from` is its own or its sums.
  add(node, from, i) {
    for (let k = 0; k < from.length; k++) this.own[k][node] += from[k][i];
  }

  // Notes that a node comes from one of the profile. Those that come from several have none.
  comeFrom(node, origin) {
    const old = this.origin[node];
    this.origin[node] = old === -2 || old === origin ? origin : -1;
  }

  // Children by their parent, those without weight left out: [at, list] as group() has them.
  listChildren(sums) {
    const {order, names, parent, name, count} = this, [weight] = sums, keys = integers(count);
    for (let i = count; --i > 0;) {
      const p = parent[i];
      keys[i] = sums.some(side => side[i]) ? p : count;
      for (const side of sums) side[p] += side[i];
    }
    keys[0] = count;
    const [at, list] = group(keys, count + 1), byName = order === 'name';
    const comes = (a, b) => (byName ? names.rank[name[a]] - names.rank[name[b]]
      : weight[b] - weight[a]);
    for (let i = 0; order !== 'input' && i < count; i++) {
      if (at[i + 1] > at[i] + 1) list.subarray(at[i], at[i + 1]).sort(comes);
    }
    return [at, list];
  }

  * arrange() {
    const {order, names, name, own, origin, count} = this, ownCut = own.map(
      side => side.subarray(0, count));
    const [at, list] = this.listChildren(ownCut.map(side => side.slice()));
    const stack = integers(count), above = integers(count), up = integers(count);
    const nodes = integers(count);
    let depth = 1, made = 0;
    above[0] = -1;
    while (depth) {
      const node = stack[--depth], here = made++;
      if (isTurn(here)) yield;
      up[here] = above[depth];
      nodes[here] = node;
      for (let k = at[node + 1]; k-- > at[node];) {
        stack[depth] = list[k];
        above[depth++] = here;
      }
    }
    const pick = from => {
      const picked = new from.constructor(made);
      for (let i = 0; i < made; i++) picked[i] = from[nodes[i]];
      return picked;
    };
    return makeTree({parent: up.subarray(0, made), name: pick(name), names, order,
      own: ownCut.map(pick), origin: pick(origin).map(from => max(from, -1))});
  }
}

// The generators here compute trees. Where they yield, others may have a turn, or give up the work.

// What one cut leaves of a tree: `remove` takes all stacks through the functions `wanted` (flags by
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
        map[i] = out.child(above, name[i]);
        out.comeFrom(map[i], origin ? origin[i] : i);
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
  const {own, count} = tree, nodes = integers(count);
  let found = 0;
  for (let i = 0; i < count; i++) if (own.some(side => side[i])) nodes[found++] = i;
  return climb(tree, order, nodes.subarray(0, found), own);
}

// Every place of a function at once: its callees grow down, its callers up. Places inside
// another place of the same function are part of its callees, so that nothing counts twice.
function* sandwich(tree, order, func) {
  const {count, parent, name, next, names, own, sums} = tree, map = integers(count), places = [];
  const out = new TreeBuilder(tree, order, 1000);
  findPlaces(tree, flagsOf(names, func), place => places.push(place));
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

// What is left of the profile: each cut is a step.
function* trimTree(tree, {cuts, fold, order}) {
  const steps = cuts.map(([op, text]) => [tree.order, op.replace('all', ''),
    flagsOfCut(tree.names, op, text)]);
  if (fold || order !== tree.order) steps.push([order, fold && 'fold']);
  for (const step of steps) tree = yield* cutTree(tree, ...step);
  return tree;
}

// Which functions a cut is about: one by its name, or all that an expression matches (cuts.js).
function flagsOfCut(names, op, text) {
  const {first, func, count} = names, flags = new Uint8Array(count);
  const [, expression, icase] = parseCut(op, text);
  if (expression) {
    const {matched} = matchNames(names, expression, icase);
    matched?.forEach((on, i) => { if (on) flags[func[i]] = 1; });
  } else if (first.has(text)) flags[first.get(text)] = 1;
  return flags;
}

// The trees of a view: what is left of the profile, and the way to look at it.
export function* transformTree(base, view) {
  const func = base.names.first.get(view.sandwich), turns = func || view.bottomup;
  const order = view.order === 'input' ? 'name' : view.order;
  const trimmed = yield* trimTree(base, view);
  if (!turns) return [trimmed, trimmed];
  return [trimmed, yield* func ? sandwich(trimmed, order, func) : turnOver(trimmed, order)];
}

// All of the work at once.
export function finish(work) {
  let step;
  do step = work.next(); while (!step.done);
  return step.value;
}
