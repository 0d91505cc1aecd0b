#!/bin/sh
# SPDX-License-Identifier: MIT
# Recordings of perf, as two versions of perf script print them. NAME.folded is what collapse makes
# of NAME.data. Where that of perf 6.1 or 6.12 is another, it is NAME.perf-6.1.folded or
# NAME.perf-6.12.folded, and may differ only as same() says; the numbers are those of
# doc/perf-data.md. More recordings are looked for in $FLAMETREE_DATA, else beside the source.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
own=$srcdir/tests/data/perf-data
all=${FLAMETREE_DATA:-$srcdir/../shared/data}/perf-data
cd "$work" || exit 1
for tool in xz tar; do
    have $tool || skip_all "there is no $tool"
done
has libdw || skip_all 'without libdw programs have no symbols'
xz -dc "$own/programs.tar.xz" | tar -xf - || exit 1
mkdir -p root/tmp && cp maps/*.map root/tmp/ || exit 1

read_own() {
    collapse --symfs root --kallsyms kallsyms "$@"
}

# same NAME VERSION: stdin, with what differs on purpose made equal, and equal stacks added up.
same() {
    case $1 in
    fp | derived-bigendian-fp | flat | group | many-fields | pipe | regs | zstd)
        sed 's/;inner\([ ;]\)/;outer\1/g' # 4: one symbol inside another
        ;;
    tasks* | kernel | derived-bigendian-tasks)
        sed 's/;stacks;/;_start;/' # 4: a variable that is not in the file
        ;;
    threads) # 4: both
        sed 's/;inner\([ ;]\)/;outer\1/g; s/;stacks;/;_start;/'
        ;;
    maps) sed 's/;stale code /;overlaps /' ;; # 4: in a perf map
    dwarf) sed 's/^deep;\[unknown\];/deep;/' ;; # 6: the stack is larger than its copy
    dwarf-inline)
        sed 's/;decltype ([^)]*) demo/;demo/; s/;long demo/;demo/' # 1: types of results
        ;;
    *gcc-perf.data* | *clang-perf.data | hotspot* | *contentsize* | *cpp-inlining*)
        sed 's/;\[[^[;]*\]//g' # 6: frames of files that are not here
        ;;
    *callgraph-3.4) sed 's/^:10606;/chown;/; s/^:10635;/chown;/' ;; # 2: it has ended
    *) cat ;;
    esac | "$AWK" '{
        n = $NF
        sub(/ [0-9]+$/, "")
        sum[$0] += n
    } END { for (stack in sum) printf "%s %.0f\n", stack, sum[stack] }' | sort
}

# agrees NAME FOLDED: what was read, which is in `got`.
agrees() {
    same "$1" <"$2" >want.same
    same "$1" <got >got.same
    diff want.same got.same
}

for file in "$own"/*.data.xz; do
    name=${file##*/}
    name=${name%.data.xz}
    xz -dc "$file" >"$name.data"
    read_own --no-inlines "$name.data" >got 2>err
    check "$name: the stacks" diff "$own/$name.folded" got
    for version in 6.1 6.12; do
        perf=$own/$name.perf-$version.folded
        [ ! -f "$perf" ] || check "$name: as perf $version prints it" agrees "$name" "$perf"
    done
    cp got "$name.got"
    read_own --no-inlines -q <"$file" >got
    check "$name: packed, from a pipe" diff "$name.got" got
done

check 'a recording of another byte order is the same' diff fp.got derived-bigendian-fp.got
read_own derived-cut.data >got 2>err
check 'a recording that was cut: a message' grep -q 'the recording is cut off here' err
read_own derived-killed.data >got 2>err
check 'a recording of a perf that was killed: a message' \
    grep -q 'perf record ended before it could complete the recording' err
read_own -q dwarf-inline.data >got
check 'inlined functions of copied stacks' \
    grep -q ';has_inlined;inlined_once;inlined_twice 6734006$' got
read_own -q --inline dwarf-inline.data >again
check 'are found without --inline' diff got again
read_own deleted.data >got 2>err
check 'a file that is gone: a message' \
    grep -q 'no symbols of /srv/demo/gone (deleted): the file does not exist' err

# The names of functions need files, those of files and of the kernel do not.
collapse -q --no-symbols kernel.data >got
check '--no-symbols: names of files' \
    grep -q '^a:b;\[tasks\];\[tasks\];\[tasks\];\[tasks\];\[\[kernel.kallsyms\]\]' got
