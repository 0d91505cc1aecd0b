#!/bin/sh
# SPDX-License-Identifier: MIT
# strip-js.sh FILE... : the scripts one after the other on stdout, without what only people read.
#
# Dropped are indentation, empty lines, lines whose first characters are `//`, and lines from one
# that starts with `/*` to the one that ends with `*/`. In a script (*.js) the blanks beside
# punctuation go, too, and a comment at the end of a line. A line is joined to one that ends with a
# semicolon, a comma or an open bracket, a closing bracket to what it closes, a line that starts
# with an operator to the one before, and an indented line to a closing brace. So a statement needs
# its semicolon.
# Strings, regular expressions and templates stay as they are; a template that spans lines loses its
# indentation.
# No blank goes that keeps two signs apart, as in `a - -b`, `a < !--b` and `a[b[c]] > d`.
exec "${AWK:-awk}" '
function fail(text) {
    print "strip-js.sh: " text >"/dev/stderr"
    failed = 1
    exit 1
}

# How long the text in quotes or the regular expression is that `line` starts with.
function quoted(line,    c, i, n, set) {
    n = length(line)
    for (i = 2; i <= n; i++) {
        c = substr(line, i, 1)
        if (c == "\\") i++
        else if (first == "/" && c == "[") set = 1
        else if (c == "]") set = 0
        else if (c == first && !set) return i
    }
    fail(FILENAME ":" FNR ": " first " does not end")
}

# A division is after a value, a regular expression is not.
function is_regex(before) {
    return before !~ /[A-Za-z0-9_$)\]]$/ || before ~ /(^|[^A-Za-z0-9_$.])(return|typeof|case)$/
}

# Whether two texts must not meet.
function collide(before, after,    a, b) {
    a = substr(before, length(before))
    b = substr(after, 1, 1)
    if (a ~ /[A-Za-z0-9_$\200-\377]/ && b ~ /[A-Za-z0-9_$\200-\377]/) return 1
    return (a ~ /[-+]/ && b == a) || (a == "-" && b == ">") || (a == "]" && b == ">") ||
        (a == "<" && b ~ /[!\/]/) || (a == "/" && b ~ /[*\/]/) || (a ~ /[0-9]/ && b == ".")
}

# Adds to the line that is written; `blank` says that a blank was in front.
function put(text) {
    if (blank && done != "" && collide(done, text)) done = done " "
    blank = 0
    done = done text
}

# The rest of a template up to its end, or up to a value in it.
function template(line,    i, n, c) {
    n = length(line)
    for (i = 1; i <= n; i++) {
        c = substr(line, i, 1)
        if (c == "\\") i++
        else if (c == "`") { depth--; i++; break }
        else if (c == "$" && substr(line, i + 1, 1) == "{") { braces[depth] = 1; i += 2; break }
    }
    done = done substr(line, 1, i - 1)
    return substr(line, i)
}

# `depth` is how many templates are open, braces[depth] how many braces in a value of the last one;
# it is 0 in its text.
function squeeze(line,    n) {
    done = ""
    blank = 0
    while (line != "") {
        if (depth && !braces[depth]) { line = template(line); continue }
        first = substr(line, 1, 1)
        n = 1
        if (first == " ") { blank = 1; line = substr(line, 2); continue }
        if (first == "\"" || first == "\047") n = quoted(line)
        else if (line ~ /^\/\//) break
        else if (line ~ /^\/\*/) fail(FILENAME ":" FNR ": a comment within a line")
        else if (first == "/" && is_regex(done == "" ? tail : done)) n = quoted(line)
        else if (match(line, /^[A-Za-z0-9_$\200-\377]+/)) n = RLENGTH
        else if (first == "`") braces[++depth] = 0
        else if (depth && first == "{") braces[depth]++
        else if (depth && first == "}") braces[depth]--
        put(substr(line, 1, n))
        line = substr(line, n + 1)
    }
    if (done != "") tail = done
    return done
}

FNR == 1 && inside { fail("comment of " before " does not end") }
{ before = FILENAME; sub(/\r$/, ""); deep = sub(/^[ \t]+/, "") }
inside { if (/\*\/[ \t]*$/) inside = 0; next }
!depth && (/^\/\// || /^$/) { next }
!depth && /^\/\*/ { if (!/\*\/[ \t]*$/) inside = 1; next }
FILENAME ~ /\.js$/ {
    within = depth
    line = squeeze($0)
    joins = line ~ /^[])}?:&|]/ || (line ~ /^[.]/ && ends !~ /[0-9]$/) || ends ~ /[;{,(]$/ ||
        (deep && ends ~ /}$/)
    if (open) printf "%s", joins && !within ? "" : "\n"
    printf "%s", line
    open = 1
    ends = line
    next
}
{ print }
END {
    if (open) print ""
    if (inside && !failed) fail("comment of " before " does not end")
}' "$@"
