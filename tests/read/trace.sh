#!/bin/sh
# SPDX-License-Identifier: MIT
# Trace events: times, labels, and what does not nest.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1

# folds TITLE WANTED OPTION...: the trace on stdin becomes these stacks, in any order.
folds() {
    title=$1
    printf %b "$2" | sort >want
    shift 2
    cat >trace.json
    check "$title" sh -c 'collapse -q "$@" trace.json | sort | diff want -' - "$@"
}

folds 'fractions of microseconds, and times since 1970' 'a 0.25\na;b 1.5\n' <<'END'
[{"ph":"X","ts":1795909253072710,"dur":1.75,"name":"a"},
 {"ph":"X","ts":1795909253072710.25,"dur":"1.5","name":"b"}]
END
folds 'sums of clang are left out' 'a 5\n' <<'END'
{"traceEvents":[{"ph":"X","ts":0,"dur":5,"name":"a"},
 {"ph":"X","ts":0,"dur":5,"tid":2,"name":"Total a","args":{"count":1,"avg ms":5}}]}
END
folds 'events by category' 'a 3\n' --tag-focus cat=x <<'END'
[{"ph":"X","ts":0,"dur":5,"name":"a","cat":"x"},{"ph":"X","ts":1,"dur":2,"name":"b","cat":"y"}]
END
folds 'categories as first frames' 'x;a 3\ny;a;b 2\n' --tag-root cat <<'END'
[{"ph":"X","ts":0,"dur":5,"name":"a","cat":"x"},{"ph":"X","ts":1,"dur":2,"name":"b","cat":"y"}]
END
folds 'threads as first frames' '7;a 3\n7;a;b 2\n' --tag-root tid <<'END'
[{"ph":"X","ts":0,"dur":5,"tid":7,"name":"a"},{"ph":"X","ts":1,"dur":2,"tid":7,"name":"b"}]
END
folds 'how often' 'a 1\na;b 2\n' --sample-index events <<'END'
[{"ph":"X","ts":0,"dur":5,"name":"a"},{"ph":"X","ts":1,"dur":1,"name":"b"},
 {"ph":"X","ts":3,"dur":1,"name":"b"}]
END
folds 'ends in any order at one time' 'a 1\na;b 4\n' <<'END'
[{"ph":"B","ts":0,"name":"a"},{"ph":"B","ts":1,"name":"b"},
 {"ph":"E","ts":5,"name":"a"},{"ph":"E","ts":5,"name":"b"}]
END
folds 'threads named by words' 'GPU;k 2\nmain;f 1\n' <<'END'
[{"ph":"M","name":"thread_name","pid":1,"tid":"stream 7","args":{"name":"GPU"}},
 {"ph":"M","name":"thread_name","pid":1,"tid":5,"args":{"name":"main"}},
 {"ph":"X","ts":0,"dur":2,"pid":1,"tid":"stream 7","name":"k"},
 {"ph":"X","ts":0,"dur":1,"pid":1,"tid":5,"name":"f"}]
END

printf '[{"ph":"X","ts":0,"dur":1,"name":"b"},{"ph":"X","ts":1,"dur":1,"name":"a"},
{"ph":"X","ts":2,"dur":1,"name":"b"}]' >chart.json
flamegraph -q --flamechart chart.json >chart.svg
check 'a flame chart keeps the order' [ "$(grep -c '<title>b (' chart.svg)" = 2 ]
printf '[{"ph":"X","ts":1e300,"dur":1,"name":"b"},{"ph":"X","ts":1,"dur":-1,"name":"a"},
{"ph":"X","ts":2,"dur":1,"name":"b"}]' >odd.json
check 'times that cannot be counted are told' sh -c \
    'collapse odd.json 2>&1 >/dev/null | grep -q "ignored 2 records: an event without a time"'
"$AWK" 'BEGIN { printf "["; for (i = 0; i < 20000; i++)
    printf "{\"ph\":\"B\",\"ts\":%d,\"name\":\"f\"},\n", i }' >deep.json
check 'what is nested too deep counts for what it is in' [ "$(collapse -q deep.json |
    "$AWK" '{ sum += $NF } END { print sum }')" = 19999 ]

done_testing
