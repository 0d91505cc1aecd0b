#!/bin/sh
# SPDX-License-Identifier: MIT
# Kinds of text that perf script prints under its options, and the text between: each input of
# tests/data/perf folds to NAME.expected, with NAME.options if there are any, and without a message
# unless NAME.told has it.
. "${srcdir:-.}/tests/lib/tap.sh"

for input in "$srcdir"/tests/data/perf/*.in; do
    name=$(basename "$input" .in)
    want=$srcdir/tests/data/perf/$name.expected
    options=$(cat "$srcdir/tests/data/perf/$name.options" 2>/dev/null)
    # shellcheck disable=SC2086
    "$builddir/collapse" $options "$input" >"$work/got" 2>"$work/told"
    diff "$want" "$work/got" >"$work/diff"
    ok $? "$name" "$work/diff"
    grep -v 'no sample has a call graph' "$work/told" | sed 's/.*: ignored/ignored/' >"$work/left"
    if [ -f "$srcdir/tests/data/perf/$name.told" ]; then
        diff "$srcdir/tests/data/perf/$name.told" "$work/left" >"$work/diff"
    else
        diff /dev/null "$work/left" >"$work/diff"
    fi
    ok $? "$name: what is told" "$work/diff"
    # shellcheck disable=SC2086
    "$builddir/collapse" $options -q --threads 1 <"$input" | diff "$want" - >"$work/diff"
    ok $? "$name: the same from a pipe" "$work/diff"
done
done_testing
