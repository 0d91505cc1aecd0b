#!/bin/sh
# SPDX-License-Identifier: MIT
# join-modules.sh ENTRY.js [BASE.js...] : an ES module and the modules that it imports, on stdout,
# without those that a BASE imports.
#
# A module comes after those that it imports. Its import lines are dropped, and the word `export`;
# comments and blanks go as by strip-js.sh. The output for the bases and that for the entry share
# one function (src/output/svg.c), so a name at the left margin is declared once in all of them.
# This script refuses what it does not understand:
#
#     import {a, b} from './module.js';     may go on over several lines
#     export const x = ...;                 one name, or names between brackets on one line
#     export [async] function[*] x          export class x
set -eu
here=$(dirname "$0")
work=$(mktemp -d "${TMPDIR:-/tmp}/join.XXXXXX")
trap 'rm -rf "$work"' EXIT

entry=$1
shift
"${AWK:-awk}" -v entry="$entry" -v bases="$*" -v work="$work" '
function fail(text) {
    print "join-modules.sh: " text >"/dev/stderr"
    exit 1
}

# Puts the names that a line declares into found[1...]; returns how many.
function find_names(line) {
    sub(/^async /, "", line)
    sub(/^function\* /, "function ", line)
    if (line !~ /^(function|class|const|let) /) return 0
    sub(/^[a-z]+ /, "", line)
    if (line ~ /^[{[]/) {
        if (!sub(/[]}] = .*/, "", line)) return 0
        sub(/^./, "", line)
    } else sub(/[^A-Za-z0-9_$].*/, "", line)
    return split(line, found, /[^A-Za-z0-9_$]+/)
}

function declare(file, line, exports,    n, i) {
    n = find_names(line)
    if (n == 0 && (exports || line ~ /^(const|let|var|function\*?|class|async) /))
        fail(file ": not understood: " line)
    for (i = 1; i <= n; i++) {
        if (found[i] in owner) fail(file ": " found[i] " is a name in " owner[found[i]] ", too")
        owner[found[i]] = file
        if (exports) exported[file, found[i]] = 1
    }
}

# text is all of an import.
function import_module(file, base, text,    module, names, n, i) {
    if (text !~ /^import \{[A-Za-z0-9_$, ]*\} from \047\.\/[A-Za-z0-9_-]+\.js\047;$/ ||
        text ~ / as /) fail(file ": not understood: " text)
    module = text
    sub(/.* from \047\.\//, "", module)
    sub(/\047;$/, "", module)
    module = base module
    visit(module, file)
    sub(/^import \{/, "", text)
    sub(/\} from .*/, "", text)
    n = split(text, names, /[ ,]+/)
    for (i = 1; i <= n; i++)
        if (names[i] != "" && !((module, names[i]) in exported))
            fail(file ": " module " does not export " names[i])
}

function visit(file, from,    base, line, more, n, kept, i, status) {
    if (state[file] == "done") return
    if (state[file] == "open") fail(file " imports itself by way of " from)
    state[file] = "open"
    base = file
    sub(/[^\/]*$/, "", base)
    while ((status = (getline line <file)) > 0) {
        if (line ~ /^import /) {
            while (line !~ /;$/ && (getline more <file) > 0) line = line " " more
            import_module(file, base, line)
            continue
        }
        if (sub(/^export /, "", line)) declare(file, line, 1)
        else declare(file, line, 0)
        kept[++n] = line
    }
    if (status < 0) fail(file " cannot be read")
    close(file)
    state[file] = "done"
    if (silent) return
    more = work "/" sprintf("%03d", ++modules) ".js"
    for (i = 1; i <= n; i++) print kept[i] >more
    close(more)
}

BEGIN {
    silent = 1
    n = split(bases, base)
    for (i = 1; i <= n; i++) visit(base[i], "")
    silent = 0
    visit(entry, "")
}
'
sh "$here/strip-js.sh" "$work"/*.js
