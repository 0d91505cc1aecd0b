#!/bin/sh
# SPDX-License-Identifier: MIT
# What cProfile writes: the own time and the calls of functions are those that Python reads,
# however the calls are drawn. Damage of each kind is an error with its place.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
data=$srcdir/tests/data/formats/pstats
command -v python3 >/dev/null || skip_all 'there is no python3'

pstats_py() {
    python3 "$srcdir/tests/read/pstats.py" "$@"
}

# shellcheck disable=SC2317
# agrees FILE VALUE: the leaves of the stacks are in `want`.
agrees() {
    collapse -q --sample-index "$2" "$1" >stacks || return 1
    pstats_py leaves stacks >got
    diff want got
}

for file in "$data"/app-*.pstats; do
    name=$(basename "$file")
    for value in time calls; do
        pstats_py table "${file%.pstats}.expected.tsv" $value >want
        check "$name: own $value" agrees "$file" $value
    done
    collapse -q "$file" >stacks
    check "$name: calls of a function that several call" grep -q ';dispatch' stacks
    check "$name: no stack that was never there" \
        sh -c '! grep -E "a_caller;dispatch;cold|b_caller;dispatch;hot" stacks'
done
collapse "$data/app-py2.7.18.pstats" 2>&1 >/dev/null | grep -q 'in \[merged\]'
check 'what is merged is told' [ $? -eq 0 ]
collapse -q --lines "$data/app-py2.7.18.pstats" >got
check 'lines' grep -q 'dispatch:app.py:14' got

# ---- by the Python at hand ----

cat >app.py <<'END'
import threading
def leaf(n): return sum(i * i for i in range(n))
def fact(n): return 1 if n == 0 else n * fact(n - 1)
def hot(): return leaf(20000)
def cold(): return leaf(100)
def dispatch(f): return f()
def a(): return dispatch(hot)
def b(): return dispatch(cold)
exec(compile("def odd(): return leaf(9)", "<gen;erated>", "exec"))
for i in range(30): a(); b(); odd(); fact(50); sorted([3, 2, 1], key=lambda x: -x)
END
python3 -m cProfile -o new.pstats app.py
for value in time calls; do
    pstats_py own new.pstats $value >want
    check "a new profile: own $value" agrees new.pstats $value
done

# ---- damage ----

pstats_py make whole whole
collapse -q whole >got
check 'one function' grep -qx 'g 1' got
for kind in itself beyond named cycle deep callers text; do
    pstats_py make $kind $kind
    collapse --input-format pstats $kind >got 2>err
    check "$kind: an error with its place" \
        grep 'pstats data, byte [0-9]*: it is damaged or cut short' err
done
for kind in nan huge; do
    pstats_py make $kind $kind
    check "$kind: is told" sh -c "collapse $kind 2>&1 | grep 'a value that cannot be counted'"
done
pstats_py make digits digits
check 'digits: an error with its place' sh -c "collapse digits 2>&1 | grep 'pstats data, byte'"
{ cat whole; echo; } >longer
check 'bytes after the end are told' sh -c "collapse longer 2>&1 | grep 'bytes after the end'"
check 'memory has its limit' sh -c \
    'collapse --max-memory 2M callers 2>&1 | grep -i memory'

done_testing
