#!/bin/sh
# SPDX-License-Identifier: MIT
# xml.sh: xmllint over every SVG and every JUnit file that any test makes: the tests of command
# lines run once more, on programs that keep what they printed and what -o and --junit wrote.
. "${srcdir:-.}/tests/lib/tap.sh"
have xmllint || skip_all 'xmllint is missing'
have timeout || skip_all 'timeout is missing'
cd "$work" || exit 1

# A build in which the programs are scripts: all else is that of $builddir.
mkdir build kept scratch
for file in "$builddir"/* "$builddir"/.libs; do
    [ ! -e "$file" ] || ln -s "$file" build/
done
real=$builddir
kept=$work/kept
export real kept
for program in flamegraph flamediff; do # collapse writes text
    rm -f build/$program
    cat >build/$program <<'END'
#!/bin/sh
# Standard output goes through a file where that makes no difference: not to what is full, closed
# or read by someone who may stop, and not what a signal is meant for.
program=${0##*/}
out=$kept/$$.out
[ -p /dev/stdout ] || [ -f /dev/stdout ] || exec "$real/$program" "$@"
status=0
"$real/$program" "$@" >"$out" || status=$?
cat "$out"
echo "$program $*" >"$kept/$$.of"
keep() {
    case $(head -c 5 "$1" | tr -d '\000') in
    '<?xml' | '<svg '*) cp "$1" "$kept/$$.$2.xml" ;;
    esac
}
keep "$out" 0
rm -f "$out"
n=0
next=
for word; do
    n=$((n + 1))
    file=
    [ -z "$next" ] || file=$word
    next=
    case $word in
    -o | --output | --junit) next=yes ;;
    -o?* | --output=* | --junit=*) file=${word#--*=} file=${file#-o} ;;
    esac
    [ ! -f "$file" ] || keep "$file" $n
done
exit $status
END
    chmod +x build/$program
done

# Each test, and what xmllint says of what it made.
for test in "$srcdir"/tests/cli/*.sh "$srcdir"/tests/cli/*.case "$srcdir"/tests/read/*.case \
    "$srcdir"/tests/read/*.sh "$srcdir"/tests/view/*.case "$srcdir"/tests/view/*.sh \
    "$srcdir"/tests/render/*.case "$srcdir"/tests/render/*.sh "$srcdir"/tests/reports/*.sh; do
    [ -f "$test" ] || continue
    name=${test#"$srcdir/"}
    run=
    case $test in *.case) run=$srcdir/tests/run-cases ;; esac
    # shellcheck disable=SC2086 # nothing, or the program that runs it
    (builddir=$work/build PATH=$work/build:$PATH TMPDIR=$work/scratch \
        timeout 600 sh $run "$test" >log 2>&1 </dev/null)
    made=0
    : >bad
    for file in kept/*.xml; do
        [ -f "$file" ] || continue
        made=$((made + 1))
        xmllint --noout "$file" 2>>bad || cat "${file%.*.xml}.of" >>bad
    done
    [ ! -s bad ]
    ok $? "$name: $made documents" bad
    total=$((${total:-0} + made))
    rm -rf kept/*
done
[ "$total" -gt 1000 ]
ok $? "$total documents in all"
done_testing
