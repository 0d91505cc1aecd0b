#!/bin/sh
# SPDX-License-Identifier: MIT
# stream.sh: more text than fits in memory, made while it is read: folded stacks and perf script.
# Every line counts, and memory does not grow with it. STREAM_MB says how much; tests/long/stream.sh
# has more than fits in 32 bits.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers take ten times as long'
have yes || skip_all 'yes is missing'
megabytes=${STREAM_MB:-256}
most_memory=64 # MB

# A block of some 100 kB: as long as an argument may be.
"$AWK" 'BEGIN {
    for (i = 0; i < 3000; i++) print "main;run_" i % 7 ";function_" i % 500 ";leaf " i % 9 + 1
}' >block.folded
"$AWK" 'BEGIN {
    for (i = 0; i < 600; i++) {
        printf "app 28 [000] %d.%06d: %d cycles: \n", i, i, 1000 + i % 50
        printf "\t%x leaf+0x%x (/usr/bin/app)\n", 4198400 + i, i % 300
        printf "\t%x function_%d+0x10 (/usr/lib/libapp.so)\n\t4010f0 main+0x20 (/usr/bin/app)\n",
            4198400 + i % 50, i % 50
        print ""
    }
}' | sed '$d' >block.perf # yes ends each block with a line end

# sum FILE: of the weights
sum() {
    "$AWK" '{ s += $NF } END { print s }' "$1"
}

for format in folded perf; do
    block=$(cat block.$format && echo .)
    block=${block%??} # the last line end is that of yes
    [ $format = folded ] || block="$block
"
    yes "$block" | head -c $((2 * ${#block} + 2)) >twice
    check "$format: the block repeats" test "$(wc -c <twice)" -eq $((2 * ${#block} + 2))
    "$builddir/collapse" -q twice >two
    "$builddir/collapse" -q block.$format >one
    blocks=$((megabytes * 1024 * 1024 / (${#block} + 1) + 1))
    start=$(date +%s)
    yes "$block" | head -c $((blocks * (${#block} + 1))) |
        "$builddir/collapse" --quiet --max-memory ${most_memory}M >all 2>told
    ok $? "$format: $megabytes MB in at most $most_memory MB of memory" told
    echo "# $(($(date +%s) - start)) s"
    "$AWK" -v n=$blocks '{ $NF = sprintf("%.0f", $NF * n); print }' one >want
    check "$format: each stack weighs $blocks times as much" cmp want all
    check "$format: as two blocks do" test "$(sum two)" = $(($(sum one) * 2))
done
done_testing
