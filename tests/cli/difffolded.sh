#!/bin/sh
# SPDX-License-Identifier: MIT
# flamediff against what the reference makes of two of its own examples: to the byte, and with -n as
# far as the reference counts, which cuts fractions off. The examples are not part of this tree:
# FLAMETREE_DATA names the folder that has them, or they lie beside it.
. "${srcdir:-.}/tests/lib/tap.sh"
folded=${FLAMETREE_DATA:-$srcdir/../shared/data}/peers/folded
[ -d "$folded" ] || skip_all 'there are no examples of the reference here'

before=$folded/perf-cycles-instructions-01.none.folded
after=$folded/perf-iperf-stacks-pidtid-01.none.folded

# compare TITLE WANT: `got` is as the file.
compare() {
    diff "$2" "$work/got" >"$work/diff"
    ok $? "$1" "$work/diff"
}

"$builddir/flamediff" "$before" "$after" >"$work/got"
compare 'plain' "$folded/diff-cycles-vs-iperf.plain.folded"

"$builddir/flamediff" -s "$before" "$after" >"$work/got"
compare '-s' "$folded/diff-cycles-vs-iperf.s.folded"

# "stack 1.75 3" as the reference has it: "stack 1 3".
"$builddir/flamediff" -n "$before" "$after" >"$work/normal"
sed 's/\.[0-9]* \([0-9]*\)$/ \1/' "$work/normal" >"$work/got"
compare '-n, cut to whole numbers' "$folded/diff-cycles-vs-iperf.n.folded"

# What is cut off there is kept here: both sides have the same total.
sums=$("$AWK" '{ before += $(NF - 1); after += $NF }
    END { print (before > after - 0.001 && before < after + 0.001 ? "same" : before " " after) }' \
    "$work/normal")
[ "$sums" = same ] || echo "$sums" >"$work/diff"
ok "$([ "$sums" = same ]; echo $?)" '-n gives both sides one total' "$work/diff"

# From the text of perf script. The two are of different events, which folded stacks do not know.
data=${folded%/folded}/perf
"$builddir/collapse" -q "$data/perf-cycles-instructions-01.txt" >"$work/before"
"$builddir/collapse" -q "$data/perf-iperf-stacks-pidtid-01.txt" >"$work/after"
"$builddir/flamediff" "$work/before" "$work/after" >"$work/got" 2>"$work/told"
compare 'plain, from perf script' "$folded/diff-cycles-vs-iperf.plain.folded"

done_testing
