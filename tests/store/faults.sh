#!/bin/sh
# SPDX-License-Identifier: MIT
# Eight real workers, of which four fail in different ways; see faults.py.
. "${srcdir:-.}/tests/lib/tap.sh"
has store || skip_all 'built without store'
have python3 || skip_all 'python3 is missing'
PATH=$builddir:$PATH
PYTHONDONTWRITEBYTECODE=1
export PATH PYTHONDONTWRITEBYTECODE
unset http_proxy HTTP_PROXY https_proxy all_proxy ALL_PROXY
cd "$work" || exit 1
python3 "$srcdir/tests/store/faults.py" run
