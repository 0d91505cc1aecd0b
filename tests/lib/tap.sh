# SPDX-License-Identifier: MIT
# tap.sh: TAP for shell scripts. A test starts with
#
#     . "${srcdir:-.}/tests/lib/tap.sh"
#
# and ends with done_testing. It gets $srcdir and $builddir, what configure found ($NODE,
# $features, ...), and an empty directory $work of its own that goes away at the end.

set -u
srcdir=$(cd "${srcdir:-.}" && pwd)
builddir=$(cd "${builddir:-.}" && pwd)
[ ! -f "$builddir/tests/env" ] || . "$builddir/tests/env"
AWK=${AWK:-awk}
features=${features-}
# In a build with sanitizers, the search for leaks takes twice as long as the rest of a run. Scripts
# start programs thousands of times, so only run-cases and the tests in process search; LEAKS=1 does
# in all scripts.
if [ "${sanitizers:-no}" != no ]; then
    ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=${LEAKS:-0}
    export ASAN_OPTIONS
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/flametree.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

tap_run=0
tap_failed=0

# ok STATUS TITLE [FILE]: one check; a status other than 0 has failed, and FILE says why.
ok() {
    tap_run=$((tap_run + 1))
    if [ "$1" -eq 0 ]; then
        printf 'ok %d - %s\n' "$tap_run" "$2"
    else
        tap_failed=$((tap_failed + 1))
        printf 'not ok %d - %s\n' "$tap_run" "$2"
        [ $# -lt 3 ] || sed 's/^/# /' "$3"
    fi
}

# check TITLE COMMAND...: the command succeeds. What it prints is shown when it does not.
check() {
    tap_title=$1
    shift
    tap_status=0
    "$@" >"$work/tap.out" 2>&1 </dev/null || tap_status=$?
    ok "$tap_status" "$tap_title" "$work/tap.out"
}

# skip TITLE WHY
skip() {
    tap_run=$((tap_run + 1))
    printf 'ok %d - %s # SKIP %s\n' "$tap_run" "$1" "$2"
}

# skip_all WHY: the whole script.
skip_all() {
    printf '1..0 # SKIP %s\n' "$1"
    exit 0
}

# have TOOL: it is on PATH.
have() {
    command -v "$1" >/dev/null 2>&1
}

# has FEATURE: configure was not told --without-FEATURE.
has() {
    case " $features " in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

done_testing() {
    printf '1..%d\n' "$tap_run"
    [ "$tap_failed" -eq 0 ]
    exit
}

# wait_for COMMAND...: until it succeeds, at most a minute.
wait_for() {
    tries=600
    until "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.1
    done
}

# use_own_make: $MAKE does not look for the job server of the make that runs this test.
use_own_make() {
    LC_ALL=C
    MAKE=${MAKE:-make}
    MAKEFLAGS=
    MFLAGS=
    export LC_ALL MAKEFLAGS MFLAGS
}
