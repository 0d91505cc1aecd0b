// Other trees from the tree of the profile: cut, folded, turned over, sandwiched, ordered anew.

// A sprout merges equal names under one parent, in a flame chart (`order` is "input") only
// neighbours. Its nodes are numbered as they come until arrange() makes a tree of them.
function sprout(tree, order) {
  let [parent, name, known] = [[-1], [0], new Map()]
  let own = tree.own.map(() => [0])
  let {names} = tree
  let child = (above, wanted) => {
    let key = order === 'input' ? above : above * (names.count + 1) + wanted, node = known.get(key)
    if (node && name[node] === wanted) return node
    node = parent.push(above) - 1
    name.push(wanted)
    for (let side of own) side.push(0)
    known.set(key, node)
    return node
  }
  // Adds the weights of a node of another tree: `from` is its own or its sums.
  let add = (node, from, i) => own.forEach((side, k) => { side[node] += from[k][i]; })
  let arrange = () => {
    let sums = own.map(side => side.slice())
    let children = []
    for (let i = parent.length; --i > 0;) {
      let p = parent[i]
      if (!sums.some(side => side[i])) continue
      for (let side of sums) side[p] += side[i];
      (children[p] ||= []).push(i)
    }
    let [up, nodes, stack] = [[], [], [0, -1]]
    while (stack.length) {
      let above = stack.pop(), node = stack.pop(), list = children[node] || []
      if (order === 'weight') list.sort((a, b) => sums[0][a] - sums[0][b])
      else if (order === 'name') list.sort((a, b) => names.rank[name[b]] - names.rank[name[a]])
      for (let i of list) stack.push(i, nodes.length)
      up.push(above)
      nodes.push(node)
    }
    return makeTree(up, nodes.map(i => name[i]), own.map(side => nodes.map(i => side[i])), names,
      order)
  }
  return {child, add, arrange, name}
}

// What one cut leaves of a tree: `remove` takes all stacks through the function `wanted`, `keep`
// all others, `hide` only its frames: their weight and callees go to the caller. `fold` does that
// with frames that call themselves.
function cutTree(tree, order, op, wanted) {
  let {count, parent, name, next, names} = tree, out = sprout(tree, order)
  let map = integers(count), inside = []
  for (let i = 0; i < count; i++) {
    let func = isGap(tree, i) ? -1 : names.func[name[i]], hit = func === wanted
    if (hit && op === 'remove') {
      i = next[i] - 1
      continue
    }
    if (i) {
      let above = map[parent[i]]
      inside[i] = inside[parent[i]] || hit
      map[i] = (hit && op === 'hide') || (func < 0 && order !== 'input')
        || (op === 'fold' && above && func === names.func[out.name[above]])
        ? above : out.child(above, name[i])
    }
    if (op !== 'keep' || inside[i]) out.add(map[i], tree.own, i)
  }
  return out.arrange()
}

function trimTree(tree, {cuts, fold, order}) {
  for (let [op, name] of cuts) tree = cutTree(tree, tree.order, op, tree.names.first.get(name))
  return fold || order !== tree.order ? cutTree(tree, order, fold && 'fold') : tree
}

// Merges the ways from nodes to the root, the heaviest first: past some millions of frames,
// callers of what no screen could show are left out.
function climb(tree, order, nodes, from) {
  let {parent, name, total} = tree, out = sprout(tree, order), made = 0
  if (nodes.length > 1e5) nodes.sort((a, b) => from[0][b] - from[0][a])
  for (let i of nodes) {
    let at = 0
    for (let p = from[0] === total ? parent[i] : i; p > 0 && made < 6e6; p = parent[p]) {
      made++
      if (!isGap(tree, p)) at = out.child(at, name[p])
    }
    out.add(at, from, i)
  }
  return out.arrange()
}

function turnOver(tree, order) {
  let nodes = [...tree.name.keys()].filter(i => tree.own.some(side => side[i]))
  return climb(tree, order, nodes, tree.own)
}

// Every place of a function at once: its callees grow down, its callers up. Places inside
// another place of the same function are part of its callees, so that nothing counts twice.
function sandwich(tree, order, func) {
  let {parent, name, next, names, own, sums} = tree, map = [], places = []
  let out = sprout(tree, order)
  findPlaces(tree, flagsOf(names, func), place => {
    places.push(place)
    for (let i = place; i < next[place]; i++) {
      let above = map[parent[i]]
      map[i] = i === place ? 0 : isGap(tree, i) ? above : out.child(above, name[i])
      out.add(map[i], own, i)
    }
  })
  let down = out.arrange(), up = climb(tree, order, places, sums)
  let join = (a, b) => [...a, ...b.slice(1)]
  down.name[0] = func
  return makeTree(join(down.parent, up.parent.map(p => p && p + down.count - 1)),
    join(down.name, up.name), down.own.map((side, k) => join(side, up.own[k])), names, order,
    down.count, up.own[0][0])
}

// The tree for a view: what is left of the profile, and the way to look at it.
function growTree(base, view) {
  let trimmed = trimTree(base, view), func = base.names.first.get(view.sandwich)
  let order = view.order === 'input' ? 'name' : view.order
  return [trimmed, func ? sandwich(trimmed, order, func)
    : view.bottomup ? turnOver(trimmed, order) : trimmed]
}
