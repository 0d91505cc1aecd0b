// Starts the viewer of the graph that this script stands in.

svg = document.currentScript.closest('svg')
alone = svg === document.documentElement;
[head, base] = readProfile(svg.querySelector('.flametree-data').textContent)
geo = head.geometry
if (head.sides > 1) twoSides()
line = geo.font + 4
frames = set(byId('frames'), {role: 'tree', tabindex: 0, 'aria-label': 'Flame graph'})

links = new Map(Object.entries(head.links || {}))
frames.before(crowd = make('g', svg, {class: 'crowd'}))
ground = byId('background')
svg.classList.add('live')
if (head.fluid) set(svg, {width: '100%'})
pen = make('canvas', new DocumentFragment).getContext('2d')
pen.font = `${geo.font}px ${getComputedStyle(frames).fontFamily}`
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
if (alone) readLink()
startSteps()
showView(readView(steps[0], head))
listen()
// A tall flame opens at its root.
if (alone && flame) scrollTo(0, high)
})();
