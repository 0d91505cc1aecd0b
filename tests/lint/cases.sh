#!/bin/sh
# SPDX-License-Identifier: MIT
# tests/run-cases itself: what passes, what fails, what is skipped, and rewriting.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1

cat >all.case <<'END'
# a comment

== all three
$ echo out; printf '\n%s' part
> echo err >&2
> exit 3
| out
|
| part
|\
! err
? 3

== a program that nobody has
requires: sh no-such-program-anywhere
$ no-such-program-anywhere

== no input, empty place, heredoc
$ cat; ls; cat <<X
>   two
> X
|   two
END
sh "$srcdir/tests/run-cases" all.case >got
check 'a file that is right passes' test $? -eq 0
cat >want <<'END'
ok 1 - all three
ok 2 - a program that nobody has # SKIP no-such-program-anywhere is missing
ok 3 - no input, empty place, heredoc
1..3
END
check 'each case is one test' diff want got

cp all.case same.case
check 'rewriting runs' sh "$srcdir/tests/run-cases" --rewrite same.case
check 'and leaves alone what is right' diff all.case same.case

for change in 's/^| part/| port/' '/^|\\$/d' 's/^! err/! or/' 's/^? 3/? 4/' '/^|$/d' '/^?/d' \
    's/^| out/! out/' 's/^|   two/| two/'; do
    sed -e "$change" all.case >bad.case
    sh "$srcdir/tests/run-cases" bad.case >got
    check "a difference is found: $change" test $? -ne 0
    sh "$srcdir/tests/run-cases" --rewrite bad.case >got
    sed -n 's/^[|!?].*/&/p' all.case | sort >want
    sed -n 's/^[|!?].*/&/p' bad.case | sort >got
    check 'and rewriting mends it' diff want got
done

echo 'what' >>bad.case
sh "$srcdir/tests/run-cases" bad.case >got 2>&1
check 'a line without a sign is an error' test $? -ne 0

done_testing
