#!/bin/sh
# SPDX-License-Identifier: MIT
# The way of a sample: a sample of two frames goes through at most 30 .c files to its rectangle.
# Counted by valgrind: the files of src/ in which a second sample, with one new frame, takes
# instructions. The files of the whole run, with the start of the program and its options, come to
# more, and are printed.
. "${srcdir:-.}/tests/lib/tap.sh"

have valgrind || skip_all 'files are not counted: valgrind is missing'
have callgrind_annotate || skip_all 'files are not counted: callgrind_annotate is missing'
[ "${sanitizers:-no}" = no ] || skip_all 'files are not counted: sanitizers add their own code'
cd "$work" || exit 1

# sample TIME ADDRESS NAME
sample() {
    printf 'app 100 [000] 1.%s:     250000 cycles:u: \n' "$1"
    printf '\t    55d0c0%s %s+0x1 (/usr/bin/app)\n\t    55d0c02000 main+0x2 (/usr/bin/app)\n\n' \
        "$2" "$3"
}

sample 000001 1000 leaf >one.perf
cp one.perf two.perf
sample 000002 3000 other >>two.perf

# functions INPUT: "FILE:FUNCTION INSTRUCTIONS" of each function in a .c file of src/.
functions() {
    valgrind --tool=callgrind --callgrind-out-file=out "$builddir/flamegraph" "$1" \
        >picture.svg 2>valgrind.log || return 1
    callgrind_annotate --threshold=100 --auto=no --show-percs=no out |
        "$AWK" 'match($2, /src\/[a-z0-9_\/]+\.c:/) {
            gsub(/,/, "", $1)
            count[substr($2, RSTART)] += $1
        }
        END { for (name in count) print name, count[name] }'
}

functions one.perf >one || skip_all 'files are not counted: valgrind cannot run flamegraph'
functions two.perf >two
files=$(sed 's/:.*//' one | sort -u | wc -l)
[ "$files" -gt 0 ] || skip_all 'files are not counted: the program has no debug information'
"$AWK" 'FNR == NR { first[$1] = $2; next }
    $2 > first[$1] { sub(/:.*/, "", $1); print $1 }' one two | sort -u >way
echo "# the whole run: $files files"
sed 's/^/# /' way
[ "$(wc -l <way)" -ge 15 ] && [ "$(wc -l <way)" -le 30 ]
ok $? "a sample goes through $(wc -l <way) files, at most 30"
done_testing
