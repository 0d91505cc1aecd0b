#!/bin/sh
# SPDX-License-Identifier: MIT
# installed.sh: the library as other programs meet it: installed somewhere, found by pkg-config,
# compiled against, shared and static; the examples in C and Python do what they say.
. "${srcdir:-.}/tests/lib/tap.sh"
use_own_make
CC=${CC:-cc}
[ "${sanitizers:-no}" = no ] || skip_all 'programs of others have no sanitizers'

at=$work/at
if ! "$MAKE" -s -C "$builddir" install prefix="$at" exec_prefix="$at" bindir="$at/bin" \
    libdir="$at/lib" libexecdir="$at/libexec" includedir="$at/include" datarootdir="$at/share" \
    mandir="$at/share/man" pkgconfigdir="$at/lib/pkgconfig" >"$work/log" 2>&1; then
    ok 1 'make install works' "$work/log"
    done_testing
fi
LD_LIBRARY_PATH=$at/lib
export LD_LIBRARY_PATH
cd "$work" || exit 1

if have nm; then
    nm -D --defined-only "$at"/lib/libflametree.so.*.*.* | "$AWK" '$2 != "A" { print $NF }' |
        sort >versioned
    sed 's/@.*//' versioned >exported
    if grep -q @ versioned; then
        check 'each with its version' sh -c '! grep -v "@@FLAMETREE_0$" versioned'
    else
        skip 'versions of symbols' 'the linker has none'
    fi
    grep -v '^#' "$srcdir/build-aux/exported-symbols" | sort >symbols
    check 'it exports what build-aux/exported-symbols says' diff symbols exported
    grep -o 'flametree_[a-z_]*(' "$at/include/flametree.h" | tr -d '(' | sort -u |
        grep -v '_fn$' >declared
    check 'and all that flametree.h declares' diff declared exported
fi
if have readelf; then
    readelf -d "$at"/lib/libflametree.so.0 >needed
    check 'its name has a version' grep -q 'SONAME.*libflametree\.so\.0' needed
    check 'it needs neither librsvg nor libdw' sh -c '! grep -Eq "NEEDED.*(rsvg|cairo|dw)" needed'
fi

if have pkg-config; then
    PKG_CONFIG_PATH=$at/lib/pkgconfig
    export PKG_CONFIG_PATH
    cflags=$(pkg-config --define-variable=prefix="$at" --define-variable=libdir="$at/lib" \
        --define-variable=includedir="$at/include" --cflags flametree)
    libs=$(pkg-config --define-variable=prefix="$at" --define-variable=libdir="$at/lib" \
        --define-variable=includedir="$at/include" --libs flametree)
    check 'pkg-config knows it' test -n "$libs"
else
    cflags=-I$at/include
    libs="-L$at/lib -lflametree"
fi

# compile NAME SOURCE OPTION...
compile() {
    name=$1
    source=$2
    shift 2
    # shellcheck disable=SC2086 # words
    $CC -std=c11 -Wall -Wextra -Werror $cflags "$srcdir/$source" -o "$name" "$@" $libs -lpthread
}

for name in calls memory refusals; do
    check "tests/api/$name.c compiles" compile $name "tests/api/$name.c"
    status=0
    ./$name >$name.out 2>&1 || status=$?
    if ! has raster && [ $status -eq 1 ]; then # a check failed: it may be of those that need it
        status=0
        sed -i.old '/# needs raster/d' $name.out
    fi
    echo "# $name ended with $status" >>$name.out
    [ $status -eq 0 ] && grep -q '^ok' $name.out && ! grep -q '^not ok' $name.out &&
        grep -q '^1\.\.[1-9]' $name.out
    ok $? "all of $name.c is as flametree.h says" $name.out
done

{
    printf '#include <stdio.h>\n#include <flametree.h>\nint main(void) {\n'
    sed -n '/^flametree_error error;/,/^flametree_free/p' "$srcdir/doc/libflametree.3" |
        sed 's/\\e/\\/g'
    echo '}'
} >example.c
# shellcheck disable=SC2086 # words
check 'the example of libflametree.3 compiles' $CC -std=c11 -Wall -Wextra -Werror $cflags \
    example.c -o example $libs
