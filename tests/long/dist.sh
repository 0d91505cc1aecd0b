#!/bin/sh
# SPDX-License-Identifier: MIT
# dist.sh: `make dist` gives the same bytes each time: twice here, with another umask, time zone and
# locale, and from what was unpacked.
. "${srcdir:-.}/tests/lib/tap.sh"
use_own_make
tar --version 2>/dev/null | grep -q GNU || skip_all 'tar is not that of GNU'
have xz || skip_all 'xz is missing'
version=$("$builddir/collapse" --version | sed -n '1s/.* //p')
tarball=flametree-$version.tar.xz
cd "$builddir" || exit 1

# dist NAME: make the tarball, and move it to $work.
dist() {
    "$MAKE" -s dist && mv "$tarball" "$work/$1"
}
check 'make dist' dist one.tar.xz
umask 027
check 'make dist, in another place and time' \
    env TZ=Pacific/Auckland LC_ALL=C.UTF-8 LANG=C.UTF-8 "$MAKE" -s dist
umask 022
mv "$tarball" "$work/two.tar.xz"
check 'gives the same bytes' cmp "$work/one.tar.xz" "$work/two.tar.xz"

cd "$work" || exit 1
check 'it is unpacked' sh -c 'xz -dc one.tar.xz | tar xf -'
mkdir again && cd again || exit 1
check 'configured' "../flametree-$version/configure" \
    --without-raster --without-libdw --without-tui --without-store
builddir=$work/again
cd "$builddir" || exit 1
check 'and packed again' dist three.tar.xz
check 'to the same bytes' cmp "$work/one.tar.xz" "$work/three.tar.xz"
done_testing
