#!/bin/sh
# SPDX-License-Identifier: MIT
# Recordings of real programs: no line is left unexplained, samples and weights of each event add
# up to what their README has counted in the raw text. They are not part of this tree:
# FLAMETREE_DATA names the folder that has them, or they lie beside it.
. "${srcdir:-.}/tests/lib/tap.sh"
data=${FLAMETREE_DATA:-$srcdir/../shared/data}/captures
[ -f "$data/README.md" ] || skip_all 'there are no captures here'

# sum FILE OPTION...: the sum of the weights, all digits. What is told goes to $work/told.
sum() {
    input=$1
    shift
    "$builddir/collapse" "$@" "$input" 2>"$work/told" |
        "$AWK" '{ s += $NF } END { printf "%.0f", s }'
}

# same GOT WANT TITLE: and nothing was ignored, but that an input is cut off is told.
same() {
    status=0
    if [ "$1" != "$2" ]; then
        status=1
        echo "$1 instead of $2" >>"$work/told"
    fi
    case $3 in
    derived-truncated*) grep -q 'ignored 1 line: the input ends in the middle' "$work/told" ;;
    *) ! grep -q ignored "$work/told" ;;
    esac || status=1
    ok $status "$3" "$work/told"
}

# | name | text | xz | samples | frames | deepest | comms | event 3/30; event 4/40 |
bare='s/^| *//; s/ *|$//; s/ *| */|/g'
grep '^| [a-z-]* | [0-9.]* MB |' "$data/README.md" | sed "$bare" >"$work/whole"
has lzma || : >"$work/whole"
while IFS='|' read -r name _ _ _ _ _ _ events; do
    file=$data/$name.perf.xz
    echo "$events" | tr ';' '\n' | sed 's/^ *//' >"$work/events"
    while read -r event counts; do
        got=$(sum "$file" --event-filter "$event")
        same "$got" "${counts#*/}" "$name: weight of $event"
    done <"$work/events"
    got=$(sum "$file" --weight samples)
    read -r event counts <"$work/events"
    same "$got" "${counts%/*}" "$name: samples of its first event, $event"
done <"$work/whole"

# | name | bytes | lines | samples found | noise lines |
sed -n '/^| name | bytes/,$p' "$data/README.md" | grep '^| [Fa-z]' | sed "1d; $bare" \
    >"$work/variants"
while IFS='|' read -r name _ _ samples _; do
    file=$data/variants/$name.perf
    case $name in
    trace-*)
        # three events, of which one is kept
        got=0
        for event in fork exit; do
            got=$((got + $(sum "$file" --event-filter "sched:sched_process_$event")))
        done
        got=$((got + $(sum "$file" --event-filter sched:sched_switch)))
        ;;
    *) got=$(sum "$file" --weight samples) ;;
    esac
    same "$got" "$samples" "$name: samples"
    case $name in
    F-comm-ip-sym | F-event-ip-sym | F-full | F-ip-sym* | F-noperiod | flat-full | flat-ip-sym-dso)
        want=$samples ;; # no periods printed
    trace-*) want=19 ;;
    flat-system) want=$((samples * 20408163)) ;;
    derived-concatenated) want=$((2 * 1222222210)) ;;
    *) case $samples in
       121) want=1222222210 ;;
       112) want=1131313120 ;;
       *) want=1151515140 ;;
       esac ;;
    esac
    got=$(sum "$file")
    same "$got" "$want" "$name: weight"
done <"$work/variants"

# Process names that look like anything else, in each layout that prints them.
cat >"$work/names" <<'END'
+0x1f
100%
123/456_[000]
12_34_56
7
C1_Comp:_9
[kworker]
a/b
a:b
f(x)_y
java_"q"
lead
perf-12
pool_7
pool_7_worker
tab	here
trail
x
été
END
for file in "$data"/variants/*.perf; do
    name=$(basename "$file" .perf)
    case $name in
    F-nocomm* | F-event-* | F-ip-* | flat-ip-* | flat-system | trace-*) continue ;;
    esac
    "$builddir/collapse" "$file" 2>/dev/null | sed 's/;.*//; s/ [0-9]*$//' | sort -u >"$work/got"
    diff "$work/names" "$work/got" >"$work/diff"
    ok $? "$name: the names of its processes" "$work/diff"
done

# Layouts that leave out nothing of the stacks fold alike.
"$builddir/collapse" --weight samples "$data/variants/default.perf" >"$work/want" 2>/dev/null
for name in F-comm-ip-sym F-comm-tid-period-ip-sym-dso F-full-period F-full F-misc F-nocpu F-nodso \
    F-noevent F-noperiod F-nosymoff F-notid F-notime F-pid F-srcline F-symoff deltatime \
    derived-crlf derived-truncated full-source-path ns reltime show-mmap show-task; do
    "$builddir/collapse" --weight samples "$data/variants/$name.perf" >"$work/got" 2>/dev/null
    diff "$work/want" "$work/got" >"$work/diff"
    ok $? "$name folds as the default layout" "$work/diff"
done

done_testing
