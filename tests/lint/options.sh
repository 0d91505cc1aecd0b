#!/bin/sh
# Every option that a program lists is explained in its man page and used in the README or in
# examples/.
. "${srcdir:-.}/tests/lib/tap.sh"

# explained PROGRAM NAME: its man page has an entry for it.
explained() {
    grep -Eq "^\.(It )?.*Fl -?$2( |\$)" "$srcdir/doc/$1.1"
}

# used NAME: with one dash or two, as a word of its own.
used() {
    grep -Eqr -e "(^|[^-a-z])--?$1([^-a-z]|\$)" "$srcdir/README.md" "$srcdir/examples"
}

for program in collapse flamegraph flamediff; do
    : >"$work/unexplained"
    : >"$work/unused"
    "$builddir/$program" --list-options | cut -f1 | sed 's/^--//' >"$work/names"
    while read -r name; do
        explained "$program" "$name" || echo "$name" >>"$work/unexplained"
        used "$name" || echo "$name" >>"$work/unused"
    done <"$work/names"
    check "$program lists its options" [ -s "$work/names" ]
    ok "$([ -s "$work/unexplained" ]; echo $((! $?)))" "$program: doc/$program.1 has every option" \
        "$work/unexplained"
    ok "$([ -s "$work/unused" ]; echo $((! $?)))" "$program: README.md or examples/ use them" \
        "$work/unused"
done

# Each format is named in the manual of the two programs that list them.
for program in collapse flamediff; do
    "$builddir/collapse" --list-formats | cut -f 1 | while read -r name; do
        grep -qE "(^| )$name( |$)" "$srcdir/doc/$program.1" || echo "$name"
    done >"$work/missing"
    ok "$(wc -l <"$work/missing")" "doc/$program.1 names every format" "$work/missing"
done

done_testing
