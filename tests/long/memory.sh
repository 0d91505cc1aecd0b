#!/bin/sh
# SPDX-License-Identifier: MIT
# memory.sh: no program reads memory that has no value: unit tests, fuzz corpus and command lines
# under MemorySanitizer, in a build of their own. Optional libraries are left out: MemorySanitizer
# does not see what they write.
. "${srcdir:-.}/tests/lib/tap.sh"
have clang || skip_all 'clang is missing'
[ -x "$srcdir/configure" ] || skip_all 'there is no configure'
use_own_make
mkdir -p "$work/build"
cd "$work/build" || exit 1

if ! "$srcdir/configure" CC=clang CFLAGS='-O1 -g' --enable-sanitizers=memory --disable-shared \
    --without-libdw --without-raster --without-tui --without-store --without-zlib --without-zstd \
    --without-lzma >log 2>&1; then
    ok 1 'configure' log
    done_testing
fi
check 'it builds' "$MAKE" -s -j2
# Those that measure, and those that end programs by signals, have nothing new to say here.
"$MAKE" -s list-tests | tail -n 1 | tr ' ' '\n' | grep '^tests/\(unit\|fuzz\)\|\.case$' |
    grep -v 'test_\(cost\|collisions\|rates\|series\|signals\)$' >tests.list
MSAN_OPTIONS=log_path=$work/report
export MSAN_OPTIONS
"$MAKE" -k -j2 check TESTS="$(tr '\n' ' ' <tests.list)" \
    check_PROGRAMS="$(grep -v '\.case$' tests.list | tr '\n' ' ')" >log 2>&1
ok $? 'unit tests, fuzz corpus and command lines pass' log
cat "$work"/report.* >reports 2>/dev/null
[ ! -s reports ]
ok $? 'none read memory without a value' reports
done_testing
