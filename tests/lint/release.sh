#!/bin/sh
# SPDX-License-Identifier: MIT
# What a release needs at any time: the version is the same everywhere, source files name their
# license, and the tarball does not depend on where and when it is made.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL

# ---- the version ----
version=$("$builddir/collapse" --version | sed -n '1s/.* //p')
check 'the programs have a version' expr "$version" : '[0-9][0-9.]*$'
check 'NEWS begins with it' \
    sh -c 'sed -n "/^## /{p;q;}" "$1/NEWS.md" | grep -qE "^## $2( |$)"' - "$srcdir" "$version"
check 'the README names it' grep -qF "The current version is $version." "$srcdir/README.md"
check 'flametree.h names it' grep -qF "\"$version\"" "$srcdir/src/flametree.h"

# ---- links ----

# slugs FILE: the addresses of its headings: "Broken stacks" is broken-stacks.
slugs() {
    sed -n 's/^##* //p' "$1" | tr 'A-Z ' 'a-z-' | tr -cd 'a-z0-9_\n-'
}
cd "$srcdir" || exit 1
for page in *.md doc/*.md examples/*/*.md; do
    grep -o '\](\([^)]*\))' "$page" | sed 's/^](//; s/)$//' | while read -r link; do
        file=${link%%#*}
        case $link in
        http*) continue ;;
        '#'*) file=$page ;;
        *) file=$(dirname "$page")/$file ;;
        esac
        [ -e "$file" ] || echo "$page: $link"
        case $link in
        *'#'*) slugs "$file" | grep -qx -e "${link#*#}" || echo "$page: $link" ;;
        esac
    done
done >"$work/broken"
ok "$(wc -l <"$work/broken")" 'links of the documents lead to files and headings' "$work/broken"

# ---- licenses ----
if [ -e "$srcdir/.git" ] && have git && git -C "$srcdir" rev-parse >/dev/null 2>&1; then
    sh "$srcdir/build-aux/spdx.sh" --check >"$work/bare"
    ok $? 'every source file has an SPDX line (sh build-aux/spdx.sh adds it)' "$work/bare"
    # It sees a file without one, and adds what it misses.
    mkdir "$work/tree" "$work/tree/build-aux"
    cp "$srcdir/build-aux/spdx.sh" "$work/tree/build-aux/"
    (
        cd "$work/tree" && git init -q && echo 'int a;' >a.c && printf '#!/bin/sh\nb\n' >b.sh &&
            chmod +x b.sh && echo 'data' >c.txt
        sh build-aux/spdx.sh --check >found
        sh build-aux/spdx.sh
        sh build-aux/spdx.sh --check >left
        cat found left a.c b.sh c.txt
        test -x b.sh && echo executable
    ) >"$work/got"
    cat >"$work/want" <<'END'
a.c
b.sh
/* SPDX-License-Identifier: MIT */
int a;
#!/bin/sh
# SPDX-License-Identifier: MIT
b
data
executable
END
    check 'what has none is found and mended' diff "$work/want" "$work/got"
else
    skip 'every source file has an SPDX line' 'this is no git checkout'
fi

# ---- the tarball ----
if tar --version 2>/dev/null | grep -q GNU; then
    cd "$work" || exit 1
    umask 022
    mkdir -p one/release/sub two/release/sub
    for name in a b c sub/d; do
        echo $name >one/release/$name
    done
    chmod +x one/release/b
    touch -d '2001-02-03 04:05:06' one/release/a
    umask 077
    for name in sub/d c b a; do
        echo $name >two/release/$name
    done
    chmod 700 two/release/b two/release
    SOURCE_DATE_EPOCH=1000000000
    export SOURCE_DATE_EPOCH
    pack() {
        (cd $1 && sh "$srcdir/build-aux/dist-tar.sh" release) >$1.tar
    }
    check 'a directory is packed' pack one
    check 'and another one with the same files' pack two
    check 'the bytes are the same' cmp one.tar two.tar
    check 'dates are those of SOURCE_DATE_EPOCH' \
        sh -c 'TZ=UTC tar tvf one.tar | grep -v 2001-09-09 | wc -l | grep -qx 0'
    echo more >>two/release/a
    pack two
    check 'other files give other bytes' sh -c '! cmp -s one.tar two.tar'
else
    skip 'the tarball does not depend on where it is made' 'tar is not that of GNU'
fi
done_testing
