#!/bin/sh
# SPDX-License-Identifier: MIT
# A gate never passes what is slower, and never chooses shares. Programs of six functions, of which
# one or all grow more and
# more: where growth beyond the limit fails, more of it does, with one recording a side and with
# three, and the report, JUnit and picture of the run have the gate's scale.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1

# program FACTOR-OF-ONE FACTOR-OF-ALL RUN: factors in per cent; runs differ by one in a thousand.
program() {
    "$AWK" -v one="$1" -v all="$2" -v run="$3" 'BEGIN {
        split("41 23 14 11 7 4", share)
        for (i = 1; i <= 6; i++) {
            weight = share[i] * 1000 * all / 100 + (run * i) % 3 * share[i]
            printf "main;stage_%d;f%d %d\n", i % 2, i, i == 2 ? weight * one / 100 : weight
        }
    }'
}

# gate RUNS ONE ALL OPTION... : the exit status for a program whose second function takes ONE per
# cent of its time before, and which then takes ALL per cent of that.
gate() {
    runs=$1
    one=$2
    all=$3
    shift 3
    rm -f a? b?
    for run in $(seq "$runs"); do
        program 100 100 "$run" >"a$run"
        program "$one" "$all" "$run" >"b$run"
    done
    flamediff -q --fail-on 'any>5%' "$@" a? -- b? >out 2>err
}

# grows RUNS one|all WANT OPTION... : growth from nothing to four times, in per cent of the function
# or of all. The exit status is 0 below the limit and WANT above it, and never falls.
grows() {
    runs=$1
    what=$2
    want=$3
    shift 3
    wrong=0
    last=0
    : >log
    for growth in 0 1 2 3 30 35 39 45 50 60 75 100 150 200 300; do
        one=$((100 + growth)) all=100
        [ "$what" = one ] || { one=100 && all=$((100 + growth)); }
        gate "$runs" "$one" "$all" "$@"
        status=$?
        above=$want
        [ "$growth" -gt 3 ] || above=0
        [ "$status" -eq "$above" ] || wrong=1
        [ "$status" -ne 0 ] || [ "$last" -eq 0 ] || wrong=1
        last=$status
        echo "+$growth %: exit status $status, not $above: $(cat err)" >>log
    done
    ok $wrong "$runs a side, $what slower: the exit status is $want, $*" log
}

# Where all is slower, nothing says that the recordings are not longer.
for runs in 1 3; do
    grows $runs one 3
    grows $runs one 3 --normalize none
    grows $runs all 4
    grows $runs all 3 --normalize none
    grows $runs all 3 --work 7,7
done

# Faster is never a regression.
wrong=0
for all in 95 88 75 50 20; do
    gate 1 100 $all --normalize none || wrong=1
    gate 3 100 $all --normalize none || wrong=1
done
ok $wrong 'faster passes' err

wrong=0
: >log
for options in '' '--normalize=none' '--normalize=auto' '--normalize=total' '-n' '--work=3,4'; do
    for all in 100 108 150; do
        # shellcheck disable=SC2086 # words
        gate 1 140 $all $options --report text --junit j.xml
        sed -n 's/^scale   //p' out >scales
        sed -n 's/.*name="scale" value="\(.*\)".*/\1/p' j.xml >>scales
        # shellcheck disable=SC2086
        gate 1 140 $all $options -o x.svg
        grep -o 'normalized: [^;<]*' x.svg | head -n 1 | sed 's/normalized: //' >>scales
        echo "$options, $all %: $(sort -u scales)" >>log
        [ "$(wc -l <scales)" -eq 3 ] && [ "$(sort -u scales | wc -l)" -eq 1 ] || wrong=1
        case $options in
            *total | -n) scale='by total' ;;
            --work*) scale='by work' ;;
            *) scale='none' ;;
        esac
        grep -q "^$scale, " scales || wrong=1
    done
done
ok $wrong 'report, JUnit and picture have the scale of the gate' log
done_testing
