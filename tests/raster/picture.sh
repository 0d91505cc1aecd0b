#!/bin/sh
# SPDX-License-Identifier: MIT
# picture.sh: PNG and PDF from the command line: sizes, sameness, limits, and what is said when
# something is wrong.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
flamegraph=$builddir/flamegraph
printf 'main;read 60\nmain;caf\303\251_\316\273 30\nmain;write;<x> 10\n' >in.folded

# fails STATUS PATTERN COMMAND...: it fails so, says so, and leaves no file.
fails() {
    status=$1
    pattern=$2
    shift 2
    got=0
    "$@" 2>message >/dev/null </dev/null || got=$?
    cat message
    [ "$got" -eq "$status" ] && grep -q -e "$pattern" message &&
        [ -z "$(ls ./*.tmp-* 2>/dev/null)" ]
}

if ! has raster; then
    check 'a build without librsvg says so' \
        fails 1 'configured with --without-raster' "$flamegraph" -o x.png in.folded
    check 'and makes no file' test ! -e x.png
    done_testing
fi

# width FILE, height FILE: of a PNG, from its header.
number() {
    od -An -tu1 -j "$2" -N 4 "$1" | "$AWK" '{ print (($1 * 256 + $2) * 256 + $3) * 256 + $4 }'
}
is_png() {
    [ "$(od -An -c -N 4 "$1" | tr -d ' ')" = '211PNG' ] &&
        [ "$(number "$1" 16)x$(number "$1" 20)" = "$2" ]
}
draws() {
    out=$1
    shift
    "$flamegraph" --width 400 "$@" -o "$out" in.folded
}

draws x.svg
check 'the ending chooses PNG' draws x.png
check 'which is as large as the SVG' is_png x.png 400x134
check 'the ending may be in capitals' draws y.PNG
check 'and gives the same bytes again' cmp x.png y.PNG
check 'the format may be said' draws z.dat --format png
check 'and gives the same bytes' cmp x.png z.dat
check '--scale' draws x2.png --scale 2
check 'is so many times as large' is_png x2.png 800x268
check 'a fraction is rounded up' draws x3.png --scale 0.333
check 'to whole pixels' is_png x3.png 134x45
check 'our SVG is a profile: it is drawn again' "$flamegraph" --width 400 -o again.png x.svg
check 'as the same picture' cmp x.png again.png
"$flamegraph" --width 400 --format png <x.svg >again.png
ok $? 'from standard input to standard output'
check 'the same' cmp x.png again.png
check 'PDF' draws x.pdf
check 'twice' draws y.pdf
check 'gives the same bytes' cmp x.pdf y.pdf
check 'a graph without script gives the same picture' draws plain.png --script none
check 'a title with markup' draws title.pdf --title 'a & b <c>'

if have pdftotext && have pdfinfo; then
    pdftotext x.pdf x.txt
    check 'the text of a PDF can be searched' grep -q '^read$' x.txt
    check 'also what is not ASCII' grep -q "$(printf 'caf\303\251_\316\273')" x.txt
    check 'and what was escaped' grep -q '<x>' x.txt
    pdfinfo x.pdf >x.info
    check 'the title is in the metadata' grep -q '^Title: *Flame Graph$' x.info
    pdfinfo title.pdf >title.info
    check 'without escapes' grep -q '^Title: *a & b <c>$' title.info
    check 'the page has the size of the picture' grep -q '300 x 100.5 pts' x.info
    check 'no date makes it differ' sh -c '! grep -q Date x.info'
    printf '%s %s\n' main 60 'std::vector<int>::push_back' 40 >wide.folded
    "$flamegraph" --width 400 -q -o wide.pdf wide.folded
    "$builddir/flamediff" --width 400 -q -o wide2.pdf wide.folded wide.folded
    for pdf in wide wide2; do
        pdftotext "$pdf.pdf" "$pdf.txt"
        check "labels are shortened as in the viewer: $pdf" \
            grep -qx "$(printf 'std::vector::push_back')" "$pdf.txt"
    done
else
    skip 'the text and the title of a PDF' 'pdftotext is missing (poppler-utils)'
