// Colours are numbers 0xrrggbb. Every frame keeps the colour that the static picture gave its
// name; those of a differential come from the change, by the rule of the static picture.

let channels = colour => [colour >> 16, colour >> 8 & 255, colour & 255]

function mix(a, b, share) {
  let other = channels(b)
  return channels(a).reduce((sum, c, i) => sum << 8 | round(c + (other[i] - c) * share), 0)
}

let css = colour => '#' + (0x1000000 + colour).toString(16).slice(1)

// Black and white ink both reach a contrast of 4.5 at a luminance of about 0.18.
function needsLightInk(colour) {
  let [r, g, b] = channels(colour).map(c => (
    c < 11 ? c / 3295 : ((c / 255 + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b < 0.18
}

// The colour of a change out of the largest one: red for growth, blue for shrinking.
function changeColour(change, most, negate) {
  let rest = max(0, Math.trunc(210 * (most - abs(change)) / most))
  return !change ? 0xffffff : change > 0 === !negate ? 0xff0000 | rest * 257 : rest * 65792 | 255
}

// What a frame changed by: with its callees, or itself alone.
function changeOf({own, sums, half, count}, node, of) {
  let [now, was] = of === 'self' && half === count ? own : sums
  return now[node] - was[node]
}

// Returns the colour of a node as a function. flamediff says what is noise, and its colours.
function makePaint(tree, head) {
  let colours = tree.names.raw.map((name, i) => parseInt(head.colors.substr(6 * i, 6), 16))
  if (!tree.was) return node => colours[tree.name[node]]
  let {of, negate, noise, full, colors} = head.delta
  // No change counts for more than it is when the largest is less than a sample.
  let most = 10 ** head.decimals / head.unit, by = node => changeOf(tree, node, of)
  for (let i = 1; i < tree.count; i++) most = max(most, abs(by(i)))
  return node => {
    let change = by(node), up = change > 0 ? 2 : 0
    let was = (of === 'self' ? tree.own : tree.sums)[1][node]
    if (!noise) return changeColour(change, most, negate)
    return change ** 2 > noise[0] * (was + change) + noise[1] * was
      ? mix(colors[up], colors[up + 1], min(1, abs(change) / full)) : colors[4]
  }
}
