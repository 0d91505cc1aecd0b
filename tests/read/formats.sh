#!/bin/sh
# SPDX-License-Identifier: MIT
# Profiles of other programs, in tests/data/formats/FORMAT: X.expected.folded, or
# X.VALUE.expected.folded for --sample-index VALUE, is right, computed by tools that are not
# flametree. Where X.options or X.VALUE.options is there, its words are the options, instead of
# --idle and --sample-index. bad-* are refused with a message. (Profiles that are cut: test_cut.c.)
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
formats=$srcdir/tests/data/formats

# A build that unpacks nothing gets the files unpacked.
packed=.gz
if ! has zlib || ! has lzma; then
    cp -R "$formats" copy
    chmod -R u+w copy
    formats=$PWD/copy
    packed=
    find copy -name '*.gz' ! -name 'bad-*' -exec gzip -d {} +
    find copy -name '*.xz' -exec xz -d {} +
fi

# agrees FILE EXPECTED OPTION... (called by check)
# shellcheck disable=SC2317
agrees() {
    file=$1
    sort "$2" >want
    shift 2
    collapse -q "$@" "$file" >got 2>err || { cat err; return 1; }
    sort got | diff want -
}

# agrees_as FILE EXPECTED OPTION...: with the options of the reference, where it has some.
# shellcheck disable=SC2317
agrees_as() {
    options=${2%.expected.folded}.options
    # The words of a file of options are options.
    # shellcheck disable=SC2046
    [ ! -f "$options" ] || set -- "$1" "$2" $(cat "$options")
    agrees "$@"
}

# shellcheck disable=SC2317
# refused FILE: status 1, and a message that names the file.
refused() {
    status=0
    collapse "$1" >got 2>err || status=$?
    [ "$status" -eq 1 ] && [ ! -s got ] && grep -F "$1: " err
}

for folder in "$formats"/*/; do
    format=$(basename "$folder")
    for expected in "$folder"*.expected.folded; do
        [ -f "$expected" ] || continue
        name=$(basename "$expected" .expected.folded)
        [ -s "$expected" ] || continue
        found=
        for file in "$folder"*; do
            case $file in *.expected.folded | *.options) continue ;; esac
            base=$(basename "$file")
            stem=${base%%.*}
            case $base in v[0-9]*) stem=${base%.speedscope.json} ;; esac
            case $name in
            "$stem") check "$format: $base" agrees_as "$file" "$expected" --idle && found=yes ;;
            "$stem".*)
                check "$format: $base, ${name#"$stem".}" agrees_as "$file" "$expected" --idle \
                    --sample-index "${name#"$stem".}" && found=yes ;;
            esac
        done
        [ -n "$found" ] || ok 1 "$format: nothing to read for $name"
    done
    for file in "$folder"bad-* "$folder"no-samples*; do
        [ ! -f "$file" ] || check "$format: $(basename "$file") is refused" refused "$file"
    done

    # The head of a profile is enough to name its format. A cut line of folded stacks is not one.
    if [ "$format" != folded ]; then
        for file in "$folder"*; do
            case $file in *.folded | *.options | *.top | *.ms | */bad-*) continue ;; esac
            head -c 250 "$file" | collapse >got 2>err || :
            grep -E 'plain text|binary data|looks like (JSON|XML|HTML)' err >unnamed || :
            ok "$(wc -l <unnamed)" "$format: the first 250 bytes of $(basename "$file")" unnamed
        done
    fi
done

# ---- labels ----

total() {
    "$AWK" '{ sum += $NF } END { printf "%.0f\n", sum }' "$1"
}

labels=$formats/pprof/go-cpu.pb$packed
collapse -q "$labels" >all
collapse -q --tag-root endpoint "$labels" >by_root
check 'tag-root: no weight is lost' [ "$(total by_root)" = "$(total all)" ]
cut -d ';' -f 1 by_root | sort -u >roots
printf '/export\n/feed\n/login\nendpoint: none\n' >want
check 'tag-root: the values are the roots' diff want roots
collapse -q --tag-focus endpoint=/feed "$labels" >focus
check 'tag-focus: as go tool pprof -tags says' [ "$(total focus)" = 550000000 ]
collapse -q --tag-ignore endpoint=/feed "$labels" >ignore
check 'tag-ignore: the rest' [ "$(($(total focus) + $(total ignore)))" = "$(total all)" ]
collapse -q --tag-root tenant,endpoint "$labels" >two
check 'tag-root: the first key is the outermost' grep -q '^t:f;/feed;' two
check 'tag-focus: a label that no sample has' sh -c \
    'collapse --tag-focus nosuch=x "$1" 2>&1 | grep -q "there are endpoint, tenant"' - "$labels"
check 'filters of perf text are an error for other formats' sh -c \
    'collapse --only-cpu 0 "$1" 2>&1 |
        grep -q "are for perf.data and the text of perf script"' - "$labels"
