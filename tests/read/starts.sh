#!/bin/sh
# SPDX-License-Identifier: MIT
# starts.sh: inputs that start in the middle of a stack (starts.py).
. "${srcdir:-.}/tests/lib/tap.sh"
have python3 || skip_all 'python3 is missing'
cd "$work" || exit 1
python3 "$srcdir/tests/read/starts.py" "$srcdir/tests/data"