for name in profile_to_png embed merge; do
    check "examples/library/$name.c compiles" compile $name "examples/library/$name.c"
done
printf 'main;read 60\nmain;write 40\n' >a.folded
printf 'main;read 20\nmain;write 40\nmain;new 7\n' >b.folded
if has zlib; then gzip -k b.folded; else cp b.folded b.folded.gz; fi
if has raster; then
    check 'profile_to_png draws' ./profile_to_png a.folded a.png
    check 'what flamegraph draws' "$at/bin/flamegraph" -q --scale 2 -o b.png a.folded
    check 'to the byte' cmp a.png b.png
fi
check 'embed writes a page' sh -c './embed >page.html'
check 'with a graph in it' grep -q '<svg[^>]*class="flametree"' page.html
check 'and no prolog in the middle' sh -c '! grep -q "<?xml" page.html'
echo nonsense >c.folded
./merge a.folded b.folded.gz c.folded >all.folded 2>messages
ok "$(($? != 1))" 'merge tells of the file that it left out'
check 'by name' grep -q 'left out: c.folded' messages
printf 'main;new 7\nmain;read 80\nmain;write 80\n' >all.wanted
check 'and merges the others' diff all.wanted all.folded

# A comparison is drawn as flamediff draws it: the fields of the library, then the options.
same_picture() {
    title=$1
    fields=$2
    shift 2
    # shellcheck disable=SC2086 # words
    ./compare before.folded after.folded library.svg $fields 2>messages &&
        "$at/bin/flamediff" -q -o program.svg "$@" before.folded after.folded 2>>messages &&
        cmp library.svg program.svg >>messages 2>&1
    ok $? "the library compares as flamediff does: $title" messages
}
check 'tests/api/compare.c compiles' compile compare tests/api/compare.c
"$AWK" 'BEGIN {
    for (i = 0; i < 40; i++) print "main;f" i % 7 ";g" i, i * i % 31 + 1 + (i == 9) * 90
}' >before.folded
"$AWK" 'BEGIN {
    for (i = 2; i < 44; i++) print "main;f" i % 7 ";g" i, i * i % 29 + 1 + (i > 40) * 70
    print "main;at 0x7f2 5"
}' >after.folded
same_picture 'defaults' ''
same_picture 'shares' 'normalize=1' -n
same_picture 'weights' 'scale=none' --normalize none
same_picture 'cost' 'scale=work work_before=63 work_after=58 work_unit=row' \
    --work 63,58 --work-unit row
same_picture 'both sides' 'width_of=both colors=red-blue' --width both --colors red-blue
same_picture 'the larger side' 'width_of=union delta_self=1' --width union --delta self
same_picture 'looks' 'title=T width=700 inverted=1 theme=dark fragment=1 id_prefix=p_' \
    --title T --width 700 --inverted --theme dark --fragment --id-prefix p_
same_picture 'units' 'unit=ms sample_weight=2 confidence=0.9 min_delta=0.01' \
    --unit ms --sample-weight 2 --confidence 90% --min-delta 1%
same_picture 'names' 'strip_hex=1 count_name=rows' -s --countname rows
same_picture 'filters' 'hide=^f3$' --hide '^f3$'
printf '# flametree: columns=1 unit=ns type=cpu host=a work=3\nmain;f 90\n' >before.folded
printf '# flametree: columns=1 unit=ns type=cpu host=b date=2026-11-29\nmain;f 70\n' >after.folded
same_picture 'facts of the sides' ''
check 'which has them' grep -qF '"host before":"a","host after":"b"' library.svg
check 'a comparison has no palette' \
    sh -c '! ./compare before.folded after.folded x.svg colors=java 2>messages &&
        grep -q "no colors of a comparison .java.; it can be safe, red-blue" messages &&
        ! test -e x.svg'
