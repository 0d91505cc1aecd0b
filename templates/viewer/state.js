// What the running viewer knows: all that changes is in these objects. Every graph of a page has a
// viewer, and so these, of its own.

// The picture: what the file holds, and the elements around the frames.
export const picture = {
  svg: null, alone: false, // the element, and whether it is the whole document
  head: null, base: null, // the line of JSON, and the tree of the profile (see two_sides.js)
  geo: null, line: 0, // sizes in pixels, and the height of a line of text
  links: new Map(), // attributes of frames by name
  sides: null, // what depends on one or two sides: one_side.js, two_sides.js
  part: {}, // the texts of the bars by their id
  frames: null, bar: null, foot: null, // elements
  made: 0, // elements of frames, so that each has an id of its own
};

// What is looked at.
export const shown = {
  view: null, // see address.js
  texts: [], // of the parts of the view, to see what changes
  panes: [], pane: null, // those in the picture, and the current one: see pane.js
  union: null, // the tree that holds the frames of all panes
  zoomed: 0, // node
  paint: null, // the color of a node
  flags: [], remark: '', // names that match the search, and why it did not run
  trusted: new Set(), // expressions by the author of the picture or the person at the keyboard
};

// How it lies in the picture, in its own pixels; buttons are right of `edge`.
export const layout = {
  width: 0, room: 0, edge: 0, high: 0, topHigh: 0, footHigh: 0, footLines: 0,
  flame: undefined, narrow: false, // the root is below; few words fit
};

// The window: where the picture is in it, and its looks.
export const display = {
  origin: {left: 0, top: 0, width: 0}, scale: 1,
  dark: false, printing: false, night: null, kept: {}, pen: null,
};

// What the mouse and the keys mean.
export const pointer = {
  mouse: null, hovered: null, // the last event of the mouse, the box under it
  aim: null, byKey: false, // the box of the menu, and whether a key asked for the next one
  focus: 0, focused: false, // the node of the arrow keys, and whether it is outlined
  lit: 0, // the function whose places are outlined
};

export const isZoomed = () => shown.zoomed || shown.view.at.length;

// The current pane comes last.
export const panesInTurn = () => [...shown.panes.filter(pane => pane !== shown.pane), shown.pane];

// The other pane becomes the current one.
export function switchPane() {
  shown.pane = panesInTurn()[0];
}
