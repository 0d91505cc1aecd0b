# SPDX-License-Identifier: MIT
"""binding.py GO BEFORE AFTER: what examples/library/flametree.py gives, with assert."""
import ctypes
import json
import os
import sys

import flametree

go, before, after = sys.argv[1:]
profile = flametree.Profile().read(go)
summary = profile.summary()
assert (summary.value, summary.unit, summary.sides) == ('cpu', 'nanoseconds', 1), summary
assert profile.values() == [('samples', 'count', False), ('cpu', 'nanoseconds', True)]
assert profile.labels() == ['endpoint', 'tenant'], profile.labels()
root = profile.walk()[0]
assert root.depth == 0 and root.total == summary.total and root.name == ''
assert sum(node.self for node in profile.walk()) == summary.total
function = profile.top(1)[0]
assert function.name == 'crypto/sha256.block' and function.places == 4, function
assert function.file.endswith('sha256block_amd64.s') and function.line == 800
assert b'crypto/sha256.block' in profile.report(format='markdown', top=3)
folded = profile.draw(format='folded').splitlines()
assert sum(int(line.rsplit(b' ', 1)[1]) for line in folded) == summary.total

small = flametree.Profile(in_order=True)
small.add(['main', 'read'], 3)
small.add(['main', 'write'], 4)
small.add(['main', 'read'], 1)
small.add_fact('host', 'db7')
assert small.facts() == {'host': 'db7'}
assert [node.name for node in small.walk()] == ['', 'main', 'read', 'write', 'read']
assert [(node.name, node.self) for node in small.top()] == [('read', 4), ('write', 4), ('main', 0)]
small.apply(('hide', '^write$'), ('max_depth', 9), ('merge_recursion', None))
assert 'write' not in [node.name for node in small.walk()]
svg = small.draw(title='db7', color_rules=['read=red', 'main=blue'], width=300)
assert svg.startswith(b'<?xml') and b'db7' in svg
small.draw('binding.svg')
assert os.path.getsize('binding.svg') > 1000

both = flametree.Profile().read(before).compare(flametree.Profile().read(after),
                                                labels=('old', 'new'), work=(0, 0))
assert both.summary().sides == 2
assert b'old' in both.report(format='text')
report = json.loads(both.report(format='json'))
changes = both.changes()
assert [change.name for change in changes] == [''] + [f['name'] for f in report['functions']]
for change, wanted in zip(changes, [report] + report['functions']):
    for key in ('total', 'self') if change.name else ('total',):
        got, want = getattr(change, key), wanted[key]
        assert got.scale == ('none' if not change.name else report['normalize']), (change, report)
        assert got.verdict == want['verdict'], (change, want)
        for number in ('before', 'after', 'low', 'high', 'percent'):
            value = getattr(got, number)
            assert want[number] is None or abs(value - want[number]) <= 1e-6 * (1 + abs(value)), \
                (change.name, number, value, want)
    assert change.cause == (wanted.get('cause') or ''), change
shares = flametree.Profile().read(before).compare(flametree.Profile().read(after), scale='total')
assert [change.total.scale for change in shares.changes()[:2]] == ['none', 'total']
gates = both.judge('total>500%', 'nosuch>1%')
assert gates[0][0] == 'too little data' and 'same work' in gates[0][1], gates
assert 'nothing of that name' in gates[1][1], gates
classes = flametree.compare([small], [small], classes=['reads=read'])
assert json.loads(classes.report(format='json'))['classes'][0]['name'] == 'reads'
twice = flametree.compare([small, small], [small])
assert twice.summary().samples == 9, twice.summary()
assert b'reads' in small.draw(classes=['reads=read'])
strange = flametree.Profile().read_bytes(b'a\xff;b 5\n')
strange.merge(small)
try:
    flametree.Profile().read('/nowhere')
    assert False
except flametree.Error as error:
    assert error.errno == 2 and error.file == '/nowhere', error
try:
    small.draw(theme='pink')
    assert False
except flametree.Error as error:
    assert error.code == 4 and 'theme' in str(error)
try:
    small.draw(them='dark')
    assert False
except TypeError as error:
    assert 'them' in str(error)
for name in ('Setup', 'Reading', 'Comparison', 'Picture', 'Report', '_Summary', '_Filter', '_Node',
             '_Gate', '_Change', '_FunctionChange'):
    known = name.strip('_').replace('nC', 'n_c').lower()
    print('flametree_%s %d' % (known, ctypes.sizeof(getattr(flametree, name))))
