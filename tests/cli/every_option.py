# SPDX-License-Identifier: MIT
"""every_option.py BUILD DATA some|all: each option of each program, as --list-options lists them,
with hostile names, values, inputs and outputs.

No run crashes, hangs, opens a socket, controls the terminal, or leaves a temporary file. A failure
says why. A run without failure keeps the sum of all weights, unless its option leaves some out.
"some" tries a part of the values, inputs and outputs for each option. TAP on stdout.
"""
import concurrent.futures
import gzip
import lzma
import os
import re
import shutil
import subprocess
import sys

import option_table

BUILD, DATA, MUCH = sys.argv[1:4]
ALL = MUCH == 'all'
FEATURES = os.environ['FEATURES'].split()
SECONDS = 60
STEERS = re.compile('[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]')

# ---- inputs --------------------------------------------------------------------------------------

NAMES = ['#x', '#', '--', '-', '-o', '--help', '1 2', '7', '', ' ', '\t', 'a b', '\u202ex',
         '\x1b[2J', '\x01', '\x7f', '\udcff', '<b>', '"', "'", '&', '%s', 'f_[k]', '[x]',
         'a->b', 'nan', '=1']
WORDS = [name for name in NAMES if name.strip()]


def sum_of(stacks, columns=1):
    """Of folded stacks: the sum of the last column, or of both."""
    sums = [0.0] * columns
    for line in stacks.split(b'\n'):
        if line and not line.startswith(b'# '):
            for i, weight in enumerate(line.rsplit(b' ', columns)[1:]):
                sums[i] += float(weight)
    return sums[0] if len(set(sums)) == 1 else sums


def text_of(lines):
    return '\n'.join(lines).encode('utf-8', 'surrogateescape') + b'\n'


def folded():
    lines = ['main;%s;f %d' % (name, i + 1) for i, name in enumerate(NAMES)]
    alone = [name for name in WORDS if name != '#']  # '# 3' is a comment
    lines += ['%s %d' % (name, i + 1) for i, name in enumerate(alone)]
    return text_of(lines), sum(range(len(NAMES) + 1)) + sum(range(len(alone) + 1))


def perf():
    lines = []
    for i, name in enumerate(WORDS):
        lines += ['%s %d/%d [%03d] %d.5: %d cycles: ' % (name, i + 1, i + 1, i % 4, i, i + 1),
                  '\t 55d0c0000000 %s+0x1 (/usr/bin/x)' % name,
                  '\t 55d0c0000010 main+0x1 (/bin/y)', '']
    return text_of(lines), sum(range(len(WORDS) + 1))


def with_sum(text):
    """Beside the sum that collapse finds without options."""
    return text, sum_of(subprocess.check_output([BUILD + '/collapse', '-q'], input=text))


def labels():
    """A pprof with labels."""
    with gzip.open(os.path.join(DATA, 'formats/pprof/go-cpu.pb.gz')) as file:
        return with_sum(file.read())


def recording():
    """A perf.data with cycles, which is read alike with symbols and without."""
    with lzma.open(os.path.join(DATA, 'perf-data/fp.data.xz')) as file:
        return with_sum(file.read())


INPUTS = {'folded': folded(), 'perf': perf(), 'labels': labels(), 'recording': recording()}
VALUES = ['', '-', '--', '#x', '1 2', 'a;b', '-1', '1e999', 'nan', '9' * 300, '%s%n', '(', '=', ',',
          '..', '\x1b[2J\u202e', '\udcff', '/dev/null', 's/x/y/', 'x=y', '0', '1,2', '/dev/full']

# ---- runs ----------------------------------------------------------------------------------------

OPEN_FAILS = ['folder', 'no/such', '/proc/version', '/dev/full']
STDOUTS = ['/dev/full', 'closed', 'reader that is gone']


