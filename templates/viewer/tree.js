// The tree that is drawn. Nodes stand in pre-order in typed arrays; a subtree is the range from
// its node up to `next`. Weights are in units of the data block, `start` is the left edge in the
// same scale; `own` and `sums` may have more arrays than the first, which is drawn. In row order
// the nodes of row r are inRow[rowAt[r]] up to inRow[rowAt[r + 1]], left to right.
//
// In a sandwich the callers are the nodes from `half` on: they grow the other way from the root,
// in row `zero`, do not add to its sum, and start at `edgeUp`.

function makeTree(parent, name, own, names, order, half = parent.length, edgeUp) {
  let count = parent.length, sums = own.map(side => side.slice()), low = 0, high = 0
  let row = integers(count), next = integers(count), inRow = integers(count)
  let start = new Float64Array(count), edge = new Float64Array(count)
  for (let i = count - 1; i >= 0; i--) {
    let p = parent[i]
    next[i] = max(next[i], i + 1)
    if (!i || (!p && i >= half)) continue
    for (let side of sums) side[p] += side[i]
    next[p] = max(next[p], next[i])
  }
  for (let i = 0; i < count; i++) {
    let p = parent[i]
    if (i === half) edge[0] = edgeUp
    if (i) {
      start[i] = edge[p]
      edge[p] += sums[0][i]
      row[i] = row[p] + (i < half ? 1 : -1)
    }
    edge[i] = start[i] + own[0][i]
    low = min(low, row[i])
    high = max(high, row[i])
  }
  let rowAt = integers(high - low + 2)
  for (let i = 0; i < count; i++) rowAt[(row[i] -= low) + 1]++
  for (let r = 0; r <= high - low; r++) rowAt[r + 1] += rowAt[r]
  let fill = rowAt.slice()
  for (let i = 0; i < count; i++) inRow[fill[row[i]]++] = i
  return {
    count, parent, name, own, sums, total: sums[0], start, row, next, names, order,
    half, zero: -low, rows: high - low + 1, rowAt, inRow,
  }
}

let isGap = (tree, node) => tree.name[node] === tree.names.count

// Self weight as people understand it: the gaps of a flame chart belong to it.
function selfOf(tree, node) {
  let {total, next} = tree, rest = total[node]
  for (let i = node + 1; i < next[node]; i = next[i]) if (!isGap(tree, i)) rest -= total[i]
  return rest
}

// Names on the way from the root to a node.
function pathOf({parent, name, names}, node) {
  let path = []
  for (let i = node; i > 0; i = parent[i]) path.unshift(names.raw[name[i]])
  return path
}

// Calls for every node that `wanted` names (flags by name), or only for those that stand in no
// other such node.
function eachPlace({count, name, next}, wanted, outermost, act) {
  for (let i = 0; i < count; i++) {
    if (!wanted[name[i]]) continue
    act(i)
    if (outermost) i = next[i] - 1
  }
}

let flagsOf = (names, func) => names.func.map(other => other === func)

// Weight of the stacks through what is wanted, each counted once.
function weightOf(tree, wanted, sum = 0) {
  eachPlace(tree, wanted, true, i => { sum += tree.total[i]; })
  return sum
}
