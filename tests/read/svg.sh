#!/bin/sh
# SPDX-License-Identifier: MIT
# Flame graphs as SVG without the data of flamegraph: random profiles are drawn in the way of
# flamegraph.pl and read back. Where each frame is drawn, the stacks and their weights are the same.
# Where narrow frames are missing, drawing what was read gives the same picture.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1

# make_profile SEED STACKS LEAST DEPTH: random stacks of functions with awkward names, each of which
# weighs at least LEAST.
make_profile() {
    "$AWK" -v seed="$1" -v stacks="$2" -v least="$3" -v depth="$4" '
        function random(n) {
            seed = (seed * 1103515245 + 12345) % 2147483648
            return int(seed / 65536) % n
        }
        BEGIN {
            split("main;work;f(int, char);<T as U>::g;a & b;\"q\";it'"'"'s;(12 samples, 1%);" \
                  "x (3 y;all;&lt;;]]>;-;[unknown];\303\251", names, ";")
            for (i = 0; i < stacks; i++) {
                line = ""
                for (d = random(depth) + 1; d > 0; d--)
                    line = line (line == "" ? "" : ";") names[random(15) + 1]
                print line, least + random(50 * least)
            }
        }' | collapse
}

# as_others SVG: without what only flamegraph writes.
as_others() {
    sed -e 's/ class="flametree"//' -e '/<metadata/,/<\/metadata>/d' "$1"
}

titles() {
    sed -n 's/.*<g><title>\(.*\)<\/title>.*/\1/p' "$1" | sort
}

# reads_back PROFILE OPTION... (called by check)
# shellcheck disable=SC2317
reads_back() {
    profile=$1
    shift
    flamegraph -q "$@" "$profile" >own.svg
    as_others own.svg >other.svg
    ! grep -q '<metadata' other.svg && collapse -q other.svg >got && diff "$profile" got
}

# shellcheck disable=SC2317
draws_the_same() {
    flamegraph -q "$@" >own.svg
    as_others own.svg >other.svg
    flamegraph -q other.svg >again.svg
    titles own.svg >want
    titles again.svg >got
    [ "$(wc -l <want)" -gt 500 ] && diff want got
}

for seed in 1 2 3 4 5 6 7 8; do
    make_profile "$seed" 30 20 $((seed * 3)) >profile
    check "random profile $seed" reads_back profile
    check "random profile $seed, icicle" reads_back profile --inverted
    check "random profile $seed, other counts" reads_back profile --countname 'my (CPU), 5'
    make_profile "$seed" 4000 1 $((seed * 3)) >profile
    check "random profile $seed with narrow frames" draws_the_same profile
done

# One stack: each end of the picture is as wide as the other.
echo 'a;b;c 5' >profile
check 'one stack' reads_back profile
check 'one stack, icicle' reads_back profile --inverted

flamegraph -q profile >own.svg
as_others own.svg >other.svg
collapse other.svg 2>err >got
check 'a message says that it is a picture' grep -q 'read from a picture: frames too narrow' err
printf 'a;b;c 5 7\n' | flamegraph -q >own.svg
as_others own.svg >other.svg
collapse other.svg 2>err >got
check 'a differential: the counts after' grep -qx 'a;b;c 7' got
check 'a differential: a message says so' grep -q 'the counts are those after' err
flamegraph -q --countname bytes profile >own.svg
as_others own.svg | flamegraph -q >again.svg
check 'the name of the counts stays' grep -q '<title>all (5 bytes, 100%)' again.svg

# ---- counts in units that fit their size ----

# adds_up PROFILE OPTION...: the sum of a picture without a script, as it is shown, and its frames
# stay (called by check).
# shellcheck disable=SC2317
adds_up() {
    flamegraph -q --minwidth 0 --script none "$@" >own.svg
    collapse -q --header own.svg >got
    head -1 got
    flamegraph -q --minwidth 0 --script none got >again.svg
    for svg in own again; do
        sed -n 's/.*<title>\(all (.*, 100%)\)<\/title>.*/\1/p' $svg.svg >$svg.root
        titles $svg.svg | sed 's/ ([^(]*$//' | sort >$svg.names
    done
    cat own.root
    [ "$(wc -l <own.names)" -gt 20 ] && diff own.root again.root && diff own.names again.names
}

for unit in ns us bytes cycles; do
    for least in 5025000 4996 1234567890; do
        {
            echo "# flametree: samples=1234 unit=$unit"
            make_profile 3 30 "$least" 8
        } >profile
        check "from $least $unit" adds_up profile
    done
done
printf '# flametree: samples=2 unit=ns\na;b 1500000000\na;c;d 4000000\na;c 20300000\n' >profile
flamegraph -q --script none profile | collapse --header 2>err >got
check 'seconds and milliseconds' \
    test "$(cat got)" = '# flametree: columns=1 samples=2 unit=ns
a;b 1500000000
a;c 20300000
a;c;d 4000000'
check 'a message says that weights are rounded' grep -q 'a picture: weights are rounded' err
printf '# flametree: unit=bytes\na;b 3000000\na;c 100000\n' >profile
check 'mebibytes and bytes' \
    test "$(flamegraph -q --script none profile | collapse -q)" = 'a;b 2998927
