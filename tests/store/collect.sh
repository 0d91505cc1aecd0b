#!/bin/sh
# SPDX-License-Identifier: MIT
# flamestore collect with real servers on 127.0.0.1: the store has exactly what the workers counted,
# whatever other sources do, and whatever happens to the collector.
. "${srcdir:-.}/tests/lib/tap.sh"
has store || skip_all 'this build has no flamestore'
have python3 || skip_all 'python3 is missing'
cd "$work" || exit 1
unset http_proxy HTTP_PROXY https_proxy all_proxy ALL_PROXY

workers=
trap 'kill $workers 2>/dev/null; rm -rf "$work"' EXIT

# start DIR: a worker; $address is its address.
start() {
    mkdir -p "$1"
    rm -f "$1/port"
    python3 "$srcdir/tests/store/worker.py" "$1" 2>"$1/err" &
    worker=$!
    workers="$workers $worker"
    wait_for test -s "$1/port"
    address=http://127.0.0.1:$(cat "$1/port")
}

# counted DIR...: what the workers gave away: the last number of each life.
counted() {
    for dir; do cat "$dir/totals"; done | "$AWK" '
        $2 > last[$1] { last[$1] = $2 }
        END { for (life in last) sum += last[life]; printf "%d\n", sum }'
}

# stored STORE [OPTION...]: the sum of all windows.
stored() {
    store=$1
    shift
    flamestore --store "$store" get --from=-1d --until=2099-01-01 "$@" 2>/dev/null |
        "$AWK" '!/^#/ { sum += $NF } END { printf "%d\n", sum }'
}

# same TITLE: $got is $want.
same() {
    echo "got $got, want $want" >difference
    [ "$got" = "$want" ]
    ok $? "$1" difference
}

asked() {
    grep -c "^$2\$" "$1/asked" || :
}

# asked_often DIR PATH N
asked_often() {
    [ "$(asked "$1" "$2")" -ge "$3" ]
}

# gap_grows STORE N: a gap has at least N failures.
gap_grows() {
    python3 -c 'import sqlite3, sys
counts = sqlite3.connect(sys.argv[1]).execute("SELECT count FROM gap").fetchall()
sys.exit(max(counts, default=(0,))[0] < int(sys.argv[2]))' "$@" 2>/dev/null
}

start one
one=$address

# ---- once ---------------------------------------------------------------------------------------

flamestore --store once.db collect --once --timeout 2s "$one/counter/a" "$one/snapshot/b" \
    "$one/dead" "$one/garbage" "$one/empty" "$one/redirect" "$one/missing" "$one/cut" \
    "http://127.0.0.1:1/refused" 2>err
ok $(($? != 1)) 'a source that fails is exit status 1' err
got=$(stored once.db)
want=$(counted one)
same 'the others are stored'
[ "$(asked one /snapshot/redirected)" -eq 0 ]
ok $? 'no redirect is followed'
for what in 'dead: it does not answer in time' 'garbage: ' 'empty: the input is empty' \
    'redirect: it redirects' 'missing: it answers with status 404' 'cut: ' 'refused: .*connect'; do
    grep -q "^flamestore: http://127.0.0.1:[0-9]*/$what" err
    ok $? "the message says why: $what" err
done
python3 - once.db <<'END' >gaps
import sqlite3, sys
for source, count in sqlite3.connect(sys.argv[1]).execute("SELECT source, count FROM gap"):
    print(source.split("/")[-1], count)
END
got=$(sort gaps | tr '\n' ' ')
want='cut 1 dead 1 empty 1 garbage 1 missing 1 redirect 1 refused 1 '
same 'and each is a gap'
check 'the store is intact' flamestore --store once.db check

# ---- hostile answers ----------------------------------------------------------------------------

flamestore --store hostile.db collect --once --timeout 20s --max-answer 1M --max-memory 100M \
    "$one/endless" "$one/bomb" 2>err
ok $(($? != 1)) 'answers without end are refused' err
grep -q 'endless: its answer has more than 1048576 bytes' err
ok $? 'at --max-answer' err
grep -q 'bomb: ' err
ok $? 'packed ones, too' err
for address in file:///etc/passwd ftp://127.0.0.1/x gopher://127.0.0.1/ 127.0.0.1:80 \
    'http://127.0.0.1/a b'; do
    flamestore --store hostile.db collect --once "$address" 2>err
    ok $(($? != 2)) "only http and https, not $address" err
done
flamestore --store secret.db collect --once "http://me:secret@${one#http://}/snapshot/x" \
    --verbose 2>err
grep -q '/snapshot/x: stored' err && ! grep -q secret err && ! grep -aq secret secret.db*
ok $? 'a password is neither printed nor stored' err

# ---- again and again ----------------------------------------------------------------------------

start two
two=$address
first=$worker
cat >sources <<END
# all of them
$two/counter/a source=a host=h1
$two/counter/b source=b host=h2 every=200ms
$two/plain/c   source=c host=h2 counts
$two/snapshot/d source=d snapshot
$two/dead source=dead
$two/garbage source=garbage
$two/slow source=slow every=100ms
END
collect() {
    flamestore --store "$1" collect --every 300ms --timeout 5s --sources sources --tag env=test \
        >>log 2>&1 &
    collector=$!
}
collect two.db
check 'a dead, a slow and a broken source delay no other' wait_for asked_often two /counter/a 12
[ "$(asked two /counter/b)" -ge 12 ] && [ "$(asked two /slow)" -le 8 ]
ok $? 'each has its own clock' two/asked
for moment in 1 2 3 4 5 6; do
    kill -KILL $collector
    wait $collector 2>/dev/null
    before=$(asked two /counter/a)
    collect two.db
    wait_for asked_often two /counter/a $((before + moment))
