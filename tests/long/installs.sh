#!/bin/sh
# SPDX-License-Identifier: MIT
# installs.sh: builds that packagers make: with other names, with link time optimization, and
# static programs, which run without any file of the system.
. "${srcdir:-.}/tests/lib/tap.sh"
use_own_make
CC=${CC:-cc}
[ -f "$srcdir/configure" ] || skip_all 'there is no configure in the source directory'

# build NAME OPTION...: configure and install to $work/NAME/at.
build() {
    name=$1
    shift
    mkdir -p "$work/$name"
    (cd "$work/$name" && "$srcdir/configure" --prefix="$work/$name/at" "$@" &&
        "$MAKE" install) >"$work/$name.log" 2>&1
    ok $? "$name: it builds" "$work/$name.log"
    ! grep -n 'warning:' "$work/$name.log" >"$work/warnings"
    ok $? "$name: without warnings" "$work/warnings"
}

echo 'main;work 20
main;wait 10' >"$work/in.folded"
cd "$work" || exit 1

rest=
has raster || rest="$rest --without-raster"
has tui || rest="$rest --without-tui"
has store || rest="$rest --without-store"
# shellcheck disable=SC2086 # words
build names --disable-static --program-prefix=ft- --program-suffix=2 --with-zsh-dir="$work/zsh" \
    --without-libdw $rest
ls names/at/bin >got
printf 'ft-collapse2\nft-flamediff2\nft-flamegraph2\n' >wanted
! has store || echo ft-flamestore2 >>wanted
check 'names: the programs are renamed' diff wanted got
if has raster; then
    check 'names: PNG finds its program' names/at/bin/ft-flamegraph2 -q -o out.png in.folded
    check 'names: and is one' grep -q PNG out.png
fi
for file in zsh/_ft-flametree2 names/at/share/bash-completion/completions/ft-flamediff2 \
    names/at/share/fish/vendor_completions.d/ft-collapse2.fish; do
    check "names: ${file##*/} completes them" grep -q 'ft-collapse2 ft-flamegraph2 ft-flamediff2' \
        "$file"
done
"$MAKE" -C names uninstall >log 2>&1
find names/at zsh -type f -o -type l >left
check 'names: make uninstall leaves nothing' diff /dev/null left

# Programs are linked with the static library of a build with link time optimization.
if have objcopy && have pkg-config; then
    build lto CFLAGS='-O1 -flto=auto' --without-raster --without-tui --without-libdw \
        --without-store
    PKG_CONFIG_PATH=$work/lto/at/lib/pkgconfig
    export PKG_CONFIG_PATH
    # shellcheck disable=SC2046,SC2086 # words
    check 'lto: the static library can be linked' $CC -o embed \
        -I"$work/lto/at/include" "$srcdir/examples/library/embed.c" \
        "$work/lto/at/lib/libflametree.a" \
        $(pkg-config --static --libs flametree | sed 's/-lflametree//') -lm -lpthread
    check 'lto: and used' ./embed
else
    skip 'lto' 'objcopy or pkg-config is missing'
fi

# Whether this system has the static libraries.
echo 'int main(void) { return 0; }' >probe.c
# shellcheck disable=SC2046,SC2086 # words
if $CC -static -o probe probe.c $(pkg-config --static --libs libpcre2-8 zlib 2>/dev/null) \
    >log 2>&1; then
    build static --enable-static-programs --disable-shared
    cp static/at/bin/* .
    for program in collapse flamegraph flamediff; do
        check "static: $program needs no other file" \
            sh -c "! ldd ./$program >got 2>&1 && grep -q 'not a dynamic' got"
    done
    gzip -c in.folded >in.gz
    run=
    [ "$(id -u)" -ne 0 ] || run="chroot $work"
    printf 'main;wait 10\nmain;work 20\n' >wanted
    for tool in gzip xz zstd; do
        if have $tool; then
            $tool -c in.folded >in.packed
            # shellcheck disable=SC2086 # words
            $run ./collapse in.packed >got
            check "static: an empty root is enough to read what $tool packed" diff wanted got
        else
            skip "static: $tool" 'it is missing'
        fi
    done
    # shellcheck disable=SC2086 # words
    check 'static: flamegraph draws' sh -c "$run ./flamegraph -q in.gz | grep -q '</svg>'"
    # shellcheck disable=SC2086 # words
    check 'static: flamediff compares' sh -c "$run ./flamediff -q in.gz in.gz | grep -q work"
    ./flamegraph -o out2.png in.folded 2>got
    check 'static: PNG is refused by name' grep -qi 'draws no png' got
else
    skip 'static' 'static libraries are missing'
fi
done_testing
