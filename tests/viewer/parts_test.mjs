// The parts of the viewer that act, without a browser: the drawing routine, the undo stack of
// views, the map from keys, mouse and touch to commands. Run by `node tests/viewer/parts_test.mjs`.
import { check, done } from './lib/check.mjs';
import { GEOMETRY, openPage } from './lib/page.mjs';

const NAMES = 'go, goBack, redraw, commands, KEYS, MENU, svg';
const ROOM = GEOMETRY.width - 2 * GEOMETRY.pad;
const SMALL = 'main;a 600\nmain;b 300\nmain;b;c 100\nother 1000';

// What is drawn, as [name, x, width, row from the root], from the elements of the frames.
function drawn(page) {
  const { high } = page.state();
  const base = high - 12 - 2 * 16;
  return page.frames.children
    .filter((g) => g.values.display !== 'none')
    .map((g) => {
      const [title, rect] = g.children;
      const name = title.textContent.replace(/ \(.*/, '');
      const up = Math.round((base - rect.values.y) / GEOMETRY.row);
      return [name, Number(rect.values.x), Number(rect.values.width), up];
    })
    .sort((a, b) => a[3] - b[3] || a[1] - b[1]);
}

const at = (start, end, all = 2000) => [
  Math.round(10 * (GEOMETRY.pad + (ROOM * start) / all)) / 10,
  Math.round((10 * (ROOM * (end - start))) / all) / 10,
];

{
  const page = openPage(SMALL, {}, NAMES);
  const rows = drawn(page);
  const lowest = rows[0][3];
  check(
    'the drawing routine: a box for each frame, in its place',
    rows.map(([name, x, wide, up]) => [name, x, wide, up - lowest]),
    [
      ['all', ...at(0, 2000), 0],
      ['main', ...at(0, 1000), 1],
      ['other', ...at(1000, 2000), 1],
      ['a', ...at(0, 600), 2],
      ['b', ...at(600, 1000), 2],
      ['c', ...at(900, 1000), 3],
    ],
  );
  page.wait();
  page.writes = 0;
  page.redraw();
  page.wait();
  check('what stays the same is not written again', page.writes, 0);
  page.go({ zoom: ['main', 'b'] });
  check(
    'zoomed, the frame and its callers are as wide as the picture',
    drawn(page).map(([name, , wide]) => [name, wide]),
    [['all', ROOM], ['main', ROOM], ['b', ROOM], ['c', ROOM / 4]],
  );
}

{
  const deep = Array.from({ length: 3000 }, (_, i) => 'f' + i).join(';');
  const page = openPage(deep + ' 5', { browser: { innerHeight: 160 } }, NAMES);
  page.wait();
  const rows = page.frames.children.length;
  check('rows outside the window are not drawn', rows > 9 && rows < 30, true);
}

{
  const narrow = Array.from({ length: 5000 }, (_, i) => `r;n${i} 1`).join('\n');
  const page = openPage(narrow + '\nr;wide 1000000', {}, NAMES);
  page.wait();
  const many = drawn(page).filter(([name]) => name === '5,000 frames');
  check('neighbours under half a pixel are one box that says how many it is', many.length, 1);
  check('the rest is not there', page.frames.children.length, 4);
}

{
  // More boxes in a row than a call can have arguments.
  const lines = Array.from({ length: 150000 }, (_, i) => `n${i} 1`).join('\n');
  const page = openPage(lines, { geometry: { ...GEOMETRY, width: 400000 } }, NAMES);
  const boxes = page.crowd.children.flatMap((path) => path.values.d.match(/M/g)).length;
  check('a row of 150,000 boxes is drawn', boxes, 150000);
}

{
  // 1,960 boxes of 4 px.
  const lines = Array.from({ length: 1960 }, (_, i) => `n${10000 + i} 1`).join('\n');
  const geometry = { ...GEOMETRY, width: 7860 };
  const page = openPage(lines, { geometry }, NAMES);
  check('many narrow boxes are painted by paths, at once', page.frames.children.length, 1);
  const paths = page.crowd.children.map((path) => path.values.d.match(/M/g).length);
  check('each once', paths.reduce((a, b) => a + b, 0), 1960);
  page.wait();
  const hidden = page.frames.children.filter((g) => g.values.display === 'none').length;
  check('their elements come later, and are not displayed', hidden, 1960);
}

{
  const page = openPage(SMALL, {}, NAMES);
  page.go({ zoom: ['main'] });
  check('the address waits for the picture', page.log, []);
  page.wait();
  check('a step is an entry of the history', page.log, [['push', '#zoom=main']]);
  for (const word of ['a', 'al', 'all']) page.go({ search: word }, 'search');
  page.wait();
  check('what was typed is one step', page.log.slice(1), [['push', '#zoom=main&search=all']]);
  page.go({ search: 'alloc' }, 'search');
  page.wait();
  check('and stays one', page.log[2], ['replace', '#zoom=main&search=alloc']);
  page.go({ icicle: true });
  page.go({ fold: true });
  page.wait();
  check(
    'steps that follow at once are entries of their own',
    page.log.slice(3).map(([how]) => how),
    ['push', 'push'],
  );
  page.goBack();
  check('the browser takes the step back', page.log[5], ['back']);
  page.location.hash = '#zoom=main';
  page.history.state = { at: 1, by: '' };
  page.svg.fire('popstate');
  const { view, at: step, steps } = page.state();
  check('what it comes back to is shown', [view.zoom, view.search, step], [['main'], '', 1]);
  check('steps in front of it are kept', steps.length, 5);
}

{
  const refuse = () => {
    throw new Error('no history here');
  };
  const history = { state: null, pushState: refuse, replaceState: refuse };
  const page = openPage(SMALL, { browser: { history } }, NAMES);
  page.go({ zoom: ['main'] });
  page.go({ zoom: ['main', 'b'] });
  page.goBack();
  check('without a history of the browser ours does', page.state().view.zoom, ['main']);
  page.goBack();
  check('to the first view', page.state().view.zoom, []);
}

{
  const page = openPage(SMALL, {}, NAMES);
  const runs = Object.values(page.KEYS);
  check('each key runs a command', runs.filter((run) => !page.commands[run]), []);
  const known = page.MENU.map(([command]) => command);
  check('each line of the help, too', known.filter((run) => !page.commands[run]), []);
  check('no command is told twice', new Set(known).size, known.length);

  check('a key is taken', page.key('i'), true);
  check('and does what it says', page.state().view.icicle, true);
  check('others are left to the browser', page.key('q'), false);
  check('so are those with Alt', [page.key('m', { altKey: true }), page.state().view.fold], [
    false,
    false,
  ]);
  const hidden = () => page.state().view.cuts;
  page.go({ cuts: [['hide', 'a']] });
  check('Ctrl Z undoes a cut', [page.key('z', { ctrlKey: true }), hidden()], [true, []]);

  const { high } = page.state();
  // In an icicle `main` is in the second row, under the bar.
  const point = { clientX: 100, clientY: 36 + 16 + 8, type: 'click' };
  page.svg.fire('click', point);
  check('a click zooms to the frame there', page.state().view.zoom, ['main']);
  page.svg.fire('click', { ...point, clientY: high + 400 });
  check('beside the frames it does nothing', page.state().view.zoom, ['main']);
  page.key('0');
  const touch = (type, pointerId, clientX) =>
    page.svg.fire(type, { pointerId, clientX, clientY: 60, pointerType: 'touch', timeStamp: 5 });
  touch('pointerdown', 1, 310);
  touch('pointerdown', 2, 510);
  touch('pointermove', 2, 710);
  const [left, right] = page.state().view.at;
  check(
    'two fingers zoom by what they move',
    [left, right].map((share) => Math.round(1000 * share)),
    // 200 px became 400, around what was between them, 410 px, and is now at 510.
    [(400 - 500 / 2) / ROOM, (400 + 500 / 2) / ROOM].map((share) => Math.round(1000 * share)),
  );
}

done();
