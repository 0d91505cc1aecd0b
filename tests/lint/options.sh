#!/bin/sh
# SPDX-License-Identifier: MIT
# Every option that a program lists is explained in its man page and used in the manual, and every
# format that is read is in the table of the README.
. "${srcdir:-.}/tests/lib/tap.sh"

# explained PROGRAM NAME: its man page has an entry for it.
explained() {
    grep -Eq "^\.(It )?.*Fl -?$2( |\$)" "$srcdir/doc/$1.1"
}

# commands FILE: what a reader can copy: the blocks of commands in the manual, without comments.
commands() {
    # shellcheck disable=SC2016 # no commands
    sed -n '/^```sh$/,/^```$/{s/ #.*//;p;}' "$srcdir/$1" >"$work/commands"
    check "$1 has commands" [ -s "$work/commands" ]
}

# used NAME: with one dash or two, as a word of its own.
used() {
    grep -Eq -e "(^|[^-a-z])--?$1([^-a-z]|\$)" "$work/commands"
}

programs='collapse flamegraph flamediff'
! has store || programs="$programs flamestore"
for program in $programs; do
    manual=doc/manual.md
    [ $program != flamestore ] || manual=doc/store.md
    commands "$manual"
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
    ok "$([ -s "$work/unused" ]; echo $((! $?)))" "$program: $manual uses them" \
        "$work/unused"
done

# Each format is in the table of the README, and in the manuals of the two programs that list them.
"$builddir/collapse" --list-formats | cut -f 1 >"$work/formats"
check 'collapse lists the formats' [ -s "$work/formats" ]
while read -r name; do
    grep -q "^| .* | .*[a-z].* | \`$name\` |\$" "$srcdir/README.md" || echo "$name"
done <"$work/formats" >"$work/missing"
ok "$(wc -l <"$work/missing")" 'README.md says for every format what to type' "$work/missing"
for program in collapse flamediff; do
    while read -r name; do
        grep -qE "(^| )$name( |$)" "$srcdir/doc/$program.1" || echo "$name"
    done <"$work/formats" >"$work/missing"
    ok "$(wc -l <"$work/missing")" "doc/$program.1 names every format" "$work/missing"
done

done_testing
