#!/bin/sh
# strip-js.sh FILE... : the scripts one after the other on stdout, without what only people read.
#
# Dropped are indentation, empty lines, lines whose first characters are `//`, and lines from one
# that starts with `/*` to the one that ends with `*/`. A template literal that spans lines loses
# its indentation. Of scripts, blanks around punctuation go too, but for + and -, which could join:
# in lines without quotes and slashes and outside template literals, so that strings and regular
# expressions are safe.
exec "${AWK:-awk}" '
FNR == 1 && inside {
    print "strip-js.sh: comment of " before " does not end" >"/dev/stderr"
    failed = 1
    exit 1
}
BEGIN { n = split(", ; : [?] = < > [*] [(] [)] { } [|]", marks, " ") }
{ before = FILENAME; sub(/\r$/, ""); sub(/^[ \t]+/, "") }
inside { if (/\*\/[ \t]*$/) inside = 0; next }
/^\/\// || /^$/ { next }
/^\/\*/ { if (!/\*\/[ \t]*$/) inside = 1; next }
FILENAME ~ /\.js$/ {
    ticks = gsub(/`/, "`")
    if (!literal && !ticks && !/["\047\/\\]/) {
        for (i = 1; i <= n; i++) {
            mark = marks[i]
            kept = mark
            gsub(/[][]/, "", kept)
            gsub(" *" mark " *", kept)
        }
        gsub(/ *&& */, "\\&\\&")
        gsub(/]]>/, "]] >") # would end a CDATA section
    }
    if (ticks % 2) literal = !literal
}
{ print }
END {
    if (inside && !failed) {
        print "strip-js.sh: comment of " before " does not end" >"/dev/stderr"
        exit 1
    }
}' "$@"
