// SPDX-License-Identifier: MIT
// The viewer of a picture of one side. The build joins the modules into one function, so that
// nothing becomes a global (build-aux/join-modules.sh). Importing a module has no effect; only the
// files viewer*.js run code.

import {oneSide} from './one_side.js';
import {start} from './start.js';

start(document.currentScript, oneSide);
