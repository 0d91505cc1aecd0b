// SPDX-License-Identifier: MIT
// The viewer of a picture of two sides; see viewer.js.

import {start} from './start.js';
import {twoSides} from './two_sides.js';

start(document.currentScript, twoSides);
