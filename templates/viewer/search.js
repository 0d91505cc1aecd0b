// Search works on names, then on the numbers of the tree; what is drawn plays no part.

// What a search found: flags by name; how many places they name; the edges of the outermost
// matches, from left to right, of callees and callers.
function findMatches(tree, flags) {
  let {count, name, start, total, half} = tree, spans = [[], []], places = 0
  for (let i = 0; i < count; i++) places += flags[name[i]] | 0
  eachPlace(tree, flags, true, i => {
    spans[+(i >= half)].push([start[i], start[i] + total[i]])
  })
  return {flags, places, spans}
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
