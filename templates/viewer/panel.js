// The search field, and the panel that is the help page and the menu of a frame.

function openField() {
  if (!field) {
    let wide = min(320, width - 2 * geo.pad);
    let box = make('foreignObject', bar,
      { x: width - geo.pad - wide, y: 4, width: wide, height: 30 });
    field = make('input', box, { type: 'search', class: 'field', placeholder: 'Regular expression',
      spellcheck: false });
    field.value = view.search;
    svg.classList.add('searching');
    on(field, 'input', () => go({ search: field.value }, 'search'));
    on(field, 'blur', () => {
      field = kind = null;
      svg.classList.remove('searching');
      box.remove();
    });
  }
  field.focus({ preventScroll: true });
  field.select();
}

// Returns whether the key means something to the field, beside text.
function fieldKey(name, shift, command) {
  if (name === 'Enter') walk(shift);
  else if (name === 'Escape') {
    go({ search: '' }, 'search');
    field.blur();
  } else if (name !== '/' && command === 'search') field.select();
  else return false;
  return true;
}

// Without a box: all commands and their keys. With one: what can be done with that frame.
function openPanel(box, x) {
  closePanel();
  let [top, bottom] = visiblePart(), wide = min(box ? 310 : 620, width - 12);
  let tallest = box ? 250 : narrow ? 620 : 400, height = limit(bottom - top - 12, 160, tallest);
  panel = make('foreignObject', svg, {
    x: limit(box ? x : (width - wide) / 2, 6, width - wide - 6), width: wide, height,
    y: max(top + 6, min(box ? yOf(box.row) + line : (top + bottom - height) / 2,
      bottom - height - 6)),
  });
  let page = make('div', panel, { class: 'panel' + (box ? '' : ' wide'), role: 'dialog',
    'aria-label': 'Commands', tabindex: -1 });
  make('h2', page, {}, box ? boxTitle(box) : 'Keys and commands');
  let list = make('div', page, { class: 'list' });
  for (let [command, keys, text] of MENU) {
    if (!keys && box) break;
    if (!keys) continue;
    let button = make('button', list, { 'data-run': command }, text);
    for (let name of keys.split(', ')) make('kbd', button, {}, name);
  }
  if (!box) {
    make('p', page, {}, 'Arrow keys move, Ctrl and wheel or two fingers zoom, '
      + 'a right click or a long press is about one frame.');
  }
  aim = box;
  page.focus({ preventScroll: true });
}

function closePanel() {
  if (!panel) return;
  panel.remove();
  panel = aim = null;
  frames.focus({ preventScroll: true });
}
