#!/bin/sh
# SPDX-License-Identifier: MIT
# page.sh: pictures as parts of pages: fragments, themes, style sheets, and what a picture says of
# where it comes from.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
flamegraph=$builddir/flamegraph
printf 'main;read 60\nmain;write 140\n' >in.folded

fails() {
    status=$1
    pattern=$2
    shift 2
    got=0
    "$@" 2>message >out.svg || got=$?
    cat message
    [ "$got" -eq "$status" ] && grep -q -e "$pattern" message && [ ! -s out.svg ]
}
lacks() {
    ! grep -q -e "$1" "$2"
}

# ---- fragments
"$flamegraph" --fragment --id-prefix a- in.folded >a.svg
check 'a fragment starts with its element' sh -c 'head -c 4 a.svg | grep -qx "<svg"'
check 'its ids have the prefix' grep -q 'id="a-frames"' a.svg
check 'all of them' sh -c '! grep -o " id=\"[^\"]*\"" a.svg | grep -v "\"a-"'
"$flamegraph" in.folded | sed -e 1d -e '/^<html:meta .*viewport/d' >whole.svg
"$flamegraph" --fragment in.folded >plain.svg
check 'nothing else is left out' cmp plain.svg whole.svg
"$flamegraph" --fragment --id-prefix b- in.folded >b.svg
{
    echo '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body>'
    cat a.svg b.svg
    echo '</body></html>'
} >page.html
grep -o ' id="[^"]*"' page.html | sort | uniq -d >twice
check 'two in one page have different ids' test ! -s twice
if have xmllint; then
    check 'and are well-formed' xmllint --noout page.html
else
    skip 'a page with two fragments' 'xmllint is missing'
fi
: >none.folded
"$flamegraph" --fragment none.folded >message.svg 2>/dev/null
check 'a message can be a fragment' sh -c 'head -c 4 message.svg | grep -qx "<svg"'

# ---- light and dark
"$flamegraph" --theme auto in.folded >auto.svg
"$flamegraph" in.folded >default.svg
check 'the theme is auto' cmp auto.svg default.svg
check 'auto follows the page' grep -q 'prefers-color-scheme' auto.svg
"$flamegraph" --theme dark --script none in.folded >dark.svg
check 'dark is dark without a viewer' grep -q '\.background { fill: #1b1c20' dark.svg
check 'and says so' grep -q 'data-theme="dark"' dark.svg
"$flamegraph" --theme light in.folded >light.svg
check 'light says so' grep -q 'data-theme="light"' light.svg
check 'an unknown theme' fails 2 'it can be auto, light, dark' "$flamegraph" --theme blue in.folded

# ---- on a phone
"$flamegraph" in.folded >whole.svg
"$flamegraph" --fragment in.folded >part.svg
"$flamegraph" --script none in.folded >still.svg
check 'a file with script has a viewport for phones' \
    grep -q '<html:meta .*name="viewport"' whole.svg
check 'a fragment has none: the page around it has' lacks 'viewport' part.svg
check 'nor has a picture without script' lacks 'html:meta' still.svg

# ---- style sheets
echo '.flametree .title { fill: #06c }' >house.css
"$flamegraph" --css house.css --script none in.folded >css.svg
check 'a style sheet' grep -q 'fill: #06c' css.svg
printf '.a { b: c }\n.d { e: "</style>" }\n' >bad.css
check 'one that would end itself is told with its line' \
    fails 1 'bad.css:2: .*cannot hold .<.' "$flamegraph" --css bad.css in.folded
printf '.a { }\n/* x */ ]]>\n' >bad.css
check 'one that is no XML' \
    fails 1 'bad.css:2: .*cannot hold .\]\]>.' "$flamegraph" --css bad.css in.folded
printf '.a {\n' >bad.css
check 'one that is not closed' fails 1 'bad.css:.*not closed' "$flamegraph" --css bad.css in.folded
printf '.a {\n}\n}\n.b {' >bad.css
check 'one that closes too much' \
    fails 1 'bad.css:3: .}. without' "$flamegraph" --css bad.css in.folded
check 'one that is not there' fails 1 'nowhere.css' "$flamegraph" --css nowhere.css in.folded
"$flamegraph" --font 'Menlo, "DejaVu Serif"' in.folded >font.svg
check '--font takes several' grep -q 'font-family="Menlo, &quot;DejaVu Serif&quot;,' font.svg

printf '.a { b: url(?c&d) }\n' >amp.css
"$flamegraph" --css amp.css --theme light in.folded >amp.svg
check 'an ampersand is no markup' grep -q '?c&amp;d' amp.svg
check '--template is gone' fails 2 'template' "$flamegraph" --template house in.folded

# ---- where it comes from
cat >in.perf <<'END'
# ========
# captured on    : Sat Nov 21 23:35:34 2026
# hostname : db7
# cmdline : /usr/bin/perf record -g -- sleep 1
# event : name = cycles:P, , id = { 1 }
# sample duration :   1000.500 ms
# ========
#
sleep  12  1.000000:     250000 cycles:P:
            55d1 main (/bin/sleep)

END
"$flamegraph" -q in.perf >perf.svg
"$flamegraph" --info perf.svg >info
for line in 'host: db7' 'captured: Sat Nov 21 23:35:34 2026' 'event: cycles:P' \
    'command: /usr/bin/perf record -g -- sleep 1' 'duration: 1000.500 ms' 'source: in.perf' \
    'weight: 250000'; do
    check "a picture carries '$line'" grep -qx -e "$line" info
done
"$flamegraph" --info in.perf >info.perf
check 'which is what the recording says' diff info info.perf
"$flamegraph" -q --no-metadata in.perf >bare.svg
check 'and what --no-metadata leaves out' lacks 'db7\|in.perf\|sleep 1' bare.svg
"$flamegraph" -q perf.svg >again.svg
check 'drawn again it keeps them' cmp perf.svg again.svg
"$flamegraph" -q in.perf >perf2.svg
check 'the same input gives the same bytes' cmp perf.svg perf2.svg
check 'a file that is no profile has nothing to say' fails 1 'none.folded' \
    "$flamegraph" --info none.folded

done_testing
