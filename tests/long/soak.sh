#!/bin/sh
# SPDX-License-Identifier: MIT
# soak.sh: eight processes draw SOAK_PICTURES pictures (10,000) from inputs of many formats, with
# options in turn, into one directory. Each is drawn twice by different processes: both are the same
# bytes and well-formed, no run says anything or leaves a file.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
pictures=${SOAK_PICTURES:-10000}
mkdir out

: >inputs
for file in "$srcdir"/tests/data/formats/*/* "$srcdir"/tests/data/perf/*.in; do
    case $file in *.expected.* | *.options | */bad-* | *.top | *.top.xz) continue ;; esac
    "$builddir/flamegraph" -q -o probe.svg "$file" 2>/dev/null && echo "$file" >>inputs
done
rm -f probe.svg
cat >options <<'END'

--inverted
--flamechart
--reverse
--colors java
--colors aware --bgcolors grey
--width 640 --fonttype monospace
--hash --no-metadata
END
count=$(wc -l <inputs)
ways=$(wc -l <options)
check 'there are many inputs' [ "$count" -gt 100 ]

# Picture i of a process is number i * 8 + process; two in a row are the same picture.
draw() {
    i=$1
    while [ "$i" -lt "$pictures" ]; do
        one=$((i / 2))
        file=$(sed -n "$((one % count + 1))p" inputs)
        # shellcheck disable=SC2046 # words
        "$builddir/flamegraph" -q -o "out/$i.svg" $(sed -n "$((one / count % ways + 1))p" options) \
            "$file" >>"told.$1" 2>&1 || echo "$i: $file: status $?" >>"told.$1"
        i=$((i + 8))
    done
}

for process in 0 1 2 3 4 5 6 7; do
    draw $process &
done
while ! wait; do :; done
cat told.* >told
check "none of $pictures runs fails or says anything" test ! -s told
find out -type f | wc -l >made
check 'each picture is there, and nothing else' [ "$(cat made)" -eq "$pictures" ]
: >differ
i=0
while [ $i -lt $((pictures - 1)) ]; do
    cmp -s out/$i.svg out/$((i + 1)).svg || echo $i >>differ
    i=$((i + 2))
done
check 'two processes draw the same' test ! -s differ
if have xmllint; then
    find out -name '*.svg' -exec xmllint --huge --noout {} + >wrong 2>&1
    check 'each is well-formed' test ! -s wrong
fi
done_testing
