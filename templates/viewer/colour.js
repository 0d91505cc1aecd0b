// Colours are numbers 0xrrggbb. Every frame keeps the colour that the static picture gave its
// name.

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

// Returns the colour of a node as a function.
function makePaint({name, names}, head) {
  let colours = names.raw.map((raw, i) => parseInt(head.colors.substr(6 * i, 6), 16))
  return node => colours[name[node]]
}
