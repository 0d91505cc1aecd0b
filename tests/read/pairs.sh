#!/bin/sh
# SPDX-License-Identifier: MIT
# pairs.sh: names that mean something to a format survive each writer and reader (pairs.py).
. "${srcdir:-.}/tests/lib/tap.sh"
have python3 || skip_all 'python3 is missing'
has zlib || skip_all 'this build writes no packed files'
LC_ALL=C.UTF-8
export LC_ALL
cd "$work" || exit 1
python3 "$srcdir/tests/read/pairs.py" "$builddir"
