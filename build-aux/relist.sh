#!/bin/sh
# relist.sh [--check] [MAKEFILE.AM] : bring the lists of files in Makefile.am up to date with the
# tree around it. With --check nothing is written; a difference is shown and makes the exit status 1.
#
# The list that a file belongs to follows from its place and name alone, see pick() below.
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

# find in a list of directories, some of which may not exist yet; hidden files and backups are not
# part of the tree.
files() {
    for dir; do
        [ ! -d "$dir" ] || find "$dir" -name '.*' -prune -o -type f ! -name '*~' -print
    done | sort
}

files src tests templates examples | "${AWK:-awk}" '
function put(list, name) { print list, name }
{ base = $0; sub(/.*\//, "", base) }
/^src\/[a-z]+\/[^\/]*\.[ch]$/ {
    room = $0; sub(/^src\//, "", room); sub(/\/.*/, "", room)
    if (base !~ /_main\.c$/) put(room "_sources", $0)
}
/^templates\/[^\/]*$/ { put("templates", $0) }
/^templates\/viewer\// { put("viewer_scripts", $0) }
/^tests\/unit\/.*\.c$/ { sub(/\.c$/, ""); put("unit_tests", $0) }
/^tests\/unit\/.*\.h$/ { put("unit_headers", $0) }
/^tests\/(cli|read|view|render)\/.*\.case$/ { put("case_tests", $0) }
/^tests\/long\/.*\.(sh|case)$/ { put("long_tests", $0); next }
/^tests\/lib\// { next }
/^tests\/.*\.sh$/ { put("shell_tests", $0) }
/^tests\/browser\// {
    if (base ~ /_test\.mjs$/) put("browser_tests", $0)
    else if (base !~ /\.sh$/) put("browser_files", $0)
}
/^tests\/fuzz\/fuzz_[^\/]*\.c$/ { sub(/\.c$/, ""); put("fuzz_targets", $0) }
' >"$work/files"

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
skipping { skipping = /\\$/; next }
/^[a-z]+_(sources|tests|headers|files|targets|scripts) =|^templates =/ {
    print $1 " =" text[$1]
    used[$1] = 1
    skipping = /\\$/
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