check 'tag-focus: a pattern that is none' sh -c '! collapse --tag-focus "(" "$1"' - "$labels"

# by_hand FILE VALUE: weights of labels as --tags prints them, in units of the value.
by_hand() {
    for key in endpoint tenant; do
        collapse -q --sample-index "$2" --tag-root "$key" "$1" | "$AWK" -v key="$key" '
            { split($0, part, ";"); root = part[1] (key == "tenant" ? ";" part[2] : "") }
            { sum[part[1]] += $NF }
            END { for (value in sum) if (value != key ": none") print key, value, sum[value] }'
    done | sort
}
collapse -q --tags --sample-index samples "$labels" >tags
"$AWK" '/: Total/ { key = $1; sub(/:$/, "", key) }
    /%\):/ { value = $NF; gsub(/;/, ":", value); print key, value, $1 }' tags | sort >got
by_hand "$labels" samples >want
check '--tags: the sums of --tag-root' diff want got
check '--tags: the key has the sum of its values' grep -qx 'endpoint: Total 103' tags
for program in 'flamegraph' 'flamediff'; do
    $program -q --tags --sample-index samples "$labels" "$labels" >other
    check "$program --tags" grep -qF '(53.40%): /feed' other
done
check '--tags of what has no labels' sh -c \
    '! printf "a;b 1\n" | collapse --tags 2>err && grep -q "folded input has no labels" err'
printf 'a;b 1\n' >plain.folded
for option in '--tag-root x' '--tag-focus x' '--tag-ignore x=y' '--sample-index cpu'; do
    # shellcheck disable=SC2086
    collapse $option plain.folded >got 2>err
    check "folded stacks have nothing for $option" [ "$?:$(wc -l <err)" = 1:1 ]
done
check '--idle has nothing to keep in folded stacks' sh -c \
    'collapse --idle plain.folded 2>&1 | grep -q "idle has no effect"'

# ---- labels of perf ----

printf 'java 10/11 [002] 1.0: 5 cycles:\n\tf0 b (/x)\n\tf1 a (/x)\n
perl 12/12 [000] 1.1: 7 cycles:\n\tf0 c (/x)\n
java 10/13 [000] 1.2: 9 cycles:\n\tf1 a (/x)\n\n' >p.perf
check 'perf: --tag-root' [ "$(collapse -q --tag-root cpu,tid p.perf | tr '\n' ' ')" = \
    '000;12;perl;c 7 000;13;java;a 9 002;11;java;a;b 5 ' ]
check 'perf: --tag-focus' [ "$(collapse -q --tag-focus comm=java --tag-ignore cpu=2 p.perf)" = \
    'java;a 9' ]
check 'perf: --tags' [ "$(collapse -q --tags p.perf | sed -n 1,3p | tr '\n' '|')" = \
    'comm: Total 21 cycles|    14 cycles (66.67%): java|    7 cycles (33.33%): perl|' ]
check 'perf: what --sample-index is there' sh -c \
    '! collapse --sample-index cpu p.perf 2>err && grep -q "event-filter chooses: .cycles" err'
check 'perf: its labels go into pprof' sh -c 'collapse -q -o p.pb.gz p.perf &&
    collapse -q --tag-root cpu p.pb.gz | grep -qx "002;java;a;b 5"'

# ---- what was read ----

cat "$labels" >cpu
said='pprof, cpu in nanoseconds (also: samples), 1.21 s in 121 samples; labels endpoint, tenant'
check 'one line says what was read' [ "$(collapse cpu 2>&1 >got)" = "collapse: cpu: $said" ]
cp "$formats/jvm/sigquit.txt" jvm
said='jvm, 3 samples; labels comm, tid, state'
check 'also where there is no choice' \
    [ "$(collapse jvm 2>&1 >got | head -n 1)" = "collapse: jvm: $said" ]
echo 'a;b 3' >plain
check 'but not of folded stacks' [ -z "$(collapse plain 2>&1 >got)" ]
check 'formats are not added' sh -c \
    '! collapse "$1" plain.folded 2>err && grep -q "it is folded, .* before is pprof" err' \
    - "$labels"
check 'records of JSON are no lines' sh -c \
    'collapse "$1" 2>&1 | grep -q "ignored 1 record: an event is out of order"' - \
    "$formats/speedscope/invalid-out-of-order-events.speedscope.json"

# ---- lines and inlined functions ----

check '--lines' sh -c 'collapse -q --lines "$1" | grep -q ":[a-z_]*\.go:[0-9]"' - "$labels"
collapse -q --no-inlines "$labels" >flat
check '--no-inlines: fewer frames' \
    [ "$(tr -dc ';' <flat | wc -c)" -lt "$(tr -dc ';' <all | wc -c)" ]
check '--no-inlines: the same total' [ "$(total flat)" = "$(total all)" ]

# ---- units, and what does not go together ----

