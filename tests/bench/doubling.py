# SPDX-License-Identifier: MIT
"""doubling.py BUILD [all|TEXT]: twice as much of one thing in the input takes at most 2.3 times the
instructions and the memory, for each reader and the main options. TAP on stdout.

Instructions are counted by cachegrind; those for an input of the smallest size are subtracted.
Memory is what the system gave a program for larger inputs of the same shape. `all`: each shape;
TEXT: those whose title has it; else some: one for each way in which the programs read, and each
option that was quadratic once.
"""
import json
import math
import os
import re
import subprocess
import sys

import doubling_binary as binary
import doubling_text as text

BUILD, WANTED = sys.argv[1], (sys.argv + [None])[2]
MOST = 2.3
SLACK = 100000     # instructions
PAGES = 2 << 20    # bytes that the allocator, the kernel and the starter round up
TIMES = 8          # memory is measured for inputs so much larger
SHAPES = []        # (title, command, {file: maker}, n, in the short run)
LEAST = {}         # what a command takes for an input of the smallest size


def shape(title, command, maker, n=400, short=False, **files):
    SHAPES.append((title, command, dict(files, **{'in': maker}), n, short))


# ---- inputs ----

def folded(n, depth=3, names=0, name='f'):
    names = names or n
    return ''.join(';'.join('%s%d' % (name, (i * 7 + d) % names) for d in range(depth)) + ' 1\n'
                   for i in range(n))


def chain(n):
    return ';'.join('f%d' % i for i in range(n)) + ' 1\n'


def perf(n, depth=3, events=1, comms=1, header='{c} {p}/{p} [000] {t}.5: 7 e{e}: \n'):
    return ''.join(header.format(c='c%d' % (i % comms), p=1 + i % comms, t=i, e=i % events) +
                   ''.join('\t%x f%d+0x1 (/x/lib%d.so)\n' % (4096 + i * 64, (i * 3 + d), d)
                           for d in range(depth)) + '\n' for i in range(n))


def js(value):
    return json.dumps(value)


