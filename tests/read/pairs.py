# SPDX-License-Identifier: MIT
"""pairs.py BUILD: names that are comments, separators, numbers or options to some format survive
every pair of a writer and a reader. TAP on stdout."""
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '../lib'))
from protobuf import field, varint  # noqa: E402

BUILD = sys.argv[1]
NAMES = ['#x', '# x', '#', '##', '--', '-', '-o', '--help', '1 2', '7', '-3', '0x10', '1e3', '.5',
         'nan', 'null', 'true', 'a;b', ';', '', ' ', '  ', ' a', 'a ', 'a\tb', '\t', ':', '::', 'a:b',
         '->', 'f->g', 'f->rgb(1,2,3)', 'x=y', '=x', ',', 'a,b', '"', 'a"b', "'", '\\', 'a\\nb', '|',
         '/', '/a/', 's/a/b/', '[x]', '[', '(x)', '()', '{{frames}}', '%s', '$1', '&amp;', '<b>', ']]>',
         '-->', 'all', 'root', '*', '@x', '\u202ex', '\u706b', 'x_[k]', 'x_[j]', 'main 3', 'f 1 2']
WORDS = [name for name in NAMES if name.strip() and ';' not in name and '\t' not in name]
run = failed = 0


def ok(good, title, *why):
    global run, failed
    run += 1
    failed += not good
    print('%sok %d - %s' % ('' if good else 'not ', run, title))
    for line in why if not good else ():
        print('# ' + repr(line)[:600])


def call(program, *words, text=None):
    done = subprocess.run([BUILD + '/' + program, *words], input=text, capture_output=True,
                          timeout=120, check=False)
    return done.stdout, done.stderr, done.returncode


def stacks(text):
    found = {}
    for line in text.decode().split('\n'):
        if line and not line.startswith('# '):
            stack, weight = line.rsplit(' ', 1)
            found[stack] = found.get(stack, 0) + int(weight)
    return found


def put(name, text):
    with open(name, 'w', encoding='utf-8', newline='') as file:
        file.write(text)


def speedscope(names):
    """Each name as a leaf, as a caller, and alone."""
    samples = [[len(names), i] for i in range(len(names))]
    samples += [[i, len(names)] for i in range(len(names))] + [[i] for i in range(len(names))]
    frames = [{'name': name} for name in names + ['main']]
    return json.dumps({'$schema': 'https://www.speedscope.app/file-format-schema.json',
                       'shared': {'frames': frames},
                       'profiles': [{'type': 'sampled', 'name': 'p', 'unit': 'none',
                                     'startValue': 0, 'endValue': 1, 'samples': samples,
                                     'weights': list(range(1, len(samples) + 1))}]})


def check_written(title, path, want):
    folded, said, status = call('collapse', '-q', path)
    got = stacks(folded)
    odd = sorted(k for k in set(got) | set(want) if got.get(k) != want.get(k))
    ok(status == 0 and not odd, title, odd[:6], said)


put('in.json', speedscope(NAMES))
folded, said, status = call('collapse', '-q', '--strict', 'in.json')
want = stacks(folded)
total = sum(range(1, 3 * len(NAMES) + 1))
ok(status == 0 and sum(want.values()) == total and not said, 'speedscope is read', said)
for path in 'x.folded', 'x.pb.gz', 'x.pb', 'x.speedscope.json':
    for start in 'in.json', 'in.folded':
        with open('in.folded', 'wb') as file:
            file.write(folded)
        _, said, status = call('collapse', '-q', '-o', path, start)
        check_written('%s from %s' % (path, start), path, want)
for options in [], ['--inverted'], ['--flamechart'], ['--width', '9000']:
    call('flamegraph', '-q', '-o', 'x.svg', *options, 'in.json')
    check_written('a picture ' + ' '.join(options), 'x.svg', want)
call('collapse', '-q', '--header', '-o', 'h.folded', 'in.json')
check_written('folded stacks with a header', 'h.folded', want)
call('flamediff', '-q', '-o', 'two.folded', 'in.folded', 'in.folded')
call('flamegraph', '-q', '-o', 'two.svg', 'two.folded')
both, said, status = call('collapse', '-q', 'two.svg')
one = {line.rsplit(' ', 2)[0] for line in both.decode().split('\n') if line}
ok(status == 0 and one >= set(want) or stacks(both) == want, 'a differential picture', said,
   sorted(set(want) - one)[:5])
