// SPDX-License-Identifier: MIT
'use strict';
// Whether a page still has something to do. A test waits until it has not, and no fixed time.

// Runs in a page before its own scripts (in Firefox: when it is loaded), and counts what these wait
// for: timers, the next picture on the screen, a step back in the history. `flametreeWaits` names
// it.
function countWaiting() {
  if (window.flametreeWaits) return;
  const pending = { timer: new Set(), frame: new Set(), step: new Set() };
  const { setTimeout, clearTimeout, requestAnimationFrame, cancelAnimationFrame } = window;
  window.setTimeout = (run, ...rest) => {
    const id = setTimeout((...values) => {
      pending.timer.delete(id);
      run(...values);
    }, ...rest);
    pending.timer.add(id);
    return id;
  };
  window.clearTimeout = (id) => {
    pending.timer.delete(id);
    clearTimeout(id);
  };
  window.requestAnimationFrame = (run) => {
    const id = requestAnimationFrame((time) => {
      pending.frame.delete(id);
      run(time);
    });
    pending.frame.add(id);
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    pending.frame.delete(id);
    cancelAnimationFrame(id);
  };
  const { back } = history;
  history.back = () => {
    pending.step.add({});
    back.call(history);
  };
  window.addEventListener('popstate', () => pending.step.clear());
  Object.defineProperty(window, 'flametreeWaits', {
    value: {
      names: () => Object.keys(pending).filter((key) => pending[key].size),
      nextFrame: requestAnimationFrame.bind(window),
    },
  });
}

// Runs in a page: resolves when nothing was left to do in two pictures on the screen in a row, and
// the window is as wide as wanted (0: as it is). After `limit` ms it is an error. In a page where
// nobody counts, 150 ms must do.
function untilQuiet([width, limit]) {
  const start = performance.now();
  const { names, nextFrame } = window.flametreeWaits || {
    names: () => (performance.now() - start < 150 ? ['150 ms'] : []),
    nextFrame: requestAnimationFrame,
  };
  return new Promise((done, fail) => {
    let quiet = 0;
    const look = () => {
      const left = names();
      if (width && innerWidth !== width) left.push(`a window of ${width} px`);
      quiet = left.length ? 0 : quiet + 1;
      if (quiet > 1) done();
      else if (performance.now() - start > limit) fail(new Error('still waits for: ' + left));
      else nextFrame(look);
    };
    nextFrame(look);
  });
}

module.exports = { countWaiting, untilQuiet };
