#!/bin/sh
# SPDX-License-Identifier: MIT
# crowd.sh: two thousand runs at once write into one folder and one palette file. All succeed, each
# picture is what one run alone draws, the palette file is whole, nothing is left beside them.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
have mkfifo || skip_all 'mkfifo is missing'
runs=${CROWD_RUNS:-2000}
inputs=20
mkdir all alone

n=0
while [ $n -lt $inputs ]; do
    "$AWK" -v n=$n 'BEGIN { for (i = 0; i < 200; i++) print "main;f" i % 9 ";of" n "_" i " " i }' \
        >in.$n
    "$builddir/flamegraph" -q --palette-file alone.map -o alone/$n.svg in.$n
    n=$((n + 1))
done

# Each waits until the gate opens and closes again: then they all go.
mkfifo gate
run=0
while [ $run -lt "$runs" ]; do
    (
        read -r _ <gate
        "$builddir/flamegraph" -q --palette-file all.map -o all/$run.svg in.$((run % inputs)) \
            2>told.$run || echo $run >>failed
    ) &
    run=$((run + 1))
done
sleep 5
: >gate
sleep 1
while ! wait; do :; done
: >>failed
check "none of $runs runs at once has failed" test ! -s failed
find . -name 'told.*' -size +0 -exec cat {} + >told
check 'none says anything' test ! -s told

run=0
: >wrong
while [ $run -lt "$runs" ]; do
    cmp -s alone/$((run % inputs)).svg all/$run.svg || echo $run >>wrong
    run=$((run + 1))
done
ok "$([ -s wrong ]; echo $((! $?)))" 'each picture is that of one run alone' wrong
find . -name '*.tmp-*' >left
check 'no unfinished file is left' test ! -s left
check 'the palette file is whole' sh -c \
    '! grep -v "^[^ ]*->rgb([0-9]*,[0-9]*,[0-9]*)$" all.map && [ "$(tail -c 1 all.map)" = "" ]'
sort alone.map >want
sort all.map >got
check 'and has every name, in the colour that one run after the other gives' cmp want got
done_testing
