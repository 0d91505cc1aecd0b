// What the viewer says about frames.

let nameOf = node => tree.names.shown[tree.name[node]]

let count = units => formatNumber(units * head.unit * head.factor / 10 ** head.decimals,
  head.decimals)

let counted = units => count(units) + ' ' + head.countname

let countFrames = box => plural(box.last - box.first + 1, 'frame')

// As the static picture has it: NAME (N samples, P%).
function boxTitle(box) {
  let {node, many} = box, weight = box.right - box.left
  let share = weight === whole ? 100 : percent(weight, whole)
  return `${many ? countFrames(box) : nameOf(node)} (${counted(weight)}, ${share}%)`
}

// A name and facts about it.
function describe(box) {
  let {node, many} = box, weight = box.right - box.left
  let facts = [counted(weight), percent(weight, whole) + ' % of all']
  let all = tree.total[zoomed]
  if (zoomed && weight <= all) facts.push(percent(weight, all) + ' % of ' + nameOf(zoomed))
  if (many) return [countFrames(box) + ' too narrow to draw', facts]
  // In other trees, weight of its own belongs to a stack, not to a function.
  if (tree === trimmed) facts.push('self ' + count(selfOf(tree, node)))
  let func = tree.names.func[tree.name[node]]
  if (func) {
    let {places, weight} = findPlaces(trimmed, flagsOf(tree.names, func))
    facts.push(`function ${count(weight)} (${percent(weight, whole)} %) in ${
      plural(places, 'place')}`)
  }
  return [head.nametype + ' ' + nameOf(node), facts]
}

function describeSearch() {
  if (!view.search) return ''
  let expression = `/${clip(view.search, width / 3)}/${view.icase ? 'i' : ''}`
  if (remark) return expression + remark
  let {flags, spans, places} = found
  let {weight} = tree === trimmed ? found : findPlaces(trimmed, flags)
  let share = matchedShare(spans[+upper], rangeOf(tree.row[zoomed]))
  if (view.sandwich && !isZoomed()) {
    let through = cutTree(trimmed, trimmed.order, 'keep', tree.name[0])
    share = findPlaces(through, flags).weight / tree.total[0]
  }
  return `${expression}: ${plural(places, 'place')}, ${percent(weight, whole, 1)
  } % of all, ${percent(share, 1, 1)} % of this view`
}

// How the picture differs from the plain one.
let describeState = (all = base.total[0]) => [
  view.sandwich ? 'callers and callees of ' + view.sandwich : view.bottomup && 'bottom-up',
  view.fold && 'recursion folded',
  view.order !== head.order && 'by ' + view.order,
  ...view.cuts.map(([op, name]) =>
    ({hide: 'hidden ', remove: 'removed ', keep: 'only '}[op] + name)),
  whole !== all && percent(whole, all, 1) + ' % of ' + counted(all),
].filter(Boolean).join(' \u00b7 ')