done
kill -KILL $collector
wait $collector 2>/dev/null
check 'killed six times, the store is intact' flamestore --store two.db check
# What was answered last may not have been stored: one more answer closes that.
grep -E '/(counter|plain)/' sources >last
flamestore --store two.db collect --once --sources last --tag env=test 2>>log
for name in a b; do
    got=$(stored two.db --tag source=$name --tag env=test)
    want=$(grep "^$name/" two/totals | tail -n 1 | cut -d ' ' -f 2)
    same "what $name counted is stored exactly"
done
got=$(stored two.db --tag source=c)
want=$(grep '^c/' two/totals | "$AWK" 'NR == 1 { first = $2 } END { print $2 - first }')
same 'what c counted after its first answer is stored exactly'
got=$(stored two.db --tag host=h2)
want=$(($(stored two.db --source b) + $(stored two.db --source c)))
same 'labels choose'

# ---- restarts -----------------------------------------------------------------------------------

kill -KILL "$first"
wait "$first" 2>/dev/null
: >two/err
flamestore --store two.db collect --once --sources last --tag env=test >>log 2>&1
ok $(($? != 1)) 'a dead worker is a gap' log
mkdir -p again
start again
sed "s|$two|$address|" last >last2
flamestore --store two.db collect --once --sources last2 --tag env=test 2>>log
flamestore --store two.db collect --once --sources last2 --tag env=test 2>>log
got=$(stored two.db --tag source=a)
want=$(cat two/totals again/totals | grep '^a/' | "$AWK" '
    $2 > last[$1] { last[$1] = $2 } END { for (i in last) sum += last[i]; print sum }')
same 'a restart is seen, and nothing counted twice'
echo "$address/restart/a source=a host=h1" >last3
flamestore --store two.db collect --once --sources last3 --tag env=test 2>>log
got=$(stored two.db --tag source=a)
want=$(cat two/totals again/totals | grep '^a/' | "$AWK" '
    $2 > last[$1] { last[$1] = $2 } END { for (i in last) sum += last[i]; print sum }')
same 'counting that begins anew is seen'

# ---- two collectors -----------------------------------------------------------------------------

start both
cat >sources <<END
$address/counter/a source=a
$address/snapshot/b source=b
END
flamestore --store both.db collect --every 100ms --sources sources 2>log1 &
collector=$!
flamestore --store both.db collect --every 100ms --sources sources 2>log2 &
other=$!
check 'two collectors share a store' wait_for asked_often both /snapshot/b 15
grep -hq 'another collector asks it for this store' log1 log2
ok $? 'one of them stands by' log2
kill -KILL $collector
wait $collector 2>/dev/null
before=$(asked both /snapshot/b)
check 'the other one goes on when it is gone' wait_for asked_often both /snapshot/b $((before + 3))
kill -KILL $other
wait $other 2>/dev/null
head -n 1 sources >last
flamestore --store both.db collect --once --sources last 2>>log
got=$(stored both.db --source a)
want=$(grep '^a/' both/totals | tail -n 1 | cut -d ' ' -f 2)
same 'nothing is counted twice'
windows=$(python3 - both.db <<'END'
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute(
    "SELECT count(*) FROM window JOIN series_label USING (series) JOIN label ON label.id = label"
    " WHERE level = 0 AND key = 'source' AND value = 'b'").fetchone()[0])
END
)
[ "$windows" -le "$(asked both /snapshot/b)" ]
ok $? 'a snapshot is stored once'

# ---- a source that is away for long -------------------------------------------------------------

start away
flamestore --store away.db collect --every 100ms --timeout 5s "$address/pprof" 2>log &
collector=$!
workers="$workers $collector"
wait_for test -s log
wait_for gap_grows away.db 5
printf 'main;work 5\n' | collapse -o away/pprof.tmp.pb.gz
mv away/pprof.tmp.pb.gz away/pprof
check 'a source that was away answers again' wait_for grep -q 'pprof: it answers again$' log
kill -KILL $collector
wait $collector 2>/dev/null
[ "$(wc -l <log)" -eq 2 ]
ok $? 'its failures were one message' log

# ---- forwarding ---------------------------------------------------------------------------------

start pyroscope
server=$address
start app
printf 'main;work 5\nmain;wait 7\n' >app/folded
collapse -o app/pprof.pb.gz app/folded
mv app/pprof.pb.gz app/pprof
flamestore --store forward.db collect --once --tag app=shop --tag 'region={eu,"1"}' \
    --forward "$server/" "$address/pprof" "$address/snapshot/s" "$address/counter/c" 2>err
ok $? 'windows are forwarded' err
[ ! -s pyroscope/faults ]
ok $? 'as the ingest address of Pyroscope documents' pyroscope/faults
got=$(for file in pyroscope/ingested.*.pb.gz; do collapse "$file"; done |
    "$AWK" '{ sum += $NF } END { print sum }')
want=$(stored forward.db)
same 'they have the sum of the store'
grep '^shop{' pyroscope/names | grep 'region=_eu__1__' |
    grep -q 'source=http://127.0.0.1:[0-9]*/pprof'
ok $? 'and its labels' pyroscope/names
flamestore --store forward.db collect --once --forward "$server/missing" "$address/snapshot/t" 2>err
ok $(($? != 1)) 'a server that refuses is an error' err
got=$(stored forward.db --source "$address/snapshot/t")
want=$(grep '^t/' app/totals | cut -d ' ' -f 2)
same 'the window is stored, still'

done_testing
