#!/bin/sh
# SPDX-License-Identifier: MIT
# debian.sh: the packages of build-aux/debian, built from the tarball as a maintainer would, without
# a complaint of lintian, hold all that make install installs.
. "${srcdir:-.}/tests/lib/tap.sh"
use_own_make
for tool in dpkg-buildpackage dh lintian fakeroot xz; do
    have $tool || skip_all "$tool is missing"
done
for feature in zlib zstd lzma libdw raster tui store; do
    has $feature || skip_all "built without $feature"
done
cd "$work" || exit 1

version=$(sed -n "s/^AC_INIT(\[flametree\], \[\(.*\)\])/\1/p" "$srcdir/configure.ac")
tarball=$builddir/flametree-$version.tar.xz
[ -f "$tarball" ] || "$MAKE" -s -C "$builddir" dist >log 2>&1
check 'there is a tarball' test -f "$tarball"
cp "$tarball" "flametree_$version.orig.tar.xz"
mkdir source
xz -dc "$tarball" | tar -x -f - -C source --strip-components 1
cp -r source/build-aux/debian source/debian
check 'the version is that of the program' grep -q "^flametree ($version-" source/debian/changelog
(cd source && DEB_BUILD_OPTIONS='nocheck parallel=2' dpkg-buildpackage -us -uc -d) >log 2>&1
ok $? 'the packages are built' log
lintian --fail-on error,warning ./*.changes >lint 2>&1
ok $? 'lintian has no errors or warnings' lint

# files PACKAGE: its files below /usr.
files() {
    dpkg-deb -c "$1"_*.deb | awk '$1 !~ /^d/ { print $6 }' | sed -n 's,^\./usr/,,p' | sort
}
files flametree >programs
files libflametree0 >library
files libflametree-dev >development
for name in collapse flamegraph flamediff flamestore; do
    for file in bin/$name share/man/man1/$name.1.gz share/bash-completion/completions/$name \
        share/fish/vendor_completions.d/$name.fish; do
        check "flametree: $file" grep -qx "$file" programs
    done
done
for name in libexec/flamegraph-raster libexec/flamegraph-tui \
    share/zsh/vendor-completions/_flametree; do
    check "flametree: $name" grep -qx "$name" programs
done
check 'flametree: documents' grep -q '^share/doc/flametree/manual.md' programs
check 'flametree: examples' grep -q '^share/doc/flametree/examples/library/' programs
check 'libflametree0: the library' grep -q '^lib/.*/libflametree\.so\.0$' library
for name in include/flametree.h 'lib/.*/libflametree\.so' 'lib/.*/libflametree\.a' \
    'lib/.*/pkgconfig/flametree\.pc' share/man/man3/libflametree.3.gz; do
    check "libflametree-dev: $name" grep -qx "$name" development
done
dpkg-deb -e libflametree0_*.deb control
check 'the symbols are listed' grep -q 'flametree_new@FLAMETREE_0 0.2.0' control/symbols

# As installed: the programs of the packages run and find each other.
for package in flametree libflametree0; do
    dpkg-deb -x "$package"_*.deb root
done
echo 'main;work 20' >in.folded
check 'the packaged program draws PNG' root/usr/bin/flamegraph -q -o out.png in.folded
check 'the packaged flamestore keeps it' \
    root/usr/bin/flamestore -q --store=x.db add --from=2026-11-29 in.folded
done_testing