fi

# Colour types: 2 is RGB, 6 has alpha.
color_type() {
    [ "$(od -An -tu1 -j 25 -N 1 "$1" | tr -d ' ')" = "$2" ]
}
check 'a PNG has no alpha channel' color_type x.png 2
draws clear.png --background none
check 'but with --background none' color_type clear.png 6
draws white.png --background white
draws fff.png --background '#fff'
check 'colours have short forms' cmp white.png fff.png
check 'and are seen' sh -c '! cmp -s white.png x.png'

# A still picture has neither groups nor titles for its frames, but a style sheet may ask for them.
css() {
    echo "$2" >$1.css
    draws $1.png --css $1.css
}
css plain '.frames rect { fill: #0000ff; }'
css parents '.frames > g > rect { fill: #0000ff; }'
css groups 'g g rect { fill: #0000ff; }'
css titles '.frames title + rect { fill: #0000ff; }'
css labels '.frames rect:nth-last-child(2) { fill: #0000ff; }'
check '--css colors frames' sh -c '! cmp -s plain.png x.png'
for selectors in parents groups titles labels; do
    check "as in the SVG: by $selectors" cmp plain.png $selectors.png
done

cat >outside.svg <<'END'
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
    width="20" height="20">
<rect width="10" height="10" fill="red"/></svg>
END
image="<image xlink:href=\"file://$work/x.png\" width=\"20\" height=\"20\"/>"
sed "s|</svg>|$image</svg>|" outside.svg >image.svg
"$builddir/flamegraph-raster" <outside.svg >outside.png
"$builddir/flamegraph-raster" <image.svg >image.png
check 'an SVG cannot bring in files' cmp outside.png image.png

if have rsvg-convert && have python3 && python3 -c 'import zlib' 2>/dev/null; then
    rsvg-convert --background-color=white x.svg -o wanted.png
    check 'ours shows what rsvg-convert shows' \
        python3 "$srcdir/tests/raster/same-pixels.py" x.png wanted.png
    rsvg-convert --background-color=white --zoom 2 x.svg -o wanted.png
    check 'and twice as large' python3 "$srcdir/tests/raster/same-pixels.py" x2.png wanted.png
    # rsvg-convert writes with cairo.
    "$AWK" 'BEGIN {
        srand(5)
        for (i = 0; i < 400; i++) {
            line = "main"
            for (depth = 20 * rand(); depth > 0; depth--) line = line ";f" int(20 * rand())
            print line, 1 + int(50 * rand())
        }
    }' >many.folded
    echo 'a 1' >one.folded
    for input in one many; do
        "$flamegraph" -q -o cairo.svg $input.folded
        for scale in 1 2; do
            rsvg-convert --background-color=white --zoom $scale cairo.svg -o wanted.png
            "$flamegraph" -q --scale $scale -o ours.png $input.folded
            check "a PNG is no larger than cairo's, $input, --scale $scale" \
                test "$(wc -c <ours.png)" -le "$(wc -c <wanted.png)"
        done
    done
else
    skip 'what rsvg-convert shows' 'rsvg-convert or python3 is missing'
fi

# An SVG of somebody else, or one of ours without its profile: its frames may have no weights.
echo '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' >theirs.svg
"$builddir/flamediff" -q --script none -o changes.svg in.folded in.folded
echo kept >kept.png
for file in theirs changes; do
    check "$file.svg: an SVG without a profile says what to use" \
        fails 1 "$file.svg: .*\(SVG without a profile.*rsvg-convert\|give the profile\)" \
        "$flamegraph" -o kept.png $file.svg
    check 'and the file that was there stays' grep -qx kept kept.png
done
draws still.svg --script none
check 'frames with weights are drawn again' "$flamegraph" --width 400 -q -o still.png still.svg
check 'as the same picture' cmp x.png still.png
check '--from-svg is gone' fails 2 'from-svg' "$flamegraph" --from-svg x.svg -o kept.png

