// Starts the viewer of the graph that this script stands in.

svg = document.currentScript.closest('svg');
[head, base] = readProfile(svg.querySelector('.flametree-data').textContent);
geo = head.geometry;
line = geo.font + 4;
frames = set(byId('frames'), { role: 'tree', tabindex: 0, 'aria-label': 'Flame graph' });

ground = byId('background');
svg.classList.add('live');
if (head.fluid) svg.setAttribute('width', '100%');
pen = new OffscreenCanvas(1, 1).getContext('2d');
pen.font = `${geo.font}px ${getComputedStyle(frames).fontFamily}`;
glow = make('rect', svg, { class: 'glow' });
ring = make('rect', svg, { class: 'ring' });
rug = make('path', svg, { class: 'rug' });
bar = makeBar('title', 'subtitle', 'state', 'unzoom', 'search', 'ignorecase', 'menu');
foot = makeBar('details', 'matched');
setTheme();
// `?s=` is a search in links to flamegraph.pl's pictures.
if (svg === document.documentElement) {
  head.search = new URLSearchParams(location.search).get('s') || head.search;
}
startSteps();
showView(readView(steps[0], head));
listen();
// A tall flame opens at its root.
if (svg === document.documentElement && flame) scrollTo(0, high);
})();
