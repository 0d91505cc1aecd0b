// Starts the viewer of the graph that this script stands in, once all of it is there. The script
// comes first: static frames are taken out of the document as they come, since to style and lay
// them out would take half of the time of opening.

svg = document.currentScript.closest('svg')
if (document.readyState === 'loading') {
  let watch = new MutationObserver(() => (frames ||= svg.querySelector('.frames'))?.remove())
  watch.observe(svg, {childList: true})
  await new Promise(done => on(document, 'DOMContentLoaded', done))
  watch.disconnect()
  if (frames) svg.append(frames)
}
alone = svg === document.documentElement;
[head, base] = readProfile(svg.querySelector('.flametree-data').textContent)
geo = head.geometry
if (head.sides > 1) twoSides()
line = geo.font + 4
frames = set(byId('frames'), {role: 'tree', tabindex: 0, 'aria-label': 'Flame graph'})
links = new Map(Object.entries(head.links || {}))
frames.before(crowd = make('g', svg, {class: 'crowd'}))
svg.classList.add('live')
if (head.fluid) set(svg, {width: '100%'})
pen = new OffscreenCanvas(1, 1).getContext('2d')
glow = make('rect', svg, {class: 'glow'})
ring = make('rect', svg, {class: 'ring'})
rug = make('path', svg, {class: 'rug'})
bar = makeBar('title', 'subtitle', 'state', 'unzoom', ...CONTROLS)
foot = makeBar('details', 'matched')
try {
  kept = localStorage
} catch {
  // Some documents have no storage: then a theme lasts as long as the page.
}
setTheme()
trusted.add(head.search)
if (alone) {
  // Where the browser scrolled to at another height of the picture is of no use here.
  history.scrollRestoration = 'manual'
  readLink()
}
startSteps()
showView(readView(steps[0], head))
listen()
})();
