#!/bin/sh
# SPDX-License-Identifier: MIT
# perf_data.sh: programs recorded anew, and read as the perf that is installed prints them: with
# frame pointers and copies of stacks, packed, from a pipe, of several threads, programs and events,
# of all processors, with code made at run time. Weights are equal, and so are lines, but for the
# differences of doc/perf-data.md, which same() makes equal.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
has libdw || skip_all 'without libdw programs have no symbols'
have perf || skip_all 'there is no perf'
have cc || skip_all 'there is no cc'
cd "$work" || exit 1
record='perf record -q -N -F 1997'
$record -e cpu-clock -o probe.data true >probe.log 2>&1 || skip_all 'perf may not record here'

cat >work.c <<'END'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile unsigned long sink;

static __attribute__((noinline)) void leaf(unsigned long n)
{
    for (unsigned long i = 0; i < n; i++)
        sink += i * i;
}

static __attribute__((noinline)) void deep(int depth, unsigned long n)
{
    if (depth > 0)
        deep(depth - 1, n);
    else
        leaf(n);
    sink++;
}

static void *in_thread(void *depth)
{
    for (int i = 0; i < 60; i++)
        deep(*(int *)depth, 200000);
    return NULL;
}

static __attribute__((noinline)) void touch_pages(void)
{
    enum { SIZE = 8 << 20 };
    char *p = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; p != MAP_FAILED && i < SIZE; i += 4096)
        p[i] = 1;
    if (p != MAP_FAILED)
        munmap(p, SIZE);
}

int main(int argc, char **argv)
{
    int depths[3] = {2, 9, 30};
    pthread_t threads[3];
    if (argc > 2) { /* the new program */
        deep(5, 12000000);
        return 0;
    }
    for (int i = 0; i < 3; i++)
        pthread_create(&threads[i], NULL, in_thread, &depths[i]);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    touch_pages();
    if (argc > 1) /* alone */
        return 0;
    if (fork() == 0) {
        deep(3, 12000000);
        execl(argv[0], argv[0], "new", "program", (char *)NULL);
        _exit(1);
    }
    wait(NULL);
    return 0;
}
END
# Code made at run time, with a perf map: functions of other lengths that a loop calls in turn.
cat >jit.c <<'END'
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* push rbp; mov rbp, rsp; 1: dec rdi; jnz 1b; pop rbp; ret */
static const unsigned char code[] = {0x55, 0x48, 0x89, 0xe5, 0x48, 0xff,
                                     0xcf, 0x75, 0xfb, 0x5d, 0xc3};
static volatile unsigned long sink;

static __attribute__((noinline)) void call(void (*function)(unsigned long), unsigned long n)
{
    function(n);
    sink++;
}

int main(void)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/perf-%d.map", (int)getpid());
    FILE *map = fopen(path, "w");
    unsigned char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (!map || p == MAP_FAILED)
        return 1;
    for (int i = 0; i < 8; i++) {
        memcpy(p + i * 64, code, sizeof code);
        fprintf(map, "%lx %zx made %c\n", (unsigned long)(p + i * 64), sizeof code, 'A' + i);
    }
    fclose(map);
    for (int i = 0; i < 160; i++)
        call((void (*)(unsigned long))(void *)(p + i % 8 * 64), 1000000 + 300000 * (i % 8));
    puts(path);
    return 0;
}
END
compile='cc -O1 -g -fno-omit-frame-pointer -fno-optimize-sibling-calls -pthread work.c'
$compile -o dynamic || skip_all 'cc makes no program'
$compile -static -o work || skip_all 'cc makes no static program'

# What differs on purpose, see doc/perf-data.md. Stacks that become equal are added up.
same() {
    sed 's/;[^;]*@plt\([ ;]\)/;@plt\1/g; s/;_init\([ ;]\)/;@plt\1/g # 3
        s/^\([^;]*\);\[unknown\];/\1;/  # 6' | "$AWK" '{
        n = $NF
        sub(/ [0-9]+$/, "")
        sum[$0] += n
    } END { for (stack in sum) printf "%s %.0f\n", stack, sum[stack] }' | sort
}

