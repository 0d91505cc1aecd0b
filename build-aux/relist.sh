#!/bin/sh
# SPDX-License-Identifier: MIT
# relist.sh [--check] [MAKEFILE.AM] : bring the lists of files in Makefile.am up to date with the
# tree around it. With --check nothing is written; a difference is shown, and the exit status is 1.
#
# The list that a file belongs to follows from its place and name alone, see below.
set -eu
LC_ALL=C
export LC_ALL
check=no
if [ "${1-}" = --check ]; then
    check=yes
    shift
fi
makefile=${1-$(dirname "$0")/../Makefile.am}
cd "$(dirname "$makefile")"
work=$(mktemp -d "${TMPDIR:-/tmp}/relist.XXXXXX")
trap 'rm -rf "$work"' EXIT

git ls-files -co --exclude-standard | sort | while read -r file; do
    [ ! -f "$file" ] || echo "$file"
done >"$work/tree"

"${AWK:-awk}" '
function put(list, name) { print list, name; listed = 1 }
{ listed = 0 }
{ base = $0; sub(/.*\//, "", base) }
# Not on a list: the sources of single programs and of the library, and what configure fills in.
$0 == "src/cli/start.c" || /^src\/[^\/]*\.[ch]$/ || /\.in$/ { next }
# Debug information is read by collapse alone; the library does without libdw.
/^src\/format\/(elf|inliner)\/[a-z_]*\.[ch]$/ { put("inliner_sources", $0) }
$0 == "src/cli/raster.c" { put("raster_sources", $0) }
/^src\/cli\/flamestore[a-z_]*\.[ch]$/ { put("store_sources", $0) }
/^src\/[a-z]+\/.*\.[ch]$/ && !listed {
    room = $0; sub(/^src\//, "", room); sub(/\/.*/, "", room)
    put(room "_sources", $0)
}
/^templates\/page\./ { put("page_files", $0) }
/^templates\/[^\/]*$/ && !listed { put("templates", $0) }
/^templates\/viewer\// { put("viewer_scripts", $0) }
/^tests\/unit\/.*\.c$/ { sub(/\.c$/, ""); put("unit_tests", $0); next }
/^tests\/unit\/.*\.h$/ { put("unit_headers", $0) }
/^tests\/(cli|read|view|render)\/.*\.case$/ { put("case_tests", $0) }
/^tests\/long\/.*\.(sh|case)$/ { put("long_tests", $0); next }
/^tests\/lib\// { put("other_files", $0); next }
/^tests\/lint\/.*\.sh$/ { put("lint_tests", $0); next }
/^tests\/.*\.sh$/ { put("shell_tests", $0) }
/^tests\/(browser|viewer)\/.*(_test|\.test|\/test_[a-z_]*)\.mjs$/ { put("browser_tests", $0) }
/^tests\/fuzz\/fuzz_[^\/]*\.c$/ { sub(/\.c$/, ""); put("fuzz_targets", $0); next }
$0 == "tests/fuzz/replay.c" { listed = 1 }
$0 != "doc/flamestore.1" && /^doc\/.*\.[1357]$/ { put("man_pages", $0) }
# Automake brings its own, and directories of data go as a whole.
/^(Makefile\.am|configure\.ac)$/ { next }
/^(tests\/data|tests\/fuzz\/corpus|examples\/inputs)\// {
    sub(/\/[^\/]*$/, "")
    while ($0 !~ /(data|corpus|inputs)$/) sub(/\/[^\/]*$/, "")
    if (!($0 in seen)) put("data_files", $0)
    seen[$0] = 1
    next
}
!listed { put("other_files", $0) }
' "$work/tree" >"$work/files"

"${AWK:-awk}" -v files="$work/files" '
BEGIN {
    while ((getline line <files) > 0) {
        split(line, part, " ")
        list = part[1]; name = part[2]
        stem = name; sub(/\.[ch]$/, "", stem)
        # foo.c and foo.h share a line.
        if (list ~ /_sources$/ && stem == before) text[list] = text[list] " " name
        else text[list] = text[list] " \\\n\t" name
        before = stem
    }
}
# The old list goes, with lines that lost the backslash before them.
skipping && (continued || /^\t/) { continued = /\\$/; next }
{ skipping = 0 }
/^[a-z]+_(sources|tests|headers|files|pages|targets|scripts) =|^templates =/ {
    print $1 " =" text[$1]
    used[$1] = 1
    skipping = 1
    continued = /\\$/
    next
}
{ print }
END {
    for (list in text)
        if (!(list in used)) {
            print "relist.sh: Makefile.am has no list " list >"/dev/stderr"
            exit 1
        }
}' Makefile.am >"$work/Makefile.am"

if [ $check = yes ]; then
    diff -u Makefile.am "$work/Makefile.am"
elif ! cmp -s Makefile.am "$work/Makefile.am"; then
    cat "$work/Makefile.am" >Makefile.am
fi
