// SPDX-License-Identifier: MIT
'use strict';
// What the numbers on the screen must be, from folded text alone. Slow and plain on purpose: it
// shares nothing with the viewer.

function readStacks(folded) {
  const lines = folded.split('\n').filter(Boolean);
  const two = lines.every((line) => / \d+ \d+$/.test(line));
  return lines.map((line) => {
    const [, stack, before, after] = (two ? /^([^]*) (\d+) (\d+)$/ : /^([^]*)( )(\d+)$/).exec(line);
    return { frames: stack.split(';'), weight: Number(after), before: two ? Number(before) : 0 };
  });
}

const sum = (stacks, side) => stacks.reduce((all, one) => all + one[side || 'weight'], 0);

const commas = (value) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

const percent = (part, whole, digits) =>
  ((100 * part) / whole).toFixed(digits === undefined ? 2 : digits);

// Stacks that begin with a path.
function under(stacks, path) {
  const frames = path.split(';');
  return stacks.filter((one) => frames.every((frame, i) => one.frames[i] === frame));
}

// Stacks with a frame that a test (a name, an expression) accepts: each counts once.
function through(stacks, wanted) {
  const test =
    typeof wanted === 'string'
      ? (name) => name === wanted
      : (name) => wanted.test(name.replace(/_\[[kwij]\]$/, ''));
  return stacks.filter((one) => one.frames.some(test));
}

// Distinct places (paths from the root) whose last frame is accepted.
function places(stacks, wanted) {
  const found = new Set();
  const test =
    typeof wanted === 'string'
      ? (name) => name === wanted
      : (name) => wanted.test(name.replace(/_\[[kwij]\]$/, ''));
  for (const one of stacks) {
    one.frames.forEach((name, i) => {
      if (test(name)) found.add(one.frames.slice(0, i + 1).join(';'));
    });
  }
  return Array.from(found);
}

// Weight of the stacks that end exactly at a path.
function self(stacks, path) {
  return sum(stacks.filter((one) => one.frames.join(';') === path));
}

module.exports = { readStacks, sum, commas, percent, under, through, places, self };
