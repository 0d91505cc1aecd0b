// SPDX-License-Identifier: MIT
// The state of the running viewer: all that changes is in these objects. Every graph of a page has
// a viewer, and so these, of its own.

// The picture: what the file holds, and the elements around the frames.
export const picture = {
  // svg, alone: the element, and whether it is the whole document
  // head, base: the line of JSON, and the tree of the profile (see two_sides.js)
  // geo, line: sizes in pixels, and the height of a line of text
  // links: of frames by name: viewer-links.js
  // sides: what depends on one or two sides: one_side.js, two_sides.js
  // baseOf: chooses the tree of several values: viewer-values.js
  // frames, bar, foot: elements
  part: {}, // the texts of the bars by their id
  made: 0, // elements of frames, so that each has an id of its own
};

// The part of the picture that is shown.
export const shown = {
  // view: see address.js
  // panes, pane: those in the picture, and the current one: see pane.js
  // union: the tree that holds the frames of all panes
  // zoomed: node
  // paint: the color of a node
  // flags, remark: names that match the search, and why it did not run
  texts: [], // of the parts of the view, to see what changes
  trusted: new Set(), // expressions by the author of the picture or the person at the keyboard
};

// How it lies in the picture, in its own pixels: width; room: the width of the frames; topHigh,
// footHigh, footLines; buttons are right of `edge`; axisHigh: room above the frames for extras;
// flame: the root is below; narrow: few words fit.
export const layout = {high: 0};

// The window: where the picture is in it (origin, scale), and its looks (dark, printing, night,
// kept, pen).
export const display = {origin: {}, scale: 1, kept: {}};

// The state of the mouse and the keys.
export const pointer = {
  // mouse, hovered: the last event of the mouse, the box under it
  // aim, byKey: the box of the menu, and whether a key asked for the next one
  focus: 0, // the node of the arrow keys; `focused`: it is outlined
  // lit: whether the frames of a name are outlined
};

// Extras, which only some pictures have (viewer-*.js): objects with some of
//   controls: further buttons of the upper bar
//   frameRows, rows, acts: see commands.js
//   start: called once; layOut: called when the bars are laid out; draw: when their content changes
//   clean: removes from the view of an address what the picture does not have
export const extras = [];

export const fromExtras = name => extras.flatMap(one => one[name] || []);

export const callExtras = (name, ...values) => extras.forEach(one => one[name]?.(...values));

export const isZoomed = () => shown.zoomed || shown.view.at.length;

// The other pane becomes the current one.
export function switchPane() {
  shown.pane = shown.panes.find(pane => pane !== shown.pane) || shown.pane;
}
