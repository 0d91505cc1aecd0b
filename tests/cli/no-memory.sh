#!/bin/sh
# SPDX-License-Identifier: MIT
# no-memory.sh: one allocation after the other fails, also those of the libraries that unpack and
# match patterns: the run fails, says why, and does not blame the input; until it needs no more.
. "${srcdir:-.}/tests/lib/tap.sh"
[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers bring their own malloc'
cd "$work" || exit 1

cat >failing.c <<'END'
#include <errno.h>
#include <stdlib.h>
void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
static long left = -2;
static int fails(void)
{
    if (left == -2)
        left = getenv("FAIL_AT") ? atol(getenv("FAIL_AT")) : -1;
    if (left < 0 || left-- > 0)
        return 0;
    left = 0; /* and all others */
    errno = ENOMEM;
    return 1;
}
void *malloc(size_t n) { return fails() ? NULL : __libc_malloc(n); }
void *calloc(size_t n, size_t size) { return fails() ? NULL : __libc_calloc(n, size); }
void *realloc(void *p, size_t n) { return fails() ? NULL : __libc_realloc(p, n); }
END
# shellcheck disable=SC2086 # CC may hold options
${CC:-cc} -shared -fPIC -o failing.so failing.c 2>/dev/null ||
    skip_all 'no shared object can be made here'
LD_PRELOAD=$PWD/failing.so "$builddir/collapse" --help >/dev/null 2>&1 ||
    skip_all 'this C library has other names'
LD_PRELOAD=$PWD/failing.so FAIL_AT=0 "$builddir/collapse" --help >/dev/null 2>&1 &&
    skip_all 'allocations cannot be made to fail here'

"$AWK" 'BEGIN { srand(1); for (i = 0; i < 30000; i++) print "a;b" int(rand() * 1e9) " 1" }' >in
echo 'a;b 1' >small
# packed PROGRAM FEATURE: what it packs, where it is there and this build unpacks that.
packed() {
    ! has "$2" || ! have "$1" || "$1" -c in >"in.$1"
}
packed gzip zlib
packed zstd zstd
packed xz lzma
ls in.* 2>/dev/null | sed 's/^/collapse /' >lines
cat >>lines <<'END'
collapse --focus (a|b)+ --rename s/a/x/ --class b=b small
flamegraph --color-rule b=red --search b small
flamediff --report json small small
END
while read -r program args; do
    # shellcheck disable=SC2086 # words of a line
    "$builddir/$program" $args >want 2>/dev/null
    n=0
    good=0
    : >bad
    while [ $good -lt 10 ] && [ $n -lt 2000 ]; do
        status=0
        # shellcheck disable=SC2086
        LD_PRELOAD=$PWD/failing.so FAIL_AT=$n "$builddir/$program" $args >got 2>told || status=$?
        case $status in
        0) cmp -s want got && good=$((good + 1)) || echo "$n: not the same" >>bad ;;
        1 | 2)
            good=0
            grep -q memory told || sed "s/^/$n: /" told >>bad
            ;;
        *) echo "$n: status $status" >>bad ;;
        esac
        n=$((n + 1))
    done
    [ $good -eq 10 ] && [ $n -gt 20 ] && [ ! -s bad ]
    ok $? "$program $args: $((n - good)) allocations" bad
done <lines
done_testing
