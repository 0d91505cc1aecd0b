#!/bin/sh
# SPDX-License-Identifier: MIT
# What happens to the machine while a collector runs: its disk is full for a while, its clock is set
# back and forth. It goes on, and in the end the store has exactly what the workers counted.
. "${srcdir:-.}/tests/lib/tap.sh"
has store || skip_all 'this build has no flamestore'
have python3 || skip_all 'python3 is missing'
cd "$work" || exit 1
unset http_proxy HTTP_PROXY https_proxy all_proxy ALL_PROXY
processes=
trap 'kill $processes 2>/dev/null; rm -rf "$work"' EXIT

lines() { # lines FILE TEXT MOST: the file has more lines with the text
    [ "$(grep -c -e "$2" "$1")" -gt "$3" ]
}

# exact STORE TITLE: after a last answer, the store has what the worker counted.
exact() {
    kill $collector
    wait $collector 2>/dev/null
    flamestore --store "$1" collect --once "$address/counter/a" 2>>log
    got=$(flamestore --store "$1" get --from=2000-01-01 --until=2099-01-01 2>/dev/null |
        "$AWK" '!/^#/ { sum += $NF } END { printf "%d\n", sum }')
    want=$(tail -n 1 totals | cut -d ' ' -f 2)
    echo "got $got, want $want" >difference
    [ "$got" = "$want" ]
    ok $? "$2" difference
    check 'the store is intact' flamestore --store "$1" check
}

# start: a worker that counts; $address is its address.
start() {
    rm -f port totals asked
    python3 "$srcdir/tests/store/worker.py" . 2>err &
    worker=$!
    processes="$processes $worker"
    wait_for test -s port
    address=http://127.0.0.1:$(cat port)
}

# ---- a full disk --------------------------------------------------------------------------------

# A file that cannot grow fails like a full disk.
cat >limit.py <<'END'
import resource, sys
most = int(sys.argv[2])
resource.prlimit(int(sys.argv[1]), resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
END
start
flamestore --store full.db collect --verbose --every 100ms "$address/counter/a" 2>log &
collector=$!
processes="$processes $collector"
wait_for lines log 'counter/a: stored' 2
python3 limit.py $collector 8192
check 'a full disk is a message' wait_for lines log 'disk' 2
kill -0 $collector
ok $? 'the collector goes on' log
check 'readers do, too' flamestore --store full.db get --from=-1h
before=$(grep -c 'counter/a: stored' log)
python3 limit.py $collector -1
check 'when there is room again, it stores' wait_for lines log 'counter/a: stored' $((before + 2))
exact full.db 'nothing is lost, and nothing is there twice'
kill $worker
wait $worker 2>/dev/null

# ---- the clock ----------------------------------------------------------------------------------

cat >clock.c <<'END'
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t clock, struct timespec *now)
{
    FILE *file = clock == CLOCK_REALTIME ? fopen("set", "r") : NULL;
    long by = 0;
    int status = (int)syscall(SYS_clock_gettime, clock, now);
    if (file && fscanf(file, "%ld", &by) != 1)
        by = 0;
    if (file)
        fclose(file);
    now->tv_sec += by;
    return status;
}
END
set_clock() { # by seconds
    echo "$1" >set.new
    mv set.new set
}
# shellcheck disable=SC2086 # CC may hold options
if [ "${sanitizers:-no}" != no ] || ! ${CC:-cc} -shared -fPIC -o clock.so clock.c 2>/dev/null; then
    skip 'a clock that is set back' 'no shared object can be made here'
    done_testing
    exit
fi
set_clock 0
start
LD_PRELOAD=$PWD/clock.so flamestore --store clock.db collect --verbose --every 100ms \
    "$address/counter/a" "$address/dead" --timeout 300ms 2>log &
collector=$!
processes="$processes $collector"
for by in -7200 -30 3600 -86400 0; do
    before=$(grep -c 'counter/a: stored' log)
    wait_for lines log 'counter/a: stored' $((before + 2))
    set_clock "$by"
    before=$(grep -c 'counter/a: stored' log)
    check "set by $by s, the collector goes on" \
        wait_for lines log 'counter/a: stored' $((before + 2))
done
check 'the windows have the times of the clock' sh -c \
    "flamestore --store clock.db get --from=-25h --until=-23h | grep -q f0"
exact clock.db 'nothing is lost, and nothing is there twice'
wide=$(python3 - clock.db <<'END'
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(
    "SELECT count(*) FROM window WHERE level = 0 AND (end <= start OR end - start > 60000)"
    " AND end - start < 3000000").fetchone()[0])
END
)
[ "$wide" -eq 0 ]
ok $? 'windows end after they begin'
done_testing
