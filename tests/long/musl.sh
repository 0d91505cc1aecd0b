#!/bin/sh
# SPDX-License-Identifier: MIT
# musl.sh: static programs with musl, which are smaller than those with glibc, run in an empty
# directory. The static libraries are those of Debian, which were compiled for glibc; the names
# that musl lacks are below. Set MUSL_PKG_CONFIG to a directory of .pc files to use libraries that
# were compiled for musl.
. "${srcdir:-.}/tests/lib/tap.sh"
use_own_make
[ -f "$srcdir/configure" ] || skip_all 'there is no configure in the source directory'
have musl-gcc || skip_all 'musl-gcc is missing'
have pkg-config || skip_all 'pkg-config is missing'
cd "$work" || exit 1

names=
if [ -z "${MUSL_PKG_CONFIG-}" ]; then
    mkdir pc include
    MUSL_PKG_CONFIG=$work/pc
    cp -r /usr/include/pcre2.h /usr/include/zlib.h /usr/include/zconf.h /usr/include/zstd*.h \
        /usr/include/lzma.h /usr/include/lzma include/ || skip_all 'headers are missing'
    for library in libpcre2-8:pcre2-8 zlib:z libzstd:zstd liblzma:lzma; do
        module=${library%:*}
        library=${library#*:}
        archive=$(${CC:-cc} -print-file-name="lib$library.a")
        [ -f "$archive" ] || skip_all "lib$library.a is missing"
        cp "$archive" .
        printf 'Name: %s\nDescription: %s\nVersion: %s\nLibs: -L%s -l%s\nCflags: -I%s\n' \
            "$module" "$module" "$(pkg-config --modversion "$module")" "$work" "$library" \
            "$work/include" >"pc/$module.pc"
    done
    cat >names.c <<'END_OF_NAMES'
#define _GNU_SOURCE
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void *__memcpy_chk(void *to, const void *from, size_t size, size_t room) {
    (void)room;
    return memcpy(to, from, size);
}

int __sched_cpucount(size_t size, const cpu_set_t *set) {
    (void)size;
    (void)set;
    return 1;
}

int __vsnprintf_chk(char *to, size_t size, int flag, size_t room, const char *format,
                    va_list values) {
    (void)flag;
    (void)room;
    return vsnprintf(to, size, format, values);
}

int __snprintf_chk(char *to, size_t size, int flag, size_t room, const char *format, ...) {
    va_list values;
    va_start(values, format);
    int length = __vsnprintf_chk(to, size, flag, room, format, values);
    va_end(values);
    return length;
}

int __fprintf_chk(FILE *to, int flag, const char *format, ...) {
    va_list values;
    va_start(values, format);
    int length = vfprintf(to, format, values);
    va_end(values);
    (void)flag;
    return length;
}
END_OF_NAMES
    check 'the names that musl lacks' musl-gcc -Os -ffunction-sections -c names.c
    names=$work/names.o
fi

mkdir build
cd build || exit 1
PKG_CONFIG_LIBDIR=$MUSL_PKG_CONFIG
export PKG_CONFIG_LIBDIR
("$srcdir/configure" --host=x86_64-linux-musl CC=musl-gcc CFLAGS=-Os LIBS="$names" \
    --enable-werror --enable-static-programs --disable-shared &&
    "$MAKE" collapse flamegraph flamediff && strip collapse flamegraph flamediff) >log 2>&1
ok $? 'it builds without warnings' log
cd "$work" || exit 1
cp build/collapse build/flamegraph build/flamediff . || done_testing

printf 'main;wait 10\nmain;work 20\n' >in.folded
run=
[ "$(id -u)" -ne 0 ] || run="chroot $work"
for program in collapse flamegraph flamediff; do
    size=$(wc -c <$program)
    echo "# $program has $size bytes"
    check "$program has at most 1.8 MB" test "$size" -le 1800000
    check "$program needs no other file" sh -c "! readelf -l $program | grep -q INTERP"
done
for tool in gzip xz zstd; do
    if have $tool; then
        $tool -c in.folded >in.packed
        # shellcheck disable=SC2086 # words
        check "what $tool packed" sh -c "$run ./collapse in.packed | cmp - in.folded"
    else
        skip "what $tool packed" "$tool is missing"
    fi
done
# shellcheck disable=SC2086 # words
$run ./flamegraph -q --title T in.folded >musl.svg
"$builddir/flamegraph" -q --title T in.folded >glibc.svg
check 'the picture is that of the usual build' cmp musl.svg glibc.svg
# shellcheck disable=SC2086 # words
$run ./flamediff -q --report json in.folded in.folded >musl.json
"$builddir/flamediff" -q --report json in.folded in.folded >glibc.json
check 'and so is the comparison' cmp musl.json glibc.json
done_testing
