#!/bin/sh
# SPDX-License-Identifier: MIT
# No global state: the objects of src/ have no variable that can be written to. But what a
# signal handler of the programs removes or restores must be where it finds it (src/cli/program.c,
# src/tui/screen.c).
. "${srcdir:-.}/tests/lib/tap.sh"

have objdump || skip_all 'objdump is missing'
[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers add variables of their own'
cd "$builddir" || exit 1
find src -name '*.o' | sort >"$work/objects"
[ -s "$work/objects" ] || skip_all 'no object is here yet'

# Pointers that the loader fills in once (.data.rel.ro) are constant as far as C is concerned.
while read -r object; do
    objdump -t "$object" 2>/dev/null | "$AWK" -v object="$object" '
        object ~ /cli\/(\.libs\/)?program\.o$/ && $NF ~ /^(unfinished|unwatched|watched)$/ { next }
        object ~ /tui\/(\.libs\/)?libtui_la-screen\.o$/ && $NF == "open_screen" { next }
        / O \.(data|bss|tbss|tdata)/ && !/ O \.data\.rel\.ro/ { print object ": " $NF }
        / O \*COM\*/ { print object ": " $NF }'
done <"$work/objects" >"$work/breaches"
ok "$(wc -l <"$work/breaches")" 'nothing that can be written to outlives a call' "$work/breaches"

done_testing