collapse -q --no-symbols --all tasks.data >got
sum() {
    "$AWK" '{ n += $NF } END { printf "%.0f\n", n }' "$1"
}
check '--no-symbols: the same weight' [ "$(sum got)" = "$(sum tasks.got)" ]

# Samples by event, time, process, name and processor, and labels.
read_own --event-filter page-faults mixed-callchains.data >got 2>err
check 'another event' grep -q . got
check 'and its unit' [ "$(sum got)" = 6 ]
read_own --only-comm pool_7_worker tasks.data >got 2>err
check '--only-comm' "$AWK" '!/^pool_7_worker;/ { exit 1 }' got
check 'counts what it leaves out' grep -q 'left out [0-9]* samples by --only-comm' err
read_own -q --tid tasks.data | sed 's/;.*//; s/ [0-9]*$//' | sort -u >threads
pid=$(sed -n 's/^tasks-\([0-9]*\)\/.*/\1/p' threads | head -1)
read_own -q --only-pid "$pid" --tid tasks.data | sed 's/;.*//' | sort -u >got
check '--only-pid: all threads of the process' "$AWK" -v pid="$pid" \
    'index($0, "-" pid "/") == 0 { exit 1 } END { exit NR < 2 }' got
read_own -q --only-cpu 0-63 many-fields.data >got
check '--only-cpu: all' diff many-fields.got got
read_own --only-cpu 900 many-fields.data >got 2>err
check '--only-cpu: none' grep -q 'no sample is left; left out 395 samples by --only-cpu' err
read_own -q --time 0, fp.data >got
check '--time: all' diff fp.got got
read_own --time ,0.5 fp.data >got 2>err
check '--time: none' grep -q 'no sample is left; left out 396 samples by --time' err
read_own -q --tag-root cpu,event,tid many-fields.data >got
check 'labels' "$AWK" '!/^[0-9][0-9][0-9];cpu-clock:u;[0-9]+;fp;/ { exit 1 }' got
read_own -q --weight samples fp.data >got
check '--weight samples' [ "$(sum got)" = 396 ]
flamegraph -q --info --no-symbols kernel.data >info
for fact in '^host: ' '^kernel: 6\.' '^arch: x86_64$' '^cpu: ' '^cpus: ' '^command: .*perf record' \
    '^event: cpu-clock' '^duration: .* ms$'; do
    check "the fact $fact" grep -q "$fact" info
done

# Options for the text of perf script.
for option in --fields=comm,ip --lines; do
    for command in collapse flamegraph "flamediff fp.data"; do
        $command $option fp.data >got 2>err
        check "$command $option is refused" [ $? -eq 2 ] && [ -s err ]
    done
done
flamediff -q --symfs root --no-inlines --only-comm fp --report text fp.data fp.got >got 2>err
check 'flamediff: options of recordings, and folded stacks' grep -q 'fp' got

# Recordings to a directory.
mkdir -p dir.data && cp fp.data dir.data/data
read_own --no-inlines -q dir.data >got
check 'a directory with `data`' diff fp.got got
cp fp.data dir.data/data.0
read_own --no-inlines -q dir.data >got
check 'of a recording without threads: nothing else' diff fp.got got
xz -dc "$own/threads.tar.xz" | tar -xf - || exit 1
read_own --no-inlines threads.data >got 2>err
check 'a directory with files of threads' diff "$own/threads.folded" got
check 'as perf 6.1 prints it' agrees threads "$own/threads.perf-6.1.folded"
read_own --no-inlines -q threads.data/data >again
check 'by the name of its first file' diff got again
for file in data.0 data.1; do
    cp threads.data/$file whole
    head -c 300 whole >threads.data/$file
    read_own --no-inlines threads.data >got 2>err
    check "$file was cut: a message" grep -q 'the recording is cut off here' err
    check 'and samples of other files' grep -q ';_start;run;' got
    cp whole threads.data/$file
done

if [ ! -d "$all/public" ]; then
    skip 'recordings of many versions' 'they are not here (FLAMETREE_DATA)'
    done_testing
fi
for file in "$all"/public/*; do
    name=${file##*/}
    name=${name%.xz}
    collapse -q --no-inlines --symfs none "$file" >got 2>err
    case $name in
    *zero_size_sample* | *.v1 | *.lbr.data)
        check "$name: refused" grep -Eq 'damaged|PERFFILE|lbr' err
        continue
        ;;
    esac
    check "$name: something" grep -q . got
    for version in '' -6.12; do
        perf=$all/expected$version/public/$name.folded
        [ ! -s "$perf" ] || check "$name: as perf${version:--6.1}" agrees "$name" "$perf"
    done
done
done_testing
