#!/bin/sh
# SPDX-License-Identifier: MIT
# flamestore by hand: what is added comes back, whole and once, in any format and with any names;
# ranges, labels, comparisons, expiry, and what is refused.
. "${srcdir:-.}/tests/lib/tap.sh"
has store || skip_all 'this build has no flamestore'
cd "$work" || exit 1
TZ=UTC
export TZ

# store COMMAND...: with the store of the moment.
store() {
    flamestore --store "$db" "$@"
}

# refuses STATUS MESSAGE COMMAND...
refuses() {
    refuses_status=$1
    refuses_text=$2
    shift 2
    status=0
    "$@" >out 2>err || status=$?
    [ "$status" -eq "$refuses_status" ] && grep -q -e "$refuses_text" err
    ok $? "status $refuses_status: $refuses_text" err
}

# ---- what is added comes back -------------------------------------------------------------------

db=formats.db
count=0
last=none
for file in "$srcdir"/tests/data/formats/*/*; do
    case $file in "$last"/* | *.expected.*) continue ;; esac # one of each format
    [ -f "$file" ] && collapse -q "$file" >wanted 2>/dev/null && [ -s wanted ] || continue
    name=${file#"$srcdir"/tests/data/}
    count=$((count + 1))
    last=${file%/*}
    if ! store -q add --source "$name" --from=2026-11-29T09:00 "$file" 2>err; then
        ok 1 "$name is added" err
        continue
    fi
    store get --source "$name" --from=2026-11-29 --until=2026-11-30 2>err |
        grep -v '^# flametree: ' >got
    check "$name comes back" diff wanted got
done
[ "$count" -gt 5 ]
ok $? "$count recordings of different formats"
check 'the store is intact' store check

# All values, of which one counts by default. The number of samples of a recording by time is none.
db=values.db
heap=$srcdir/tests/data/formats/pprof/go-allocs.pb.gz
check 'a heap profile is added' store add --from=2026-11-29T09:00 --source heap "$heap"
for value in '' alloc_objects alloc_space inuse_objects inuse_space; do
    collapse -q ${value:+"--sample-index=$value"} "$heap" | LC_ALL=C sort >wanted
    store get --from=2026-11-29 --until=2026-11-30 ${value:+"--sample-index=$value"} |
        grep -v '^# flametree: ' | LC_ALL=C sort >got
    check "it has ${value:-the default value}" cmp wanted got
done
store add --from=2026-11-29T09:00 --source heap "$heap" 2>err
grep -q 'the store has it already' err
ok $? 'and is there once' err
store add --from=2026-11-29T08:00 --source cpu "$srcdir/tests/data/formats/pprof/go-cpu.pb.gz"
refuses 1 'no window' store get --from=2026-11-29 --until=2026-11-30 --sample-index=samples
store get --from=2026-11-29 --until=2026-11-30 >got 2>err
grep -q 'several values: alloc_space in bytes, cpu in nanoseconds; choose one' err
ok $? 'two values that count by default have no sum' err
check 'the store is intact' store check

# Names of any bytes but those that separate names.
db=names.db
"$AWK" 'BEGIN {
    for (i = 1; i < 256; i++) if (i != 10 && i != 13 && i != 59) {
        printf "main;a%cb;<script>%c\047\"&; DROP TABLE frame;--%c %d\n", i, i, i, i
    }
}' >names.folded
printf 'main;\303\050 5\nmain;%%s%%n 6\n' >>names.folded
collapse -q names.folded >wanted
check 'hostile names are added' store add --from=2026-11-29 names.folded
store get --from=2026-11-29 --until=2026-11-30 | grep -av '^# flametree: ' >got
check 'and come back' cmp wanted got
check 'a source may be called -' sh -c 'store() { flamestore -q --store=dash.db "$@"; }
    store add --from=2026-11-29 --source=- names.folded &&
    store add --from=2026-11-29 - <names.folded && store get --from=2026-11-29 --source=- >named &&
    store get --from=2026-11-29 --source=stdin >nameless && cmp named nameless'
check 'hostile labels are added' store add --from=2026-11-29 --source "x'; DROP TABLE label;--" \
    --tag "k'\"<=$(printf 'v\033[2J\377')" names.folded
store labels --from=2026-11-29 --until=2026-11-30 >out
! LC_ALL=C grep -q "$(printf '\033')" out
ok $? 'and cannot control a terminal' out
check 'the store is intact' store check

# The name of the store is that of a file, whatever it means to SQLite.
echo 'main 10' >in
for name in :memory: 'file:x.db?mode=memory' 'file:x.db?vfs=none' 'x%20y?mode=ro'; do
    db=$name
    store add --from=2026-11-29 in
    check "--store='$name' is a file" [ -f "./$name" ]
done

# A sum that does not fit is refused, and nothing of it is stored.
db=sums.db
echo 'main 9000000000000000000' >in
check 'a weight below 2^63' store add --from=2026-11-29T09:00 in
refuses 1 'the sum of the hour would be larger than 2^63-1' store add --from=2026-11-29T09:01 in
check 'in another hour it fits' store add --from=2026-11-29T10:00 in
store size | grep -x 'windows: 2' >out
ok $? 'the windows are those two' out
check 'the store is intact' store check

# ---- windows ------------------------------------------------------------------------------------

db=days.db
for host in a b; do
    for minute in 00 01 02 59; do
        echo "main;$host$minute 10" >in
        store add --tag host=$host --source w$host --from=2026-11-29T09:$minute in
    done
done
store -q add --tag host=a --source wa --from=2026-11-29T09:00 in
store add --tag host=a --source wa --from=2026-11-29T09:00 in 2>err
grep -q 'the store has it already' err
ok $? 'a window is there once' err
# sum FROM UNTIL [OPTION...]
sum() {
    from=$1
    until=$2
    shift 2
    store get --from="2026-11-29T$from" --until="2026-11-29T$until" "$@" 2>/dev/null |
        "$AWK" '!/^#/ { sum += $NF } END { print sum + 0 }'
}
# sums WANT FROM UNTIL [OPTION...]
sums() {
    want=$1
    shift
    got=$(sum "$@")
    echo "got $got, want $want" >out
    [ "$got" = "$want" ]
    ok $? "a range: $*" out
}
sums 80 09:00 10:00
sums 60 09:00 09:59
sums 20 09:00 09:01
sums 40 09:00:01 09:03
sums 0 10:00 11:00
sums 30 09:00 09:59 --tag host=b
sums 60 09:00 09:59 --tag host=a --tag host=b
sums 0 09:00 10:00 --tag host=a --source wb
sums 0 09:00 10:00 --tag host=c
store get --from=2026-11-29 --until=2026-11-30 --by host,app -o by.folded
[ "$(cut -d ' ' -f 1-3 by.folded | grep -c '^[ab];app: none;main;')" -eq 8 ]
ok $? 'labels are first frames' by.folded
store get --from=2026-11-29 --until=2026-11-30 -o by.pb.gz
check 'pprof has the labels' sh -c "collapse --tags by.pb.gz | grep -q host"
check 'it is read back' sh -c "collapse by.pb.gz | awk '{ sum += \$NF } END { exit sum != 80 }'"
check 'a mark is added' store mark --from=2026-11-29T09:30 'deployed abc'

# Later windows of the hours that were deleted are refused; their sums stay.
db=old.db
cp days.db old.db
check 'windows expire' store expire --keep-minutes=1min --keep-hours=forever
sums 80 09:00 10:00
sums 80 09:00 09:01
sums 0 09:01 10:00
refuses 1 'it is older than the windows that the store keeps' \
    store add --from=2026-11-29T09:10 in
check 'sums of hours expire' store expire --keep-minutes=1min --keep-hours=1min
sums 0 00:00 23:59
check 'the store is intact' store check

# ---- times --------------------------------------------------------------------------------------

db=days.db
for zone in UTC 0 Europe/Berlin 1 America/New_York -5; do
    case $zone in [-0-9]*) ;; *) name=$zone && continue ;; esac
    got=$(TZ=$name store get --from="2026-11-29 $(printf '%02d' $((9 + zone))):00" \
        --until=2026-11-29T09:01Z | "$AWK" '!/^#/ { sum += $NF } END { print sum }')
    [ "$got" = 20 ]
    ok $? "a time without a zone is one of $name: $got"
done
refuses 2 "needs a time such as" store get --from=9
refuses 2 "needs a time such as" store get --from=2026-13-01
refuses 2 "needs a time such as" store get --from=25:00
refuses 2 "needs a time such as" store get --from=-15parsecs
refuses 2 '--until must be later than --from' store get --from=now --until=-1h
refuses 1 'no window from 2026-11-28T00:00:00' store get --from=2026-11-28 --until=2026-11-29

# ---- refused ------------------------------------------------------------------------------------

refuses 2 'a command is missing: collect, add' flamestore
refuses 2 "unknown command 'fetch'" store fetch
refuses 2 '--store=FILE is missing' flamestore get
refuses 1 'cannot open' flamestore --store none.db get
refuses 1 'it is not a store of flamestore' flamestore --store by.folded add in
refuses 2 "it has no date: --from" store add in
refuses 2 "--tag needs KEY=VALUE, not 'host'" store add --from=now --tag host in
refuses 2 "two labels 'host'" store add --from=now --tag host=a --tag host=b in
refuses 1 'no stack found' sh -c 'echo nonsense | flamestore --store days.db add --from=now'
refuses 2 'collect needs sources' store collect
check 'nothing of it was stored' sh -c 'flamestore --store days.db size | grep -qx "windows: 8"'

# A store that was tampered with is an error, not a crash.
if have python3; then
    python3 - <<'END'
import random, shutil, sqlite3
random.seed(7)
for number, change in enumerate((
    "UPDATE stack SET parent = id + 5 WHERE id = 2", "DELETE FROM frame WHERE id = 1",
    "UPDATE sample SET weight = -5",
    "UPDATE sample SET stack = 9223372036854775807 WHERE stack = (SELECT max(stack) FROM sample)",
    "UPDATE window SET series = -1 WHERE id = 1",
    "UPDATE window SET total = total + 1 WHERE level = 1",
    "UPDATE series SET decimals = 99",
    "UPDATE window SET start = 9223372036854775807, end = 0 WHERE id = 1",
    "UPDATE frame SET text = zeroblob(100) WHERE id = 1")):
    shutil.copy("days.db", f"bad{number}.db")
    db = sqlite3.connect(f"bad{number}.db")
    db.execute(change)
    db.commit()
    db.close()
data = bytearray(open("days.db", "rb").read())
for number in range(100, 130):
    bad = bytearray(data)
    for _ in range(random.randrange(1, 40)):
        bad[random.randrange(100, len(bad))] = random.randrange(256)
    open(f"bad{number}.db", "wb").write(bad)
END
    crashed=0
    for db in bad*.db; do
        for command in get labels check size 'compare --before=2026-11-29T09:00..2026-11-29T09:02
            --after=2026-11-29T09:01..2026-11-29T10:00'; do
            status=0
            # shellcheck disable=SC2086 # words
            store $command >out 2>&1 || status=$?
            [ $status -le 4 ] || { crashed=$((crashed + 1)) && cp out crash; }
        done
    done
    ok $crashed 'a damaged store makes nothing crash'
    for db in bad0.db bad1.db bad2.db bad3.db bad4.db bad5.db; do
        store check >out 2>&1
        ok $(($? != 1)) "check finds what was changed in $db" out
    done
else
    skip 'a damaged store' 'python3 is missing'
fi

# ---- compare ------------------------------------------------------------------------------------

db=compare.db
for host in a b c; do
    for minute in 0 1 2 3 4 5 6 7; do
        n=$((1000 + minute * 7 % 5 * 10))
        for hour in 09 10; do
            [ $hour = 09 ] && factor=1 || factor=2
            echo "main;x $((n * factor))" >in
            store add --tag host=$host --tag flag=on --from=2026-11-29T$hour:0$minute in
            echo "main;y $n" >in
            store add --tag host=$host --tag flag=off --from=2026-11-29T$hour:0$minute in
        done
    done
done
compare() {
    store compare --before=2026-11-29T09:00..2026-11-29T09:30 \
        --after=2026-11-29T10:00..2026-11-29T10:30 "$@"
}
compare -- --report=text >out 2>err
ok $? 'two ranges are compared' err
grep -q '^before .*3 runs' out && grep -q '2.00x  slower .* x$' out && grep -q 'noise .* y$' out
ok $? 'each host is a run' out
grep -q '^scale .*second' out
ok $? 'costs are those of a second' out
store compare --before=2026-11-29T09:00..2026-11-29T09:30 \
    --after=2026-11-29T10:00..2026-11-29T10:04 -- --fail-on='y>5%' --report=text >out 2>err
grep -q 'noise .* y$' out
ok $? 'a range that is shorter, or has gaps, costs no less' out
compare --verbose --tag host=a -- --report=json >out 2>err
grep -q '"before/2026-11-29T09:04:00"' out && grep -q 'runs are blocks of time' err
ok $? 'one host is cut into blocks of time' out
[ "$(grep -o '"before/2026[^"]*"' out | wc -l)" -eq "$(grep -o '"after/2026[^"]*"' out | wc -l)" ]
ok $? 'as many before as after' out
compare --tag host=a --tag host=b --each-tag flag -- --report=json >out
grep -q '"tag":"flag"' out && grep -q '{"name":"on","total":{"verdict":"slower"' out
ok $? 'values of a label are compared' out
compare -- --fail-on='total>20%' >out 2>&1
ok $(($? != 3)) 'a gate has its exit status' out
compare -- -o diff.svg 2>err && grep -q '<svg' diff.svg
ok $? 'the differential is drawn' err
# The load of one host rises slowly: nothing can be said about a range that is as short as that.
db=slow.db
"$AWK" 'BEGIN { for (i = 0; i < 40; i++) printf "%d %d\n", i, 500 + i * i }' >minutes
while read -r minute weight; do
    echo "main;x $weight" >in
    store add --source w --from="2026-11-29T09:$(printf %02d "$minute")" in
done <minutes
store compare --before=2026-11-29T09:00..2026-11-29T09:20 \
    --after=2026-11-29T09:20..2026-11-29T09:40 -- --report=text >out 2>err
grep -q 'too few windows to see how they differ' err && grep -q '^0 changes' out
ok $? 'windows of one host that depend on each other show no change' out
db=compare.db
mkdir before
echo 'not;this 1' >before/a
compare -- --report=csv >out
! grep -q not out
ok $? 'no file of the name of a run is read' out
refuses 2 'compare needs --before' store compare
refuses 2 'compare needs --after' store compare --before=-2h..-1h
refuses 2 'needs a range such as' store compare --before=-1h --after=-1h..now
refuses 1 'there is no window in this range' store compare --before=-2h..-1h --after=-1h..now
refuses 2 'come after --' store compare --before=-2h..-1h --after=-1h..now x

done_testing
