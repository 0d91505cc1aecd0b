#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual's table of what is different on purpose: each row has a case of its own number in
# tests/cli/different-*.case, and each case belongs to a row.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL

sed -n '/^<!-- different-on-purpose/,/^## /s/^| \([0-9][0-9]*\) |.*/\1/p' "$srcdir/doc/manual.md" \
    >"$work/rows"
cat "$srcdir"/tests/cli/different-*.case | sed -n 's/^== \([0-9][0-9]*\): .*/\1/p' | sort -nu \
    >"$work/cases"
# 20 of the list is not done yet.
"$AWK" 'BEGIN { for (i = 1; i <= 19; i++) print i; print 21 }' >"$work/items"

check 'the manual has a row for each item of the list' diff "$work/items" "$work/rows"
check 'each row has a case, and each case a row' diff "$work/rows" "$work/cases"
grep -hn '^== ' "$srcdir"/tests/cli/different-*.case | grep -v ':== [0-9][0-9]*: ' >"$work/others"
check 'each case there names its row' test ! -s "$work/others"

done_testing
