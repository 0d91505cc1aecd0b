// The steps a person took, as texts of views, and the browser's history beside them.

let steps, at = 0, kind, pending = 0, key;

let splitAddress = () => splitFragment(location.hash, key, head);

// In the browser's history: which graph made a step, and at which step each of them was.
let pageState = () => history.state || {};

function startSteps() {
  // Graphs of one page without a prefix are told apart by their number.
  let nth = document.querySelectorAll('svg.live').length;
  key = head.prefix || nth > 1 ? (head.prefix || nth) + '.' : '';
  steps = [writeView(readView(splitAddress()[0], head), head)];
  on(window, 'popstate hashchange', e => {
    if (pending) {
      pending -= e.type === 'popstate';
      return;
    }
    let next = readView(splitAddress()[0], head);
    at = pageState()['at' + key] || 0;
    kind = '';
    steps[at] = writeView(next, head);
    if (steps[at] !== writeView(view, head)) showView(next);
  });
}

function writeAddress(how) {
  let hash = joinFragment(steps[at], splitAddress()[1], key);
  try {
    history[how]({ ...pageState(), by: key, ['at' + key]: at }, '',
      hash ? '#' + hash : location.pathname + location.search);
  } catch (error) {
    // Some documents have no history of their own: then ours alone has to do.
  }
}

// Changes the view. Changes of one kind in a row (typing, turning the wheel) are one step.
function go(change, sort) {
  let next = { ...view, ...change }, text = writeView(next, head);
  if (text === steps[at]) return;
  let same = sort && sort === kind;
  kind = sort;
  if (!same) at++;
  steps.length = at;
  steps.push(text);
  showView(next);
  writeAddress(same ? 'replaceState' : 'pushState');
}

// One step back. The browser goes along when its last step was ours.
function goBack() {
  kind = '';
  if (!at) {
    go(isZoomed() ? PLAIN : view.search ? { search: '' } : freshView({ ...head, search: '' }));
    return;
  }
  showView(readView(steps[--at], head));
  if (pageState().by === key && pageState()['at' + key] > at) {
    pending++;
    history.back();
  } else {
    writeAddress('replaceState');
  }
}
