// What a picture of two sides has besides: widths, verdicts, marks, and the list of what changed
// most. Only in such pictures. It takes the place of functions that know of one side alone, and
// the rest of the viewer goes on calling them by their names.
//
// The first weights of a node are drawn; those behind are after, before, and, when a side has
// several runs, each run.

let signed = (value, text) => (value > 0 ? '+' : '') + text

function twoSides() {
  head.view = {width: head.delta.width || 'after', delta: head.delta.of}
  let rule = head.delta, judged = rule.runs, sides, known, ahead, most, listed
  let nth = -1, place = ''
  let plain = {boxTitle, describe, describeSearch, describeState, growTree, placePanel, walk}
  let WIDTHS = ['after', 'before', 'union'].concat(head.order === 'input' ? [] : 'both')
  let arraysOf = all => (rule.columns ? all.slice(3) : [all[2], all[1]])
  // In other trees, weight of its own belongs to a stack, not to a function.
  let paintedOf = () => (view.delta === 'self' && tree === trimmed ? tree.own : tree.sums)

  // Without a rule a change is a difference in weight.
  let judge = judged ? makeJudge(rule) : ([before, after]) => {
    let change = after - before
    return {before, after, change, effect: change,
      verdict: !change ? 'same' : !before ? 'new' : after ? 'changed' : 'vanished'}
  }
  let isReal = ({verdict}) => !/noise|unknown|same/.test(verdict)

  let weigh = (all, nodes) => arraysOf(all).map(
    array => nodes.reduce((sum, node) => sum + array[node], 0))
  // From sums of all frames in front, in row order: a merged box costs what one frame does.
  let weighBox = ({first, last}) => {
    ahead ||= arraysOf(tree.sums).map(side => {
      let sums = new Float64Array(tree.count + 1)
      tree.inRow.forEach((node, k) => { sums[k + 1] = sums[k] + side[node]; })
      return sums
    })
    return ahead.map(sums => sums[last + 1] - sums[first])
  }
  // What a frame is painted and titled by.
  let changeAt = node => known[node] ||= judge(weigh(paintedOf(), [node]))

  let fixed = value => (+(value * rule.factor).toFixed(rule.decimals)).toFixed(rule.decimals)
  let show = judged ? fixed : count
  let showChange = value => signed(judged ? fixed(value) : value, show(value))
  let unit = judged ? rule.unit : head.countname

  // The tree of the profile has the weights that widths stand for.
  growTree = () => {
    let {own, parent, name, names, order, count} = base
    let next = numbersIn(rule.columns)
    // Own weights of each run stand in the order of the file.
    sides ||= [...own, ...(rule.columns ? judged : []).map(() => {
      let column = new Float64Array(count)
      for (let at = -1, step; (step = next()); column[at] = next()) at += step
      return column
    })]
    let [after, before] = sides
    let larger = () => after.map((weight, i) => max(weight, before[i]))
    let drawn = view.width === 'before' ? before : /union|both/.test(view.width) ? larger() : after
    base = makeTree(parent, name, [drawn, ...sides], names, order)
    return plain.growTree(base, view)
  }

  makePaint = () => {
    known = []
    ahead = listed = place = ''
    // No change counts for more than it is when the largest is less than a sample.
    most = 10 ** head.decimals / head.unit
    let [, now, was] = paintedOf()
    for (let i = 1; i < tree.count; i++) most = max(most, abs(now[i] - was[i]))
    return node => {
      let change = changeAt(node), {effect} = change, up = effect > 0 ? 2 : 0
      if (!judged) return changeColour(effect, most, rule.negate)
      return isReal(change) ? mix(rule.colors[up], rule.colors[up + 1],
        min(1, abs(effect) / rule.full)) : rule.colors[4]
    }
  }

  // What vanished is hatched, what is new has an edge, whatever the colour is of.
  lookOf = ({node, many}, colour) => {
    let [, now, was] = tree.sums.map(side => side[node]), {verdict} = changeAt(node)
    let single = tree.name[node] && !many, gone = single && !now && was && colour !== FOUND
    let hatch = `url(#${head.prefix}${isReal(changeAt(node)) ? 'gone' : 'faint'})`
    return {fill: gone ? hatch : css(colour),
      'fill-opacity': gone && colour !== paint(node) ? 0.7 : 1,
      class: gone ? 'gone' : single && !was && verdict === 'new' ? 'new' : ''}
  }

  // As the static picture has it.
  boxTitle = box => {
    let {node, many} = box, text = plain.boxTitle(box)
    let {before, after, change, verdict} = many ? judge(weighBox(box)) : changeAt(node)
    if (!tree.name[node] || (many && !judged)) return text
    if (judged) {
      return `${many ? countFrames(box) : nameOf(node)} (${show(before)} to ${show(after)} ${
        unit}, ${showChange(change)}: ${verdict})`
    }
    if (rule.negate) change = -change
    return text.slice(0, -1) + `; ${signed(change, percent(change, whole))}%)`
  }

  // Of a frame with its callees; of itself too, when that is what the colour says. Of the function
  // in all its places.
  describe = box => {
    let [name, ...facts] = plain.describe(box), {node, many} = box
    let changed = tell(judge(weighBox(box))), func = tree.names.func[tree.name[node]]
    if (many) return [name, changed, ...facts]
    if (paintedOf() !== tree.sums) changed.push('self: ' + tell(changeAt(node)).join(', '))
    if (func) {
      let places = []
      findPlaces(trimmed, flagsOf(tree.names, func), place => places.push(place))
      let {before, after} = judge(weigh(trimmed.sums, places))
      changed.push(`function ${show(before)} \u2192 ${show(after)}`)
    }
    return [name, changed, ...facts]
  }

  function tell({before, after, change, verdict, range}) {
    let share = +percent(change, before) // without the sign of what is rounded to 0
    let facts = [`before ${show(before)} \u2192 after ${show(after)} ${unit}`,
      'change ' + showChange(change)
        + (before ? ` (${signed(share, share.toFixed(2))} %)` : '')]
    if (narrow) facts.reverse() // what does not fit is cut off
    if (!judged) return facts.concat(before && after ? [] : verdict)
    let [low, high] = range()
    return [...facts, low > -Infinity ? `${+(100 - 100 * rule.level).toFixed(3)} % interval ${
      showChange(low)} to ${showChange(high)}` : 'interval not known',
    {noise: 'within noise', unknown: 'noise unknown'}[verdict] || verdict]
  }

  // Functions by how much they changed for sure. A caller stands behind the one of its callees
  // that explains it: what it does besides is noise (src/stack/functions.c).
  function changes() {
    if (listed) return listed
    let {count, parent, name, next, sums, own, names} = trimmed, rows = [], until = [], outer = []
    let self = view.delta === 'self', all = self ? own : sums, links = new Map()
    for (let i = 1; i < count; i++) {
      let func = names.func[name[i]]
      if (!func) continue
      if (outer[i] = !(i < until[func])) until[func] = next[i]
      let row = rows[func] ||= {func, name: names.shown[func], nodes: []}
      if (self || outer[i]) row.nodes.push(i)
    }
    listed = rows.filter(row => {
      row.weights = weigh(all, row.nodes)
      row.change = judge(row.weights, 1)
      let [low, high] = judged ? row.change.range() : [], {effect, verdict} = row.change
      row.size = abs(effect)
      row.sure = !(low > -Infinity) ? row.size : max(0, low, -high)
      return row.real = isReal(row.change) || (verdict === 'unknown' && effect)
    })
    for (let i = 1; i < count && !self; i++) {
      let [caller, callee] = [parent[i], i].map(node => rows[names.func[name[node]]])
      let key = caller?.func + ' ' + callee?.func
      if (!outer[parent[i]] || caller === callee || !caller.real || !callee?.real
        || caller.change.effect * callee.change.effect < 0) continue
      if (!links.has(key)) links.set(key, [caller, callee, []])
      links.get(key)[2].push(i)
    }
    for (let [caller, callee, nodes] of links.values()) {
      let up = callee, inside = weigh(sums, nodes)
      if (caller.size * 2 < callee.size || caller.cause?.sure >= callee.sure) continue
      while (up && up !== caller) up = up.cause
      let rest = judge(caller.weights.map((weight, r) => max(0, weight - inside[r])), 1)
      if (!up && (judged ? rest.p > rule.level : abs(rest.effect) * 10 < caller.size)) {
        caller.cause = callee
      }
    }
    for (let row of listed) {
      row.root = row
      for (row.steps = 0; row.root.cause; row.steps++) row.root = row.root.cause
    }
    return listed.sort((a, b) => b.root.sure - a.root.sure || a.root.func - b.root.func
      || a.steps - b.steps || b.size - a.size)
  }

  // Brings the nth change into view, at the place that changed most. What vanished has a width in
  // the union alone.
  function visit(i) {
    let row = changes()[i], best = 0, size = 0, [, now, was] = tree.sums
    if (!row) return
    findPlaces(tree, flagsOf(tree.names, row.func), node => {
      let change = abs(now[node] - was[node])
      if (change > size) [best, size] = [node, change]
    }, true)
    nth = i
    if (best && !tree.total[best] && view.width !== 'both') {
      go({width: 'union'})
      return visit(i)
    }
    place = `change ${i + 1} of ${listed.length}: ${row.name} ${showChange(row.change.change)}`
    if (best) reveal(best)
    say(part.matched, describeSearch())
    for (let button of panel?.querySelectorAll('button') || []) {
      let here = button.dataset.run === 'change ' + i
      set(button, {'aria-current': here})
      if (here) button.scrollIntoView({block: 'nearest'})
    }
  }

  walk = back => {
    let {length} = changes(), from = max(nth, back ? 0 : -1)
    if (found.places) plain.walk(back)
    else visit((from + (back ? -1 : 1) + length) % length)
  }

  // The list stands beside what is done with the graph.
  placePanel = () => {
    plain.placePanel()
    if (panel?.aside) set(panel, {x: width - panel.wide - 6, y: visiblePart()[0] + topHigh + 6})
  }

  function openList() {
    let rows = changes().slice(0, 300).map(({name, change, cause}, i) => ['change ' + i,
      showChange(change.change)
        + (/new|vanished/.test(change.verdict) ? ', ' + change.verdict : ''),
      name + (cause ? ', by ' + cause.name : '')])
    openPanel(rows.length ? 'Changes, in ' + unit : 'Nothing but noise',
      [['list', 'l', 'Close'], ...rows],
      (view.delta === 'self' ? 'By themselves' : 'With callees') + ': t changes that.',
      [360, 900, 'aside'])
  }

  describeSearch = () => (view.search ? plain.describeSearch() : place)
  describeState = () => [plain.describeState(),
    {before: 'widths before', union: 'widths of the larger side'}[view.width],
    view.delta === 'self' && 'colours of frames by themselves'].filter(Boolean).join(' \u00b7 ')

  BUTTONS.changes = ['Changes', 'list']
  CONTROLS.splice(2, 0, 'changes')
  for (let row of MENU.slice(8, 10)) row[2] += ' or change'
  addCommands(`list|l|Changes
width|w|Widths after, before, larger, both
delta|t|Colour self or total`)
  Object.assign(commands, {
    list: () => (panel?.aside ? closePanel() : openList()),
    change: i => visit(+i),
    width: () => {
      let now = WIDTHS.indexOf(view.width)
      go({at: [], width: WIDTHS[(now + 1) % WIDTHS.length]})
    },
    delta: () => {
      let open = panel?.aside
      go({delta: view.delta === 'self' ? 'total' : 'self'})
      if (open) openList()
    },
  })
  bothSides((i, node) => {
    let {before, after} = judge(weigh(tree.sums, [node])), side = ['before', 'after'][i]
    return `${side}${rule.labels ? ': ' + rule.labels[i] : ''} \u00b7 ${show(i ? after : before)} ${
      unit}`
  })
}
