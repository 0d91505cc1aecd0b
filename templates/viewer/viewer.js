// The viewer of a picture of one side: the build joins this file and the modules it needs into one
// function, so that nothing becomes a global (build-aux/join-modules.sh). Importing a module does
// nothing by itself; only this file and viewer-differential.js act.

import {oneSide} from './one_side.js';
import {start} from './start.js';

start(document.currentScript, oneSide);
