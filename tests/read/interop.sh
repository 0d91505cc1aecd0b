#!/bin/sh
# SPDX-License-Identifier: MIT
# collapse writes pprof and speedscope: each profile in tests/data/formats is the same stacks after
# the detour, and go tool pprof, where it is installed, counts the same. interop.py does that with
# profiles that it makes up.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
has zlib && has lzma || skip_all 'this build does not unpack the profiles'
cd "$work" || exit 1
formats=$srcdir/tests/data/formats

# unit FILE [OPTION]: the unit of its weights, as the header of folded stacks says it.
unit() {
    collapse -q --header "$@" 2>/dev/null | sed -n 's/^# flametree:.* unit=\([^ ]*\).*/\1/p'
}

# converted FROM TO ROUNDS <STACKS: weights in another unit of time; rounded where pprof, which has
# whole numbers only, rounds fractions of what is no time. Other weights stay, digit by digit.
converted() {
    "$AWK" -v from="$1" -v to="$2" -v rounds="$3" 'BEGIN {
        ns["ns"] = ns["nanoseconds"] = 1
        ns["us"] = ns["microseconds"] = 1e3
        ns["ms"] = ns["milliseconds"] = 1e6
        ns["s"] = ns["seconds"] = 1e9
        factor = from in ns && to in ns ? ns[from] / ns[to] : 1
    }
    factor == 1 && (!rounds || $NF !~ /[.]/) { print; next }
    {
        weight = sprintf(rounds ? "%.0f" : "%.6f", $NF * factor + (rounds ? 1e-7 : 0))
        if (weight ~ /[.]/) sub(/[.]?0+$/, "", weight)
        sub(/ [^ ]*$/, "")
        print $0 " " weight
    }'
}

