// SPDX-License-Identifier: MIT
// All tests of the viewer in Chromium, as one TAP stream. Arguments choose files by a part of
// their names. The program is $FLAMEGRAPH or that of the build.
import harness from './lib/harness.js';

process.exitCode = await harness.runAll(process.argv.slice(2));
