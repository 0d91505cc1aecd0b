// Colours are numbers 0xrrggbb. Every frame keeps the colour that the static picture gave its
// name; those of a differential come from the change, by the rule of the static picture.

const MATCH = 0xe600e6;
const MERGED = 0xb9b4ac;

function mix(a, b, share) {
  const part = (shift) => Math.round(((a >> shift) & 255) * (1 - share) + ((b >> shift) & 255) * share);
  return part(16) << 16 | part(8) << 8 | part(0);
}

function css(colour) {
  return '#' + (0x1000000 + colour).toString(16).slice(1);
}

function luminance(colour) {
  const part = (shift) => {
    const c = ((colour >> shift) & 255) / 255;
    return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0);
}

// Black and white ink both reach a contrast of 4.5 at about this luminance.
function needsLightInk(colour) {
  return luminance(colour) < 0.18;
}

// The colour of a change out of the largest one: red for growth, blue for shrinking.
function changeColour(change, most, negate) {
  if (!change) return 0xffffff;
  const rest = Math.max(0, Math.trunc(210 * (most - Math.abs(change)) / most));
  return (change > 0) === !negate ? 0xff0000 | rest << 8 | rest : rest << 16 | rest << 8 | 0xff;
}

// What a frame changed by: its subtree, or itself alone.
function changeOf(tree, node, of) {
  return of === 'self' && !tree.half ? tree.self[node] - tree.before[node]
    : tree.total[node] - tree.totalBefore[node];
}

function greatestChange(tree, of) {
  let most = 0;
  for (let i = 1; i < tree.count; i++) most = Math.max(most, Math.abs(changeOf(tree, i, of)));
  return most || 1;
}

// Returns the colour of a node as a function.
function painter(tree, head) {
  if (tree.before) {
    const delta = Object.assign({ of: 'total', negate: false }, head.delta);
    const most = greatestChange(tree, delta.of);
    return (node) => changeColour(changeOf(tree, node, delta.of), most, delta.negate);
  }
  const colours = head.colors || '';
  const known = new Map();
  return (node) => {
    const name = tree.name[node];
    let colour = known.get(name);
    if (colour === undefined) {
      colour = parseInt(colours.slice(6 * name, 6 * name + 6), 16);
      if (isNaN(colour)) colour = 0xd52709;
      known.set(name, colour);
    }
    return colour;
  };
}
