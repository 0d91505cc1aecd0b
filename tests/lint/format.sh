#!/bin/sh
# SPDX-License-Identifier: MIT
# All C is laid out as .clang-format says. `make format` does it.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$srcdir" || exit 1

have "${CLANG_FORMAT:-clang-format}" || skip_all 'clang-format is missing'
format=${CLANG_FORMAT:-clang-format}
# Later versions lay out some things differently.
"$format" --version | grep -q 'version 14\.' || skip_all 'clang-format is not version 14'

find src tests examples -name '.*' -prune -o -type f -name '*.[ch]' -print 2>/dev/null |
    sort >"$work/files"
xargs "$format" --dry-run <"$work/files" >"$work/breaches" 2>&1
status=$?
"$AWK" -F: '/: (warning|error):/ { if (!n[$1]++) first[$1] = $2 }
END { for (f in n) print f ":" first[f] ": " n[f] " places to lay out anew (make format)" }' \
    "$work/breaches" | sort >"$work/short"
[ -s "$work/short" ] || [ $status -eq 0 ] || cp "$work/breaches" "$work/short"
ok "$(wc -l <"$work/short")" 'all C is laid out as .clang-format says' "$work/short"

done_testing
