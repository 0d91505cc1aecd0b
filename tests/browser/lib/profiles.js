// SPDX-License-Identifier: MIT
'use strict';
// Profiles that several tests look at.

const DEMO = `idle;wait 250
idle;wait;poll 20
main;eval;call;eval;call 120
main;eval;call;malloc 60
main;eval;malloc 80
main;gc;mark;mark;mark 90
main;gc;sweep 30
main;parse 50
main;parse;lex 200
main;parse;read 100
`;

// 600 functions of weight 1 beside one of 99,400: at 1,000 px each has 0.01 px.
const NARROW =
  'top;wide 99400\n' +
  Array.from({ length: 600 }, (none, i) => `top;many;f${String(i).padStart(3, '0')};inner 1`).join(
    '\n',
  ) +
  '\n';

const DIFF = `app;grow 100 250
app;grow;leaf 0 50
app;same 200 200
app;shrink 300 100
app;gone 50 0
`;

// Two stacks higher than a window, one of 300 frames and one of 100.
const DEEP = [300, 100]
  .map((depth) => Array.from({ length: depth }, (none, i) => `d${depth}_${i}`))
  .map((names) => `main;${names.join(';')} 9`)
  .join('\n');

module.exports = { DEMO, NARROW, DIFF, DEEP };
