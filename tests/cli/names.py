#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""names.py BUILD: no name of a thread or a function loses a sample on its way through the programs.

Profiles with names of characters that mean something somewhere go through collapse, and what it
writes through collapse, flamegraph (and the data in its picture) and flamediff. Every sum and every
stack is the same in the end. Prints TAP. The same names in each run.
"""
import collections
import os
import random
import re
import subprocess
import sys

BUILD = sys.argv[1]
ROUNDS = 100
PIECES = [b'#', b'# ', b'#', b' ', b' ', b'  ', b'7', b'42', b' 7', b' 8 9', b'-3', b'1e3', b'.5',
          b';', b'\t', b'"', b"'", b'[', b']', b'[x]', b'(', b')', b'<', b'>', b'->', b'+', b'+0x1',
          b'|', b'|1', b'a', b'x', b'main', b'run', b':', b'::', b'.', b'/', b'\\', b'&', b'--', b'{',
          b'}', b'_[k]', 'é'.encode(), '火'.encode(), '\u202e'.encode(), b'\xff', b'\xc3', b'\x80',
          b'\r', b'\x1b[31m']
# A name that has the fields of a header in it cannot be told from them, nor a stack from a frame of
# perf script.
AMBIGUOUS = re.compile(rb'\d+\.\d+:|PERF_RECORD')
FRAME = re.compile(rb'\t[ \t]*[0-9a-f]+[ \t]')

run_count = 0
failed = 0


def ok(good, title, *why):
    global run_count, failed
    run_count += 1
    failed += not good
    print('%s %d - %s' % ('ok' if good else 'not ok', run_count, title))
    for line in why if not good else ():
        print('#', repr(line)[:2000])


def run(program, *args, text=b''):
    done = subprocess.run([os.path.join(BUILD, program), *args], input=text, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)
    return done.stdout, done.stderr, done.returncode


def stacks(text, columns=1):
    """{stack: weights}, as a reader that knows the number of columns takes it."""
    found = collections.Counter() if columns == 1 else {}
    for line in text.split(b'\n'):
        if line and columns == 1:
            stack, count = line.rsplit(b' ', 1)
            found[stack] += int(count)
        elif line:
            stack, before, after = line.rsplit(b' ', 2)
            found[stack] = (int(before), int(after))
    return found


def name(dice, most):
    while True:
        text = b''.join(dice.choice(PIECES) for _ in range(dice.randrange(1, most)))
        if not AMBIGUOUS.search(text):
            return text


def comm(dice):
    """At most 15 bytes, and perf gives no way to know blanks at its ends."""
    while True:
        text = name(dice, 7)[:15].strip(b' \t')
        if text and not text.endswith(b'\r'):
            return text


def perf(dice):
    """Text of perf script, the weight of each process name in folded form, the whole weight."""
    lines, weights = [], collections.Counter()
    graph = dice.random() < 0.6
    for i in range(dice.choice([1, 1, 2, 5, 12])):
        who, weight = comm(dice), dice.randrange(1, 1000)
        head = who + b' ' * dice.randrange(1, 3) if graph else who.rjust(16) + b' '
        head += b' %d/%d [%03d] %d.%06d: %10d cycles:u: ' % (100 + i, 200 + i, i, i, i, weight)
        weights[who.replace(b' ', b'_').replace(b';', b':')] += weight
        frames = [b'%16x %s+0x1%x (/usr/bin/x)' % (0x55d0c0000000 + j, name(dice, 5), j)
                  for j in range(dice.randrange(0, 5) if graph else 1)]
        if graph:
            lines += [head] + [b'\t' + frame for frame in frames] + [b'']
        else:
            lines.append(head + frames[0])
    return b'\n'.join(lines) + b'\n', weights


def firsts(found):
    sums = collections.Counter()
    for stack, weight in found.items():
        sums[stack.split(b';', 1)[0]] += weight
    return sums


def in_utf8(found):
    """Formats of UTF-8 have marks in place of other bytes, and a blank in place of a line's end;
    "# " is no comment, but "#_"."""
    sums = collections.Counter()
    for stack, weight in found.items():
        text = re.sub('\ufffd+', '\ufffd', stack.decode(errors='replace')).replace('\r', ' ')
        sums[re.sub('^# ', '#_', text)] += weight
    return sums


def agree(title, text, want, *hints):
    """collapse, the data of a picture and flamediff read the stacks `want` from `text`."""
    again, err, _ = run('collapse', text=text)
    ok(stacks(again) == want and not err, title + ': collapse reads it', text, again, err, *hints)
    picture, err, status = run('flamegraph', '-q', text=text)
    back, told, _ = run('collapse', text=picture)
    ok(status == 0 and stacks(back) == want and not told, title + ': the picture holds it', text,
       back, err, told, *hints)
    for kind in 'pb.gz', 'speedscope.json':
        _, told, status = run('collapse', '-q', '-o', 'written.' + kind, text=text)
        again, err, _ = run('collapse', '-q', 'written.' + kind)
        ok(status == 0 and in_utf8(stacks(again)) == in_utf8(want) and not told + err,
           '%s: through %s' % (title, kind), text, again, told, err, *hints)
    with open('side', 'wb') as side:
        side.write(text)
    both, err, _ = run('flamediff', 'side', 'side')
    ok(stacks(both, 2) == {stack: (w, w) for stack, w in want.items()} and not err,
       title + ': flamediff reads it', text, both, err, *hints)


def same_process(got, want):
    """A thread whose name is a hash is written as #_ when it has no functions."""
    got, want = got.copy(), want.copy()
    for sums in got, want:
        sums[b'#'] += sums.pop(b'#_', 0)
    return +got == +want


