#!/bin/sh
# SPDX-License-Identifier: MIT
# orphan.sh: flamegraph-raster ends with the process that started it, also when that one is killed
# while it draws. It is stopped first, so that it cannot come to the end by itself.
. "${srcdir:-.}/tests/lib/tap.sh"
has raster || skip_all 'this build is without librsvg'
grep -q '^NoNewPrivs' /proc/self/status 2>/dev/null ||
    skip_all 'this system does not tell how far a process is'
cd "$work" || exit 1
"$AWK" 'BEGIN {
    for (i = 0; i < 60000; i++) print "main;f" i % 100 ";g" i " 1"
}' >in.folded

# helper PID: the process that PID has started, once it is confined: it has read nothing yet.
helper() {
    for file in $(grep -l "^PPid:.$1\$" /proc/[0-9]*/status 2>/dev/null); do
        grep -q '^NoNewPrivs:.1' "$file" 2>/dev/null && sed -n 's/^Pid:.//p' "$file"
    done
}
state() {
    sed -n 's/^State:[^A-Z]*\([A-Z]\).*/\1/p' "/proc/$1/status" 2>/dev/null
}

# ends SIGNAL: flamegraph gets it while what draws is stopped; both are gone soon.
ends() {
    rm -f out.png
    "$builddir/flamegraph" -q --minwidth 0 --scale 8 -o out.png in.folded &
    parent=$!
    child=
    tries=0
    while [ -z "$child" ] && [ $tries -lt 500 ] && kill -0 $parent 2>/dev/null; do
        child=$(helper $parent)
        tries=$((tries + 1))
    done
    [ -n "$child" ] || { echo 'it was not seen'; return 1; }
    kill -STOP "$child"
    kill -s "$1" $parent
    wait $parent
    tries=0
    while [ -n "$(state "$child")" ] && [ "$(state "$child")" != Z ] && [ $tries -lt 50 ]; do
        sleep .1
        tries=$((tries + 1))
    done
    case $(state "$child") in
    '' | Z) ;;
    *)
        echo "process $child is still there: $(state "$child")"
        kill -KILL "$child"
        return 1
        ;;
    esac
    [ ! -e out.png ]
}
for signal in KILL TERM; do
    check "it ends with a flamegraph that gets SIG$signal" ends $signal
done
done_testing
