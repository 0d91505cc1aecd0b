#!/bin/sh
# SPDX-License-Identifier: MIT
# frames.sh: our frames are those of flamegraph.pl: title, geometry to a tenth of a pixel, color and
# label. But where its label is wider than the frame, ours has fewer letters. Pictures to compare
# with are looked for in $FLAMETREE_DATA, else beside the source.
. "${srcdir:-.}/tests/lib/tap.sh"

tab=$(printf '\t')
data=${FLAMETREE_DATA:-$srcdir/../shared/data}/peers
[ -d "$data/frames" ] || skip_all "no reference pictures (FLAMETREE_DATA)"

# draw NAME INPUT OPTION...: with the arguments that NAME.args lists, one a line.
draw() {
    name=$1
    input=$2
    shift 2
    while IFS= read -r argument; do
        set -- "$@" "$argument"
    done <"$data/frames/$name.args"
    "$builddir/flamegraph" --quiet "$@" "$input" >"$work/drawn.svg" &&
        $AWK -f "$srcdir/tests/view/frames.awk" "$work/drawn.svg" | sort >"$work/drawn"
}

compare() {
    draw "$@" || return 1
    sort "$data/frames/$1.tsv" >"$work/wanted"
    case $1 in
    *.factor)
        # Ours takes per cent from the exact weight, the reference from the rounded one.
        for side in drawn wanted; do
            sed 's/, [0-9.]*%)/)/' "$work/$side" | sort >"$work/$side.plain"
            mv "$work/$side.plain" "$work/$side"
        done
        ;;
    esac
    # Frames of equal titles are sorted by their places before they are compared with their labels.
    for side in drawn wanted; do
        cut -f 1-6 "$work/$side" | sort >"$work/$side.frames"
        sort -t "$tab" -k 1,5 "$work/$side" >"$work/$side.sorted"
    done
    diff "$work/drawn.frames" "$work/wanted.frames" &&
        cut -f 7 "$work/wanted.sorted" | paste "$work/drawn.sorted" - | "$AWK" -F "$tab" '
            function letters(label) { sub(/\.\.$/, "", label); return label }
            $7 == $8 { next }
            $7 ~ /\.\.$/ && index(letters($8), letters($7)) == 1 { next } # fewer letters
            $7 == "" && length(letters($8)) <= 3 { next }                 # not even these fit
            { print "label " $7 ", not " $8 ": " $0; bad = 1 }
            END { exit bad }'
}

for tsv in "$data"/frames/*.tsv; do
    name=$(basename "$tsv" .tsv)
    case $name in
    diff-*) check "$name" compare "$name" "$data/folded/${name%.*}.plain.folded" --delta=self ;;
    *) check "$name" compare "$name" "$data/folded/${name%.*}.all.folded" ;;
    esac
done

done_testing
