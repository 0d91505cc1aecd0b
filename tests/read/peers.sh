#!/bin/sh
# SPDX-License-Identifier: MIT
# What the reference folds its own examples to, under each of its options, to the byte. They are not
# part of this tree: FLAMETREE_DATA names the folder that has them, or they lie beside it.
. "${srcdir:-.}/tests/lib/tap.sh"
data=${FLAMETREE_DATA:-$srcdir/../shared/data}
[ -d "$data/peers/folded" ] || skip_all 'there are no examples of the reference here'

for want in "$data"/peers/folded/perf-*.folded; do
    name=$(basename "$want" .folded)
    option=${name##*.}
    input=$data/peers/perf/${name%.*}.txt
    case $option in none) set -- ;; *) set -- "--$option" ;; esac
    for way in file pipe; do
        case $way in
        file) "$builddir/collapse" "$@" "$input" >"$work/got" 2>"$work/told" ;;
        pipe) "$builddir/collapse" "$@" <"$input" >"$work/got" 2>"$work/told" ;;
        esac
        status=$?
        diff "$want" "$work/got" >"$work/diff" || status=1
        ! grep 'ignored' "$work/told" >>"$work/diff" || status=1
        ok $status "$name from a $way" "$work/diff"
    done
done

done_testing
