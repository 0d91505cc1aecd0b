#!/bin/sh
# SPDX-License-Identifier: MIT
# doubling.sh: no input takes instructions or memory that grow with its square (doubling.py);
# tests/long/doubling.sh has all shapes.
. "${srcdir:-.}/tests/lib/tap.sh"
have python3 || skip_all 'python3 is missing'
have valgrind || skip_all 'valgrind is missing'
[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers add their own instructions'
LC_ALL=C.UTF-8
export LC_ALL
cd "$work" || exit 1
# shellcheck disable=SC2086 # nothing, or a word
python3 "$srcdir/tests/bench/doubling.py" "$builddir" ${shapes-}
