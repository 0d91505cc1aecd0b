// SPDX-License-Identifier: MIT
// The table of the viewer and `--report json` have the same numbers: functions, and the callers and
// callees of each. Random profiles with recursion, marks of kinds, fractions, and flame charts.
import { execFileSync } from 'child_process';
import harness from '../browser/lib/harness.js';
import { check, done } from './lib/check.mjs';
import { freshView } from '../../templates/viewer/address.js';
import { readProfile } from '../../templates/viewer/data.js';
import { oneSide } from '../../templates/viewer/one_side.js';
import { shown } from '../../templates/viewer/state.js';
import { finish, transformTree } from '../../templates/viewer/transform.js';

const NAMES = ['a', 'b', 'c', 'd', 'main', 'a<b>(int)', '\u00e9', '\u4e2d\u6587', '\u{1f600}'];
const MARKS = ['', '', '', '_[k]', '_[i]', '_[j]', '_[w]'];

function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

function randomFolded(next, stacks) {
  const decimals = next(2) ? 0 : 2;
  const frame = () => NAMES[next(NAMES.length)] + MARKS[next(MARKS.length)];
  const stack = () => Array.from({ length: 1 + next(9) }, frame).join(';');
  return Array.from(
    { length: stacks },
    () => `${stack()} ${((1 + next(9999)) / 10 ** decimals).toFixed(decimals)}\n`,
  ).join('');
}

function report(folded, options) {
  const command = ['-q', '--report', 'json', '--countname', 'x', ...options];
  const text = execFileSync(harness.findProgram(), command, { input: folded, encoding: 'utf8' });
  return JSON.parse(text).rows;
}

const rounded = (value) => Math.round(value * 100); // no profile has more than two decimals
const inOrder = (rows) => rows.map((row) => JSON.stringify(row)).sort();

// Like a pane of the viewer.
function show(head, base, change) {
  const view = Object.assign(freshView(head), change);
  const [trimmed, tree] = finish(transformTree(base, view));
  shown.view = view;
  shown.pane = { tree, trimmed, whole: base.total[0] };
  return oneSide.table.rows();
}

for (let seed = 1; seed <= 40; seed++) {
  const next = random(seed);
  const folded = randomFolded(next, 2 + next(60));
  const chart = seed % 4 === 0;
  const options = chart ? ['--flamechart'] : [];
  const [head, base] = readProfile(harness.dataBlock(harness.picture(folded, { chart })));
  const unit = Number(head.unit) / 10 ** head.decimals;
  const functions = show(head, base, {});
  check(
    `profile ${seed}: functions with self, total and places`,
    inOrder(
      functions.map(({ values: [name, self, , total, , places] }) => [
        name,
        rounded(self * unit),
        rounded(total * unit),
        places,
      ]),
    ),
    inOrder(
      report(folded, options).map(({ name, self, total, count }) => [
        name,
        rounded(self),
        rounded(total),
        count,
      ]),
    ),
  );
  if (chart) continue; // a sandwich is in no order of time
  const name = functions[next(functions.length)].values[0];
  const pattern = `^${name.replace(/[^a-z\u0080-\u{10ffff}]/gu, '\\$&')}(_\\[.\\])?$`;
  const neighbors = report(folded, ['--peek', pattern]);
  check(
    `profile ${seed}: callers and callees of ${name}`,
    inOrder(
      show(head, base, { sandwich: name })
        .filter(({ values: [, , , word] }) => word !== 'self')
        .map(({ values: [other, weight, , word] }) => [word, other, rounded(weight * unit)]),
    ),
    inOrder(
      neighbors
        .filter((row) => row.kind !== 'function' && row.name !== 'all') // the root is no caller
        .map(({ kind, name: other, total }) => [kind, other, rounded(total)]),
    ),
  );
}

done();
