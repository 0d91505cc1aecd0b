#!/bin/sh
# SPDX-License-Identifier: MIT
# threads.sh: readers that share a file share nothing else: tests/unit/test_parallel and a real
# recording under ThreadSanitizer, in a build of their own.
. "${srcdir:-.}/tests/lib/tap.sh"
have clang || skip_all 'clang is missing'
[ -x "$srcdir/configure" ] || skip_all 'there is no configure'
mkdir -p "$work/build"
cd "$work/build" || exit 1

flags='-O1 -g -fsanitize=thread'
if ! "$srcdir/configure" CC=clang CFLAGS="$flags" --disable-static --disable-hardening \
    --without-raster >log 2>&1; then
    ok 1 'configure' log
    done_testing
fi
check 'it builds' make -s -j2 collapse flamegraph tests/unit/test_parallel
TSAN_OPTIONS=exitcode=66
export TSAN_OPTIONS
check 'test_parallel: no race' ./tests/unit/test_parallel
for input in "$srcdir"/examples/inputs/*.perf.xz; do
    [ -f "$input" ] || continue
    xz -dc "$input" >one.perf
    cat one.perf one.perf one.perf one.perf one.perf one.perf >six.perf
    ./collapse -q --threads 1 six.perf >want
    ./collapse -q --threads 3 six.perf >got 2>told
    ok $? "$(basename "$input"): no race" told
    check "$(basename "$input"): the same" cmp want got
    copy=0
    : >many.folded
    while [ "$(wc -c <many.folded)" -lt 20000000 ]; do
        copy=$((copy + 1))
        sed "s/^/copy $copy;/" want >>many.folded
    done
    ./flamegraph -q --threads 1 many.folded >want
    ./flamegraph -q --threads 3 many.folded >got 2>told
    ok $? "$(basename "$input"), folded: no race" told
    check "$(basename "$input"), folded: the same" cmp want got
done
done_testing
