# SPDX-License-Identifier: MIT
"""What each option of each program needs and does, for every_option.py.

'option': 'WHAT[/INPUT] [VALUE] [WORD...]': the words are what else the option needs; for flamestore
the first of them is its command. What a run with this value does:

  keep   no weight is lost       less   some may be left out     other  it prints something else
  read   the value is a file     write  it is a file to write    fails  it needs something else
  gate   the exit status is a verdict

Options with the same name are alike in all programs, but for those in OWN.
"""
MARKS = {
    'pid': 'keep/perf', 'tid': 'keep/perf', 'kernel': 'keep/perf', 'jit': 'keep/perf',
    'all': 'keep/perf', 'addrs': 'keep/perf', 'srcline': 'keep/perf', 'no-comm': 'keep/perf',
    'merge-threads': 'keep/perf', 'weight': 'other/perf samples',
}
INPUT = {
    'event-filter': 'keep/perf cycles', 'time': 'less/perf 1,9', 'only-pid': 'less/perf 1,2',
    'only-comm': 'less/perf 7', 'only-cpu': 'less/perf 0,2',
    'fields': 'other/perf comm,pid,tid,cpu,time,period,event,ip,sym,dso',
    'input-format': 'keep folded', 'threads': 'keep 2', 'symfs': 'keep/recording .',
    'kallsyms': 'keep/recording names', 'no-symbols': 'keep/recording',
}
VALUE = {
    'sample-index': 'keep/labels cpu', 'tag-root': 'keep/labels endpoint',
    'tag-focus': 'less/labels endpoint=.', 'tag-ignore': 'less/labels x', 'tags': 'other/labels',
    'lines': 'keep/labels', 'no-lines': 'keep', 'no-inlines': 'keep/labels',
    'no-modules': 'keep/labels', 'idle': 'keep', 'list-formats': 'other',
}
FILTER = {
    'rename': 'keep s/a/b/', 'focus': 'less main', 'ignore': 'less f', 'hide': 'less f',
    'show': 'less main|f', 'show-from': 'less main', 'prune-from': 'keep f',
    'skip-after': 'keep f', 'merge-recursion': 'keep', 'class': 'keep x=f',
    'shares': 'write x.tsv --class=x=f', 'max-depth': 'keep 1',
}
COMMON = {
    'max-memory': 'keep 500M', 'quiet': 'keep', 'verbose': 'keep', 'strict': 'keep',
    'help': 'other all', 'version': 'other', 'list-options': 'other',
}
PICTURE = {
    'title': 'keep x', 'subtitle': 'keep x', 'height': 'keep 20', 'minwidth': 'keep 1',
    'inverted': 'keep', 'sort': 'keep weight', 'scale': 'other 2 --output-format=png',
    'background': 'other white --output-format=png',
    'term-colors': 'other 16 --output-format=term', 'bgcolors': 'keep grey', 'fonttype': 'keep x',
    'font': 'keep x', 'fontsize': 'keep 9', 'fontwidth': 'keep .5', 'unit': 'keep ns',
    'nametype': 'keep x', 'notes': 'keep x', 'nameattr': 'read attributes', 'unsafe-links': 'keep',
    'search': 'keep f', 'script': 'other none', 'id-prefix': 'keep x', 'fragment': 'keep',
    'theme': 'keep dark', 'css': 'read css', 'no-metadata': 'keep', 'report': 'other json',
    'top': 'other 3 --report=text', 'delta': 'keep self', 'output-format': 'keep folded',
}
OWN = {
    'collapse': {
        'inline': 'keep/perf', 'context': 'keep/perf --inline', 'comm': 'keep/perf',
        'header': 'keep', 'fact': 'keep commit=x --header', 'output': 'write x.folded',
        'output-format': 'other speedscope',
    },
    'flamegraph': {
        'width': 'keep 800', 'reverse': 'keep', 'sandwich': 'less f', 'flamechart': 'keep',
        'output': 'write x.svg', 'tui': 'fails', 'report-view': 'other tree --report=text',
        'report-sort': 'other name --report=text', 'peek': 'other f --report=text',
        'colors': 'keep java', 'hash': 'keep', 'random': 'keep', 'seed': 'keep 1 --random',
        'color-rule': 'keep f=red', 'cp': 'keep', 'palette-file': 'write x.map', 'negate': 'keep',
        'countname': 'keep x', 'encoding': 'keep UTF-8', 'total': 'keep 99999',
        'factor': 'other 2', 'info': 'other', 'json': 'other --info', 'all-events': 'keep/perf',
        'source-url': 'keep https://x/{file}#L{line}', 'print-csp-hash': 'other',
    },
    'flamediff': {
        'output': 'write x.folded', 'n': 'keep', 'normalize': 'keep none', 'work': 'keep 1,1',
        'work-unit': 'keep row --work=1,1', 'labels': 'keep x,y',
        'width': 'other 800 --output-format=svg', 'colors': 'other safe --output-format=svg',
        'min-delta': 'other 1% --report=text', 'confidence': 'other 90% --report=text',
        'sample-weight': 'other 1 --report=text', 'countname': 'keep ns',
        'fail-on': 'gate any>5% --sample-weight=1',
        'fail-on-moved': 'gate --fail-on=any>5% --sample-weight=1',
        'gates': 'read gates --sample-weight=1',
        'each-tag': 'gate/labels endpoint --fail-on=any>5%',
        'junit': 'write x.xml --fail-on=any>5%', 'series': 'other', 'baseline': 'fails .',
        'keep': 'fails 2', 'strip-hex': 'keep', 'fold-names': 'keep',
    },
    'flamestore': {
        'store': 'fails x.db size', 'tag': 'other a=#x get', 'source': 'other in get',
        'from': 'other -1h get', 'until': 'other now get', 'by': 'other a get',
        'sample-index': 'other samples get', 'output': 'write x.folded get',
        'output-format': 'other pprof get', 'before': 'gate -2h..-1h compare --after=-1h..now',
        'after': 'gate -1h..now compare --before=-2h..-1h',
        'runs': 'gate a compare --after=-1h..now --before=-2h..-1h',
        'each-tag': 'gate a compare --after=-1h..now --before=-2h..-1h',
        'input-format': 'other folded add in.folded --from=now',
        'symfs': 'other/recording . add in.folded --from=now',
        'no-symbols': 'other/recording add in.folded --from=now', 'every': 'fails 1s collect',
        'timeout': 'fails 1s collect', 'sources': 'fails names collect', 'counts': 'fails collect',
        'once': 'fails collect', 'forward': 'fails x collect', 'max-answer': 'fails 1M collect',
        'keep-minutes': 'other 14d expire', 'keep-hours': 'other 14d expire',
        'listen': 'fails x serve', 'token-file': 'fails x serve', 'max-memory': 'other 500M size',
        'quiet': 'other size', 'verbose': 'other size', 'strict': 'other size',
    },
}
SHARED = {
    'collapse': [MARKS, INPUT, VALUE, FILTER, COMMON],
    'flamegraph': [INPUT, VALUE, FILTER, COMMON, PICTURE],
    'flamediff': [MARKS, INPUT, VALUE, FILTER, COMMON, PICTURE],
    'flamestore': [COMMON],
}


def entries(program):
    table = {}
    for part in [*SHARED[program], OWN[program]]:
        table.update(part)
    return table
