// Search works on names, then on the numbers of the tree; what is drawn plays no part.

// What a search found: flags by name; `hits[k]` counts the matches among the first k frames in
// row order, so that a merged box knows of its matches at once; the edges of the outermost
// matches, from left to right, of callees and callers.
function findMatches(tree, flags) {
  let {count, inRow, name, start, total, half} = tree, hits = integers(count + 1)
  let spans = [[], []]
  for (let k = 0; k < count; k++) hits[k + 1] = hits[k] + !!flags[name[inRow[k]]]
  eachPlace(tree, flags, true, i => {
    spans[i < half ? 0 : 1].push([start[i], start[i] + total[i]])
  })
  return {flags, hits, places: hits[count], spans}
}

// The matched part of a range.
function matchedShare(spans, [from, to]) {
  let sum = 0
  for (let [left, right] of spans) sum += max(0, min(to, right) - max(from, left))
  return sum / (to - from)
}

// Matches are walked from the heaviest to the lightest, equal ones from left to right, and round.
function nextMatch(tree, found, node, back) {
  let {list} = found
  if (!list) {
    list = found.list = []
    eachPlace(tree, found.flags, false, i => list.push(i))
    list.sort((a, b) => tree.total[b] - tree.total[a])
  }
  let at = max(list.indexOf(node), back ? 0 : -1) + (back ? -1 : 1)
  return list[(at + list.length) % list.length]
}
