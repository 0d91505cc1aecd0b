// Both sides at once: a pane for each, before above after, with the same frames on one scale. Node
// numbers and rows mean the same in both panes; weights, places and boxes are a pane's own. What
// the rest of the viewer knows is that of one pane, the current one: where the mouse is, or what
// was acted on last. Other widths have one pane. Only in pictures of two sides.

// `title` says which side a pane is and what a frame weighs there.
function bothSides(title) {
  let all = [{}], panes = all, [pane] = all, union, headings
  let plain = {boxUnder, describe, describeSearch, describeState, drawFrames, drawMatches, drawSide,
    growTree, layOut, markFrames, moveFocus, rangeOf, recolour, reveal, rowBoxes, search,
    zoomAround}, findNext = nextMatch
  let sideOf = p => panes.indexOf(p), most = node => max(...panes.map(p => p.tree.total[node]))

  function enter(other) {
    Object.assign(pane, {trimmed, tree, whole, found, slots, first, last, rows, tall, boxesKnown,
      later, crowd, rug, glow, ring})
    pane = other;
    ({trimmed, tree, whole, found, slots, first, last, rows, tall, boxesKnown,
      later, crowd, rug, glow, ring} = pane)
  }

  let others = () => panes.filter(p => p !== pane)
  let cross = () => others().map(enter)

  // The current pane comes last, and stays it.
  let each = act => [...others(), pane].map(p => {
    enter(p)
    return act(p)
  })

  // A tree with the same frames, as wide as they are on one side.
  function lay({parent, name, own, sums, names, order, half, count, next}, side) {
    let up = sums[side][0]
    for (let i = half; i < count; i = next[i]) up -= sums[side][i]
    return makeTree(parent, name, [own[side], ...own.slice(1)], names, order, half, up)
  }

  growTree = () => {
    let both = view.width === 'both', [cut, grown] = plain.growTree()
    if (!all[1]) {
      headings = byId('sides') || make('g', svg, {id: head.prefix + 'sides', class: 'legend'})
      headings.textContent = ''
      frames.after(headings)
      all[1] = {found}
      Object.entries({crowd, rug, glow, ring}).forEach(([key, element]) => {
        headings.append(all[1][key] = element.cloneNode())
      })
      for (let p of all) p.heading = make('text', headings)
    }
    enter(all[0])
    panes = both ? all : [pane]
    union = grown
    set(headings, {display: both ? 'inline' : 'none'})
    all.forEach((p, i) => {
      let fit = tree => (both ? lay(tree, 2 - i) : tree), trimmed = fit(cut)
      clearTimeout(p.later)
      Object.assign(p, {trimmed, tree: grown === cut ? trimmed : fit(grown),
        whole: trimmed.total[0], slots: [], tall: 0})
    })
    return [pane.trimmed, pane.tree]
  }

  // Both panes show as much as the larger frame needs; what is left beside the smaller one stays
  // empty.
  let obeys = row => plain.rangeOf(row) === range
  let reach = row => (!obeys(row) ? [0, most(0)]
    : zoomed || !view.at[1] ? [tree.start[zoomed], tree.start[zoomed] + most(zoomed)]
      : view.at.map(share => share * most(0)))
  rangeOf = row => (obeys(row) && (zoomed || !view.at[1]) ? edgesOf(zoomed) : reach(row))
  scaleOf = row => {
    let [from, to] = reach(row)
    return room / (to - from || 1)
  }
  xOf = (row, weight) => {
    let [from, to] = rangeOf(row)
    return geo.pad + limit(weight - from, 0, to - from) * scaleOf(row)
  }
  yOf = row => (flame ? pane.bottom - (row - first + 1) * geo.row + 1
    : pane.top + (row - first) * geo.row)
  rowAtY = y => first + floor((flame ? pane.bottom - y : y - pane.top) / geo.row)
  // What has no weight on this side has no way to it either.
  rowBoxes = (tree, row, from, to, ...more) => (from === to ? []
    : plain.rowBoxes(tree, row, from, to, ...more))
  span = edges => edges.map(weight => limit(weight / most(0), 0, 1))

  layOut = () => {
    let y = topHigh
    each(() => {
      plain.layOut()
      if (!isZoomed()) tall = rows
    })
    enter(pane)
    for (let p of panes) {
      p.top = panes[1] ? y += 2 * geo.font : y
      y = p.bottom = y + p.rows * geo.row
    }
    high = y + footHigh
    if (!boxOf(zoomed)) cross()
  }

  recolour = () => {
    each(p => {
      let total = base.sums[2 - sideOf(p)][0]
      say(set(p.heading, {x: geo.pad, y: p.top - 8}), clip(title(sideOf(p), zoomed)
        + (whole === total ? '' : ` \u00b7 ${percent(whole, total, 1)} % left`), room))
    })
    plain.recolour()
  }
  search = sought => each(() => plain.search(sought))
  drawFrames = () => each(p => {
    // It comes back later, for what is not displayed.
    let draw = drawSide = (...boxes) => {
      let here = pane
      enter(p)
      drawSide = draw
      plain.drawSide(...boxes)
      enter(here)
    }
    plain.drawFrames()
  })
  drawMatches = () => each(p => {
    let bottom = high
    high = p.bottom + footHigh
    plain.drawMatches()
    high = bottom
  })
  // A frame is outlined in both panes.
  markFrames = () => {
    let here = pane, box = hovered
    each(p => {
      hovered = p === here ? box : box && !box.many && boxOf(box.node)
      plain.markFrames()
    })
  }

  boxUnder = e => {
    for (let way of [cross, cross]) {
      let box = plain.boxUnder(e)
      if (box && pointAt(e).x <= box.x + box.wide) return box
      way()
    }
  }
  zoomAround = (point, ...more) => {
    enter(panes[+(point.y > all[0].bottom)] || pane)
    range = reach(rowAtY(point.y))
    plain.zoomAround(point, ...more)
  }
  // Beyond the end of a pane comes the other one.
  moveFocus = way => {
    let old = focused && focus
    plain.moveFocus(way)
    if (focus !== old || way !== (sideOf(pane) ? 'Up' : 'Down')) return
    cross()
    if (boxOf(focus)) focusOn(focus); else cross()
  }
  reveal = node => {
    if (!tree.total[node]) cross()
    plain.reveal(node)
  }
  nextMatch = (tree, ...more) => findNext(union, ...more)

  describe = box => {
    let told = plain.describe(box)
    if (panes[1]) told[2].unshift(sideOf(pane) ? 'after' : 'before')
    return told
  }
  describeSearch = () => {
    let told = each(plain.describeSearch)
    let [text, now] = sideOf(pane) ? told : told.reverse()
    return now && /view$/.test(text) ? `${text} \u2192 ${now.replace(/^.*places?, /s, '')}`
      .replace(narrow ? /, \S+ % of this view/g : '', '') : text
  }
  // What the cuts left stands in the headings.
  describeState = () => {
    let left = whole
    if (panes[1]) whole = base.total[0]
    let text = plain.describeState()
    whole = left
    return text
  }
}
