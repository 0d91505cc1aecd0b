#!/bin/sh
# SPDX-License-Identifier: MIT
# callgrind.out: the own costs of functions are those that callgrind_annotate prints (X.self.top),
# however the calls are drawn, and the sum is that of the program.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
data=$srcdir/tests/data/formats/callgrind

# "FUNCTION COST" of what callgrind_annotate prints: the first column, and what follows the file.
annotated() {
    "$AWK" '
        /file:function/ { rows = 1; next }
        rows && /^ *[0-9]/ {
            cost = $1
            gsub(",", "", cost)
            sub(/ \[[^[]*\]$/, "")
            sub(/^ *([0-9.,]+ +)+/, "")
            colon = match($0, /:[^:]/)
            sum[substr($0, colon + 1)] += cost
        }
        END { for (name in sum) print name, sum[name] }' | sort
}

# The same of folded stacks.
leaves() {
    "$AWK" '
        {
            cost = $NF
            sub(/ [0-9]+$/, "")
            n = split($0, frames, ";")
            sum[frames[n]] += cost
        }
        END { for (name in sum) print name, sum[name] }' | sort
}

total() {
    "$AWK" '{ sum += $NF } END { printf "%.0f\n", sum }' "$1"
}

for name in plain nocompress instr-cache; do
    collapse -q "$data/$name.out" | leaves >got
    annotated <"$data/$name.self.top" >want
    check "$name: own costs" diff want got
done
for name in callers20 instr-only parts; do
    collapse -q "$data/$name.out" >got
    check "$name: the sum is that of the program" [ "$(total got)" = 17665 ]
done
if command -v xz >/dev/null 2>&1; then
    xz -dc "$data/cpp-plain.out.xz" | collapse -q | leaves >got
    xz -dc "$data/cpp-plain.self.top.xz" | annotated >want
    check 'cpp-plain: own costs' diff want got
fi

# ---- calls ----

collapse -q "$data/plain.out" >plain
check 'one subtree for several callers' grep -q ';run;\[merged\];dispatch 42$' plain
check 'a function that calls nothing is on each of its callers' grep -q ';b;leaf 15015$' plain
check 'no guess' sh -c '! grep -q "cold_path;.*b" plain'
check 'it is said' sh -c 'collapse "$1" 2>&1 >/dev/null | grep -q separate-callers' - \
    "$data/plain.out"
collapse -q --sample-index Bc "$data/instr-cache.out" >branches
check 'another event' [ "$(total branches)" = 3486 ]
collapse -q "$data/xdebug.out" >php
check 'Xdebug' grep -q '^{main};Shop.spin;Shop.Store->fill 1470$' php

# ---- what is odd ----

cat >odd <<'END'
# callgrind format
events: Ir Dr
fn=(1) a
* 1
+1 99999999999999999999
-3
0x1f 4 5
cfn=(2) b
calls=1 1
1 7
nonsense
fn=(2)
1 7
cfn=(1)
calls=1 1
1 7
END
printf 'a 5\na;b 7\n' >want
check 'bad lines are told, the rest is read' sh -c \
    'collapse odd >got 2>err && diff want got && grep -q "line 5" err && grep -q "line 11" err'
printf '# callgrind format\nfn=a\n1 2\n' >bad
check 'costs without events are refused' sh -c '! collapse bad 2>err && grep -q "line 3" err'
printf "events: Ir\nfn=main\n1 1\nfn=f::'lambda'()'main\n1 2\nfn=it's'main\n1 3\n" >quotes
printf "main 1\nmain;f::'lambda'() 2\nmain;it's 3\n" >want
check 'names with quotes' sh -c 'collapse quotes | sort | diff want -'

done_testing
