#!/bin/sh
# SPDX-License-Identifier: MIT
# Recordings of Java Flight Recorder: those that jfr.py writes, with numbers of either kind and
# damage of each kind; where there is Java, a new one as jfr print prints it.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
command -v python3 >/dev/null || skip_all 'there is no python3'

jfr_py() {
    python3 "$srcdir/tests/read/jfr.py" "$@"
}

# Three chunks, of which the last has no size yet.
cat >cpu.want <<'END'
[unknown];com.shop.Über.spin😀;write:  3
com.shop.Über.main 6
com.shop.Über.main;com.shop.Über.spin😀 6
END
cat >idle.want <<'END'
[unknown];com.shop.Über.spin😀;write:  3
com.shop.Über.main 3
com.shop.Über.main;com.shop.Über.spin😀 6
END
cat >wall.want <<'END'
main;STATE_RUNNABLE 6
main;STATE_SLEEPING;com.shop.Über.main;com.shop.Über.spin😀:12_[i] 120
END
cat >alloc.want <<'END'
[B;com.shop.Über.main;com.shop.Über.spin😀 3298534883328
com.shop.Über;com.shop.Über.main 48
END
cat >park.want <<'END'
main;[unknown];com.shop.Über.spin😀;write:  4611686018427387906
END
for kind in compressed fixed; do
    jfr_py make all.jfr $kind
    collapse -q --idle all.jfr >got
    check "$kind: samples of processor time" diff cpu.want got
    collapse all.jfr >got 2>err
    check "$kind: a thread that sleeps is idle" diff idle.want got
    check "$kind: and is told" grep -q 'left out 20.0 % of the weight: idle' err
    check "$kind: the other events are told" \
        grep -q 'left out profiler.WallClockSample (6 samples), ' err
    check "$kind: stacks that were cut are told" grep -q 'some stacks were cut' err
    collapse -q --idle <all.jfr >got
    check "$kind: from a pipe" diff cpu.want got
    collapse --lines --all --tag-root thread,state --sample-index wall all.jfr >got 2>err
    check "$kind: a sample that counts for several, lines, marks, labels" diff wall.want got
    check "$kind: a stack that is not there is told" \
        grep -q 'ignored 3 records: an event whose stack is missing' err
    collapse --event-filter alloc --tag-root class all.jfr >got 2>err
    check "$kind: two events of one group" diff alloc.want got
    check "$kind: a value below 0 is told" \
        grep -q 'ignored 3 records: a value that is too large' err
    collapse -q --event-filter ThreadPark --tag-root thread all.jfr >got
    check "$kind: ticks" diff park.want got
done
collapse -q --no-inlines --idle all.jfr >got
check 'inlined functions join their callers' grep -q '^com.shop.Über.main 12$' got
cat all.jfr all.jfr >two.jfr
collapse -q --idle two.jfr >got
check 'recordings one after another, the first without its end' \
    grep -q '^com.shop.Über.main 12$' got
{ cat all.jfr; echo 'something else'; head -c 3000 all.jfr; } >damaged.jfr
collapse --idle damaged.jfr >got 2>err
check 'a chunk that is cut: those before are read' grep -q '^com.shop.Über.main [6-8]$' got
check 'and it is told' grep -q 'a chunk is damaged or cut short' err
check 'a value that is not there' sh -c \
    'collapse --sample-index live all.jfr 2>&1 | grep -q "there are samples"'
check 'an event that is not there' sh -c \
    'collapse --event-filter live all.jfr 2>&1 | grep -q "no sample of .live.; there are jdk.Exec"'
for kind in loop many; do
    jfr_py make $kind.jfr $kind
    check "$kind: an error with its place" sh -c \
        "collapse $kind.jfr 2>&1 | grep 'JFR recording, byte [0-9]*: an event that is damaged'"
done
jfr_py make deep.jfr deep
check 'descriptions that nest a million deep' sh -c 'collapse deep.jfr 2>&1 | grep "no samples"'
check 'memory has its limit' sh -c \
    'collapse --max-memory 2M deep.jfr 2>&1 | grep -i "memory"'
printf 'FLR\0\0\1\0\0%064d' 0 >old.jfr
check 'an older version is refused by its number' sh -c \
    'collapse old.jfr 2>&1 | grep "its version is 1"'

# ---- as jfr print has it ----

if command -v javac >/dev/null && command -v jfr >/dev/null; then
    cat >Work.java <<'END'
import java.util.*;
public class Work {
    static volatile long sum;
    static final Object lock = new Object();
    static void spin(int depth) {
        for (int i = 0; i < 3000; i++) sum += Integer.toString(i).hashCode();
        if (depth > 0) spin(depth - 1);
    }
    static void wait_a_little() {
        synchronized (lock) { try { Thread.sleep(25); } catch (InterruptedException e) { } }
    }
    public static void main(String[] words) throws Exception {
        long end = System.currentTimeMillis() + 2000;
        Runnable work = () -> {
            while (System.currentTimeMillis() < end) {
                wait_a_little();
                List<byte[]> list = new ArrayList<>();
                for (int i = 0; i < 500; i++) list.add(new byte[1000 + i]);
                sum += list.size();
                spin(20);
            }
        };
        Thread one = new Thread(work, "one"), two = new Thread(work, "two");
        one.start(); two.start(); one.join(); two.join();
    }
}
END
    javac Work.java && java -XX:StartFlightRecording=settings=profile,filename="$PWD/new.jfr" \
        Work >log 2>&1
    check 'java records' [ -s new.jfr ]
    for event in ExecutionSample:samples ObjectAllocationSample:weight JavaMonitorEnter:samples \
        JavaMonitorEnter:duration ThreadSleep:duration; do
        name=${event%:*}
        value=${event#*:}
        jfr print --json --stack-depth 2048 --events "jdk.$name" new.jfr >new.json
        jfr_py fold new.json "$value" | sort >want
        collapse -q --idle --event-filter "$name" --sample-index "$value" new.jfr | sort >got
        check "$name, $value: as jfr print has it" diff want got
    done
else
    echo '# there is no JDK: no recording is made and compared'
fi

done_testing
