// The tree that is drawn. Nodes stand in pre-order in typed arrays; a subtree is the range from
// its node up to `next`. In each row the nodes stand from left to right:
//
//     parent  name  self  total  start  row  next      one entry a node
//     rowAt[r] .. rowAt[r + 1]                         the nodes of row r, in `inRow`
//
// Weights are in units of the data block; `start` is the left edge in the same scale.

function makeTree(parent, name, self, before, names, chart) {
  const count = parent.length;
  const tree = {
    count, parent, name, self, before, names, chart,
    total: Float64Array.from(self), totalBefore: before && Float64Array.from(before),
    start: new Float64Array(count), row: new Int32Array(count), next: new Int32Array(count),
    zero: 0, gap: names.count,
  };
  const { total, totalBefore, start, row, next } = tree;
  for (let i = 0; i < count; i++) next[i] = i + 1;
  for (let i = count - 1; i > 0; i--) {
    const p = parent[i];
    total[p] += total[i];
    if (before) totalBefore[p] += totalBefore[i];
    if (next[i] > next[p]) next[p] = next[i];
  }
  const edge = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const p = parent[i];
    if (i) {
      start[i] = edge[p];
      edge[p] += total[i];
      row[i] = row[p] + 1;
    }
    edge[i] = start[i] + self[i];
  }
  return indexRows(tree);
}

// Sorts the nodes into their rows; the rows of callers in a sandwich are negative until here.
function indexRows(tree) {
  const { count, row } = tree;
  let low = 0;
  let high = 0;
  for (let i = 0; i < count; i++) {
    if (row[i] < low) low = row[i];
    if (row[i] > high) high = row[i];
  }
  tree.zero = -low;
  tree.rows = high - low + 1;
  tree.rowAt = new Int32Array(tree.rows + 1);
  tree.inRow = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    row[i] -= low;
    tree.rowAt[row[i] + 1]++;
  }
  for (let r = 0; r < tree.rows; r++) tree.rowAt[r + 1] += tree.rowAt[r];
  const fill = tree.rowAt.slice();
  for (let i = 0; i < count; i++) tree.inRow[fill[row[i]]++] = i;
  return tree;
}

function isGap(tree, node) {
  return tree.name[node] === tree.gap;
}

function childrenOf(tree, node) {
  const list = [];
  for (let i = node + 1; i < tree.next[node]; i = tree.next[i]) {
    if (!isGap(tree, i) && tree.parent[i] === node) list.push(i);
  }
  return list;
}

// Self weight as people understand it: the gaps of a flame chart belong to it.
function selfOf(tree, node) {
  return childrenOf(tree, node).reduce((rest, i) => rest - tree.total[i], tree.total[node]);
}

function pathOf(tree, node) {
  const path = [];
  for (let i = node; tree.parent[i] >= 0; i = tree.parent[i]) path.push(i);
  return path.reverse();
}

// Sum over the places of a function, counted once per stack; also says how many places there are.
function functionTotal(tree, func) {
  const { count, name, next, total, totalBefore, names } = tree;
  const sum = { total: 0, before: 0, places: 0 };
  let covered = 0;
  for (let i = 1; i < count; i++) {
    if (names.func[name[i]] !== func) continue;
    sum.places++;
    if (i < covered) continue;
    sum.total += total[i];
    if (totalBefore) sum.before += totalBefore[i];
    covered = next[i];
  }
  return sum;
}
