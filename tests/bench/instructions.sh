#!/bin/sh
# SPDX-License-Identifier: MIT
# No change makes a program execute many more instructions: what it takes for each byte of input, as
# a multiple of what yardstick.c takes for it, stays below a ceiling. Counted by valgrind, where a
# count is the same whatever else the machine does; the start of a program is not in it, because
# what is counted is the difference between a large and a small input.
#
# A ceiling is 15 % above what gcc 12 gives at -O2 on x86-64; the test skips other compilers. Lower
# it with the change that makes a program faster; raise it only with a reason in the commit.
. "${srcdir:-.}/tests/lib/tap.sh"

have valgrind || skip_all 'instructions are not counted: valgrind is missing'
[ "${sanitizers:-no}" = no ] || skip_all 'instructions are not counted: sanitizers add their own'
# shellcheck disable=SC2086 # CC may hold options
compiler=$($CC -dM -E -x c /dev/null 2>/dev/null |
    sed -n 's/^#define \(__clang__\|__GNUC__\|__x86_64__\) /\1=/p' | sort | tr '\n' ' ')
[ "$compiler" = '__GNUC__=12 __x86_64__=1 ' ] ||
    skip_all "instructions are not counted: the ceilings are those of gcc 12 for x86-64, this is $(
        $CC --version 2>/dev/null | head -n 1) for $(uname -m)"
case " ${CFLAGS-} " in
*' -O2 '* | *' -O3 '*) ;;
*) skip_all 'instructions are not counted: the ceilings are those of -O2' ;;
esac
cd "$work" || exit 1

# stacks N: sorted stacks of a tree that branches 9 times at each of 5 depths, with tails.
stacks() {
    "$AWK" -v n="$1" 'BEGIN {
        for (i = 0; i < n; i++) {
            line = "worker"
            for (k = i * 7 % 59049; depth++ < 5; k = int(k / 9))
                line = line ";service::module_" k % 9 "::visit_expression"
            depth = 0
            for (k = i % 4; k >= 0; k--)
                line = line ";alloc::raw_vec::step_" k "_of_" i % 97
            print line, 1 + i * 31 % 1009
        }
    }' | sort
}

# shuffle: the lines of a file in an order that has nothing to do with their text.
shuffle() {
    "$AWK" '{ print NR * 7919 % 10007, $0 }' | sort -n | cut -d' ' -f2-
}

# perf: the same as perf script prints samples.
perf() {
    "$AWK" '{
        n = split($1, frame, ";")
        print "worker 100 [000] " NR ".000001:     " 250000 + NR " cycles:u:"
        for (i = n; i > 1; i--)
            printf "\t    55d0c0%06x %s+0x1%x (/usr/bin/worker)\n", i * 4096, frame[i], i
        print ""
    }'
}

stacks 4000 >large.sorted
stacks 1000 >small.sorted
for size in large small; do
    shuffle <$size.sorted >$size.mixed
    perf <$size.mixed >$size.perf
done

# count COMMAND...: instructions. Nothing else of what valgrind says starts like that.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
        sed -n 's/^==[0-9]*== Collected : //p'
}

# Without what debuggers read, which is newer than some valgrinds.
# shellcheck disable=SC2086 # options
$CC $CFLAGS -g0 -fno-unroll-loops -o yardstick "$srcdir/tests/bench/yardstick.c" ||
    skip_all 'no compiler'
have strip || skip_all 'instructions are not counted: strip is missing'
for program in collapse flamegraph flamediff; do
    strip -g -o $program "$builddir/$program" || skip_all 'instructions are not counted: no strip'
    for command in ./yardstick ./$program; do
        [ -n "$(count $command small.sorted <small.sorted)" ] ||
            skip_all "instructions are not counted: valgrind cannot run $command"
    done
done

# bound CEILING TITLE KIND COMMAND...: the input, large.KIND and small.KIND, is its last argument.
bound() {
    ceiling=$1
    title=$2
    kind=$3
    shift 3
    ours=$(($(count "$@" "large.$kind") - $(count "$@" "small.$kind")))
    loop=$(($(count ./yardstick <"large.$kind") - $(count ./yardstick <"small.$kind")))
    echo "$ours $loop" | "$AWK" -v ceiling="$ceiling" '{
        printf "%.3f, at most %s\n", $1 / $2, ceiling
        exit $1 / $2 > ceiling
    }' >told
    ok $? "$title: $(cat told)"
}

bound 4.28 'flamegraph, sorted stacks' sorted ./flamegraph -q
bound 4.69 'flamegraph, stacks in mixed order' mixed ./flamegraph -q
bound 5.14 'flamegraph, all frames drawn' sorted ./flamegraph -q --minwidth 0
bound 1.48 'flamediff' sorted ./flamediff -q small.mixed
bound 1.54 'collapse, perf script' perf ./collapse -q
bound 1.52 'collapse, folded stacks' mixed ./collapse -q

done_testing
