#!/bin/sh
# SPDX-License-Identifier: MIT
# terminal.sh: flamegraph --tui in a terminal of its own (terminal.py).
. "${srcdir:-.}/tests/lib/tap.sh"
has tui || skip_all 'this build is without the interactive view'
have python3 || skip_all 'python3 is missing'
cd "$work" || exit 1
python3 "$srcdir/tests/tui/terminal.py" "$builddir"
