#!/bin/sh
# SPDX-License-Identifier: MIT
# spdx.sh [--check]: put the line SPDX-License-Identifier at the head of each source file that has
# none. With --check, name those files and change nothing; the exit status is 1 if there are any.
set -eu
cd "$(dirname "$0")/.."
line='SPDX-License-Identifier: MIT'
status=0

# ours: files with code that people wrote here. Data of tests has no such line.
ours() {
    git ls-files -co --exclude-standard | grep -v '^tests/data/\|^tests/fuzz/corpus/' |
        grep -E -e '\.([ch]|js|mjs|py|sh|awk|css|fish|bash)$' \
            -e '^(bootstrap|configure\.ac|Makefile\.am|\.ci/run)$' -e '^completions/' \
            -e '^tests/(run-cases|[a-z]*/run|lib/run-node|coverage/table)$' \
            -e '^examples/reports/(Makefile|Jenkinsfile|.*\.yml)$'
}

# add FILE: the line becomes the first, or the second after that of the interpreter.
add() {
    case $1 in
    *.c | *.h | *.css) sign='/* ' end=' */' ;;
    *.js | *.mjs | */Jenkinsfile) sign='// ' end= ;;
    *configure.ac) sign='dnl ' end= ;;
    *) sign='# ' end= ;;
    esac
    awk -v line="$sign$line$end" '
        NR == 1 && !/^#(!|compdef)/ { print line }
        { print }
        NR == 1 && /^#(!|compdef)/ { print line }' "$1" >"$1.spdx"
    cat "$1.spdx" >"$1" # keeps its mode
    rm "$1.spdx"
}

ours >"${TMPDIR:-/tmp}/spdx.$$"
trap 'rm -f "${TMPDIR:-/tmp}/spdx.$$"' EXIT
while read -r file; do
    [ -f "$file" ] || continue
    head -n 3 "$file" | grep -q "$line" && continue
    if [ "${1-}" = --check ]; then
        echo "$file"
        status=1
    else
        add "$file"
    fi
done <"${TMPDIR:-/tmp}/spdx.$$"
exit $status