"$AWK" 'BEGIN {
    printf "read\tid="
    while (i++ < 1100000) printf "0123456789"
    print ""
}' >long.attr
check 'an attribute may be longer than 10 MB' draws long.png --nameattr long.attr
check 'and changes no pixel' cmp x.png long.png
"$AWK" 'BEGIN {
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\">"
    while (i++ < 1000000) print "<g/>"
    print "</svg>"
}' >elements.svg
check 'more elements than librsvg takes: says what to do' \
    fails 1 '1000001 elements.*larger --minwidth' \
    sh -c '"$1" <elements.svg >elements.png' - "$builddir/flamegraph-raster"
check 'too wide says what to do' \
    fails 1 '32767 is the most: make it narrower with --width' \
    "$flamegraph" --width 20000 --scale 2 -o x0.png in.folded
check 'an SVG cannot be scaled' fails 2 'for PNG and PDF' "$flamegraph" --scale 2 in.folded
check 'colours are checked' fails 2 'can be none, white' \
    "$flamegraph" --background '#12' -o x0.png in.folded
check 'formats are checked' fails 2 'can be svg, png or pdf' \
    "$flamegraph" --format gif in.folded
check 'a full disk is told' sh -c '! "$1" --format png in.folded >/dev/full 2>message' - \
    "$flamegraph"
# Far more than a pipe holds.
"$AWK" 'BEGIN {
    print "<?xml version=\"1.0\"?>\n<fontconfig><dir>/usr/share/fonts</dir>"
    while (i++ < 5000) print "<match><edit name=\"nonsense\"><bogus>1</bogus></edit></match>"
    print "</fontconfig>"
}' >noisy.conf
export FONTCONFIG_FILE="$work/noisy.conf"
if have timeout; then
    check 'libraries that talk and talk' timeout 60 "$flamegraph" --width 400 -o noisy.png in.folded
    check 'are not waited for' is_png noisy.png 400x134
fi
unset FONTCONFIG_FILE
# A machine without fonts.
echo '<?xml version="1.0"?><fontconfig></fontconfig>' >no-fonts.conf
export FONTCONFIG_FILE="$work/no-fonts.conf"
for format in png pdf; do
    check "without any font, $format: a package is named" \
        fails 1 'fonts-dejavu-core' "$flamegraph" -o fonts.$format in.folded
    check "and there is no file, $format" test ! -e fonts.$format
    echo old >fonts.$format
    check "a file that was there, $format" \
        fails 1 'fonts-dejavu-core' "$flamegraph" -o fonts.$format in.folded
    check "stays, $format" grep -qx old fonts.$format
done
check 'an SVG needs none' "$flamegraph" -o fonts.svg in.folded
unset FONTCONFIG_FILE
: >none.folded
check 'nothing to draw is drawn as a message' fails 1 'none.folded' \
    "$flamegraph" -o none.png none.folded
check 'in a PNG' is_png none.png "$(number none.png 16)x$(number none.png 20)"
"$flamegraph" --background white -o none-white.png none.folded 2>message
"$flamegraph" --background black -o none-black.png none.folded 2>message
check 'on the background that was asked for' \
    sh -c 'test -s none-white.png && ! cmp -s none-white.png none-black.png'
cp x.png old.png
check 'but not over an old picture' fails 1 'none.folded' "$flamegraph" -o old.png none.folded
check 'which stays as it was' cmp x.png old.png

"$AWK" 'BEGIN {
    for (i = 0; i < 1300; i++) s = s "f" i ";"
    print s "leaf 1000"
}' >deep.folded
check '20,000 px of height' "$flamegraph" -q -o deep.png deep.folded
check 'are drawn' is_png deep.png 1200x20902
check 'at twice the size, too, more than cairo can' \
    "$flamegraph" -q -o deep2.png --scale 2 deep.folded
check 'all of it' is_png deep2.png 2400x41804