check 'what counts different things is not compared' \
    sh -c 'printf "# flametree: type=cycles unit=cycles\nmain 4\n" >cycles.folded &&
        printf "# flametree: type=cpu unit=ns\nmain 4\n" >ns.folded &&
        ! ./compare cycles.folded ns.folded x.svg 2>messages &&
        grep -q "cannot be compared" messages'

# An input is read as collapse reads it: its file, the output, the fields of the library, then the
# options.
same_stacks() {
    title=$1
    input=$2
    out=$3
    fields=$4
    shift 4
    # shellcheck disable=SC2086 # words
    ./values "$input" "library.$out" $fields >holdings 2>messages &&
        "$at/bin/collapse" -q -o "program.$out" "$@" "$input" 2>>messages &&
        cmp "library.$out" "program.$out" >>messages 2>&1
    ok $? "the library reads as collapse does: $title" messages
}
# refuses MESSAGE FIELD=VALUE...: reading $input
refuses() {
    message=$1
    shift
    ! ./values "$input" refused.folded "$@" 2>messages >/dev/null && grep -q "$message" messages &&
        ! test -e refused.folded
    ok $? "the library refuses $*" messages
}
check 'tests/api/values.c compiles' compile values tests/api/values.c
./values >listed
"$at/bin/collapse" --list-formats >wanted
check 'it lists the input formats' diff wanted listed
formats=$srcdir/tests/data/formats
input=$formats/pprof/go-cpu-plain.pb
same_stacks 'the default value' "$input" folded ''
printf 'value %s\n' 'samples in count' 'cpu in nanoseconds, which counts' >wanted
printf 'label %s\n' endpoint tenant >>wanted
check 'it lists values and labels' diff wanted holdings
same_stacks 'a value' "$input" folded 'sample_index=samples' --sample-index samples
check 'and that value counts' grep -qx 'value samples in count, which counts' holdings
same_stacks 'labels as roots' "$input" folded 'tag_root=endpoint,tenant' --tag-root endpoint,tenant
same_stacks 'samples with labels' "$input" folded \
    'tag_focus=endpoint=/ tag_focus=tenant=t;[fe] tag_ignore=tenant=e$ tag_ignore=nosuch=x' \
    --tag-focus endpoint=/ --tag-focus 'tenant=t;[fe]' --tag-ignore 'tenant=e$' \
    --tag-ignore nosuch=x
same_stacks 'lines' "$input" folded 'lines=1' --lines
refuses 'no value .wall.; there are samples, cpu' sample_index=wall
refuses 'tag_root: no sample has a label .x.; there are endpoint' tag_root=x
refuses 'tag_focus: no sample has a label .x.' tag_focus=x=y
refuses 'tag_focus and tag_ignore leave no sample' tag_focus=endpoint=nosuch
refuses 'tag_ignore .(.: missing' 'tag_ignore=('
input=$formats/folded/crlf.folded
refuses 'sample_index: folded has one value' sample_index=cpu
refuses 'tag_root: this folded input has no labels' tag_root=x
same_stacks 'no lines' "$formats/folded/austin1.austin" folded 'no_lines=1' --no-lines
same_stacks 'no inlined functions' "$formats/pprof/inlined.pb" folded 'no_inlines=1' --no-inlines
same_stacks 'no modules' "$formats/dtrace/traps.txt" folded 'no_modules=1' --no-modules
same_stacks 'idle threads' "$formats/jvm/traps.txt" folded 'idle=1' --idle
for out in pb.gz speedscope.json; do
    same_stacks "to $out" before.folded $out ''
    same_stacks "with a unit to $out" ns.folded $out ''
done
# holds_all FILE OPTION...: library.pb.gz gives what the file gives.
holds_all() {
    file=$1
    shift
    "$at/bin/collapse" -q "$@" "$file" >wanted &&
        "$at/bin/collapse" -q --no-comm "$@" library.pb.gz >got && diff wanted got >messages
    ok $? "keep_all: $(basename "$file") $*" messages
}
input=$formats/pprof/go-cpu-plain.pb
./values "$input" library.pb.gz keep_all=1 >holdings
for value in samples cpu; do
    holds_all "$input" --sample-index $value --tag-root endpoint,tenant
