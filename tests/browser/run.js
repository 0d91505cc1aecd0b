'use strict';
// All tests of the viewer in Chromium, as one TAP stream. Arguments choose files by a part of
// their names. The program is $FLAMEGRAPH or build/flamegraph; without one, or with
// FLAMEGRAPH=none, the SVGs come from lib/draw.js.

const { runAll } = require('./lib/harness.js');

runAll(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
});
