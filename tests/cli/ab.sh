#!/bin/sh
# SPDX-License-Identifier: MIT
# Real recordings of a program whose truth is known (tests/data/ab): eight of A, eight of B, where
# one function of six, delta, costs 30 % more. A against A raises no alarm, however it is split; A
# against B finds delta, ranks it first, and accuses none of its neighbours. ab.sh --all: every
# split, and every way to compare.
. "${srcdir:-.}/tests/lib/tap.sh"
has lzma || skip_all 'this build is without lzma'
all=${1-}

for run in 1 2 3 4 5 6 7 8; do
    for side in A B; do
        collapse "$srcdir/tests/data/ab/$side$run.perf.xz" >"$work/$side$run" || exit 1
    done
done
cd "$work" || exit 1

# Every way to split 1..8 into two sides, as `BEFORE -- AFTER` on lines, from those with both
# sides of at least $1 runs.
splits() {
    "$AWK" -v least="$1" 'BEGIN {
        for (mask = 1; mask < 128; mask++) {
            before = after = ""; n = 0; bits = mask
            for (i = 1; i <= 8; i++) {
                if (bits % 2) { before = before " A" i; n++ } else after = after " A" i
                bits = int(bits / 2)
            }
            if (n >= least && 8 - n >= least) print before " --" after
        }
    }'
}
pairs() {
    "$AWK" -v a="$1" -v b="$2" 'BEGIN {
        for (i = 1; i <= 8; i++)
            for (j = a == b ? i + 1 : 1; j <= 8; j++) print a i " " b j
    }'
}

# called TITLE OPTION... : comparisons of $work/list of which anything is called.
called() {
    title=$1
    shift
    : >alarms
    count=0
    while read -r sides; do
        count=$((count + 1))
        # shellcheck disable=SC2086 # words
        flamediff --report csv "$@" $sides >csv || echo "$sides: failed" >>alarms
        "$AWK" -F, -v sides="$sides" 'NR > 1 && ($9 != "noise" || $17 != "noise") {
            print sides ": " $1 " " $9 " " $17
        }' csv >>alarms
    done <list
    ok "$(wc -l <alarms)" "$title: none of $count raises an alarm" alarms
}

pairs A A >list
called 'A against A, one recording a side'
if [ "$all" ]; then
    splits 1 >list
    called 'A against A, all splits'
    called 'A against A, all splits, shares' --normalize total
    pairs A A >list
    called 'A against A, one recording a side, shares' --normalize total
    pairs B B >list
    called 'B against B, one recording a side'
else
    splits 4 >list
    called 'A against A, four against four'
fi

# found LEAST : in at least so many of $work/list delta is called slower and ranked first; in at
# most one of a hundred another function than delta and its callers is called anything.
found() {
    title=$1
    least=$2
    accused=0
    first=0
    count=0
    while read -r sides; do
        count=$((count + 1))
        # shellcheck disable=SC2086 # words
        flamediff --report csv $sides >csv
        ! sed -n 2p csv | grep -q '^"delta",.*,slower,.*,slower,' || first=$((first + 1))
        "$AWK" -F, 'NR > 1 && ($9 != "noise" || $17 != "noise") &&
            $1 ~ /"(alpha|bravo|charlie|echo|foxtrot|burn_leaf)"/' csv >bad
        [ ! -s bad ] || accused=$((accused + 1))
    done <list
    ok $((first < least)) "$title: delta is ranked first in $first of $count"
    ok $((accused * 50 > count)) "$title: neighbours are accused in $accused of $count"
}

echo 'A1 A2 A3 A4 A5 A6 A7 A8 -- B1 B2 B3 B4 B5 B6 B7 B8' >list
found 'A against B, all' 1
echo 'A1 A2 A3 -- B1 B2 B3' >list
found 'A against B, three against three' 1
if [ "$all" ]; then
    pairs A B >list
    found 'A against B, one recording a side' 64
else
    pairs A B | sed -n '1~7p' >list
    found 'A against B, one recording a side' 9
fi
# gated TITLE PATTERN [LIMIT] : the exit statuses of a gate over $work/list all match; a gate that
# fails names delta.
gated() {
    title=$1
    pattern=$2
    limit=${3-5}
    : >bad
    count=0
    while read -r sides; do
        count=$((count + 1))
        # shellcheck disable=SC2086 # words
        flamediff -q --fail-on "any>$limit%" $sides 2>err
        status=$?
        echo "$status" | grep -q -x "$pattern" || echo "$sides: $status: $(cat err)" >>bad
        [ $status -ne 3 ] || grep -q ': delta: ' err ||
            echo "$sides: $(cat err)" >>bad
    done <list
    ok "$(wc -l <bad)" "$title: any>$limit% exits with $pattern in all $count" bad
}

pairs A A >list
gated 'A against A, one recording a side' '[04]'
if [ "$all" ]; then
    splits 1 >list
    gated 'A against A, all splits' '[04]'
    pairs A B >list
    gated 'A against B, one recording a side' '[34]'
    gated 'A against B, one recording a side' 3 0.5
    { pairs A A; pairs B B; } >list
    gated 'A against A and B against B, one recording a side' '[04]' 0.5
    "$AWK" '{ print $2, $1 }' list >reversed
    mv reversed list
    gated 'the other way round' '[04]' 0.5
else
    splits 4 >list
    gated 'A against A, four against four' '[04]'
fi
echo 'A1 A2 A3 A4 A5 A6 A7 A8 -- B1 B2 B3 B4 B5 B6 B7 B8' >list
gated 'A against B, all' '3'
done_testing