# --max-memory holds for the one who draws, too: refused at each size, with a word of memory and
# without a file, until there is enough. Sanitizers take what they like, and may hang when they
# report that there is none.
echo kept >limited.png
wide() {
    "$flamegraph" -q --max-memory "$1" --width 20000 "$2" "$3" deep.folded 2>message
}
drawn=0
sizes='3M 5M 8M 12M 20M 30M 50M 70M 500M'
[ "${sanitizers:-no}" = no ] || sizes=
for most in $sizes; do
    status=0
    wide $most -o limited.png || status=$?
    if [ $status -eq 0 ]; then
        drawn=$most
        echo kept >limited.png
    elif [ $status -ne 1 ] || ! grep -qx kept limited.png || ! grep -q 'memory' message ||
        ! grep -q 'raise --max-memory' message || [ "$(wc -l <message)" -ne 1 ] ||
        [ "$drawn" != 0 ]; then
        echo "$most: $status"
        cat message
    fi
done >told
if [ "${sanitizers:-no}" = no ] && [ "$(uname)" = Linux ]; then
    check '--max-memory: what draws PNG is held to it' sh -c '! grep . told'
    check 'and draws when that is enough' test "$drawn" = 500M
fi
check 'no half-written file is left by it' sh -c '! ls *.tmp-* 2>/dev/null'

# No descriptor is left for the first pipe, for the second, for the file.
"$flamegraph" -q -o plenty.png in.folded
files=3
while [ $files -lt 24 ]; do
    status=0
    # shellcheck disable=SC3045 # where there is no such limit, nothing fails
    (ulimit -n $files && exec "$flamegraph" -q -o few.png in.folded) 2>message || status=$?
    if [ $status -ne 0 ] && { [ ! -s message ] || [ -e few.png ]; }; then
        echo "$files: $status $(cat message)"
    elif [ $status -eq 0 ] && ! cmp few.png plenty.png; then
        echo "$files: another picture"
    fi
    rm -f few.png
    files=$((files + 1))
done >few
check 'too few descriptors are told, and leave no file' sh -c '! grep . few'
check 'none of that leaves a file' sh -c '! ls *.tmp-* 2>/dev/null'

exec 3>/dev/null
# What happens to the one who draws shows in the message. It is looked for beside the program.
mkdir alone
cp "$flamegraph" alone/
helper() {
    printf '#!/bin/sh\n%s\n' "$1" >alone/flamegraph-raster
    chmod 755 alone/flamegraph-raster
}
if ! head -c 2 alone/flamegraph | grep -q '#!'; then # no script of libtool
    helper 'cat >/dev/null; kill -9 $$'
    check 'one that is killed' fails 1 'ended by signal 9' alone/flamegraph -o x0.png in.folded
    helper 'kill -9 $$'
    check 'one that is killed at once' fails 1 'ended by signal 9' \
        alone/flamegraph -o x0.png in.folded
    helper 'cat >/dev/null; printf "\211PNG half"'
    check 'one that stops half way' fails 1 'before its picture was complete' \
        alone/flamegraph -o x0.png in.folded
    helper 'cat >/dev/null; echo flamegraph-raster: too hot >&2; exit 1'
    check 'one that complains' fails 1 'flamegraph: too hot' alone/flamegraph -o x0.png in.folded
    helper 'echo "flamegraph-raster: not now" >&2; exit 1'
    check 'one that complains at once' fails 1 'flamegraph: not now' \
        alone/flamegraph -o x0.png in.folded
    helper 'exec cat'
    chmod 777 alone/flamegraph-raster
    if ! ls /usr/local/libexec/flamegraph-raster /usr/libexec/flamegraph-raster 2>&3 >&3; then
        check 'one that anybody could have written is not started' \
            fails 1 'cannot start' alone/flamegraph -o x0.png in.folded
        rm alone/flamegraph-raster
        check 'none at all' fails 1 'cannot start .*flamegraph-raster' \
            alone/flamegraph -o x0.png in.folded
    fi
    check 'no half-written file is left' sh -c '! ls x0.* alone/*.tmp* 2>/dev/null'
fi

if have readelf; then
    readelf -d "$builddir/flamegraph" >needed
    check 'flamegraph itself is not linked with librsvg or cairo' \
        sh -c '! grep -Eq "NEEDED.*(rsvg|cairo|glib)" needed'
fi

done_testing
