#!/bin/sh
# SPDX-License-Identifier: MIT
# Shell scripts, the viewer's scripts and the templates are well-formed.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$srcdir" || exit 1

# Files of the tree that are scripts of the shell: by name, or by what their first line says.
find . -name '.git' -prune -o -name 'node_modules' -prune -o -name build -prune -o \
    -type f ! -name '*~' -print | sed 's/^\.\///' | sort >"$work/tree"
while read -r file; do
    case $file in
    build-aux/*.sh) # those that automake and libtool copy here are not ours
        grep -q 'This file is maintained in Automake\|gnu.org/licenses' "$file" || echo "$file" ;;
    tests/*.sh | examples/*.sh) echo "$file" ;;
    bootstrap | .ci/run | tests/run-cases | tests/lib/run-node) echo "$file" ;;
    esac
done <"$work/tree" >"$work/scripts"

while read -r file; do
    check "$file is sound shell" sh -n "$file"
done <"$work/scripts"

# From another directory, too.
check 'bootstrap --help prints its use' \
    sh -c 'cd tests && ../bootstrap --help | grep -q -e "--no-install"'

# bootstrap leaves out what configure would refuse: a library that is too old as well.
printf '#!/bin/sh\ncase $2 in *rsvg*">= 2.52"*) exit 1 ;; esac\n' >"$work/pkg-config"
chmod +x "$work/pkg-config"
{
    echo 'say() { :; }'
    sed -n '/^optional() {/,/^}/p' bootstrap
    echo optional
} >"$work/optional"
check 'bootstrap leaves out a library that is too old' \
    sh -c 'test "$(PATH=$1:$PATH sh "$1/optional")" = --without-raster' sh "$work"
printf '#!/bin/sh\nexit 1\n' >"$work/pkg-config"
check 'and knows all that configure looks for' \
    sh -c 'PATH=$1:$PATH sh "$1/optional" | grep -c without |
        grep -qx "$(grep -c "^FLAMETREE_LIBRARY(" configure.ac)"' sh "$work"

if have "${SHELLCHECK:-shellcheck}"; then
    # What is sourced (tests/lib/tap.sh) sets variables that shellcheck cannot see.
    # shellcheck disable=SC2046 # no blanks in these names
    check 'shellcheck is content' "${SHELLCHECK:-shellcheck}" -s sh -S warning \
        -e SC1090,SC1091,SC2154 $(cat "$work/scripts")
else
    skip 'shellcheck is content' 'shellcheck is missing'
fi

# No line of more than 100 columns, no blank at the end.
while read -r file; do
    case $file in
    *.js | *.mjs | configure.ac | Makefile.am) echo "$file" ;;
    build-aux/*.awk) echo "$file" ;;
    esac
done <"$work/tree" | cat - "$work/scripts" | sort -u >"$work/texts"
xargs "$AWK" '
{ line = $0; gsub(/[\200-\277]/, "", line) }
length(line) > 100 { print FILENAME ":" FNR ": " length(line) " columns" }
/[ \t\r]$/ { print FILENAME ":" FNR ": blank at the end" }
/\t/ && FILENAME ~ /js$/ { print FILENAME ":" FNR ": TAB" }
' <"$work/texts" >"$work/breaches"
ok "$(wc -l <"$work/breaches")" 'scripts keep to 100 columns and end without blanks' \
    "$work/breaches"

# The viewer as the build puts it together. LIMIT PART... : what pictures with these parts have.
join() {
    printf '(function () {\n%s\n' "'use strict';"
    sh build-aux/join-modules.sh templates/viewer/start.js
    for part; do
        sh build-aux/join-modules.sh "templates/viewer/$part.js" templates/viewer/start.js
    done
    printf '})();\n'
}
while read -r limit parts; do
    # shellcheck disable=SC2086 # several words
    join $parts >"$work/joined.js" 2>"$work/breaches"
    ok "$(wc -l <"$work/breaches")" "start, $parts are joined" "$work/breaches"
    size=$(wc -c <"$work/joined.js")
    ok "$((size > limit || size < limit / 2))" "start, $parts have at most $limit bytes ($size)"
    if have "${NODE:-node}"; then
        check "start, $parts are JavaScript" "${NODE:-node}" --check "$work/joined.js"
    else
        skip "start, $parts are JavaScript" 'node is missing'
    fi
done <<'END'
64000 viewer
88000 viewer-differential
88000 viewer-axis viewer-values viewer-links viewer-source viewer-legend viewer
88000 viewer-links viewer-source viewer-differential
END

# Each module is part of one of them.
for module in templates/viewer/*.js; do
    grep -q "'\./${module##*/}'" templates/viewer/*.js || echo "$module"
done | grep -v '/viewer[a-z-]*\.js$' >"$work/breaches"
ok "$(wc -l <"$work/breaches")" 'each module of the viewer is imported' "$work/breaches"

for file in templates/*.svg; do
    [ -f "$file" ] || continue
    if have "${XMLLINT:-xmllint}"; then
        # With something in its {{places}}.
        sed -e 's/{{encoding}}/UTF-8/g' -e 's/{{[^}]*}}/1/g' "$file" >"$work/filled.svg"
        check "$file is well-formed XML" "${XMLLINT:-xmllint}" --nonet --noout "$work/filled.svg"
    else
        skip "$file is well-formed XML" 'xmllint is missing'
    fi
done

# Man pages: groff finds nothing to say about them.
for page in doc/*.[1357] doc/man/*.[1357]; do
    [ -f "$page" ] || continue
    if have groff; then
        groff -man -ww -z -K utf8 "$page" >"$work/breaches" 2>&1
        ok "$(wc -l <"$work/breaches")" "$page is a sound man page" "$work/breaches"
    else
        skip "$page is a sound man page" 'groff is missing'
    fi
done

done_testing
