#!/bin/sh
# SPDX-License-Identifier: MIT
# cross.sh: builds for other machines, whose programs and unit tests run under the user mode of
# qemu; those for i386 run as they are on x86-64. Each needs a cross compiler, qemu and the pcre2 of
# that machine (on Debian: gcc-aarch64-linux-gnu, qemu-user-static, libpcre2-dev:arm64).
. "${srcdir:-.}/tests/lib/tap.sh"
use_own_make
[ -f "$srcdir/configure" ] || skip_all 'there is no configure in the source directory'

# Small ones of every part of the program.
units='test_builder test_filter test_folded test_frames test_label test_num test_pattern
    test_perf_data test_profile test_sha256 test_sink test_str test_tree test_wide'
cases='cli/filter cli/flamediff cli/gate cli/header cli/outputs cli/profile_report view/drop-in
    view/units'

# optional LIBDIR: what configure is to leave out, for lack of a library.
optional() {
    printf '%s' '--without-libdw --without-raster --without-tui --without-store'
    for pair in zlib:zlib zstd:libzstd lzma:liblzma; do
        [ -f "$1/pkgconfig/${pair#*:}.pc" ] || printf ' %s' "--without-${pair%:*}"
    done
}

# run_there MACHINE EMULATOR: the tests of the build in $work/MACHINE.
run_there() {
    for unit in $units; do
        check "$1: $unit" "$2" "./tests/unit/$unit"
    done
    mkdir -p run/tests
    cp tests/env run/tests/
    for program in collapse flamegraph flamediff; do
        printf '#!/bin/sh\nexec %s %s/%s "$@"\n' "$2" "$PWD" "$program" >"run/$program"
        chmod +x "run/$program"
    done
    for name in $cases; do
        check "$1: $name" "$srcdir/tests/run-cases" --build "$PWD/run" "$srcdir/tests/$name.case"
    done
}

# machine NAME EMULATOR [DIRECTORY]: DIRECTORY has its libraries, unless it is that of the NAME.
machine() {
    libdir=/usr/lib/${3:-$1}
    for tool in "$1-gcc" "$2"; do
        if ! have "$tool"; then
            skip "$1" "$tool is missing"
            return
        fi
    done
    if [ ! -f "$libdir/pkgconfig/libpcre2-8.pc" ]; then
        skip "$1" 'its pcre2 is missing'
        return
    fi
    mkdir "$work/$1"
    cd "$work/$1" || exit 1
    PKG_CONFIG_LIBDIR=$libdir/pkgconfig:/usr/share/pkgconfig
    export PKG_CONFIG_LIBDIR
    programs=$(for unit in $units; do echo "tests/unit/$unit"; done)
    # shellcheck disable=SC2046,SC2086 # words
    ("$srcdir/configure" --host="$1" --disable-static --enable-werror $(optional "$libdir") &&
        "$MAKE" && "$MAKE" $programs) >log 2>&1
    built=$?
    ok $built "$1: it builds without warnings" log
    [ $built -ne 0 ] || run_there "$1" "$2"
}

machine aarch64-linux-gnu qemu-aarch64-static
machine arm-linux-gnueabihf qemu-arm-static
case $(uname -m) in
x86_64) machine i686-linux-gnu env i386-linux-gnu ;;
*) skip i386 'this machine cannot run it' ;;
esac
done_testing
