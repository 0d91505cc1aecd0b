# SPDX-License-Identifier: MIT
"""doubling_text.py: inputs of a given size for doubling.py, in formats that few programs write."""
import json


def lines(n, line, before='', after=''):
    return before + ''.join(line.replace('%d', str(i)) for i in range(n)) + after


def nested(n, line, before='', after=''):
    """Each line a level deeper than the one before: %b are its blanks, %r what is left below."""
    return before + ''.join(line.replace('%b', ' ' * i).replace('%r', str(n - i))
                            .replace('%d', str(i)) for i in range(n)) + after


def go(n):
    return lines(n, 'goroutine %d [running]:\nmain.f%d(0x1)\n\t/a.go:1 +0x1\nmain.main()\n\t/a.go:2\n\n')


def systemtap(n):
    return lines(n, ' 0xffffffff8103ce3b : f%d+0xb/0x10 [kernel]\n 0x7f3a1d00 : main+0x20/0x90 [/a]\n\t7\n')


def simpleperf(n):
    return lines(n, 'sample:\n  event_type: cpu-clock\n  time: %d\n  event_count: 7\n  thread_id: %d\n'
                 '  thread_name: a\n  vaddr_in_file: 1\n  file: /a.so\n  symbol: f%d\n  callchain:\n'
                 '    vaddr_in_file: 2\n    file: /b.so\n    symbol: main\n',
                 'meta_info:\n  trace_offcpu: false\n  event_type: cpu-clock\n')


def xdebug(n, deep=False):
    head = 'Version: 3.2.0\nFile format: 4\nTRACE START [2026-11-28 23:25:34.324706]\n'
    enter, leave = '%d\t%d\t0\t0.%06d\t1\tf%d\t1\t\t/a.php\t1\t0\n', '%d\t%d\t1\t0.%06d\t1\n'
    if not deep:
        return head + enter % (1, 1, 0, 0) + ''.join(
            enter % (i + 2, 2, 2 * i, i) + leave % (i + 2, 2, 2 * i + 1)
            for i in range(n)) + '\t\t\t0.9\t1\nTRACE END   [x]\n'
    return head + ''.join(enter % (i + 1, i + 1, i, i) for i in range(n)) + ''.join(
        leave % (i + 1, i + 1, 2 * n - i) for i in reversed(range(n))) + '\t\t\t0.9\t1\nTRACE END   [x]\n'


def stackprof(n):
    return json.dumps({'raw': [x for i in range(n) for x in (2, 1, i + 1, 1)], 'version': 1.2,
                       'raw_timestamp_deltas': [5] * n, 'mode': 'wall', 'interval': 1000,
                       'samples': n, 'gc_samples': 0, 'missed_samples': 0,
                       'frames': {str(i + 1): {'name': 'f%d' % i, 'file': 'a.rb', 'line': 1}
                                  for i in range(n)}})


def rprof(n):
    return lines(n, '"f%d" "main" \n', 'sample.interval=10000\n')


def ghc_report(n, deep=False):
    line = ' %b f%d  Lib  a.hs:1  %d  1  0.5 0.5  99.0 99.0\n' if deep else \
        ' f%d  Lib  a.hs:1  %d  1  0.5 0.5  0.5 0.5\n'
    return nested(n, line, '\tSun Nov 29 12:00 2026 Time and Allocation Profiling Report  (Final)\n\n'
                  '\t   shop +RTS -p -RTS\n\n\ttotal time  =        0.10 secs   (100 ticks @ 1000 us, '
                  '1 processor)\n\ttotal alloc =       1,000 bytes  (excludes profiling overheads)\n\n'
                  'COST CENTRE MODULE SRC            %time %alloc\n\n\n\n'
                  '                                                     individual      inherited\n'
                  'COST CENTRE MODULE  SRC                  no. entries  %time %alloc   %time %alloc\n\n'
                  'MAIN        MAIN    <built-in>           100       0    0.5    0.0   100.0  100.0\n')


def vtune(n):
    return nested(n, '%bf%d,1.5\n', 'Function Stack,CPU Time:Self\n')


def visual_studio(n, deep=False):
    return lines(n, '%d,"f%d","7",1.00,1.00,\n' if deep else '1,"f%d","7",1.00,1.00,\n',
                 'Level,Function Name,Number of Calls,Elapsed Inclusive Time %,'
                 'Elapsed Exclusive Time %,\n')


def pmcstat(n):
    return lines(n, '20.86%  [7]     f%d @ /boot/kernel/zfs.ko\n 100.0%  [7]      main\n\n',
                 '@ inst_retired.any [35705 samples]\n\n')


def massif(n, deep=False):
    head = 'desc: x\ncmd: ./a\ntime_unit: i\n#-----------\nsnapshot=0\n#-----------\ntime=9\n' \
        'mem_heap_B=%d\nmem_heap_extra_B=8\nmem_stacks_B=0\nheap_tree=peak\n' % (2 * n)
    if not deep:
        return head + 'n%d: %d (heap allocation functions) malloc\n' % (n, 2 * n) + ''.join(
            ' n0: 2 0x1: f%d (a.c:1)\n' % i for i in range(n))
    return head + ''.join('%sn%d: %d 0x1: f%d (a.c:1)\n' % (' ' * i, i + 1 < n, 2 * (n - i), i)
                          for i in range(n))