a;c 100004'
printf '# flametree: unit=cycles\na;b 12712345678\na;c 500000000\na;d 70000\n' >profile
check 'prefixes' \
    test "$(flamegraph -q --script none --minwidth 0 profile | collapse -q)" = 'a;b 12700000000
a;c 500000000
a;d 70000'
printf '%s\n' '<svg class="flametree live">' \
    '<g><title>all (5 s, 3 samples, 100%)</title><rect x="1" y="9" width="5"/></g>' \
    '<g><title>a (3 rows, 60.00%)</title><rect x="1" y="5" width="3"/></g></svg>' >other.svg
! collapse other.svg 2>err >got
check 'another unit: only the root is left' grep -q 'only the root of the picture' err
check 'another unit: nothing is written' test ! -s got
for width in after both; do
    printf 'a;b 500\na;c 700\n' >one
    flamediff -q --script none --width "$width" -o own.svg one profile
    ! collapse own.svg 2>err >got
    check "changes in place of weights, $width" grep -q 'only the root of the picture' err
done
printf '%s\n' '<svg><g><title>all (5 x, 3 samples, 100%)</title><rect x="1" y="9" width="5"/></g>' \
    '<g><title>a (5 x, 3 samples, 9%)</title><rect x="1" y="5" width="5"/></g></svg>' >other.svg
check 'a unit that ends in a number of samples' test "$(collapse -q other.svg)" = 'a 5'
printf '%s\n' '<svg class="flametree live">' \
    '<g><title>all (9 samples, 100%)</title><rect x="1" y="9" width="9"/></g>' \
    '<g><title>a (5 samples, 55.56%)</title><rect x="1" y="5" width="5"/></g>' \
    '<g><title>1,200 frames (4 samples, 44.44%)</title><rect x="6" y="5" width="4"/></g>' \
    '</svg>' >other.svg
check 'frames that the viewer merged are missing' test "$(collapse -q other.svg)" = ' 4
a 5'

# ---- input that means harm ----

# ends STATUS COMMAND...: it ends with this status, soon and in little memory.
# shellcheck disable=SC2317
ends() {
    want=$1
    shift
    status=0
    timeout 60 "$@" >got 2>err || status=$?
    [ "$status" -eq "$want" ] || { echo "status $status"; cat err; return 1; }
}

# frames N FORMAT: N groups, whose number comes twice in FORMAT.
frames() {
    echo '<svg>'
    "$AWK" -v n="$1" -v format="<g>$2</g>\n" 'BEGIN { for (i = 0; i < n; i++) printf format, i, i }'
}

frames 200000 '<title>a%d (1 s, 1%%)</title><rect x="1" y="-%d" width="3"/>' >deep.svg
check 'a stack of 200,000 frames' ends 0 collapse -q --max-memory 400M deep.svg
frames 200000 '<title>a%d (1 s, 1%%)</title><rect x="1" y="0" width="0" z="%d"/>' >narrow.svg
check '200,000 frames without width' ends 0 collapse -q --max-memory 400M narrow.svg
"$AWK" 'BEGIN { printf "<svg>"; for (i = 0; i < 1000000; i++) printf "<g>" }' >nested.svg
check '1,000,000 groups in each other' ends 1 collapse --max-memory 50M nested.svg
"$AWK" 'BEGIN { printf "<svg><g><title>"; for (i = 0; i < 2000000; i++) printf " (1<" }' >open.svg
check 'a tag of 8 MB without an end' ends 1 collapse --max-memory 50M open.svg
for count in 18446744073709551616 99999999999999999999999999 1e40; do
    printf '<svg><g><title>a (%s s, 1%%)</title><rect x="1" y="1" width="1"/></g></svg>' \
        "$count" >large.svg
    check "a count of $count" ends 1 collapse large.svg
done
printf '%s' '<!DOCTYPE svg [<!ENTITY a "bbbbbbbb"><!ENTITY b "&a;&a;">' \
    '<!ENTITY f SYSTEM "/etc/passwd">]>' \
    '<svg><g><title>&b;&f; (7 s, 1%)</title><rect x="1" y="1" width="1"/></g></svg>' >entity.svg
collapse -q entity.svg >got
check 'entities of the document stay as they are' grep -qx '&b:&f: 7' got
if has zlib && have gzip; then
    collapse -q other.svg >want
    gzip -c other.svg >once.gz
    check 'packed' sh -c 'collapse -q once.gz | cmp - want'
    gzip -c once.gz >twice.gz
    check 'packed twice' ends 1 collapse twice.gz
    check 'packed twice: the message' grep -q 'packed twice' err
fi

# flamegraph.pl writes the frames in random order.
if have flamegraph.pl; then
    make_profile 1 30 20 10 >profile
    flamegraph.pl profile >other.svg
    check 'flamegraph.pl' sh -c 'collapse -q other.svg | diff profile -'
else
    skip 'flamegraph.pl' 'flamegraph.pl is not installed'
fi

done_testing