done
for out in svg folded speedscope.json; do
    ./values "$input" all.$out keep_all=1 >/dev/null
    ./values "$input" one.$out >/dev/null
    check "keep_all changes nothing in other outputs: $out" cmp one.$out all.$out
done
input=$formats/callgrind/instr-cache.out
./values "$input" library.pb.gz keep_all=1 >holdings
holds_all "$input" --sample-index Ir
input=$formats/pprof/negative.pb
refuses 'values below 0' keep_all=1
same_stacks 'to pprof by name' before.folded pb 'format=pprof' --output-format pprof

# A report or a picture of text is that of the program: the program, its inputs, the fields of the
# library, then the options.
same_text() {
    title=$1
    program=$2
    inputs=$3
    fields=$4
    shift 4
    # shellcheck disable=SC2086 # words
    ./reports library.out $inputs $fields 2>messages &&
        LC_ALL=C.UTF-8 "$at/bin/$program" -q -o program.out "$@" $inputs 2>>messages &&
        cmp library.out program.out >>messages 2>&1
    ok $? "the library writes what $program writes: $title" messages
}
check 'tests/api/reports.c compiles' compile reports tests/api/reports.c
go=$formats/pprof/go-cpu-plain.pb
for format in text markdown json csv; do
    same_text "$format" flamegraph "$go" "format=$format" --report $format
    same_text "$format of a tree" flamegraph "$go" "format=$format view=tree min_width=4" \
        --report $format --report-view tree --minwidth 4%
    same_text "$format of callers" flamegraph "$go" \
        "format=$format view=callers top=0 min_width=-1" \
        --report $format --report-view callers --top 0 --minwidth 0
    same_text "$format of neighbors" flamegraph "$go" \
        "format=$format peek=^runtime peek=main sort=total top=5" \
        --report $format --peek ^runtime --peek main --report-sort total --top 5
    same_text "$format of changes" flamediff 'before.folded -- after.folded' "format=$format" \
        --report $format
    same_text "$format of more changes" flamediff 'before.folded -- after.folded' \
        "format=$format top=3 count_name=rows" --report $format --top 3 --countname rows
    same_text "$format of changes of classes" flamediff 'before.folded -- after.folded' \
        "format=$format class=few=^f[0-2] class=late=^g4 class=few=^f6" --report $format \
        --class 'few=^f[0-2]' --class late=^g4 --class few=^f6 --shares shares.txt
done
same_text 'units' flamegraph before.folded 'format=text unit=ms factor=2.5 sort=name top=4' \
    --report text --unit ms --factor 2.5 --report-sort name --top 4
same_text 'from the leaves' flamegraph before.folded \
    'format=text view=tree reverse=1 count_name=rows' \
    --report text --report-view tree --reverse --countname rows
same_text 'a picture in a terminal' flamegraph "$go" 'format=term' --output-format term
same_text 'in colors' flamegraph "$go" 'format=term colors=256 palette=io width=60 rows=4' \
    --output-format term --term-colors 256 --colors io --width 60 --height 4
same_text 'inverted' flamegraph "$go" 'format=term colors=24bit inverted=1' \
    --output-format term --term-colors 24bit --inverted
same_text 'changes in a terminal' flamediff 'before.folded -- after.folded' \
    'format=term colors=16' \
    --output-format term --term-colors 16
