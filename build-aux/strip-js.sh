#!/bin/sh
# strip-js.sh FILE... : the scripts one after the other on stdout, without what only people read.
#
# Dropped are indentation, empty lines, lines whose first characters are `//`, and lines from one
# that starts with `/*` to the one that ends with `*/`. Nothing inside a line is touched, so strings
# and regular expressions are safe; a template literal that spans lines loses its indentation.
exec "${AWK:-awk}" '
FNR == 1 && inside {
    print "strip-js.sh: comment of " before " does not end" >"/dev/stderr"
    failed = 1
    exit 1
}
{ before = FILENAME; sub(/\r$/, ""); sub(/^[ \t]+/, "") }
inside { if (/\*\/[ \t]*$/) inside = 0; next }
/^\/\// || /^$/ { next }
/^\/\*/ { if (!/\*\/[ \t]*$/) inside = 1; next }
{ print }
END {
    if (inside && !failed) {
        print "strip-js.sh: comment of " before " does not end" >"/dev/stderr"
        exit 1
    }
}' "$@"