flamegraph -q "$labels" >picture.svg
check 'a picture in seconds, with its samples' \
    grep -q '<title>all (1.21 s, 121 samples, 100%)' picture.svg
collapse -q --weight samples "$labels" >counted
check 'samples are counted by the value that says how many' [ "$(total counted)" = 121 ]
flamediff --report text "$labels" "$labels" >report 2>/dev/null
check 'a sample weighs what one of its record does' grep -q '1 run, 121 samples, 1.21 s' report
check 'a value that is not there' sh -c \
    'collapse --sample-index nope "$1" 2>&1 | grep -q "there are samples, cpu"' - "$labels"
check 'values of two units are not added' sh -c \
    'collapse "$1" "$2" 2>&1 | grep -q "those read before"' - "$labels" \
    "$formats/pprof/go-allocs.pb$packed"
check 'nor two values of one unit' sh -c \
    'collapse "$1" "$2" 2>&1 >/dev/null |
    grep -q "its values are delay in nanoseconds, those read before are cpu in nanoseconds"' \
    - "$labels" "$formats/pprof/go-mutex.pb$packed"
collapse -q "$labels" "$labels" >twice
check 'two profiles of one type are added' [ "$(total twice)" = $((2 * $(total all))) ]
printf 'a;b 1\n' >stacks.folded
check 'profiles of two formats are not added' sh -c \
    'collapse "$1" stacks.folded 2>&1 | grep "it is folded, and the input before is pprof"' - \
    "$labels"
check 'in no order' sh -c \
    'collapse stacks.folded "$1" 2>&1 | grep "it is pprof, and the input before is folded"' - \
    "$labels"
check 'collapse refuses a difference' sh -c \
    'collapse "$1" 2>&1 | grep -q "values below 0"' - "$formats/pprof/negative.pb"
flamegraph -q "$formats/pprof/negative.pb" >picture.svg
check 'flamegraph draws a difference' grep -q '<title>work (.*; -' picture.svg

# ---- what was read ----

# says FILE TEXT OPTION...: a message is TEXT after the name of the file.
# shellcheck disable=SC2317
says() {
    file=$1
    text=$2
    shift 2
    collapse "$@" "$file" 2>err >got
    grep -qxF "collapse: $file: $text" err || { cat err; return 1; }
}

check 'pprof: the value, the others, how much, the labels' says "$labels" \
    'pprof, cpu in nanoseconds (also: samples), 1.21 s in 121 samples; labels endpoint, tenant'
collapse --sample-index cpu "$labels" 2>err >got
check 'a value that was asked for needs no message' [ ! -s err ]
check 'but has one with --verbose' says "$labels" \
    'pprof, samples in count (also: cpu), 121 samples; labels endpoint, tenant' \
    --verbose --sample-index samples
check 'a unit chooses a value' says "$formats/folded/austin3-full.austin" \
    "folded, memory in bytes (also: time, idle, deallocation), 12.00 KiB in 2 samples; \
labels process, thread" --verbose --sample-index bytes
check 'stacks that are counted: py-spy' says "$formats/folded/pyspy-raw.txt" \
    'folded, samples, 61 samples; labels process, thread' --verbose
check 'a picture' says "$formats/svg/icicle.svg" 'svg, 14,291 in 6 stacks' --verbose

# ---- stack dumps ----

dumps=$formats/jvm
printf '"a" prio=5 tid=0x1 nid=0x1 sleeping\n\tat java.lang.Thread.sleep(Native Method)\n' >waiting
check 'only idle threads: the message names --idle' sh -c \
    '! collapse waiting 2>err && grep -q "all samples are idle: --idle keeps them" err'
collapse -q --no-comm "$dumps/dump-to-file.txt" >got
check 'threads without names' grep -q '^java.lang.VirtualThread.run;Shop.spin 1$' got
collapse -q --lines "$dumps/traps.txt" >got
check 'lines of Java' grep -q 'Shop.spin:Shop.java:12 1$' got
collapse -q --addrs "$formats/gdb/traps.txt" >got
check 'addresses of nameless frames' grep -qF ';[unknown <13>];' got

long=$(printf '%400s' '' | tr ' ' x)
sed "s|EnterprisePoliciesParent|$long|g" "$formats/firefox/firefox153-gecko.json" >long.json
collapse -q long.json >got
check 'the file of code outside of functions is not cut off' grep -q "(root scope) .*/$long.sys" got

for program in collapse flamegraph flamediff; do
    $program --list-formats >list
    check "$program --list-formats: a name and a description in each line" \
        [ "$(grep -cE '^[a-z-]+	.{10,}$' list)" -ge 18 ]
    cut -f 1 list | while read -r name; do
        printf 'a 1\n' | $program --input-format "$name" 2>&1 | grep 'there is no input format'
    done >unknown
    ok "$(wc -l <unknown)" "$program: each of them is known to --input-format" unknown
done

done_testing