# not_text MESSAGE FIELD=VALUE...: of $go
not_text() {
    message=$1
    shift
    ! ./reports refused.txt "$@" 2>messages && grep -q "$message" messages &&
        ! test -e refused.txt
    ok $? "the library refuses a report with $*" messages
}
not_text "no view 'x'; it can be functions, tree, callers" "$go" view=x
not_text "no sort 'x'; it can be self, total, name" "$go" sort=x
not_text "format cannot be 'svg'; it can be text, markdown, json, csv" "$go" format=svg
not_text "no function matches peek 'nosuch'" "$go" peek=nosuch
not_text 'peek .(.: missing' "$go" 'peek=('
not_text 'min_width is 101; it can be from 0 to 100' "$go" min_width=101
not_text 'of a comparison has no view' before.folded -- after.folded view=tree
not_text "no terminal_colors '8'; it can be none" "$go" format=term colors=8
# Several runs of each side, and gates. The sides have no names, which flamediff takes from files.
"$AWK" '{ $NF = int($NF * 1.1) + NR % 3; print }' before.folded >before2.folded
"$AWK" '{ $NF = int($NF * 1.1) + NR % 3; print }' after.folded >after2.folded
runs='before.folded before2.folded -- after.folded after2.folded'
for format in text markdown csv; do
    same_text "$format of several runs" flamediff "$runs" "format=$format" --report $format \
        --labels before.folded,after.folded
done
same_text 'several runs in a terminal' flamediff "$runs" 'format=term' --output-format term \
    --labels before.folded,after.folded
for inputs in 'before.folded -- after.folded' "$runs" 'before.folded -- before.folded'; do
    for gate in 'total>5%' 'any>1%' 'f3>100%' 'self:/^g/>2%' 'nosuch>1%' 'g41>1.5x' \
        'class:late>1%' 'any-class>1%' 'class:nosuch>1%'; do
        # shellcheck disable=SC2086 # words
        ./reports - $inputs "gate=$gate" class=late=^g4 >judged 2>messages
        # shellcheck disable=SC2086 # words
        "$at/bin/flamediff" --fail-on "$gate" --class late=^g4 --shares shares.txt -q $inputs 2>&1 |
            sed -n 's/^flamediff: \(regression\|not enough data\|fine\): /\1: /p' >wanted
        [ -s wanted ] || { grep '^fine: ' judged >wanted; }
        diff wanted judged >>messages && [ -s judged ]
        ok $? "the library judges $gate of $inputs" messages
    done
done
check 'an unusable limit' sh -c '! ./reports - before.folded -- after.folded "gate=x" 2>messages &&
    grep -q "x" messages'
check 'an unusable class' sh -c '! ./reports x.txt before.folded -- after.folded "class=a=(" \
    2>messages && grep -q "missing" messages'
check 'no side may be empty' sh -c '! ./reports x.txt -- after.folded 2>messages &&
    grep -q "needs a profile on each side" messages'
check 'a file of a report has its ending' sh -c './reports x.md a.folded && head -n 1 x.md >first &&
    grep -q "^160\|^100" first && grep -q "^| --:" x.md && ! ./reports x.svg a.folded 2>messages &&
    grep -q "it can be .txt, .md, .json or .csv" messages'

# The tree and the functions of a file are those of the programs.
check 'tests/api/walk.c compiles' compile walk tests/api/walk.c
printf 'a;b;a 5.2\na;b 1.5\nc 2\nc;a;c 1\nd 0.3\n' >part.folded
for file in "$go" before.folded part.folded; do
    ./walk "$file" | sort >walked
    "$at/bin/collapse" -q "$file" | sort >wanted
    check "walk: the stacks of ${file##*/}" diff wanted walked
    for sort in self total name; do
        ./walk "$file" $sort 7 >walked
        "$at/bin/flamegraph" -q --report csv --report-sort $sort --top 7 "$file" |
            tr -d '"' |
            "$AWK" -F, -v OFS=, '$2 == "function" { print $1, $4, $5, $8, $11, $12, $13 }' >wanted
        check "walk: the functions of ${file##*/} by $sort" diff wanted walked
    done
done
check 'no other order' sh -c '! ./walk before.folded weight 3 2>messages &&
    grep -q "no sort .weight.; it can be self, total, name" messages'

./values before.folded classes.svg class=odd=^g.*[13579]$ class=main=main >/dev/null 2>messages &&
    "$at/bin/flamegraph" -q -o wanted.svg --class 'odd=^g.*[13579]$' --class main=main \
        before.folded &&
    cmp classes.svg wanted.svg >>messages 2>&1
