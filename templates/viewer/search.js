// Search works on names, then on the numbers of the tree; what is drawn plays no part.

// What a search found: flags by name; the edges of the outermost matches, from left to right, of
// callees and callers; and what findPlaces() says.
function findMatches(tree, flags) {
  let {start, total, half} = tree, spans = [[], []]
  return {flags, spans, ...findPlaces(tree, flags, i => {
    spans[+(i >= half)].push({left: start[i], right: start[i] + total[i]})
  })}
}

// The matched part of a range.
function matchedShare(spans, [from, to]) {
  let sum = 0
  for (let {left, right} of spans) sum += max(0, min(to, right) - max(from, left))
  return sum / (to - from)
}

// Matches are walked from the heaviest to the lightest, equal ones from left to right, and round.
function nextMatch(tree, found, node, back) {
  let {list} = found
  if (!list) {
    list = found.list = []
    findPlaces(tree, found.flags, i => list.push(i), true)
    list.sort((a, b) => tree.total[b] - tree.total[a])
  }
  let at = list.indexOf(node)
  return list.at((back ? max(at, 0) - 1 : at + 1) % list.length)
}
