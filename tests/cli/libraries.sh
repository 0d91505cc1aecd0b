#!/bin/sh
# SPDX-License-Identifier: MIT
# Which shared libraries flamegraph and the library need. Those that unpack, and those that find the
# symbols of recordings, are named in the files, where the tools of packagers look for them; those
# that draw are not there, because each start would pay for them. The library opens no files that a
# recording names and does not need libdw.
. "${srcdir:-.}/tests/lib/tap.sh"

[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers bring libraries of their own'
have readelf || skip_all 'readelf is missing'

# needed NAME FILE [MORE]: the shared libraries that the file names, one a line.
needed() {
    LC_ALL=C readelf -d "$2" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' >"$work/needed"
    [ -s "$work/needed" ]
    ok $? "$1 is linked with shared libraries" "$work/needed"
    grep -v '^lib\(pcre2-8\|z\|zstd\|lzma\|m\|c\|dl\|pthread\|gcc_s'"${3-}"'\)\.\|^ld' \
        "$work/needed" >"$work/others"
    [ ! -s "$work/others" ]
    ok $? "$1 needs none but pcre2, those that unpack and the system's" "$work/others"
    names zlib libz.so "$1"
    names zstd libzstd.so "$1"
    names lzma liblzma.so "$1"
}

# names FEATURE LIBRARY NAME: it is needed if it is in this build, and only then.
names() {
    wanted=1
    ! has "$1" || wanted=0
    grep -q "^$2" "$work/needed"
    [ $? -eq $wanted ]
    ok $? "$3: $2 is needed if, and only if, this build has $1" "$work/needed"
}

needed flamegraph "$builddir/flamegraph" '\|dw\|elf'
names libdw libdw.so flamegraph
library=$(find "$builddir/.libs" -name 'libflametree.so.*' -type f | head -n 1)
if [ -n "$library" ]; then
    needed libflametree "$library"
else
    skip 'libflametree' 'it was not built as a shared library'
fi

# A build on glibc 2.36 also runs with 2.34; hypot() and the like would need a newer one.
if have objdump && [ "$(getconf GNU_LIBC_VERSION 2>/dev/null)" = 'glibc 2.36' ]; then
    for file in "$builddir/collapse" "$builddir/flamegraph" "$builddir/flamediff" $library; do
        check "${file##*/} needs no symbol newer than glibc 2.34" \
            sh -c '! objdump -T "$1" | grep -E "GLIBC_2\.(3[5-9]|[4-9][0-9])"' - "$file"
    done
else
    skip 'versions of glibc' 'objdump is missing, or this is not glibc 2.36'
fi

done_testing