def speedscope(n, evented=False, profiles=1):
    frames = [{'name': 'f%d' % i} for i in range(n)]
    each = max(1, n // profiles)
    if evented:
        events = [{'type': t, 'frame': i, 'at': i * 2 + (t == 'C')} for i in range(n) for t in 'OC']
        all_profiles = [{'type': 'evented', 'name': 'p', 'unit': 'none', 'startValue': 0,
                         'endValue': 2 * n, 'events': events}]
    else:
        all_profiles = [{'type': 'sampled', 'name': 'p%d' % p, 'unit': 'none', 'startValue': 0,
                         'endValue': each, 'samples': [[0, i] for i in range(each)],
                         'weights': [1] * each} for p in range(profiles)]
    return js({'$schema': 'https://www.speedscope.app/file-format-schema.json',
               'shared': {'frames': frames}, 'profiles': all_profiles})


def cpuprofile(n):
    nodes = [{'id': i + 1, 'callFrame': {'functionName': 'f%d' % i, 'scriptId': '1', 'url': 'u.js',
                                         'lineNumber': i, 'columnNumber': 0},
              'children': [i + 2] if i + 1 < n and i % 40 else []}
             for i in range(n)]
    nodes[0]['children'] = sorted({1 + i for i in range(1, n) if i % 40 == 1} | {2})[:n - 1]
    return js({'nodes': nodes, 'startTime': 0, 'endTime': n + 1,
               'samples': list(range(1, n + 1)) + [1], 'timeDeltas': [1] * (n + 1)})


def trace(n, flat=True):
    return js({'traceEvents': [{'name': 'f%d' % i, 'ph': 'X', 'pid': 1, 'tid': 1,
                                'ts': i * 10 if flat else i // 40 * 1000 + i % 40,
                                'dur': 5 if flat else 900 - 2 * (i % 40)}
                               for i in range(n)]})


def trace_pairs(n):
    return js([{'name': 'f%d' % i, 'ph': ph, 'pid': 1, 'tid': i % 9, 'ts': i * 10 + 5 * (ph == 'E')}
               for i in range(n) for ph in 'BE'])


def callgrind(n):
    return 'version: 1\nevents: Ir\n\nfn=main\n1 1\n' + ''.join(
        'cfn=f%d\ncalls=1 1\n1 2\n' % i for i in range(n)) + '\n' + ''.join(
        'fn=f%d\n1 2\n\n' % i for i in range(n))


def callgrind_chain(n):
    return 'version: 1\nevents: Ir\n' + ''.join(
        '\nfn=f%d\n1 1\n' % i + ('cfn=f%d\ncalls=1 1\n1 %d\n' % (i + 1, n - i - 1)
                                 if i + 1 < n else '') for i in range(n))


def bpftrace(n):
    return 'Attaching 1 probe...\n\n' + ''.join(
        '@[\n    f%d+1\n    main+2\n, c%d]: 3\n' % (i, i) for i in range(n))


def dtrace(n):
    return '\n'.join('\n              lib`f%d+0x1\n              lib`main+0x2\n                7' % i
                     for i in range(n)) + '\n'


def gdb(n):
    return ''.join('Thread %d (Thread 0x%x (LWP %d) "t"):\n#0  0x1 in f%d () at a.c:1\n'
                   '#1  0x2 in main () at a.c:2\n\n' % (i, i + 1, i + 1, i) for i in range(n))


def gdb_chain(n):
    return 'Thread 1 (Thread 0x1 (LWP 1) "t"):\n' + ''.join(
        '#%-2d 0x1 in f%d () at a.c:1\n' % (i, i) for i in range(n))


def eu_stack(n):
    return 'PID 1 - process\n' + ''.join(
        'TID %d:\n#0  0x0000000000000001     f%d - /l.so\n#1  0x2     main - /x\n' % (i, i)
        for i in range(n))


def faulthandler(n):
    return ''.join('Thread 0x%08x (most recent call first):\n  File "/a.py", line 2 in f%d\n'
                   '  File "/a.py", line 3 in main\n\n' % (i, i) for i in range(n))


def jvm(n):
    return 'Full thread dump OpenJDK 64-Bit Server VM:\n\n' + ''.join(
        '"t%d" #1 prio=5 os_prio=0 tid=0x1 nid=0x1 runnable\n   java.lang.Thread.State: RUNNABLE\n'
        '\tat a.F%d.run(F.java:1)\n\tat a.Main.main(M.java:2)\n\n' % (i, i) for i in range(n))


def phpspy(n):
    return ''.join('0 f%d /a.php:1\n1 <main> /a.php:2\n# uri = /%d\n\n' % (i, i) for i in range(n))


def ghc(n):
    return js({'program': 'p', 'arguments': [], 'rts_arguments': [], 'end_time': 't',
               'initial_capabilities': 0, 'total_time': 1, 'total_ticks': n, 'tick_interval': 1000,
               'total_alloc': n,
               'cost_centres': [{'id': i, 'label': 'f%d' % i, 'module': 'M', 'src_loc': 's',
                                 'is_caf': False} for i in range(n)],
               'profile': {'id': 0, 'entries': 1, 'alloc': 1, 'ticks': 1, 'children': [
                   {'id': i, 'entries': 1, 'alloc': 1, 'ticks': 1, 'children': []}
                   for i in range(1, n)]}})


def csv(n):
    return 'Function Stack,CPU Time:Self\nTotal,0\n' + ''.join('  f%d,1.5\n' % i for i in range(n))


def foreign_svg(n):
    return '<svg width="1200" height="100">' + ''.join(
        '<g><title>f%d (1 samples, %.2f%%)</title><rect x="%.1f" y="50" width="1" height="15"/></g>'
        % (i, 100.0 / n, 10 + i) for i in range(n)) + (
        '<g><title>all (%d samples, 100%%)</title><rect x="10" y="66" width="%d" height="15"/></g>'
        '</svg>' % (n, n))


def many(count, line):
    return lambda n: ''.join(line % i for i in range(count(n)))


def options(word, n):
    return [word % i for i in range(n)]


# ---- shapes ----

flat = ['collapse', 'in']
draw = ['flamegraph', '-o', '/dev/null', 'in']
shape('folded: stacks', flat, folded)
shape('folded: depth', flat, chain, 3000, short=True)
shape('folded: a long name', flat, lambda n: 'a;' + 'b' * n + ' 1\n', 20000)
shape('folded: siblings', flat, lambda n: folded(n, 2, n), 600)
shape('folded: comments', flat, lambda n: 'a 1\n' * 99 + '# c\n' * n, 2000)
shape('folded: bad lines', flat, lambda n: 'a 1\n' * 99 + 'a\n' * n, 2000)
shape('folded: two columns', draw, many(lambda n: n, 'a;f%d 1 2\n'), 400, short=True)
shape('perf: samples', flat, perf, 300)
shape('perf: depth', flat, lambda n: perf(1, n), 1500)
shape('perf: events', flat, lambda n: perf(n, 2, n), 300, short=True)
shape('perf: events, all of them', ['flamegraph', '--all-events', '-o', 'x.svg', 'in'],
      lambda n: perf(n, 2, n), 300, short=True)
shape('perf: processes', flat + ['--pid'], lambda n: perf(n, 2, 1, n), 300)
shape('perf: headers alone', flat, lambda n: perf(n, 0), 500)
shape('perf: a long name', flat, lambda n: 'a 1 1.0: 1 c: \n\t1 ' + 'f' * n + ' (/x)\n\n', 20000)
shape('perf: a long header', flat, lambda n: perf(9) + 'a' * n + ' 1/1 [000] 1.0: 1 c: \n\t1 f (/x)\n\n', 15000)
shape('perf: labels', flat + ['--tag-root', 'pid'], lambda n: perf(n, 2, 1, n), 200, short=True)
shape('perf: --tags', flat + ['--tags'], lambda n: perf(n, 2, 1, n), 200)
shape('perf: --time', flat + ['--time', '0,9999999'], perf, 300)
shape('speedscope: samples', flat, speedscope, 300, short=True)
shape('speedscope: events', flat, lambda n: speedscope(n, True), 300)
shape('speedscope: profiles', flat, lambda n: speedscope(n, profiles=n), 200)
shape('cpuprofile: nodes', flat, cpuprofile, 300, short=True)
shape('trace: spans', flat, trace, 300, short=True)
shape('trace: nested spans', flat, lambda n: trace(n, False), 300)
shape('trace: begins and ends', flat, trace_pairs, 200)
shape('callgrind: callees', flat, callgrind, 300, short=True)
shape('callgrind: depth', flat, callgrind_chain, 300)
shape('bpftrace: entries', flat, bpftrace, 300)
shape('dtrace: stacks', flat, dtrace, 300)
shape('gdb: threads', flat, gdb, 200)
shape('gdb: depth', flat, gdb_chain, 600)
shape('eu-stack: threads', flat, eu_stack, 200)
shape('faulthandler: threads', flat, faulthandler, 200)
shape('jvm: threads', flat, jvm, 200)
shape('phpspy: stacks and labels', flat, phpspy, 200)
shape('ghc: cost centers', flat, ghc, 300)
shape('vtune: rows', flat, csv, 400)
shape('svg of others: frames', flat, foreign_svg, 300, short=True)
nameless = flat + ['--no-symbols']
shape('perf.data: samples', nameless, binary.perf_data, 300, short=True)
shape('perf.data: depth', nameless, lambda n: binary.perf_data(1, n), 800)
shape('perf.data: processes', nameless, lambda n: binary.perf_data(n, 2, n), 200)
shape('perf.data: mappings', nameless, lambda n: binary.perf_data(n, 2, 1, n), 200)
shape('perf.data: times backwards', nameless,
      lambda n: binary.perf_data(n, backwards=True), 300)
shape('jfr: samples', flat, binary.jfr, 200, short=True)
shape('jfr: depth', flat, lambda n: binary.jfr_chunk(1, n), 800)
shape('jfr: chunks', flat, lambda n: binary.jfr(n, chunks=n), 20)
shape('pstats: functions', flat, binary.pstats, 200, short=True)
shape('pstats: callers', flat, lambda n: binary.pstats(n, 8), 100)
shape('otlp: samples', flat, binary.otlp, 300, short=True)
shape('otlp: depth', flat, lambda n: binary.otlp(1, n), 800)
shape('otlp: attributes', flat, lambda n: binary.otlp(n, 2, n), 200)
shape('otlp: messages', flat, binary.otlp_profiles, 100)
for name, maker, n in (
        ('go', text.go, 200), ('systemtap', text.systemtap, 300), ('simpleperf', text.simpleperf, 200),
        ('xdebug', text.xdebug, 300), ('stackprof', text.stackprof, 300), ('rprof', text.rprof, 400),
        ('ghc: a report', text.ghc_report, 300), ('visual-studio', text.visual_studio, 400),
        ('pmcstat', text.pmcstat, 300), ('massif', text.massif, 400), ('dhat', text.dhat, 300),
        ('xctrace', text.xctrace, 200), ('sample', text.sample, 300),
        ('instruments', text.instruments, 300), ('firefox', text.firefox, 300)):
    shape(name + ', flat', flat, maker, n)
# Stacks that nest, with weight at each level.
NESTED = {
    'events': text.events, 'speedscope': text.evented, 'cpuprofile': text.v8,
    'xdebug': lambda n: text.xdebug(n, True), 'firefox': lambda n: text.firefox(n, True),
    'visual-studio': lambda n: text.visual_studio(n, True)}
for name, maker in NESTED.items():
    shape(name + ': weight at each level', draw, maker, 600, short=name == 'events')
for name in 'events', 'cpuprofile', 'xdebug', 'firefox':
    shape(name + ': weight at each level, all values', draw + ['--all-events'], NESTED[name], 600)
for name, key in ('events', 'pid'), ('firefox', 'thread'):
    shape(name + ': weight at each level, --tag-root', draw + ['--tag-root', key], NESTED[name], 600,
          short=name == 'firefox')
shape('events: weight at each level, --tag-root=cat', draw + ['--tag-root=cat'], text.events, 600,
      short=True)
for name, key in ('events', 'cat=x'), ('firefox', 'thread=.'):
    shape(name + ': weight at each level, --tag-focus', draw + ['--tag-focus', key], NESTED[name],
          600, short=name == 'events')
shape('events: weight at each level, --tag-ignore', draw + ['--tag-ignore=cat=y'], text.events, 600)


# Folded stacks have each frame of each stack, stacks from the leaf have no frames in common, and
# indented text has a blank for each level: they grow with the square of the levels. The cost does
# not grow faster than they do.
def levels(maker):
    return lambda n: maker(1 + int(30 * math.sqrt(n)))


for name, maker in NESTED.items():
    shape(name + ': weight at each level, folded', flat, levels(maker), 300, short=name == 'events')
shape('callers of weight at each level', draw + ['--reverse'], levels(text.events), 40)
shape('instruments: weight at each level', draw, levels(lambda n: text.instruments(n, True)), 300)
shape('instruments: callers', draw, levels(text.instruments_callers), 300)
shape('files', ['collapse'], lambda n: 'a 1\n', 100, short=True)

shape('a picture: frames', draw, folded, 300)
shape('a picture: depth', draw, chain, 800)
shape('a picture: siblings', draw, many(lambda n: n, 'a;f%d 1\n'), 600)
shape('a flame chart', draw + ['--flamechart'], many(lambda n: n, 'a;f%d 1\n'), 400)
shape('callers', draw + ['--reverse'], lambda n: folded(n, 4), 200)
shape('a sandwich', draw + ['--sandwich', '^f1$'], lambda n: folded(n, 4, 20), 300)
shape('merged recursion', draw + ['--merge-recursion'], lambda n: 'a;' * n + 'b 1\n', 800)
shape('color rules', draw + ['{--color-rule=f%d=red}'], lambda n: folded(200), 20, short=True)
shape('classes', flat + ['{--class=c%d=f%d$}', '--shares=x.tsv'], lambda n: folded(200), 20)
shape('renames', flat + ['{--rename=s/f%d$/g/}'], lambda n: folded(200), 20, short=True)
shape('--hide', flat + ['{--hide=^f%d$}'], lambda n: 'a;b 1\n' + folded(200), 20)
shape('--nameattr', draw + ['--nameattr', 'attributes'], lambda n: folded(20), 300,
      attributes=many(lambda n: n, 'f%d\ttitle=t\n'))
shape('--palette-file', draw + ['--palette-file', 'palette'], lambda n: folded(20), 300, short=True,
      palette=many(lambda n: n, 'f%d->rgb(1,2,3)\n'))
shape('--report', ['flamegraph', '--report=text', '--top', '5', 'in'], lambda n: folded(n, 4), 200)
shape('--report json', ['flamegraph', '--report=json', 'in'], lambda n: folded(n, 4), 100)
shape('--report markdown', ['flamegraph', '--report=markdown', 'in'], lambda n: folded(n, 4), 100)
shape('a terminal', ['flamegraph', '--output-format=term', 'in'], lambda n: folded(n, 4), 200)
shape('pprof is written', flat + ['-o', 'x.pb.gz'], lambda n: folded(n, 4), 200)
shape('speedscope is written', flat + ['-o', 'x.speedscope.json'], lambda n: folded(n, 4), 200)
shape('pprof is read', ['collapse', 'made.pb.gz'], lambda n: folded(n, 4), 200, short=True)
shape('a picture is read', ['collapse', 'made.svg'], lambda n: folded(n, 4), 200, short=True)
shape('a difference', ['flamediff', '-o', 'x.svg', 'in', 'after'], folded, 150, short=True,
      after=lambda n: folded(n, name='g'))
shape('a report of a difference', ['flamediff', '--report=json', 'in', 'after'], folded, 100,
      after=lambda n: folded(n).replace(' 1\n', ' 2\n'))
shape('gates', ['flamediff', '--gates=gates', '--report=text', 'in', 'in'], lambda n: folded(2000, 3, 50), 25,
      gates=many(lambda n: n, 'total > 9%d%%\n'))
shape('runs of a side', ['flamediff', '--report=text', '{in}', '--', '{in}'],
      lambda n: folded(30), 6)


# ---- counting ----

def prepare(command, files, n):
    """The command line for this size; its files are written."""
    for name, maker in files.items():
        made = maker(n)
        with open(name, 'wb') as file:
            file.write(made if isinstance(made, bytes) else made.encode())
    words = [BUILD + '/' + command[0], '-q', '--threads', '1']
    for word in command[1:]:
        if word.startswith('{'):
            words += [re.sub('%d', str(i), word[1:-1]) for i in range(n)]
        elif word.startswith('made.'):
            made = subprocess.run([BUILD + '/' + ('flamegraph' if 'svg' in word else 'collapse'),
                                   '-q', '-o', word, 'in'], check=False)
            if made.returncode != 0:
                return None
            words.append(word)
        else:
            words.append(word)
    if command == ['collapse']:
        words += ['./in'] * n
    return words


# The kernel counts what a process had before exec() as memory of the program: a small process
# starts them, from before the inputs are made.
STARTER = """
import os, sys
for line in sys.stdin:
    words = line[:-1].split('\\0')
    child = os.fork()
    if child == 0:
        for fd, name, how in ((0, '/dev/null', 0), (1, 'out', 577), (2, 'said', 577)):
            os.dup2(os.open(name, how, 0o600), fd)
        try:
            os.execvp(words[0], words)
        finally:
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    print(status, usage.ru_maxrss, flush=True)
"""
starter = subprocess.Popen([sys.executable, '-S', '-E', '-c', STARTER], stdin=subprocess.PIPE,
                           stdout=subprocess.PIPE, encoding='utf-8')


def run(words):
    """Its status and the bytes of memory that it had at most."""
    starter.stdin.write('\0'.join(words) + '\n')
    starter.stdin.flush()
    status, kilobytes = map(int, starter.stdout.readline().split())
    return status, kilobytes * 1024


def count(words):
    status, _ = run(['valgrind', '--tool=cachegrind', '--cache-sim=no',
                     '--cachegrind-out-file=/dev/null'] + words)
    with open('said', encoding='utf-8', errors='replace') as said:
        found = re.search(r'I +refs: +([\d,]+)', said.read())
    return int(found.group(1).replace(',', '')) if status == 0 and found else None


def count_sizes(command, files, sizes):
    """The smallest input of one shape does for all of the same command: no shape needs 100,000
    instructions more than another for it."""
    known = LEAST.get(tuple(command))
    found = [words and count(words)
             for words in (prepare(command, files, n) for n in sizes[known is not None:])]
    if None in found:
        return None
    found = found if known is None else [known] + found
    LEAST[tuple(command)] = found[0]
    return found


def measure_sizes(command, files, sizes):
    found = [run(prepare(command, files, n)) for n in sizes]
    return None if any(status for status, _ in found) else [size for _, size in found]


def grows(least, once, twice, slack):
    return twice - least > MOST * (once - least) + slack


def check(number, title, command, files, n):
    """Whether it is good. Memory: the step to the double size, against the step before."""
    taken = count_sizes(command, files, [1, n, 2 * n])
    sizes = taken and measure_sizes(command, files, [TIMES * n // 2, TIMES * n, TIMES * 2 * n])
    if not sizes:
        with open('said', encoding='utf-8', errors='replace') as said:
            print('not ok %d - %s\n# it fails: %s' % (number, title, said.read()[-300:]))
        return False
    least, once, twice = taken
    good = once > least and not grows(least, once, twice, SLACK) and \
        sizes[2] - sizes[1] <= MOST * (sizes[1] - sizes[0]) + PAGES
    print('%sok %d - %s: %.2f x' % ('' if good else 'not ', number, title,
                                    (twice - least) / max(1, once - least)), flush=True)
    if not good:
        print('# instructions %s, bytes %s' % (taken, sizes))
    return good


chosen = [one for one in SHAPES
          if (WANTED == 'all' or WANTED in one[0] if WANTED else one[4])]
good = [check(i + 1, title, command, files, n)
        for i, (title, command, files, n, _) in enumerate(chosen)]
print('1..%d' % len(chosen))
sys.exit(not all(good))