call('flamediff', '-q', '-o', 'both.svg', 'in.json', 'in.json')
ok(call('collapse', '-q', 'both.svg')[2] in (0, 1), 'a comparison')

# ---- palette files ----

call('flamegraph', '-q', '--palette-file', 'map', '-o', 'x.svg', 'in.json')
with open('map', 'rb') as file:
    colors = file.read()
call('flamegraph', '-q', '--palette-file', 'map', '-o', 'x.svg', 'in.json')
with open('map', 'rb') as file:
    again = file.read()
ok(colors == again and colors, 'a palette file keeps its names', set(again) ^ set(colors))
put('map', re.sub(r'->rgb\(\d+,\d+,\d+\)$', '->rgb(1,2,3)', colors.decode(), flags=re.M))
call('flamegraph', '-q', '--palette-file', 'map', '-o', 'x.svg', 'in.json')
with open('x.svg', encoding='utf-8') as file:
    fills = set(re.findall(r' fill="(rgb\([^"]*)"', file.read().split('id="frames"')[1]))
# `-` and `--` are separators, which are gray in any palette.
ok(fills <= {'rgb(1,2,3)', 'rgb(160,160,160)', 'rgb(200,200,200)'} and 'rgb(1,2,3)' in fills,
   'each name has the color of its line', fills)

# ---- patterns, gates, labels ----

frames = {frame for stack in want for frame in stack.split(';')}
bad, unset, gone = [], [], []
for name in WORDS:
    exact = ''.join('\\x{%x}' % ord(c) if not c.isalnum() else c for c in name)
    out, said, status = call('collapse', '-q', '--rename', 's/^%s$/NEW/' % exact, 'in.json')
    after = {frame for stack in stacks(out) for frame in stack.split(';')}
    if status != 0 or 'NEW' not in after or len(after) < len(frames):
        bad.append((name, said))
    put('gates', 'self:/^%s$/ > 900%%\n' % exact)
    _, said, status = call('flamediff', '--report=text', '--gates=gates', 'in.json', 'in.json')
    if b'nothing' in said or status not in (0, 4):
        unset.append((name, said))
ok(not bad, 'rename rules', *bad[:4])
ok(not unset, 'gates', *unset[:4])


def labeled(values):
    """pprof: a sample for each value of the label `k`."""
    texts = ['', 'samples', 'count', 'f', 'k'] + values
    out = field(1, field(1, 1) + field(2, 2)) + field(5, field(1, 1) + field(2, 3))
    out += field(4, field(1, 1) + field(4, field(1, 1)))
    for i in range(len(values)):
        out += field(2, field(1, b'\1') + field(2, varint(i + 1)) +
                     field(3, field(1, 4) + field(2, 5 + i)))
    return out + b''.join(field(6, text.encode()) for text in texts)


with open('labels.pb', 'wb') as file:
    file.write(labeled(WORDS))
out, said, status = call('collapse', '-q', '--tag-root', 'k', 'labels.pb')
roots = stacks(out)
ok(status == 0 and len(roots) == len(WORDS) and sum(roots.values()) ==
   len(WORDS) * (len(WORDS) + 1) // 2, 'labels as roots', said, len(roots), len(WORDS))
out, said, status = call('collapse', '-q', '--tags', 'labels.pb')
missing = [name for name in WORDS if name.replace('\u202e', '').strip().encode() not in out]
ok(status == 0 and not missing, 'labels in the list of labels', missing)
lost = []
for i, name in enumerate(WORDS):
    exact = ''.join('\\x{%x}' % ord(c) if not c.isalnum() else c for c in name)
    out, said, status = call('collapse', '-q', '--tag-focus', 'k=^%s$' % exact, 'labels.pb')
    if status != 0 or sum(stacks(out).values()) != i + 1:
        lost.append((name, out, said))
ok(not lost, 'labels as filters', *lost[:4])
call('collapse', '-q', '--tag-root', 'k', '-o', 'roots.pb', 'labels.pb')
check_written('labels as roots, in pprof', 'roots.pb', roots)
print('1..%d' % run)
sys.exit(failed > 0)
