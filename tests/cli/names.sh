#!/bin/sh
# SPDX-License-Identifier: MIT
# names.sh: no name loses a sample (names.py).
. "${srcdir:-.}/tests/lib/tap.sh"
have python3 || skip_all 'python3 is missing'
cd "$work" || exit 1
python3 "$srcdir/tests/cli/names.py" "$builddir"
