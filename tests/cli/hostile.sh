#!/bin/sh
# SPDX-License-Identifier: MIT
# hostile.sh: names, titles, notes, attributes and headers of perf with everything that could end
# an element, steer a terminal or turn text around. Every picture is well-formed, every message
# harmless. tests/data/hostile/texts has one a line, with printf's escapes; what Chromium does with
# them, tests/browser/alarm_test.mjs looks at: it has this script leave all pictures in $KEEP.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
have xmllint || skip_all 'xmllint is missing'

turns=$(printf '\342\200[\252-\256]\|\342\201[\246-\251]\|\302[\200-\237]')

# harmless FILE: no control characters but line ends, no marks of direction, UTF-8.
harmless() {
    tr -d '\n\040-\176\200-\377' <"$1" >controls
    [ ! -s controls ] || { od -c controls; return 1; }
    ! grep -q "$turns" "$1" || return 1
    ! have iconv || iconv -f UTF-8 -t UTF-8 "$1" >/dev/null
}

# keep NAME FILE: for who asked for it.
keep() {
    [ -z "${KEEP-}" ] || cp "$2" "$KEEP/$number-$1"
}

# draws TITLE PROGRAM ARGUMENT...: the picture, of a failure too, and the messages.
draws() {
    title=$1
    shift
    "$@" >out.svg 2>told </dev/null
    check "$title" xmllint --noout out.svg
    check "$title: messages" harmless told
    keep "$(echo "${title#* }" | tr ' ' -).svg" out.svg
}

number=0
while read -r line; do
    number=$((number + 1))
    # shellcheck disable=SC2059
    printf -- "$line" >text
    text=$(tr -d '\000' <text)
    cat text >name.folded
    printf ';x 12\nmain;' >>name.folded
    cat text >>name.folded
    printf ' 3\n' >>name.folded
    draws "$number as names" "$builddir/flamegraph" --verbose --minwidth 0 name.folded
    cp out.svg name.svg
    "$builddir/collapse" -q --format folded name.folded >want 2>told
    "$builddir/collapse" -q name.svg >got 2>told
    check "$number: the picture holds these names" cmp want got
    "$builddir/flamediff" -o both.svg name.folded name.folded 2>told
    check "$number as names of a comparison" xmllint --noout both.svg
    check "$number as names of a comparison: messages" harmless told
    keep both.svg both.svg
    "$builddir/flamegraph" -q --fragment --id-prefix "f$number-" --title "$text" --notes "$text" \
        --countname "$text" name.folded >fragment
    check "$number as a fragment" xmllint --noout fragment
    keep fragment.html fragment
    draws "$number as texts" "$builddir/flamegraph" --title "$text" --subtitle "$text" \
        --notes "$text" --countname "$text" --nametype "$text" --font "$text" --search "$text" \
        name.folded
    {
        printf 'main\thref=https://example.org/?'
        cat text
        printf '\ttitle='
        cat text
        printf '\tclass='
        cat text
        printf '\n'
    } >attributes
    draws "$number as attributes" "$builddir/flamegraph" --nameattr attributes name.folded
    {
        printf '# ========\n# hostname : '
        cat text
        printf '\n# cmdline : perf record '
        cat text
        printf '\n# ========\n#\n'
        cat text
        printf ' 12 1.0: 10 '
        cat text
        printf ': \n\t4a '
        cat text
        printf ' (/'
        cat text
        printf ')\n\nb 12 1.0: 10 c: \n\t4a f ([x])\n\n'
    } >hostile.perf
    draws "$number in perf script" "$builddir/flamegraph" --verbose --format perf hostile.perf
    : >all
    for option in "--colors=$text" "--focus=($text" "--class=$text=x" "--rename=s/$text" \
        "--width=$text" "--css=$text" "--$text" "$text" "--id-prefix=$text" "--format=$text"; do
        "$builddir/flamegraph" "$option" name.folded 2>>all >/dev/null </dev/null
    done
    check "$number in messages about options" harmless all
done <"$srcdir/tests/data/hostile/texts"
done_testing
