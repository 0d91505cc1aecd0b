#!/bin/sh
# SPDX-License-Identifier: MIT
# parsers.sh: reports and pictures with hostile names, as other programs parse them (parsers.py).
. "${srcdir:-.}/tests/lib/tap.sh"
have python3 || skip_all 'python3 is missing'
LC_ALL=C.UTF-8
export LC_ALL
cd "$work" || exit 1
python3 "$srcdir/tests/cli/parsers.py" "$builddir"
