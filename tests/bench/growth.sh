#!/bin/sh
# SPDX-License-Identifier: MIT
# No input takes work or memory that grows with its square: four times as much of it takes about
# four times the instructions. They are counted by valgrind, where a count is the same whatever
# else the machine does; what an input of one byte of each kind takes is not in it.
. "${srcdir:-.}/tests/lib/tap.sh"

LC_ALL=C
export LC_ALL
cd "$work" || exit 1

# ---- memory ----

i=0
while [ $i -lt 3000 ]; do
    i=$((i + 1))
    echo 'a;b 1' >"a-name-of-a-file-$i.folded"
done
for program in collapse flamegraph; do
    "$builddir/$program" -q --max-memory 8M ./*.folded >told 2>&1
    ok $? "$program: memory does not grow with the square of the number of files" told
done
"$builddir/collapse" ./*.folded >told 2>&1
check 'all of them are read' grep -qx 'a;b 3000' told
cp a-name-of-a-file-1.folded a; cp a b
"$builddir/flamegraph" -q a - b >x.svg </dev/null
check 'a picture holds the names of its files' grep -q '"source":"a, b"' x.svg

# ---- instructions ----

have valgrind || { skip 'instructions are not counted' 'valgrind is missing'; done_testing; }
[ "${sanitizers:-no}" = no ] ||
    { skip 'instructions are not counted' 'sanitizers add their own'; done_testing; }
"$builddir/collapse" --version >/dev/null || exit 1

# count OPTION...: instructions that collapse takes for the file `text`. The format is given: to
# find out takes the same for all that is larger than 16 kB.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$builddir/collapse" -q --threads 1 \
        "$@" text 2>&1 >/dev/null | sed -n 's/^==[0-9]*== Collected : //p'
}

# text N BEFORE PIECE AFTER: an input that holds PIECE N times; \t and \n as in printf.
text() {
    "$AWK" -v n="$1" -v before="$2" -v piece="$3" -v after="$4" 'BEGIN {
        printf "%s", before
        while (n-- > 0)
            printf "%s", piece
        printf "%s\n", after
    }' >text
}

header='a 1 [000] 1.0: 1 cycles: '
frame='\t    7f722d142778 '

# shellcheck disable=SC2086 # options
# linear TITLE FORMAT BEFORE PIECE AFTER
linear() {
    options="--format $2"
    [ "$2" != srcline ] || options='--format perf --srcline'
    text 1 "$3" "$4" "$5"
    one=$(count $options)
    text 3000 "$3" "$4" "$5"
    some=$(count $options)
    text 12000 "$3" "$4" "$5"
    many=$(count $options)
    echo "${one:-0} ${some:-0} ${many:-0}" | "$AWK" '{
        print "instructions for 1, 3,000 and 12,000: " $0
        exit !($1 > 0 && $2 > $1 && $3 - $1 < 6 * ($2 - $1) + 20 * 12000)
    }' >told
    ok $? "$1" told
}

tall="$header ffffffff8175336a x"
linear 'blanks after an event' perf "$tall" ' ' 'y'
linear 'TABs and blanks after an event' perf "$tall" ' \t' 'y'
linear 'words after an event' perf "$tall" '    a' 'y'
linear 'times in a header' perf 'a ' '1.0: ' "1 cycles: \\n${frame}f (/x)"
linear 'what looks like events in a header' perf 'a ' '1 x: ' "1 cycles: \\n${frame}f (/x)"
linear 'hashes in front of a header' perf '' '#' " 1 [000] 1.0: 1 cycles: \\n${frame}f (/x)"
linear 'brackets in a source line' srcline "$header\\n${frame}f (/x)\\n  x" '[' ''
linear 'a long source line' srcline "$header\\n${frame}f (/x)\\n  x" '[a];' ''
linear 'parentheses in a symbol' perf "$header\\n$frame" '()' ' (/x)'
linear 'open parentheses' perf "$header\\n$frame" ' (' ''
linear 'templates' perf "$header\\n$frame" 'a<b>(c)' ' (/x)'
linear 'arrows' perf "$header\\n$frame" 'a->(' ' (/x)'
linear 'a module of parentheses' perf "$header\\n${frame}f (/x" '()' ')'
linear 'blanks in a folded stack' folded 'a;b' ' ' ' 1'
linear 'numbers in a folded stack' folded 'a;b' ' 1' ' 1'
linear 'frames of a folded stack' folded 'a' ';a' ' 1'
done_testing
