#!/usr/bin/env python3
"""How the cost of collapse grows: growth.py COLLAPSE

Prints the tables of doc/performance.md: processor time (user and system) of one thread, the least
of three runs, for text that comes by a pipe.
"""
import os
import random
import subprocess
import sys

RUNS = 3


def seconds(collapse, parts):
    """Feed `parts`, in writes of 1 MB, and return the processor time that collapse took."""
    best = None
    for _ in range(RUNS):
        child = subprocess.Popen([collapse, '--threads', '1', '--quiet'], stdin=subprocess.PIPE,
                                 stdout=subprocess.DEVNULL, bufsize=1 << 20)
        for part in parts():
            child.stdin.write(part)
        child.stdin.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit('growth.py: %s failed' % collapse)
        spent = usage.ru_utime + usage.ru_stime
        best = spent if best is None else min(best, spent)
    return best


def sample(i, frames):
    lines = ['worker-%d  %d [%03d]  %d.%06d:     200040 cpu-clock:pppH: '
             % (i % 8, 4000 + i % 8, i % 2, i // 5000, i % 5000 * 200)]
    lines += ['\tffffffff%08x function_%d+0x%x (/usr/lib/libwork.so)' % (f * 64 + i % 9, f, i % 9)
              for f in frames]
    return '\n'.join(lines) + '\n\n'


def frames_of(stack, depth, names):
    dice = random.Random(stack)
    return [dice.randrange(names) for _ in range(depth)]


def table(title, unit, rows):
    print('| %s | s | ns per %s |\n| ---: | ---: | ---: |' % (title, unit))
    for count, units, parts in rows:
        spent = seconds(sys.argv[1], parts)
        print('| %s | %.2f | %.0f |' % (format(count, ','), spent, spent / units * 1e9),
              flush=True)
    print()


def by_samples():
    stacks = [frames_of(s, 8, 500) for s in range(1000)]
    dice = random.Random(1)
    part = ''.join(sample(i, dice.choice(stacks)) for i in range(100000)).encode()
    for count in 10**5, 10**6, 10**7:
        yield count, count, lambda n=count // 100000: (part for _ in range(n))


def by_stacks():
    for count in 10**4, 10**5, 10**6:
        def parts(n=count):
            for first in range(0, n, 10000):
                yield ''.join(sample(i, frames_of(i, 8, 500))
                              for i in range(first, first + 10000)).encode()
        yield count, count, parts


def by_depth():
    for depth in 10**2, 10**3, 10**4, 10**5:
        def parts(depth=depth):
            for i in range(10**6 // depth):
                yield sample(i, frames_of(i % 10, depth, 500)).encode()
        yield depth, 10**6, parts


table('samples of 1,000 stacks', 'sample', by_samples())
table('distinct stacks', 'stack', by_stacks())
table('frames a stack, 10^6 in all', 'frame', by_depth())
