#!/bin/sh
# SPDX-License-Identifier: MIT
# Lists of fields of perf script -F: those that perf printed for three recordings, and texts laid
# out like them with names of threads that look like fields. tests/read/matrix.py makes the texts of
# more recordings where perf is at hand.
. "${srcdir:-.}/tests/lib/tap.sh"
command -v python3 >/dev/null || skip_all 'there is no python3'

set -- "$srcdir"/tests/data/perf-matrix/*.xz
python3 "$srcdir/tests/read/matrix.py" check "$builddir/collapse" "$@" >"$work/fields"
ok $? 'each list of fields says what the full one says' "$work/fields"
python3 "$srcdir/tests/read/names_matrix.py" "$builddir/collapse" 7 >"$work/names"
ok $? 'names that look like fields, in each layout' "$work/names"
for name in chains flat dwarf; do
    python3 -c 'import lzma, sys
text = lzma.open(sys.argv[1], "rt").read()
print(text.split("=== ")[1][5:], end="")' "$srcdir/tests/data/perf-matrix/$name.xz" >"$work/$name"
done
set -- "$work/chains:60:cpu-clock" "$work/dwarf" "$work/flat:99:cpu-clock"
set -- "$@" "$srcdir/tests/data/perf/id-first.in" "$srcdir/tests/data/perf/dotnet-tiers.in"
python3 "$srcdir/tests/read/damage.py" "$builddir/collapse" "$@" >"$work/damage"
ok $? 'lines left out, doubled, swapped: no sum is too large, and each loss is told' "$work/damage"
done_testing
