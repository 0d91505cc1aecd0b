#!/bin/sh
# recipes.sh: the recipes of examples/reports make what they say, and make it again to the byte.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
MAKEFLAGS=
MFLAGS=
export MAKEFLAGS MFLAGS
cd "$work" || exit 1
has raster || skip_all 'built without raster'
has lzma || skip_all 'built without lzma'
make=${MAKE:-make}
recipes=$srcdir/examples/reports
PATH=$builddir:$PATH
export PATH

"$make" --version 2>/dev/null | grep -q GNU || skip_all 'this make is not that of GNU'
mkdir one two
check 'make' "$make" -s -f "$recipes/Makefile" OUT=one
check 'the Markdown shows a PNG' grep -q '!\[flame graph\](after.png)' one/report.md
check 'that is there' test -s one/after.png
check 'and has a table of five functions' \
    sh -c 'test "$(grep -c "^| [0-9.]* % | .[^ ]" one/report.md)" = 5'
check 'the page has three pictures' sh -c 'test "$(grep -c "<svg " one/page.html)" = 3'
grep -o ' id="[^"]*"' one/page.html | sort | uniq -d >twice
check 'no two ids of it are the same' test ! -s twice
check 'the last shows a change' grep -q '; [+-][0-9.]*%)' one/diff.fragment
if have pdftotext && have pdfinfo; then
    pdftotext one/report.pdf text
    check 'the text of the PDF can be selected' grep -q 'Inserts, batched' text
    pdfinfo one/report.pdf >info
    check 'it is one page' grep -q '^Pages: *1$' info
else
    skip 'the text of the PDF' 'pdftotext is missing (poppler-utils)'
fi
find one -type f | sort | xargs ls -l --full-time >before 2>/dev/null
check 'make again' "$make" -s -f "$recipes/Makefile" OUT=one
find one -type f | sort | xargs ls -l --full-time >after 2>/dev/null
check 'makes nothing' diff before after
check 'make elsewhere' "$make" -s -f "$recipes/Makefile" OUT=two
# A picture says which file it was made of.
for file in one/* two/*; do
    sed 's/\(one\|two\)\//OUT\//g' "$file" >"$file.same" && mv "$file.same" "$file"
done
check 'makes the same bytes' diff -r one two
rm one/page.html
check 'what is missing' "$make" -s -f "$recipes/Makefile" OUT=one one/page.html
check 'is made alone' diff one/page.html two/page.html

# ---- a server ----
if have curl && have python3; then
    printf 'serve;parse 10\nserve;query 190\n' >folded
    python3 -u -m http.server --bind 127.0.0.1 0 >port 2>/dev/null &
    server=$!
    trap 'kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
    tries=0
    until grep -q 'port [0-9]' port 2>/dev/null || [ $tries -gt 100 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    url=http://127.0.0.1:$(sed -n 's/.* port \([0-9]*\).*/\1/p' port)
    no_proxy='*'
    export no_proxy
    check 'a server in a pipe' sh -c "curl -sf $url/folded | flamegraph >piped.svg"
    check 'by live.sh' sh "$recipes/live.sh" "$url/folded" -o live.svg
    check 'it is the same picture' cmp piped.svg live.svg
    check 'of what the server said' grep -q '<title>query (190 samples, 95.00%)</title>' live.svg
    check 'one that says nothing is an error' \
        sh -c '! sh "$1" "$2" -o no.svg 2>/dev/null && test ! -e no.svg' - "$recipes/live.sh" \
        "$url/nowhere"
    kill "$server"
else
    skip 'a picture of a server' 'curl or python3 is missing'
fi

done_testing
