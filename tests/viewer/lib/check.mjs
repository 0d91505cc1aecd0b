// SPDX-License-Identifier: MIT
// Prints TAP: a check compares what is there with what is wanted.
let count = 0;
let failed = 0;

export function check(name, got, wanted) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  count++;
  if (a === b) {
    console.log(`ok ${count} - ${name}`);
    return;
  }
  failed++;
  console.log(`not ok ${count} - ${name}\n# got    ${a}\n# wanted ${b}`);
}

export function done() {
  console.log('1..' + count);
  process.exitCode = failed ? 1 : 0;
}
