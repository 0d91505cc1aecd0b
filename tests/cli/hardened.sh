#!/bin/sh
# SPDX-License-Identifier: MIT
# hardened.sh: what makes mistakes in C hard to use is in the programs and the library, and what
# draws pictures has given up its rights when it reads the first byte.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers take the place of hardening'
[ "${hardened:-yes}" = yes ] || skip_all 'configured with --disable-hardening'
have readelf || skip_all 'readelf is missing'

# has_line FILE PATTERN
has_line() {
    grep -Eq "$2" "$1" || { cat "$1"; return 1; }
}

# common FILE NAME: what holds for programs and libraries alike.
common() {
    readelf -hldW "$1" >told 2>&1
    readelf -sW "$1" >symbols 2>&1
    check "$2 is position-independent" has_line told 'Type: +DYN'
    check "$2: what the loader filled in becomes read-only" has_line told 'GNU_RELRO'
    check "$2: all of it, at once" has_line told 'BIND_NOW|FLAGS_1.*NOW'
    check "$2 has no executable stack" has_line told 'GNU_STACK.* RW +0x'
    check "$2 watches its stack" has_line symbols 'UND __stack_chk_fail'
    case $fortified in
    *_FORTIFY_SOURCE*) check "$2 checks sizes" has_line symbols 'UND __[a-z]+_chk' ;;
    *) skip "$2 checks sizes" 'not optimised, or the compiler does so by itself' ;;
    esac
    check "$2 writes no text relocations" sh -c '! grep -q TEXTREL told'
    check "$2 looks for libraries where the system does" sh -c '! grep -Eq "R(UN)?PATH" told'
}

for program in collapse flamegraph flamediff flamegraph-raster; do
    [ -f "$builddir/$program" ] || continue
    common "$builddir/$program" $program
    check "$program is a program" has_line told 'FLAGS_1.*PIE'
done
library=$builddir/.libs/libflametree.so
[ ! -f "$library" ] || common "$library" libflametree.so

# tests/unit/test_confine.c looks at the rest of what it gives up.
if has raster && [ -r /proc/self/status ] && have mkfifo; then
    mkfifo pipe
    "$builddir/flamegraph-raster" --format=png <pipe >out.png 2>/dev/null &
    helper=$!
    exec 4>pipe
    tries=0
    until grep -q '^NoNewPrivs:.*1' /proc/$helper/status || [ $tries -gt 200 ]; do
        tries=$((tries + 1))
        sleep .05
    done
    grep '^NoNewPrivs:' /proc/$helper/status >status
    exec 4>&-
    wait $helper
    check 'flamegraph-raster can gain no right' has_line status '^NoNewPrivs:.*1'
else
    skip 'flamegraph-raster filters calls' 'there is none here, or no /proc'
fi
done_testing