def pipe_without_reader():
    """Made once, before the threads: a program that another thread starts would hold the reader."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


GONE = pipe_without_reader()


def environment():
    env = dict(os.environ, LC_ALL='C.UTF-8', TZ='UTC', DEBUGINFOD_URLS='http://127.0.0.1:9/')
    if os.environ['GUARD']:
        env['LD_PRELOAD'] = os.environ['GUARD']
    return env


ENVIRONMENT = environment()


def traces():
    """Whether system calls can be looked at here."""
    if not ALL or not os.environ['GUARD'] or not shutil.which('strace'):
        return False
    return subprocess.call(['strace', '-o', 'trace', 'true'], stderr=subprocess.DEVNULL) == 0


CALLS = 'trace=socket,connect,bind'
TRACE = ['strace', '-f', '-qq', '-e', CALLS, '-o', 'trace'] if traces() else []


def start(words, folder, source, target):
    """Run a program in `folder`. The input is `source`, standard output is `target`."""
    out, close = subprocess.PIPE, None
    if target == 'closed':
        close = lambda: os.close(1)  # noqa: E731
    elif target == 'reader that is gone':
        out = os.dup(GONE)
    elif target:
        out = os.open(target, os.O_WRONLY)
    words = [os.fsencode(word) for word in [*TRACE, *words]]
    try:
        done = subprocess.run(words, cwd=folder, input=source, stdout=out, stderr=subprocess.PIPE,
                              env=ENVIRONMENT, timeout=SECONDS, preexec_fn=close, check=False)
        return done.returncode, done.stdout or b'', done.stderr
    except subprocess.TimeoutExpired:
        return -1, b'', b'it hangs'
    finally:
        if out != subprocess.PIPE:
            os.close(out)


def faults(status, err, folder):
    """What no run may do."""
    found = []
    if not 0 <= status <= 4:
        found.append('exit status %d' % status)
    told = err.decode('utf-8', 'surrogateescape')
    if status > 0 and not told.strip():
        found.append('no message')
    if STEERS.search(told) or re.search('[\udc80-\udcff]', told):
        found.append('the message controls a terminal')
    if os.path.exists(folder + '/trace'):
        with open(folder + '/trace', encoding='utf-8', errors='replace') as trace:
            if re.search('AF_INET|AF_NETLINK|connect|bind', trace.read()):
                found.append('it used the network')
    found += ['it left ' + name for name in os.listdir(folder) if re.search('tmp|[.][0-9]+$', name)]
    return found


# ---- one option ----------------------------------------------------------------------------------


class Option:
    """An option of a program, in a folder of its own."""

    def __init__(self, program, name, takes_value, entry, number):
        self.program, self.name, self.number, self.bad, self.count = program, name, number, [], 0
        kind, *words = entry.split()
        if '--output-format=png' in words and 'raster' not in FEATURES:
            kind = 'fails'
        self.kind, _, source = kind.partition('/')
        self.value = words.pop(0) if takes_value and words else 'names' if takes_value else None
        self.words = words
        self.text, self.sum = INPUTS[source or 'folded']
        self.folder = '%s-%s' % (program, name)
        os.makedirs(self.folder + '/folder')
        self.put('in.folded', self.text)
        self.put('names', text_of(NAMES))
        self.put('attributes', b'main\thref=https://x/\tclass=x\n')
        self.put('css', b'rect { fill: red }\n')
        self.put('gates', b'any > 5 %\n')
        if program == 'flamestore':
            shutil.copy('base.db', self.folder)

    def put(self, name, text):
        with open('%s/%s' % (self.folder, name), 'wb') as file:
            file.write(text)

    def run(self, value, target=None, text=None, must_fail=False):
        words = ['--' + self.name + ('' if value is None else '=' + value), *self.words]
        if self.program == 'flamestore':
            words = ['--store=base.db', *words]
        else:
            words += ['in.folded'] * (2 if self.program == 'flamediff' else 1)
        if text is not None:
            self.put('in.folded', text)
        return self.check([BUILD + '/' + self.program, *words], target, must_fail)

    def check(self, words, target=None, must_fail=False):
        status, out, err = start(words, self.folder, b'', target)
        found = faults(status, err, self.folder)
        if target == 'reader that is gone':  # a program ends without a word, as by the signal
            found = [fault for fault in found if fault not in ('no message', 'exit status -13')]
        if must_fail and status == 0:
            found.append('no failure')
        self.count += 1
        self.bad += ['%s >%s: %s: %r' % (words[1:], target, fault, err[:300]) for fault in found]
        return status, out, err

    def rotate(self, values, n):
        """All of them, or `n` that other options do not have."""
        return values if ALL else [values[(self.number * n + i) % len(values)] for i in range(n)]

    def sum_is(self, out):
        if self.program == 'flamegraph' and not out.startswith((b'main', b'#')):
            out = start([BUILD + '/collapse', '-q', '-'], self.folder, out, None)[1]
        return sum_of(out, 2 if self.program == 'flamediff' else 1)

    def keeps_sum(self):
        own = self.kind == 'write' and self.name == 'output' and self.program != 'flamestore'
        return own or self.kind in ('keep', 'less')

    def expect_sum(self, out, whole):
        if self.kind == 'write':
            with open('%s/%s' % (self.folder, self.value), 'rb') as file:
                out = file.read()
        found = self.sum_is(out)
        if found != self.sum if whole else not 0 < found <= self.sum:
            self.bad.append('the sum is %s, not %s: %r' % (found, self.sum, out[:300]))

    def try_all(self):
        status, out, err = self.run(self.value)
        gate = self.kind in ('gate', 'read') or '--fail-on=any>5%' in self.words
        if status == 1 and b'this build has none' in err:  # without libdw
            return self
        if (status == 0 or (gate and status in (3, 4))) == (self.kind == 'fails'):
            self.bad.append('exit status %d: %r' % (status, err[:300]))
        elif self.keeps_sum():
            self.expect_sum(out, self.kind != 'less')
        if self.value is not None:
            for value in self.rotate(VALUES, 3):
                self.run(value)
            self.check([BUILD + '/' + self.program, 'in.folded', '--' + self.name])
        if self.kind == 'write':
            for value in OPEN_FAILS:
                self.run(value, must_fail=True)
        if self.kind == 'read':
            for value in ('folder', 'no/such'):
                self.run(value, must_fail=True)
            self.run('/dev/null')
            self.run('names')
        for target in self.rotate(STDOUTS, 1) if self.kind != 'fails' and out else []:
            self.run(self.value, target, must_fail=True)
        size = len(self.text)
        for cut in self.rotate([size * i // 8 - i % 3 for i in range(1, 8)], 1):
            status, out, _ = self.run(self.value, text=self.text[:cut])
            if status == 0 and self.kind == 'keep':
                self.expect_sum(out, False)
        return self


# ---- all options ---------------------------------------------------------------------------------


def options_of(program):
    """(name, whether it takes a value), as the program lists them."""
    listed = subprocess.check_output([BUILD + '/' + program, '--list-options']).decode()
    rows = [line.split('\t') for line in listed.splitlines()]
    return [(row[0][2:], row[1] != '') for row in rows]


def make_store():
    text = b'# flametree: unit=samples\n' + INPUTS['folded'][0]
    for begin in ('-90min', '-10min'):
        subprocess.run([BUILD + '/flamestore', '-q', '--store=base.db', 'add', '--from=' + begin,
                        '--tag=a=#x', '--source=in', '-'], input=text, check=True)


def main():
    failed = count = 0
    chosen = []
    programs = [name for name in option_table.OWN if name != 'flamestore' or 'store' in FEATURES]
    if 'store' in FEATURES:
        make_store()
    for program in programs:
        table = option_table.entries(program)
        listed = options_of(program)
        missing = {name for name, _ in listed} ^ table.keys()
        count += 1
        failed += bool(missing)
        print('%sok %d - option_table.py has the options of %s: %s' %
              ('not ' if missing else '', count, program, ' '.join(sorted(missing))))
        chosen += [Option(program, name, takes, table[name], len(chosen) + i)
                   for i, (name, takes) in enumerate(listed) if name in table]
    if 'store' in FEATURES and os.environ['GUARD']:
        os.mkdir('asks')
        ask = [BUILD + '/flamestore', '--store=x.db', 'collect', '--once', 'http://127.0.0.1:9/']
        status, _, err = start(ask, 'asks', b'', None)
        count += 1
        good = bool(faults(status, err, 'asks'))
        failed += not good
        print('%sok %d - a program that opens a socket is noticed' % ('' if good else 'not ', count))
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        for option in pool.map(Option.try_all, chosen):
            count += 1
            failed += bool(option.bad)
            print('%sok %d - %s --%s: %d runs' % ('not ' if option.bad else '', count,
                                                  option.program, option.name, option.count))
            for line in option.bad:
                print('# ' + ascii(line)[:900])
    print('1..%d' % count)
    return failed > 0


sys.exit(main())
