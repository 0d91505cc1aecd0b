#!/bin/sh
# SPDX-License-Identifier: MIT
# flamediff --series: its JSON is as doc/flamediff-series.schema.json says, its picture is XML, and
# the result does not depend on the seed of hashes, on threads, or on how often it is run.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1

# series RUNS FROM TO PARSE: runs in which parse costs PARSE per cent in runs FROM to TO.
series() {
    rm -rf runs
    mkdir runs
    for run in $(seq 10 $((9 + $1))); do
        parse=100
        [ "$run" -lt "$2" ] || [ "$run" -ge "$3" ] || parse=$4
        "$AWK" -v run="$run" -v parse="$parse" 'BEGIN {
            printf "# flametree: columns=1 unit=ms commit=c%d date=2026-10-%d", run, run
            printf " work=%d\n", run
            printf "main;parse %d\n", 20 * run * parse + run * 7 % 5
            printf "main;<b>&\"x\" %d\n", 900 * run + run * 11 % 7
            for (i = 0; i < 20; i++)
                printf "main;f%d %d\n", i, 50 * run + (run * 31 + i * 17) % 23
        }' >"runs/r$run"
    done
}

has_schema=0
have python3 && has_schema=1
for shape in '20 18 99 150' '20 13 21 150' '20 99 99 100' '3 11 99 200' '12 14 99 30'; do
    # shellcheck disable=SC2086
    series $shape
    flamediff -q --series runs -o x.json
    if [ $has_schema = 1 ]; then
        check "JSON of $shape" "$srcdir/tests/lib/json_schema.py" \
            "$srcdir/doc/flamediff-series.schema.json" x.json
    else
        skip "JSON of $shape" 'python3 is missing'
    fi
    flamediff -q --series runs -o x.svg
    if have xmllint; then
        check "SVG of $shape" xmllint --noout --nonet x.svg
    else
        skip "SVG of $shape" 'xmllint is missing'
    fi
    flamediff -q --threads 4 --series runs -o y.json
    check "the same again, $shape" cmp x.json y.json
done

series 20 18 99 150
flamediff --series runs >text
check 'the step is found' grep -q '^SLOWER .* since c18 ' text
series 20 13 21 150
flamediff --series runs >text
check 'the change that went back is found' grep -q '^went back .* from c13 .* to c20 .*parse' text
sed -n 's/^cause: //p' text | sh >causes 2>/dev/null
check 'its command shows the cause' grep -q 'slower *parse' causes

fails() {
    ! "$@"
}

# A schema that cannot fail checks nothing.
if [ $has_schema = 1 ]; then
    for break in 's/"flamediff-series":1/"flamediff-series":2/' 's/"whole":/"hole":/' \
        's/"judged":true/"judged":1/' 's/"of":"total"/"of":"all"/'; do
        sed "$break" x.json >bad.json
        check "JSON that is wrong: $break" fails "$srcdir/tests/lib/json_schema.py" \
            "$srcdir/doc/flamediff-series.schema.json" bad.json
    done
fi
done_testing
