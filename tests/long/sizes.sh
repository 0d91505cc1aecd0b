#!/bin/sh
# SPDX-License-Identifier: MIT
# sizes.sh: the largest of everything: stacks of a million frames, a line of 1 GB, ten million
# distinct stacks, a palette file of 65,536 lines. What it costs is what the README says, or a
# refusal that says what to do.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers take memory of their own'
have python3 || skip_all 'python3 is missing'
collapse=$builddir/collapse
flamegraph=$builddir/flamegraph
flamediff=$builddir/flamediff

# cost OUT COMMAND...: run it from "in", its output to OUT; "MB SECONDS" go to the file cost.
cat >cost.py <<'END'
import os, resource, subprocess, sys
with open('in', 'rb') as come, open(sys.argv[1], 'wb') as go, open('told', 'wb') as told:
    status = subprocess.run(sys.argv[2:], stdin=come, stdout=go, stderr=told).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open('cost', 'w') as cost:
    cost.write('%d %.2f\n' % (used.ru_maxrss / 1024, used.ru_utime + used.ru_stime))
sys.exit(status)
END
cost() {
    python3 cost.py "$@"
    status=$?
    cat told
    return $status
}
measured() {
    check "$@"
    sed 's/^/# MB and seconds: /' cost
}
megabytes() {
    cut -d ' ' -f 1 cost
}

# ---- depth ----
"$AWK" 'BEGIN {
    for (i = 0; i < 1000000; i++) printf "f%d;", i % 1000
    print "leaf 3"
    print "f0;other 1"
}' >deep
cp deep in
measured 'a stack of 1,000,000 frames is folded' cost out "$collapse"
check 'to itself' cmp deep out
{
    echo 'app 28 [000] 1.0: 3 cycles: '
    "$AWK" 'BEGIN {
        printf "\t4a leaf (/x)\n"
        for (i = 999999; i >= 0; i--) printf "\t4a f%d (/x)\n", i % 1000
        print ""
    }'
} >in
head -n 1 deep >want
"$collapse" --no-comm in >out
check 'and so is one of perf script' cmp want out
cp deep in
measured 'it is drawn' cost out.svg "$flamegraph" --quiet
check 'each frame of it' test "$(grep -c '<title>' out.svg)" -eq 1000003
"$collapse" --quiet out.svg >again
check 'and can be read back from the picture' cmp deep again
measured 'also from the leaves' cost out.svg "$flamegraph" --quiet --reverse --inverted
measured 'as a flame chart' cost out.svg "$flamegraph" --quiet --flamechart
measured 'filtered' cost out "$collapse" --hide '^f9' --max-depth 900000
check 'without what is hidden' test "$(head -n 1 out | tr ';' '\n' | wc -l)" -ge 880000
measured 'compared' cost out "$flamediff" deep deep
measured 'by report' cost out "$flamediff" --report text deep deep
check 'and drawn as a comparison' "$flamediff" -o out.svg deep deep
rm -f ./*.svg

# ---- one line ----
{
    printf 'a;'
    head -c 1073741824 /dev/zero | tr '\0' 'x'
    printf ' 7\nb 1\n'
} >in
measured 'a line of 1 GB is folded' cost out "$collapse"
check 'to itself' sh -c 'head -c -4 in | cmp - out -n 1073741824'
check 'in at most 5 times its length of memory' test "$(megabytes)" -le 5120
measured 'and drawn' cost out.svg "$flamegraph" --quiet --script none --no-metadata
check 'or refused when that is too much' \
    sh -c 'test "$("$1" --max-memory 1G in 2>&1 >/dev/null | grep -c "raise --max-memory")" = 1' - \
    "$collapse"
rm -f out out.svg
{
    head -c 2147483700 /dev/zero | tr '\0' 'x'
    echo ' 7'
} >in
got=0
cost out "$collapse" --format folded >message || got=$?
check 'a line of more than 2 GB is refused' \
    sh -c 'test "$1" = 1 && grep -q "no profile" told' - $got
rm -f in out

# ---- distinct stacks ----
"$AWK" 'BEGIN {
    for (i = 0; i < 10000000; i++)
        printf "main;worker_%d;step_%d;leaf_%d 1\n", i % 10, i % 1000, i
}' >in
measured '10,000,000 distinct stacks are folded' cost out "$collapse"
check 'all of them' test "$(wc -l <out)" -eq 10000000
check 'in less than 200 bytes of memory for each' test "$(megabytes)" -le 1907
measured 'and drawn' cost out.svg "$flamegraph" --quiet
rm -f out out.svg
for program in collapse flamegraph flamediff; do
    echo old >kept
    files=
    [ $program != flamediff ] || files='in in'
    got=0
    # shellcheck disable=SC2086 # words
    cost out "$builddir/$program" --max-memory 300M -o kept $files >message || got=$?
    cat message
    check "$program: or refused with --max-memory" \
        sh -c 'test "$1" = 1 && grep -q "the limit of 300 MB.*raise --max-memory" told' - $got
    check "$program: which holds" test "$(megabytes)" -le 320
    check "$program: the old file stays, and no other" \
        sh -c 'test "$(cat kept)" = old && test -z "$(ls | grep tmp-)"'
done
rm -f in

# ---- a palette file ----
palette() {
    "$AWK" -v n="$1" 'BEGIN {
        for (i = 0; i < n; i++)
            printf "function_%06d->rgb(%d,%d,%d)\n", i, i % 256, i / 256 % 256, 7
    }'
}
palette 65536 >large.map
cp large.map before.map
echo 'main;function_000077;new 12' >in
measured 'a palette file of 65,536 lines' \
    cost out.svg "$flamegraph" --quiet --palette-file large.map
check 'gives its colour' grep -q 'function_000077.*\|rgb(77,0,7)' out.svg
check 'and takes the new ones' sh -c 'test "$(comm -13 before.map large.map | wc -l)" = 3 ||
    test "$(wc -l <large.map)" = 65538'
seconds=$(cut -d ' ' -f 2 cost)
check 'in well under a second' "$AWK" -v s="$seconds" 'BEGIN { exit s > 1 }'
done_testing
