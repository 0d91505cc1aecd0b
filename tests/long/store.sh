#!/bin/sh
# SPDX-License-Identifier: MIT
# Long runs of flamestore: its memory and its open files stay as they are while eight workers are
# collected and the page is read, and the sampler takes at most 2 % of a worker's throughput.
# FLAMETREE_SOAK is the number of seconds, 300 without it.
. "${srcdir:-.}/tests/lib/tap.sh"
has store || skip_all 'built without store'
have python3 || skip_all 'python3 is missing'
[ "${sanitizers:-no}" = no ] || skip_all 'sanitizers keep memory for themselves'
PATH=$builddir:$PATH
PYTHONDONTWRITEBYTECODE=1
export PATH PYTHONDONTWRITEBYTECODE
unset http_proxy HTTP_PROXY https_proxy all_proxy ALL_PROXY
cd "$work" || exit 1

# tell COMMAND...: its TAP as one check.
tell() {
    title=$1
    shift
    "$@" >out 2>&1
    ok $? "$title" out
    grep '^# ' out
}

tell 'the cost of the sampler' python3 "$srcdir/tests/store/faults.py" cost
tell 'memory and files over time' python3 "$srcdir/tests/store/faults.py" soak \
    "${FLAMETREE_SOAK:-300}"
done_testing
