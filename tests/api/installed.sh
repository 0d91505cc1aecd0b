#!/bin/sh
# installed.sh: the library as other programs meet it: installed somewhere, found by pkg-config,
# compiled against, shared and static; the examples in C and Python do what they say.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
MAKE=${MAKE:-make}
CC=${CC:-cc}
MAKEFLAGS=
MFLAGS=
export MAKEFLAGS MFLAGS
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
    nm -D --defined-only "$at"/lib/libflametree.so.*.*.* | "$AWK" '{ print $NF }' | sort >exported
    grep -v '^#' "$srcdir/build-aux/exported-symbols" | sort >symbols
    check 'it exports what build-aux/exported-symbols says' diff symbols exported
    grep -o 'flametree_[a-z_]*(' "$at/include/flametree.h" | tr -d '(' | sort -u |
        grep -vx 'flametree_resize\|flametree_read\|flametree_write' >declared
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

for name in calls refusals; do
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

if have python3; then
    LIBFLAMETREE=$at/lib/libflametree.so.0
    export LIBFLAMETREE
    check 'compare.py draws' \
        python3 "$srcdir/examples/library/compare.py" a.folded b.folded diff.svg
    check 'a differential' grep -q '% of the run, +10.45: noise)' diff.svg
    check 'and passes errors on' sh -c '! python3 "$1" a.folded c.folded x.svg 2>messages &&
        grep -q "c.folded" messages' - "$srcdir/examples/library/compare.py"
else
    skip 'compare.py' 'python3 is missing'
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
        sh -c './merge_static a.folded b.folded.gz 2>/dev/null | cmp - all.folded'
fi

if have valgrind && [ "${FLAMETREE_VALGRIND-no}" = yes ]; then
    check 'valgrind is content' valgrind -q --error-exitcode=9 --leak-check=full ./merge a.folded
fi

done_testing
