#!/bin/sh
# SPDX-License-Identifier: MIT
# --print-csp-hash prints the hashes of the script and the style that are in the file, as a browser
# sees their text. Hashed here by coreutils.
. "${srcdir:-.}/tests/lib/tap.sh"

# hash: of standard input, as a policy wants it.
hash() {
    hex=$(sha256sum | cut -c1-64)
    octal=$(printf '%s\n' "$hex" | "$AWK" '{
        digits = "0123456789abcdef"
        for (i = 1; i < 64; i += 2)
            printf "\\%03o", (index(digits, substr($0, i, 1)) - 1) * 16 + \
                             index(digits, substr($0, i + 1, 1)) - 1
    }')
    # shellcheck disable=SC2059
    printf "'sha256-%s'" "$(printf "$octal" | base64)"
}

# between START END: the text between them in the picture, without the newline at its end that
# the text of the element does not have.
between() {
    "$AWK" -v from="$1" -v to="$2" '
        { text = text $0 "\n" }
        END {
            text = substr(text, index(text, from) + length(from))
            printf "%s", substr(text, 1, index(text, to) - 1)
        }' "$work/picture.svg"
}

# script WEIGHTS OPTION... : the hash of the script of such a picture, which is left in $work.
script() {
    echo "a;b $1" >"$work/in.folded"
    shift
    "$builddir/flamegraph" "$@" "$work/in.folded" >"$work/picture.svg"
    between '<![CDATA[' ']]></script>' | hash
}

for options in '' '--colors=java --id-prefix=p- --width=500'; do
    # Pictures of two sides have a longer script.
    # shellcheck disable=SC2086
    printf 'script-src %s %s; style-src %s\n' "$(script 100 $options)" \
        "$(script '100 200' $options)" "$(between '<style>' '</style>' | hash)" >"$work/want"
    # shellcheck disable=SC2086
    "$builddir/flamegraph" $options --print-csp-hash </dev/null >"$work/got"
    diff "$work/want" "$work/got" >"$work/diff"
    ok $? "hashes of a picture with options '$options'" "$work/diff"
done

done_testing
