// The viewer: the script inside a flame graph SVG. The build joins the files of this folder in
// the order that ORDER gives into one function, so nothing here becomes a global.
//
// This file opens that function and end.js closes it. What stands between needs no browser up to
// and including address.js; tests load those modules under Node. The script has to stay small in
// the file (40 kB): `let` throughout, and no abstraction that is used once.
(function () {
'use strict';
let { abs, ceil, floor, max, min, round } = Math;