ok $? 'classes are drawn as flamegraph draws them' messages
check 'no class without a name' sh -c '! ./values before.folded x.svg class=odd 2>messages &&
    grep -q "NAME=REGEX\|odd" messages'

if have python3; then
    LIBFLAMETREE=$at/lib/libflametree.so.0
    export LIBFLAMETREE
    check 'compare.py draws' \
        python3 "$srcdir/examples/library/compare.py" a.folded b.folded diff.svg
    check 'a differential' grep -q '% of the run, +10.45: noise)' diff.svg
    check 'and passes errors on' sh -c '! python3 "$1" a.folded c.folded x.svg 2>messages &&
        grep -q "c.folded" messages' - "$srcdir/examples/library/compare.py"
    PYTHONPATH=$srcdir/examples/library PYTHONDONTWRITEBYTECODE=1
    export PYTHONPATH PYTHONDONTWRITEBYTECODE
    python3 "$srcdir/tests/api/binding.py" "$go" before.folded after.folded >sizes 2>messages
    ok $? 'the module for Python' messages
    check 'without the library, the module says so' sh -c 'LIBFLAMETREE= python3 -c "
import ctypes.util
ctypes.util.find_library = lambda name: None
import flametree" 2>&1 | grep -q "^ImportError: there is no libflametree here"'
    if have "${CXX:-c++}"; then
        # shellcheck disable=SC2086 # words
        check 'flametree.h is C++17' "${CXX:-c++}" -std=c++17 -Wall -Wextra -Wpedantic -Werror \
            $cflags "$srcdir/tests/api/sizes.cpp" -o cxx $libs
        ./cxx >wanted
        check 'and the module has the same structures' diff wanted sizes
        if [ "$(getconf LONG_BIT)" = 64 ]; then
            grep -v '^#' "$srcdir/build-aux/structure-sizes" >sizes
            check 'they have the sizes of build-aux/structure-sizes' diff sizes wanted
        else
            skip 'sizes of structures' 'they are those of 64 bits'
        fi
    else
        skip 'C++' 'no compiler of C++'
    fi
else
    skip 'compare.py' 'python3 is missing'
fi

# Programs that profile themselves.
check 'examples/library/spans.c compiles' compile spans examples/library/spans.c
check 'spans draws' ./spans
check 'two requests in the order of time' sh -c 'grep -q "GET /feed" spans.svg &&
    grep -q "GET /search" spans.svg && grep -q "<title>read rows (1[1-9]" spans.svg'
if printf '#include <execinfo.h>\nint main(void) { return backtrace(0, 0); }\n' >trace.c &&
    $CC trace.c -o trace 2>messages; then
    check 'examples/library/selfprof.c compiles' \
        compile selfprof examples/library/selfprof.c -rdynamic -O0
    check 'selfprof draws' ./selfprof
    check 'where its time goes' grep -q '<title>sort_lines (' selfprof.svg
else
    skip 'selfprof' 'backtrace() is missing'
fi

if [ -f "$at/lib/libflametree.a" ]; then
    counts= # what counts the lines that run: a shared library brings its own
    [ "${coverage:-no}" = no ] || counts=-lgcov
    # shellcheck disable=SC2046,SC2086 # words
    check 'a program can be linked with the static library' \
        compile merge_static examples/library/merge.c -Wl,-Bstatic -L"$at/lib" -lflametree \
        -Wl,-Bdynamic $(pkg-config --static --libs flametree | tr ' ' '\n' |
            grep '^-l' | grep -v flametree) $counts
    if have objcopy && have nm; then
        nm -g --defined-only "$at/lib/libflametree.a" | "$AWK" 'NF == 3 { print $3 }' | sort >names
        check 'it keeps its own names to itself' diff symbols names
    fi
    check 'and does the same' \
        sh -c './merge_static a.folded b.folded.gz 2>/dev/null | cmp - all.wanted'
fi

if have valgrind && [ "${FLAMETREE_VALGRIND-no}" = yes ]; then
    check 'valgrind is content' valgrind -q --error-exitcode=9 --leak-check=full ./merge a.folded
fi

done_testing
