#!/bin/sh
# SPDX-License-Identifier: MIT
# Each profile in tests/data/formats gives the same stacks from a pipe, packed again, and, if it is
# text, with a byte order mark and with line ends of Windows.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
has zlib && has lzma || skip_all 'this build does not unpack the profiles'
have gzip && have xz || skip_all 'gzip or xz is missing'
cd "$work" || exit 1
cr=$(printf '\r')

unpacked() {
    case $1 in
    *.gz) gzip -dc "$1" ;;
    *.xz) xz -dc "$1" ;;
    *) cat "$1" ;;
    esac
}

# same VARIANT <PROFILE
same() {
    collapse -q --idle >got 2>err && diff want got >difference ||
        { echo "$file, $1"; head -4 difference err; } >>"$1.bad"
}

: >packed.bad
: >marked.bad
: >windows.bad
count=0 texts=0
for file in "$srcdir"/tests/data/formats/*/*; do
    case $file in *.expected.* | *.options | */bad-* | *.top | *.top.xz) continue ;; esac
    unpacked "$file" >in
    collapse -q --idle <in >want 2>/dev/null || continue
    count=$((count + 1))
    gzip -c in | same packed
    # these are binary, or bytes that are no text
    case $file in */pprof/* | */otlp/* | */jfr/* | */simpleperf/* | */pstats/*) continue ;; esac
    texts=$((texts + 1))
    bom=$(head -c 3 in | od -An -tx1 | tr -d ' \n')
    [ "$bom" = efbbbf ] || { printf '\357\273\277' && cat in; } | same marked
    grep -q "$cr" in || sed "s/\$/$cr/" in | same windows
done
check 'many profiles were looked at' [ "$count" -gt 140 ]
check 'most of them are text' [ "$texts" -gt 100 ]
ok "$(wc -l <packed.bad)" 'packed, from a pipe' packed.bad
ok "$(wc -l <marked.bad)" 'with a byte order mark' marked.bad
ok "$(wc -l <windows.bad)" 'with line ends of Windows' windows.bad
done_testing
