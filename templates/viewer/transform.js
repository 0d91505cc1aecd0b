// Other trees from the tree of the profile: cut, folded, turned over, sandwiched, ordered anew.

import {integers} from './numbers.js';
import {findPlaces, flagsOf, isGap, makeTree} from './tree.js';

// Merges equal names under one parent, in a flame chart (`order` is "input") only neighbors. Its
// nodes are numbered as they come until arrange() makes a tree of them.
class TreeBuilder {
  constructor(tree, order) {
    this.names = tree.names;
    this.order = order;
    this.parent = [-1];
    this.name = [0];
    this.origin = [0];
    this.own = tree.own.map(() => [0]);
    this.known = new Map();
  }

  child(above, wanted) {
    const {order, names, parent, name, known} = this;
    const key = order === 'input' ? above : above * (names.count + 1) + wanted;
    let node = known.get(key);
    if (node && name[node] === wanted) return node;
    node = parent.push(above) - 1;
    name.push(wanted);
    for (const side of this.own) side.push(0);
    known.set(key, node);
    return node;
  }

  // Adds the weights of a node of another tree: `from` is its own or its sums.
  add(node, from, i) {
    this.own.forEach((side, k) => { side[node] += from[k][i]; });
  }

  // Notes that a node comes from one of the profile. Those that come from several have none.
  comeFrom(node, origin) {
    this.origin[node] = (this.origin[node] ?? origin) === origin ? origin : -1;
  }

  arrange() {
    const {order, names, parent, name, own, origin} = this;
    const sums = own.map(side => side.slice()), children = [];
    for (let i = parent.length; --i > 0;) {
      const p = parent[i];
      if (!sums.some(side => side[i])) continue;
      for (const side of sums) side[p] += side[i];
      (children[p] ||= []).push(i);
    }
    const up = [], nodes = [], stack = [0, -1];
    while (stack.length) {
      const above = stack.pop(), node = stack.pop(), list = children[node] || [];
      if (order === 'weight') list.sort((a, b) => sums[0][a] - sums[0][b]);
      else if (order === 'name') list.sort((a, b) => names.rank[name[b]] - names.rank[name[a]]);
      for (const i of list) stack.push(i, nodes.length);
      up.push(above);
      nodes.push(node);
    }
    return makeTree({parent: up, name: nodes.map(i => name[i]), names, order,
      own: own.map(side => nodes.map(i => side[i])), origin: nodes.map(i => origin[i] ?? -1)});
  }
}

// What one cut leaves of a tree: `remove` takes all stacks through the function `wanted`, `keep`
// all others, `hide` only its frames: their weight and callees go to the caller. `fold` does that
// with frames that call themselves.
export function cutTree(tree, order, op, wanted) {
  const {count, parent, name, next, names} = tree, out = new TreeBuilder(tree, order);
  const map = integers(count), inside = [];
  for (let i = 0; i < count; i++) {
    const func = isGap(tree, i) ? -1 : names.func[name[i]], hit = func === wanted;
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
        out.comeFrom(map[i], tree.origin ? tree.origin[i] : i);
      }
    }
    if (op !== 'keep' || inside[i]) out.add(map[i], tree.own, i);
  }
  return out.arrange();
}

function trimTree(tree, {cuts, fold, order}) {
  for (const [op, name] of cuts) tree = cutTree(tree, tree.order, op, tree.names.first.get(name));
  return fold || order !== tree.order ? cutTree(tree, order, fold && 'fold') : tree;
}

// Merges the ways from nodes to the root, the heaviest first: past some millions of frames,
// callers of what no screen could show are left out.
function climb(tree, order, nodes, from) {
  const {parent, name, total} = tree, out = new TreeBuilder(tree, order);
  let made = 0;
  if (nodes.length > 1e5) nodes.sort((a, b) => from[0][b] - from[0][a]);
  for (const i of nodes) {
    let at = 0;
    for (let p = from[0] === total ? parent[i] : i; p > 0 && made < 6e6; p = parent[p]) {
      made++;
      if (!isGap(tree, p)) at = out.child(at, name[p]);
    }
    out.add(at, from, i);
  }
  return out.arrange();
}

function turnOver(tree, order) {
  const nodes = [...tree.name.keys()].filter(i => tree.own.some(side => side[i]));
  return climb(tree, order, nodes, tree.own);
}

// Every place of a function at once: its callees grow down, its callers up. Places inside
// another place of the same function are part of its callees, so that nothing counts twice.
function sandwich(tree, order, func) {
  const {parent, name, next, names, own, sums} = tree, map = [], places = [];
  const out = new TreeBuilder(tree, order);
  findPlaces(tree, flagsOf(names, func), place => {
    places.push(place);
    for (let i = place; i < next[place]; i++) {
      const above = map[parent[i]];
      map[i] = i === place ? 0 : isGap(tree, i) ? above : out.child(above, name[i]);
      out.add(map[i], own, i);
    }
  });
  const down = out.arrange(), up = climb(tree, order, places, sums);
  const join = (a, b) => [...a, ...b.slice(1)];
  down.name[0] = func;
  return makeTree({parent: join(down.parent, up.parent.map(p => p && p + down.count - 1)),
    name: join(down.name, up.name), own: down.own.map((side, k) => join(side, up.own[k])), names,
    order, half: down.count, edgeUp: up.own[0][0], origin: integers(down.count + up.count - 1)
      .fill(-1)});
}

// The trees of a view: what is left of the profile, and the way to look at it.
export function transformTree(base, view) {
  const trimmed = trimTree(base, view), func = base.names.first.get(view.sandwich);
  const order = view.order === 'input' ? 'name' : view.order;
  return [trimmed, func ? sandwich(trimmed, order, func)
    : view.bottomup ? turnOver(trimmed, order) : trimmed];
}
