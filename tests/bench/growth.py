#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How the cost of collapse and flamegraph grows: growth.py BUILD [PLOT.svg]

Prints the tables of doc/performance.md: processor time (user and system) of one thread, the least
of three runs, for text that comes by a pipe. The plot shows what each sample, stack or frame costs,
as a multiple of what it costs in that row of its table where it costs least.
"""
import math
import os
import pathlib
import random
import subprocess
import sys

RUNS = 3


def seconds(command, parts):
    """Feed `parts`, in writes of 1 MB, and return the processor time that the command took."""
    best = None
    parts = list(parts())
    for _ in range(RUNS):
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                 bufsize=1 << 20)
        for part in parts:
            child.stdin.write(part)
        child.stdin.close()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            sys.exit('growth.py: %s failed' % command[0])
        spent = usage.ru_utime + usage.ru_stime
        best = spent if best is None else min(best, spent)
    return best


# ---- inputs ----

def sample(i, frames):
    lines = ['worker-%d  %d [%03d]  %d.%06d:     200040 cpu-clock:pppH: '
             % (i % 8, 4000 + i % 8, i % 2, i // 5000, i % 5000 * 200)]
    lines += ['\tffffffff%08x function_%d+0x%x (/usr/lib/libwork.so)' % (f * 64 + i % 9, f, i % 9)
              for f in frames]
    return '\n'.join(lines) + '\n\n'


def folded(_, frames):
    return ';'.join('function_%d' % f for f in frames) + ' 1\n'


def frames_of(stack, depth, names):
    dice = random.Random(stack)
    return [dice.randrange(names) for _ in range(depth)]


def by_samples():
    stacks = [frames_of(s, 8, 500) for s in range(1000)]
    dice = random.Random(1)
    part = ''.join(sample(i, dice.choice(stacks)) for i in range(100000)).encode()
    for count in 10**5, 10**6, 10**7:
        yield count, count, lambda n=count // 100000: (part for _ in range(n))


def by_stacks(write):
    for count in 10**4, 10**5, 10**6:
        def parts(n=count):
            for first in range(0, n, 10000):
                yield ''.join(write(i, frames_of(i, 8, 500))
                              for i in range(first, first + 10000)).encode()
        yield count, count, parts


def by_depth(write, distinct):
    for depth in 10**2, 10**3, 10**4, 10**5:
        def parts(depth=depth):
            for i in range(10**6 // depth):
                yield write(i, frames_of(i % distinct, depth, 500)).encode()
        yield depth, 10**6, parts


# ---- tables and plot ----

def table(command, title, unit, rows):
    """Print it, and return [(size, ns)]."""
    print('| %s | s | ns per %s |\n| ---: | ---: | ---: |' % (title, unit))
    taken = []
    for size, units, parts in rows:
        spent = seconds(command, parts)
        taken.append((size, spent / units * 1e9))
        print('| %s | %.2f | %.0f |' % (format(size, ','), spent, taken[-1][1]), flush=True)
    print()
    return taken


COLORS = ['#1b6ca8', '#c0392b', '#2e8b57', '#8e44ad', '#d68910']
LEFT, TOP, WIDTH, HEIGHT, MOST = 60, 20, 480, 240, 3


def place(size, times):
    """Sizes from 10^2 to 10^7 on a logarithmic scale, multiples from 0 to MOST."""
    return (LEFT + (math.log10(size) - 2) / 5 * WIDTH, TOP + (1 - times / MOST) * HEIGHT)


def plot(lines):
    """SVG of [(title, [(size, ns)])]."""
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 310" font-family="sans-serif" '
           'font-size="12"><rect width="860" height="310" fill="#fff"/>']
    for times in range(MOST + 1):
        _, y = place(100, times)
        out.append('<path d="M%d %.1fh%d" stroke="#ddd"/><text x="%d" y="%.1f" text-anchor="end">'
                   '%d x</text>' % (LEFT, y, WIDTH, LEFT - 8, y + 4, times))
    for power in range(2, 8):
        x, y = place(10**power, 0)
        out.append('<text x="%.1f" y="%.1f" text-anchor="middle">10<tspan dy="-5" font-size="9">%d'
                   '</tspan></text>' % (x, y + 20, power))
    for i, (title, taken) in enumerate(lines):
        least = min(ns for _, ns in taken)
        points = [place(size, ns / least) for size, ns in taken]
        out.append('<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>' %
                   (COLORS[i], ' '.join('%.1f,%.1f' % point for point in points)))
        out += ['<circle cx="%.1f" cy="%.1f" r="3" fill="%s"/>' % (x, y, COLORS[i])
                for x, y in points]
        out.append('<text x="%d" y="%d" fill="%s">%s</text>' %
                   (LEFT + WIDTH + 20, TOP + 20 + 22 * i, COLORS[i], title))
    return '\n'.join(out) + '\n</svg>\n'


def main():
    build = pathlib.Path(sys.argv[1])
    collapse = [str(build / 'collapse'), '--threads', '1', '--quiet']
    flamegraph = [str(build / 'flamegraph'), '--threads', '1', '--quiet']
    lines = [
        ('collapse, per sample of 1,000 stacks',
         table(collapse, 'samples of 1,000 stacks', 'sample', by_samples())),
        ('collapse, per distinct stack',
         table(collapse, 'distinct stacks', 'stack', by_stacks(sample))),
        ('collapse, per frame, by depth',
         table(collapse, 'frames a stack, 10^6 in all', 'frame', by_depth(sample, 10))),
        ('flamegraph, per distinct stack',
         table(flamegraph, 'distinct stacks drawn', 'stack', by_stacks(folded))),
        ('flamegraph, per frame, by depth',
         table(flamegraph, 'frames a stack drawn, 10^6 in all', 'frame', by_depth(folded, 10**6))),
    ]
    if len(sys.argv) > 2:
        pathlib.Path(sys.argv[2]).write_text(plot(lines), encoding='ascii')


main()
