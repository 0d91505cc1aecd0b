#!/bin/sh
# frames.sh: our frames are those of flamegraph.pl: title, geometry to a tenth of a pixel, colour
# and label. The pictures to compare with are looked for in $FLAMETREE_DATA, else beside the source.
. "${srcdir:-.}/tests/lib/tap.sh"

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
    diff "$work/drawn" "$work/wanted"
}

for tsv in "$data"/frames/*.tsv; do
    name=$(basename "$tsv" .tsv)
    case $name in
    diff-*) check "$name" compare "$name" "$data/folded/${name%.*}.plain.folded" --delta=self ;;
    *) check "$name" compare "$name" "$data/folded/${name%.*}.all.folded" ;;
    esac
done

done_testing
