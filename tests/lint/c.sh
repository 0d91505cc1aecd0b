#!/bin/sh
# SPDX-License-Identifier: MIT
# The house rules that build-aux/lint.awk checks, one test each, and how long functions are.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$srcdir" || exit 1

find src tests examples -name '.*' -prune -o -type f -name '*.[ch]' -print 2>/dev/null |
    sort >"$work/files"
xargs "$AWK" -f build-aux/lint.awk <"$work/files" >"$work/found" || exit 1

# Lift what lint-allow allows; an entry that lifts nothing is a breach too.
"$AWK" '
FNR == NR { if (!/^#/ && NF) { entry[$1 " " $2] = FNR; if (NF < 4) bad[FNR] = $0 } next }
($1 " " $2) in entry { used[$1 " " $2] = 1; next }
{ print }
END {
    for (e in entry) if (!(e in used)) print "allow", list, entry[e], "lifts nothing: " e
    for (n in bad) print "allow", list, n, "gives no reason: " bad[n]
}' list=build-aux/lint-allow build-aux/lint-allow "$work/found" >"$work/left"

# rule NAME TITLE
rule() {
    "$AWK" -v rule="$1" '$1 == rule { $1 = ""; sub(/^ /, ""); sub(/ /, ":"); print }' \
        "$work/left" >"$work/breaches"
    count=$(wc -l <"$work/breaches")
    ok "$count" "$2" "$work/breaches"
}

rule include 'a room includes only from lower ones'
rule banned 'no banned function'
rule memory 'memory comes from heap and arena alone'
rule leaving 'only cli leaves the program or knows stdout and stderr'
rule stdio 'only cli prints'
rule int128 'only core/wide.h names the type of 128 bits that not every compiler has'
rule head 'each file starts with a comment that says what it is for'
rule guard 'each header has its include guard'
rule columns 'no line of more than 100 columns'
rule blanks 'no TAB and no blank at the end of a line'
rule long-file 'no file of more than 400 lines'
rule long-function 'no function of more than 60 lines without a reason'
rule allow 'each exception in lint-allow is needed and gives its reason'

# foo.c and foo.h of one directory are one name; any other pair is two files that look alike.
"$AWK" '{
    base = $0; sub(/.*\//, "", base)
    stem = $0; sub(/\.[ch]$/, "", stem)
    name = base; sub(/\.[ch]$/, "", name)
    if (name in seen && seen[name] != stem) print $0 " is named like " seen[name]
    seen[name] = stem
}' "$work/files" >"$work/breaches"
count=$(wc -l <"$work/breaches")
ok "$count" 'file names are unique in the tree' "$work/breaches"

# Median and 90th percentile of the functions in src/.
"$AWK" '$1 == "function" && $2 ~ /^src\// { print $4, $5 " (" $2 ":" $3 ")" }' "$work/found" |
    sort -n >"$work/functions"
n=$(wc -l <"$work/functions")
if [ "$n" -gt 0 ]; then
    at() { sed -n "$(((n * $1 + 99) / 100))p" "$work/functions" | sed 's/ .*//'; }
    echo "# $n functions, median $(at 50), 90th percentile $(at 90) lines; the longest:"
    tail -n 5 "$work/functions" | sed 's/^/#     /'
    ok "$(($(at 50) > 15))" 'the median function has at most 15 lines'
    ok "$(($(at 90) > 45))" 'nine of ten functions have at most 45 lines'
fi

done_testing
