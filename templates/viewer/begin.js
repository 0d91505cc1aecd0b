// The viewer: the script inside a flame graph SVG. The build joins the files of this folder in
// the order that ORDER gives into one function, so nothing here becomes a global.
//
// This file opens that function and end.js closes it. What stands between needs no browser up to
// and including address.js; tests load those modules under Node. The script has to stay small in
// the file (64,000 bytes, without differential*.js, which only pictures of two sides have): `let`
// throughout, no abstraction that is used once, and a `;` at the end of a line only where the next
// one starts with a bracket and would join on.
(async function () {
'use strict'
let {abs, ceil, floor, max, min, round} = Math
