#!/bin/sh
# SPDX-License-Identifier: MIT
# damage.sh: recordings cut short, with lines lost, doubled, swapped, joined and bytes changed, and
# two of them mixed line by line. Of each:
#
#     the sum of the weights is at most what the headers that are left say
#     each header is a sample, or the summary says what was ignored
#     --strict refuses what lost a line, and nothing else
#     several threads make of it, repeated until they have to do, what one does, and tell the same
#
# Other recordings: FLAMETREE_DATA names the folder, or they lie beside the tree. DAMAGE_CUTS and
# DAMAGE_ROUNDS say how often.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
has lzma || skip_all 'built without lzma'
have xz || skip_all 'xz is missing'
cuts=${DAMAGE_CUTS:-200}
rounds=${DAMAGE_ROUNDS:-20}
data=${FLAMETREE_DATA:-$srcdir/../shared/data}/captures
most=1500000 # bytes of each: enough for some thousand samples

# What the headers of a text say: their number, and the most that they can weigh.
cat >headers.awk <<'EOF'
/^\t/ || /^#/ { next }
/[0-9]\.[0-9]+: +[0-9]+ +[^ ]+: *\r?$/ { headers++ }
/[^ \t\r]/ {
    most += 1
    rest = $0
    while (match(rest, /[ :][0-9]+/)) { # the period among them
        period = substr(rest, RSTART + 1)
        most += period + 0
        rest = substr(rest, RSTART + 1)
    }
}
END { printf "%d %.0f\n", headers, most }
EOF

# What collapse told: its samples, those of other events too.
cat >told.awk <<'EOF'
/: read [0-9]+ lines?, / { match($0, /, [0-9]+ sample/); n += substr($0, RSTART + 2) }
/: kept event / {
    sub(/.*; left out /, "")
    while (match($0, /\([0-9]+ sample/)) {
        n += substr($0, RSTART + 1)
        $0 = substr($0, RSTART + 1)
    }
}
END { printf "%d\n", n }
EOF

# damage HOW SEED FILE: one line in a hundred.
cat >damage.awk <<'EOF'
BEGIN { srand(seed) }
function changed(line,   at) {
    at = 1 + int(rand() * length(line))
    return substr(line, 1, at - 1) sprintf("%c", 1 + int(rand() * 255)) substr(line, at + 1)
}
held != "" { print; print held; held = ""; next }
rand() < .01 {
    if (how == "drop") next
    if (how == "double") print
    if (how == "flip" && length($0) > 0) $0 = changed($0)
    if (how == "swap" && length($0) > 0) { held = $0; next }
    if (how == "join") { printf "%s", $0; next }
}
{ print }
END { if (held != "") print held }
EOF

# wrong TITLE WHAT: one damaged text where something does not hold; it stays until the end.
wrong() {
    echo "$1: $2: $headers headers of $bound, sum $sum, samples $samples" >>wrong
    head -n 5 told >>wrong
}

# judge TITLE: what collapse makes of the file "damaged".
judge() {
    judged=$((judged + 1))
    "$AWK" -f headers.awk damaged >limits
    read -r headers bound <limits
    status=0
    "$builddir/collapse" --verbose damaged >folded 2>told || status=$?
    if [ "$status" -ne 0 ]; then
        if [ "$status" -ne 1 ] || [ ! -s told ]; then wrong "$1" "status $status"; fi
        sum=- samples=-
        [ "$headers" -eq 0 ] || wrong "$1" 'refused as a whole'
        return
    fi
    sum=$("$AWK" '{ s += $NF } END { printf "%.0f", s }' folded)
    samples=$("$AWK" -f told.awk told)
    "$AWK" -v sum="$sum" -v bound="$bound" 'BEGIN { exit sum > bound }' ||
        wrong "$1" 'more than there is'
    ignored=no
    ! grep -q ': ignored [0-9]' told || ignored=yes
    [ "$samples" -ge "$headers" ] || [ $ignored = yes ] || wrong "$1" 'a loss that is not told'
    status=0
    "$builddir/collapse" --strict damaged >folded 2>told || status=$?
    case $ignored$status in
    no0 | yes1) ;;
    *) wrong "$1" "--strict ends with $status, ignored: $ignored" ;;
    esac
}

# by_threads TITLE: the file "damaged" over and over, 18 MB of it: threads begin at 16.
by_threads() {
    : >large
    while [ "$(wc -c <large)" -lt 18000000 ]; do
        cat damaged damaged damaged damaged >>large
    done
    for threads in 1 2 5; do
        status=0
        "$builddir/collapse" --verbose --threads $threads large >folded.$threads 2>told.$threads ||
            status=$?
        "$builddir/collapse" -q --strict --threads $threads large >strict.$threads 2>&1 ||
            status=$status,$?
        echo $status >status.$threads
    done
    for threads in 2 5; do
        for what in folded told strict status; do
            cmp -s $what.1 $what.$threads || echo "$1, $threads threads: $what differs" >>wrong
        done
    done
}

# all TITLE: the verdict on what was judged since the last one.
all() {
    [ ! -s wrong ]
    ok $? "$1: $judged damaged texts" wrong
    : >wrong
    judged=0
}

: >wrong
judged=0
before=
for file in "$srcdir"/examples/inputs/*.perf.xz "$data"/*.perf.xz; do
    [ -f "$file" ] || continue
    name=$(basename "$file" .perf.xz)
    case " $before " in *" $name "*) continue ;; esac
    xz -dc "$file" | head -c $most >"$name.perf"
    size=$(wc -c <"$name.perf")
    "$AWK" -v n="$cuts" -v size="$size" 'BEGIN {
        srand(1)
        while (n-- > 0) print 1 + int(rand() * size)
    }' >places
    while read -r place; do
        head -c "$place" "$name.perf" >damaged
        judge "cut at $place"
    done <places
    all "$name, cut"
    for how in drop double swap flip join; do
        round=0
        while [ $round -lt "$rounds" ]; do
            round=$((round + 1))
            "$AWK" -v how=$how -v seed=$round -f damage.awk "$name.perf" >damaged
            [ $how != flip ] || { tr '\001' '\000' <damaged >nul && mv nul damaged; }
            judge "$how $round"
        done
        by_threads "$name, $how"
        all "$name, $how"
    done
    other=${before##* }
    if [ -n "$other" ]; then
        paste -d '\n' "$name.perf" "$other.perf" >damaged
        judge "with $other"
        by_threads "with $other"
        all "$name, line by line with $other"
    fi
    before="$before $name"
done
done_testing
