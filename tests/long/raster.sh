#!/bin/sh
# SPDX-License-Identifier: MIT
# raster.sh: the cost of a picture: 7,000 frames become a PNG in under half the processor time that
# rsvg-convert takes for the same SVG; 280,000 frames and 20,000 px of height work.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1
has raster || skip_all 'built without raster'
[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers take their own time'
have python3 || skip_all 'python3 is missing'

# grow STACKS: of names that repeat, so that widths differ.
grow() {
    "$AWK" -v stacks="$1" 'BEGIN {
        srand(7)
        for (i = 0; i < stacks; i++) {
            line = "main"
            for (depth = 1 + int(30 * rand()); depth > 0; depth--)
                line = line ";function_" int(40 * rand() ^ 3)
            print line, 1 + int(50 * rand())
        }
    }'
}
grow 440 >many.folded
"$builddir/flamegraph" -q --minwidth 0 -o many.svg many.folded
frames=$(grep -c '<title>' many.svg)
echo "# $frames frames"
check 'about 7,000 frames' test "$frames" -gt 6000 -a "$frames" -lt 9000

if have rsvg-convert; then
    cat >cost.py <<'END'
import os, subprocess, sys
def cost(command):
    best = 1e9
    for _ in range(7):
        before = os.times()
        subprocess.run(command, check=True)
        after = os.times()
        best = min(best, after[2] - before[2] + after[3] - before[3])
    return best
ours = cost([sys.argv[1], '-q', '--minwidth', '0', '-o', 'many.png', 'many.folded'])
theirs = cost(['rsvg-convert', 'many.svg', '-o', 'theirs.png'])
print('# %.0f ms, rsvg-convert %.0f ms: %.2f' % (1000 * ours, 1000 * theirs, ours / theirs))
sys.exit(ours > theirs / 2)
END
    python3 cost.py "$builddir/flamegraph"
    ok $? 'a PNG costs at most half of what rsvg-convert takes'
else
    skip 'the cost of a PNG' 'rsvg-convert is missing'
fi

grow 6000 >more.folded
check '60,000 frames become a PNG' "$builddir/flamegraph" -q --minwidth 0 -o more.png more.folded
check 'and a PDF' "$builddir/flamegraph" -q --minwidth 0 -o more.pdf more.folded
check '20,000 px of height do, too' \
    "$builddir/flamegraph" -q --minwidth 0 --height 700 -o high.png more.folded
grow 22000 >many.folded
check '280,000 frames become a PNG' "$builddir/flamegraph" -q --minwidth 0 -o many.png many.folded
check 'and a PDF' "$builddir/flamegraph" -q --minwidth 0 -o many.pdf many.folded
grow 120000 >most.folded
got=0
"$builddir/flamegraph" -q --minwidth 0 -o most.png most.folded 2>message || got=$?
cat message
check 'more elements than librsvg takes are refused with what to change' \
    sh -c 'test "$1" = 1 && grep -q "larger --minwidth" message && ! test -e most.png' - $got

done_testing