# compare TITLE FILE OPTION...: FILE is a recording.
compare() {
    title=$1
    file=$2
    shift 2
    perf script --no-inline -F +pid -i "$file" 2>/dev/null |
        "$builddir/collapse" -q "$@" >perf.folded
    "$builddir/collapse" -q --no-inlines "$@" "$file" >ours.folded 2>err
    check "$title: there are samples" [ -s perf.folded ]
    for side in perf ours; do
        same <$side.folded >$side.same
        "$AWK" '{ n += $NF } END { printf "%.0f\n", n }' $side.folded >$side.sum
    done
    check "$title: the same weight" diff perf.sum ours.sum
    check "$title: the same stacks" diff perf.same ours.same
}

$record -e cpu-clock -g -o fp.data ./work
compare 'frame pointers' fp.data
compare 'frame pointers, threads apart' fp.data --tid
$record -e cpu-clock -o flat.data ./work
compare 'no call graphs' flat.data
$record -e cpu-clock:u --call-graph dwarf,16384 -o dwarf.data ./dynamic alone
compare 'copies of stacks' dwarf.data # perf 6.1 loses most frames after an exec: 5
$record -e cpu-clock,page-faults -g -o two.data ./work
compare 'one of two events' two.data
compare 'the other one' two.data --event-filter page-faults
$record -e '{cpu-clock,task-clock}:S' -g -o group.data ./work
compare 'a group' group.data --event-filter task-clock
if perf record -z -o probe.data true >probe.log 2>&1; then
    $record -z -e cpu-clock -g -o packed.data ./work
    compare 'packed' packed.data
else
    skip 'packed' 'this perf does not pack'
fi
if perf record --threads -o probe.dir true >probe.log 2>&1; then
    $record -z --threads=core -e cpu-clock -g -o threads.data ./work
    compare 'files of threads' threads.data --tid
else
    skip 'files of threads' 'this perf has no --threads'
fi
$record -e cpu-clock -g -o - ./work >pipe.data
compare 'a pipe' pipe.data
"$builddir/collapse" -q --no-inlines <pipe.data >ours.folded
"$builddir/collapse" -q --no-inlines pipe.data >again.folded
check "from standard input" diff again.folded ours.folded
$record -a -e cpu-clock -g -o all.data ./work
compare 'all processors' all.data --only-comm work,swapper
$record -z -e cpu-clock -g --buildid-mmap -o ids.data ./work
compare 'build ids in the records of mappings' ids.data
$record -e cpu-clock:u,page-faults:u --call-graph dwarf,4096 -o both.data ./dynamic alone
compare 'copies of stacks, the second event' both.data --event-filter page-faults:u

# perf ends a copy of a stack at code made at run time: 6.
if [ "$(uname -m)" = x86_64 ]; then
    cc -O1 -g -fno-omit-frame-pointer -o jit jit.c
    $record -e cpu-clock -g -o jit.data ./jit >map
    compare 'code made at run time' jit.data
    check 'has its names' grep -q ';main;call;made H ' ours.folded
    $record -e cpu-clock:u --call-graph dwarf,4096 -o jit-dwarf.data ./jit >>map
    "$builddir/collapse" -q --no-inlines jit-dwarf.data >ours.folded
    check 'callers of made code in a copy of a stack' \
        grep -q '^jit;_start;.*;main;call;made H ' ours.folded
    xargs rm -f <map
fi
if have node; then
    echo 'function f(n) { return n < 2 ? n : f(n - 1) + f(n - 2); } console.log(f(32));' >f.js
    $record -e cpu-clock -g -o node.data node --perf-basic-prof f.js >node.log 2>&1
    compare 'node' node.data
    rm -f /tmp/perf-"$(perf script -F pid -i node.data 2>/dev/null | sed 1q | tr -d ' ')".map
fi
done_testing
