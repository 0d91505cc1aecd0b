# SPDX-License-Identifier: MIT
"""starts.py DATA: inputs that start in the middle of a stack, followed by the whole input: no stack
comes out that the whole does not have, and what was left out is reported. TAP on stdout."""
import glob
import os
import subprocess
import sys

CUTS = 25  # of each file
FORMATS = ['eu-stack', 'faulthandler', 'gdb', 'phpspy']
run, failed = 0, 0


def collapse(data, options):
    done = subprocess.run(['collapse'] + options, input=data, capture_output=True, timeout=60,
                          check=False)
    lines = done.stdout.decode('utf-8', 'replace').splitlines()
    return done.returncode, {line.rsplit(' ', 1)[0] for line in lines}, done.stderr


def find_inputs(data):
    for name in FORMATS:
        yield from sorted(glob.glob('%s/formats/%s/*.txt' % (data, name)))
    for path in sorted(glob.glob(data + '/perf/*.in')):
        if '-flat' not in path:
            yield path


def check(path):
    """The number of cuts whose start was reported, and the wrong ones."""
    with open(path, 'rb') as file:
        whole = file.read()
    options = []
    if os.path.exists(path[:-3] + '.options'):
        with open(path[:-3] + '.options', encoding='utf-8') as file:
            options = file.read().split()
    _, stacks, before = collapse(whole + b'\n' + whole, options)
    lines = whole.splitlines(keepends=True)
    reported, wrong = 0, []
    for cut in range(1, len(lines), max(1, len(lines) // CUTS)):
        status, some, messages = collapse(b''.join(lines[cut:]) + b'\n' + whole, options)
        reported += messages.count(b'ignored') > before.count(b'ignored')
        if status != 0 or some - stacks:
            wrong.append((cut, status, sorted(some - stacks)[:2]))
    return reported, wrong


total = 0
for path in find_inputs(sys.argv[1]):
    reported, wrong = check(path)
    total += reported
    run += 1
    failed += bool(wrong)
    print('%sok %d - %s' % ('not ' if wrong else '', run, '/'.join(path.split('/')[-2:])))
    for cut in wrong[:3]:
        print('# without %d lines: status %d, %s' % cut)
run += 1
failed += total < 30
print('%sok %d - the starts are reported' % ('not ' if total < 30 else '', run))
if total < 30:
    print('# %d' % total)
print('1..%d' % run)
sys.exit(failed > 0)