def from_perf(seed):
    dice = random.Random(seed)
    options = dice.choice([[], [], ['--no-comm'], ['--all'], ['--pid'], ['--addrs'], ['--srcline']])
    title = 'perf %d %s' % (seed, ' '.join(options))
    text, weights = perf(dice)
    folded, err, _ = run('collapse', '--strict', *options, text=text)
    found = stacks(folded)
    ok(sum(found.values()) == sum(weights.values()), title + ': no sample is lost', text, folded,
       err)
    if '--no-comm' not in options and '--pid' not in options:
        ok(same_process(firsts(found), weights), title + ': process names', text, folded, err)
    agree(title, folded, found, text)


def from_folded(seed):
    """Names of any bytes but those that end one; lines that are no comments by the rule."""
    dice = random.Random(seed)
    want = collections.Counter()
    for _ in range(dice.choice([1, 2, 5, 20])):
        frames = [name(dice, 4).replace(b';', b':') for _ in range(dice.randrange(1, 5))]
        for i in range(1, len(frames) - 1):
            frames[i] = dice.choice([frames[i], frames[i], b''])
        stack = b';'.join(frames)
        comment = (stack + b' ').lstrip(b' \t').startswith(b'# ')
        if not comment and not FRAME.match(stack + b' '):
            want[stack] += dice.randrange(1, 1000)
    want[b'main;last'] = 1  # one column, for sure
    if dice.randrange(3) == 0:
        want[b''] = dice.randrange(1, 1000)
    text = b''.join(b'%s %d\n' % one for one in want.items())
    folded, err, _ = run('collapse', '--format', 'folded', '--strict', text=text)
    ok(stacks(folded) == want, 'folded %d' % seed, text, folded, err)
    agree('folded %d' % seed, folded, want)


def in_parts():
    """Several threads read what is large; lines that begin with '#' are everywhere."""
    names = [b'#irc', b'# x', b'worker', b'worker', b'#1 a']
    line = b'\t    55d0c0%06x %s+0x1 (/usr/bin/x)\n'
    frames = b''.join(line % (i, b'name_of_function_%d' % i * 4) for i in range(30))
    who = [names[i * i % 5 if i % 900 < 40 else 2] for i in range(250000)]
    text = b''.join(b'%s %d/%d [000] 1.000001: %d cycles:u: \n%s\n' % (who[i], i, i, i + 1, frames)
                    for i in range(7000))
    one, err, _ = run('collapse', '--threads', '1', text=text)
    many, told, _ = run('collapse', '--threads', '4', text=text)
    sums = firsts(stacks(one))
    ok(one == many and err == told and sum(sums.values()) == 7000 * 7001 // 2 and len(sums) == 4,
       'perf script in parts', err, told, sums)
    text = b''.join(b'%s;f%d;%s %d\n' % (who[i].replace(b' ', b'_'), i % 50,
                                         b'name_of_function_%d' % i * 4, i + 1)
                    for i in range(250000))
    one, err, _ = run('collapse', '--threads', '1', text=text)
    many, told, _ = run('collapse', '--threads', '4', text=text)
    ok(one == many and err == told and sum(stacks(one).values()) == 250000 * 250001 // 2,
       'folded stacks in parts', err, told)


for seed in range(ROUNDS):
    from_perf(seed)
    from_folded(seed)
in_parts()
print('1..%d' % run_count)
sys.exit(failed > 0)