: >pprof.bad
: >values.bad
: >speedscope.bad
: >refused
count=0 fractions=0 values=0
# With sanitizers a start takes ten times as long: a third of the files, fewer made-up ones.
# Of the three thirds, this one has weights with fractions.
step=1 made_up=40
[ "${sanitizers:-no}" = no ] || step=3 made_up=10
nth=0
for file in "$formats"/*/* "$srcdir"/tests/data/perf/*; do
    case $file in *.expected.* | *.options | */bad-* | *.top | *.top.xz) continue ;; esac
    case $file in */utf8-bad.pb) continue ;; esac # interop.py has such names
    nth=$((nth + 1))
    [ $((nth % step)) -eq $((step / 2)) ] || continue
    rm -f plain
    for option in '' --idle --all; do
        # shellcheck disable=SC2086 # no option is no word
        collapse -q $option "$file" >want 2>/dev/null || continue
        count=$((count + 1))
        ! grep -q ' [0-9]*\.[0-9]*$' want || fractions=$((fractions + 1))
        # An option that changes nothing needs no second detour; the last one is for the values.
        [ "$option" ] || cp want plain
        if [ "$option" ] && cmp -s want plain; then
            [ "$option" = --idle ] || collapse -q $option -o x.pb.gz "$file" 2>>refused
            continue
        fi
        # shellcheck disable=SC2086
        if ! collapse -q $option -o x.pb.gz "$file" 2>>refused; then
            echo "$file $option: not written" >>pprof.bad
            continue
        fi
        # shellcheck disable=SC2086
        converted "$(unit $option "$file")" "$(unit x.pb.gz)" 1 <want >wanted
        collapse -q --no-comm x.pb.gz >got 2>err
        diff wanted got >difference || { echo "$file $option"; head -5 difference err; } >>pprof.bad
        # shellcheck disable=SC2086
        collapse -q $option -o x.speedscope.json "$file"
        # shellcheck disable=SC2086
        converted "$(unit $option "$file")" "$(unit --idle x.speedscope.json)" '' <want >wanted
        if ! collapse -q --idle x.speedscope.json >got 2>err || ! diff wanted got >difference; then
            case $file in */huge.pb) continue ;; esac # 2^64-2 is no weight of JSON
            { echo "$file $option"; head -5 difference err; } >>speedscope.bad
        fi
    done
    # Each value has the same sum in x.pb.gz. Where calls are drawn instead of stacks, the value
    # that counts decides how they are drawn; elsewhere the stacks are the same.
    for value in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
        if ! collapse -q --all --sample-index $value "$file" >want 2>err; then
            ! grep -q 'has no value' err || break
            continue
        fi
        values=$((values + (value > 0)))
        converted "$(unit --all --sample-index $value "$file")" \
            "$(unit --sample-index $value x.pb.gz)" 1 <want >wanted
        collapse -q --no-comm --sample-index $value x.pb.gz >got 2>err
        case $file in
        */callgrind/* | */pstats/*)
            for stacks in wanted got; do
                "$AWK" '{ sum += $NF } END { printf "%.0f\n", sum }' $stacks >sum && mv sum $stacks
            done
            ;;
        esac
        diff wanted got >difference ||
            { echo "$file: value $value"; head -5 difference err; } >>values.bad
    done
done
check 'many profiles were looked at' [ $((step * count)) -gt 150 ]
check 'some with fractions' [ $((step * fractions)) -gt 3 ]
check 'and many values' [ $((step * values)) -gt 40 ]
ok "$(wc -l <pprof.bad)" 'each is the same as pprof' pprof.bad
ok "$(wc -l <values.bad)" 'so is each of its values' values.bad
ok "$(wc -l <speedscope.bad)" 'each is the same as speedscope' speedscope.bad

# ---- the name of the output ----

printf 'a;b 3\na 1\n' >in.folded
collapse -o x.pb.gz in.folded
check '-o x.pb.gz is packed' gzip -t x.pb.gz
collapse -o x.pb in.folded
collapse --output-format pprof in.folded >by_name
check 'the same bytes, whatever chose the format' cmp x.pb.gz by_name
check '-o x.pb is the same' cmp x.pb.gz x.pb
collapse -o x.folded x.pb.gz
check '-o x.folded' [ "$(cat x.folded)" = 'a 1
a;b 3' ]
collapse -o x.speedscope.json in.folded
check '-o x.speedscope.json' grep -q '"weights":\[' x.speedscope.json
check '-o x.json is refused' sh -c \
    '! collapse -o x.json in.folded 2>err && grep -F .speedscope.json err'
check '--header is for folded stacks' sh -c '! collapse --header -o x.pb.gz in.folded'
printf 'a;b 1.25\n' | collapse -o x.pb.gz 2>err
check 'fractions are rounded, and that is said' sh -c \
    'grep -q "fractions are rounded" err && [ "$(collapse x.pb.gz)" = "a;b 1" ]'
printf 'a;b 1.25\n# flametree: type=wall unit=ms\n' | collapse -o x.pb.gz
check 'fractions of milliseconds are nanoseconds' [ "$(collapse x.pb.gz)" = 'a;b 1250000' ]
printf 'a;b 1 2\nc 3 0\n' >two.folded
collapse -o x.pb.gz two.folded
check 'two columns are two values' \
    [ "$(collapse --sample-index before x.pb.gz) $(collapse x.pb.gz)" = 'a;b 1
c 3 a;b 2' ]
check 'speedscope has one value' sh -c '! collapse -o x.speedscope.json two.folded'

# ---- go tool pprof ----

# rows FILE VALUE: functions with own and total weight, as go tool pprof says.
rows() {
    go tool pprof -top -nodecount 100000 -nodefraction 0 -unit minimum -sample_index "$2" "$1" \
        2>/dev/null | sed '1,/ flat /d' | sort
}

if have go; then
    for file in "$formats"/pprof/go-*.gz "$formats"/pprof/n*.gz "$formats"/pprof/r*.gz; do
        [ -f "$file" ] || continue
        collapse -q -o x.pb.gz "$file" || continue
        for value in $(go tool pprof -raw "$file" 2>/dev/null | sed -n '/^Samples:/{n;p;}'); do
            rows "$file" "${value%%/*}" >want
            rows x.pb.gz "${value%%/*}" >got
            check "go tool pprof -top: $(basename "$file"), $value" diff want got
        done
        go tool pprof -tags "$file" 2>/dev/null | sort >want
        go tool pprof -tags x.pb.gz 2>/dev/null | sort >got
        check "go tool pprof -tags: $(basename "$file")" diff want got
    done
else
    skip 'go tool pprof' 'go is missing'
fi

schema=node_modules/speedscope/dist/release/file-format-schema.json
if ! python3 -c 'import jsonschema' 2>/dev/null; then
    skip 'the schema of speedscope' 'python3-jsonschema is missing'
elif [ ! -f "$builddir/$schema" ] && [ ! -f "$builddir/../$schema" ] &&
    [ ! -f "$builddir/../../$schema" ] && [ ! -f "$srcdir/build/$schema" ]; then
    skip 'the schema of speedscope' 'speedscope is missing (./bootstrap check installs it)'
fi
have python3 || skip 'profiles that are made up' 'python3 is missing'
! have python3 || check 'profiles that are made up' \
    python3 "$srcdir/tests/read/interop.py" "$builddir" 11 $made_up
done_testing
