#!/bin/sh
# SPDX-License-Identifier: MIT
# Lists that must agree with the tree: Makefile.am's with the files in git, the tarball with git,
# what `make install` installs with build-aux/installed-files, what tests/mutation breaks with the
# sources.
. "${srcdir:-.}/tests/lib/tap.sh"
use_own_make
cd "$builddir" || exit 1

if [ -e "$srcdir/.git" ] && have git && git -C "$srcdir" rev-parse >/dev/null 2>&1; then
    check 'Makefile.am lists the files that are there (make lists)' \
        sh "$srcdir/build-aux/relist.sh" --check "$srcdir/Makefile.am"

    rm -rf drift.dist
    if "$MAKE" -s distdir distdir=drift.dist >"$work/log" 2>&1; then
        # dist-only names what autoreconf makes.
        (cd drift.dist && find . -type f) | sed 's|^\./||' |
            grep -vxF -f "$srcdir/build-aux/dist-only" | sort >"$work/dist"
        git -C "$srcdir" ls-files -co --exclude-standard | sort >"$work/git"
        check 'the tarball holds what git holds' diff "$work/git" "$work/dist"
    else
        ok 1 'the tarball can be made' "$work/log"
    fi
    # Its directories are read-only when the source is.
    chmod -R u+w drift.dist && rm -rf drift.dist
else
    skip 'Makefile.am lists the files that are there' 'this is no git checkout'
    skip 'the tarball holds what git holds' 'this is no git checkout'
fi

check 'each break of tests/mutation/list is one' sh "$srcdir/tests/mutation/run" --check

if "$MAKE" -s install DESTDIR="$work/install" prefix=/p exec_prefix=/p bindir=/p/bin \
    libdir=/p/lib includedir=/p/include datarootdir=/p/share datadir=/p/share \
    mandir=/p/share/man pkgconfigdir=/p/lib/pkgconfig >"$work/log" 2>&1; then
    mkdir -p "$work/install/p"
    (cd "$work/install/p" && find . ! -type d) | sed 's|^\./||' | sort >"$work/installed"
    grep -v '^#' "$srcdir/build-aux/installed-files" | sort >"$work/expected"
    unless() { # unless WORD: the file is left out
        grep -vxF "$1" "$work/expected" >"$work/less"
        mv "$work/less" "$work/expected"
    }
    has raster || unless libexec/flamegraph-raster
    if ! has store; then
        grep -v flamestore "$work/expected" >"$work/less"
        mv "$work/less" "$work/expected"
    fi
    [ -f .libs/libflametree.a ] || unless lib/libflametree.a
    check 'what is installed is what build-aux/installed-files says' \
        diff "$work/expected" "$work/installed"
else
    ok 1 'make install works' "$work/log"
fi

done_testing