def dhat(n):
    return json.dumps({'dhatFileVersion': 2, 'mode': 'ad-hoc', 'verb': 'Occurred', 'bklt': False,
                       'bkacc': False, 'bu': 'unit', 'bsu': 'units', 'bksu': 'events',
                       'tu': 'instrs', 'Mtu': 'Minstr', 'cmd': './a', 'pid': 1, 'te': 1,
                       'pps': [{'tb': 7, 'tbk': 3, 'fs': [1, i + 1]} for i in range(n)],
                       'ftbl': ['[root]'] + ['0x1: f%d (a.c:3)' % i for i in range(n)]})


def xctrace(n):
    return lines(n, '<row><sample-time id="1%d">5</sample-time><thread id="2%d" fmt="a"/>'
                 '<weight id="3%d" fmt="1 ms">1000000</weight><backtrace id="4%d">'
                 '<frame id="5%d" name="f%d"/></backtrace></row>\n',
                 '<?xml version="1.0"?>\n<trace-query-result>\n<node xpath="x"><schema '
                 'name="time-profile"><col><mnemonic>weight</mnemonic></col></schema>\n',
                 '</node></trace-query-result>\n')


def sample(n, deep=False):
    head = 'Analysis of sampling app (pid 77) every 1 millisecond\nAnalysis Tool:   /usr/bin/sample\n' \
        '----\n\nCall graph:\n    %d Thread_1\n' % n
    line = '    %b%b%r f%d  (in app) + 1  [0x1]\n' if deep else '      1 f%d  (in app) + 1  [0x1]\n'
    return nested(n, line, head, '\nTotal number in stack (recursive counted multiple, when >=5):\n')


def instruments(n, deep=False):
    return nested(n, '4.0ms   99.9%\t1\t \t%bf%d\n' if deep else '4.0ms   99.9%\t1\t \tf%d\n',
                  'Running Time\tSelf (ms)\t\tSymbol Name\n')


def instruments_callers(n):
    """Inverted: each line is the caller of the one before and explains a part of its weight."""
    return 'Weight\tSelf Weight\t\tSymbol Name\n' + ''.join(
        '%d.00 ms  100.0%%\t%s\t \t%sf%d\n' % (n - i, '%d.00 ms' % n if i == 0 else '-', ' ' * i, i)
        for i in range(n))


def firefox(n, deep=False):
    return json.dumps({
        'meta': {'version': 34, 'interval': 2, 'stackwalk': 1, 'product': 'x',
                 'preprocessedProfileVersion': 66, 'categories': [{'name': 'Other'}],
                 'sampleUnits': {'threadCPUDelta': '\u00b5s'}},
        'threads': [{'name': 'Main', 'pid': '7', 'tid': 8,
                     'samples': {'stack': list(range(n)), 'weight': [1] * n}}],
        'shared': {'stringArray': ['f%d' % i for i in range(n)], 'funcTable': {'name': list(range(n))},
                   'frameTable': {'func': list(range(n)), 'line': [1] * n, 'category': [0] * n,
                                  'inlineDepth': [0] * n},
                   'stackTable': {'frame': list(range(n)),
                                  'prefixOffset': [int(i > 0) if deep else i for i in range(n)]}}})


def v8(n):
    """A chain of nodes with a sample in each."""
    return json.dumps({'nodes': [
        {'id': i + 1, 'callFrame': {'functionName': 'f%d' % i, 'scriptId': '1', 'url': 'u.js',
                                    'lineNumber': i, 'columnNumber': 0}, 'hitCount': 1,
         'children': [i + 2] if i + 1 < n else []} for i in range(n)], 'startTime': 0, 'endTime': n})


def events(n):
    """Functions that begin one in another, and end, of two categories in turns."""
    return json.dumps([{'name': 'f%d' % i, 'ph': ph, 'pid': 1, 'tid': 1, 'cat': 'xy'[i % 2],
                        'ts': i if ph == 'B' else 2 * n - i}
                       for ph, order in (('B', range(n)), ('E', reversed(range(n)))) for i in order])


def evented(n):
    """The same for speedscope."""
    return json.dumps({
        '$schema': 'https://www.speedscope.app/file-format-schema.json',
        'shared': {'frames': [{'name': 'f%d' % i} for i in range(n)]},
        'profiles': [{'type': 'evented', 'name': 'p', 'unit': 'none', 'startValue': 0,
                      'endValue': 2 * n, 'events': [
                          {'type': kind, 'frame': i, 'at': i if kind == 'O' else 2 * n - i}
                          for kind, order in (('O', range(n)), ('C', reversed(range(n))))
                          for i in order]}]})
