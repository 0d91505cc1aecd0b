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

cat >options <<'END'

--inverted
--flamechart
--reverse
--colors java
--colors auto --bgcolors grey
--width 640 --fonttype monospace
--hash --no-metadata
END

# fits FILE: it can be drawn with all options.
fits() {
    while read -r words; do
        # shellcheck disable=SC2086 # words
        "$builddir/flamegraph" -q -o probe.svg $words "$1" >told 2>&1 && [ ! -s told ] || return
    done <options
}

: >inputs
for file in "$srcdir"/tests/data/formats/*/* "$srcdir"/tests/data/perf/*.in; do
    case $file in *.expected.* | *.options | */bad-* | *.top | *.top.xz) continue ;; esac
    ! fits "$file" || echo "$file" >>inputs
done
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
ok "$([ ! -s told ]; echo $?)" "none of $pictures runs fails or says anything" told
find out -type f | wc -l >made
check 'each picture is there, and nothing else' [ "$(cat made)" -eq "$pictures" ]
: >differ
i=0
while [ $i -lt $((pictures - 1)) ]; do
    cmp -s out/$i.svg out/$((i + 1)).svg || echo $i >>differ
    i=$((i + 2))
done
ok "$([ ! -s differ ]; echo $?)" 'two processes draw the same' differ
if have xmllint; then
    find out -name '*.svg' -exec xmllint --huge --noout {} + >wrong 2>&1
    ok "$([ ! -s wrong ]; echo $?)" 'each is well-formed' wrong
fi
done_testing
