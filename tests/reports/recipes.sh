#!/bin/sh
# SPDX-License-Identifier: MIT
# recipes.sh: the recipes of examples/reports make what they say, and make it again to the byte.
. "${srcdir:-.}/tests/lib/tap.sh"
use_own_make
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
check 'and has a table of five functions, with units' \
    sh -c 'test "$(grep -Ec "^\| [0-9.]+ m?s \| .*<code>" one/report.md)" = 5'
check 'a comparison in Markdown names the sides, with their weight' \
    grep -q '<code>one row a transaction</code> (1 run, 2,520 samples, 12.66 s) against' \
    one/pull-request.md
check 'has verdicts' \
    grep -Eq '^\| [0-9.]+ \| [0-9.]+ \| .* \| larger share \| <code>' one/pull-request.md
check 'shows a PNG' grep -q '!\[what changed\](diff.png)' one/pull-request.md
check 'that is there, too' test -s one/diff.png
check 'the page has three pictures' sh -c 'test "$(grep -c "<svg " one/page.html)" = 3'
grep -o ' id="[^"]*"' one/page.html | sort | uniq -d >twice
check 'no two ids of it are the same' test ! -s twice
check 'the last shows verdicts' grep -q '% of the run, [+-][0-9.]*: larger share)' one/diff.fragment
check 'names the sides' grep -q 'fifty rows' one/diff.fragment
check 'and has a legend' grep -q 'id="diff-legend"' one/diff.fragment
check 'headings have the size of a profile' grep -q '<h2>Before: 12.66 s, 2520 samples</h2>' \
    one/page.html
check 'a table of changes is below' grep -Eq '^ *[0-9.]+ +[0-9.]+ .* larger share +[A-Za-z]' \
    one/page.html
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

# ---- build servers ----

# gated STATUS DIRECTORY OPTION...: ci.sh ends with this status.
# shellcheck disable=SC2317
gated() {
    want=$1
    shift
    status=0
    sh "$recipes/ci.sh" "$@" || status=$?
    [ "$status" -eq "$want" ]
}
check 'a build server: a gate that holds' gated 0 ci --fail-on 'total>5%' --labels 'old,new' \
    --work 632,5850 --work-unit row two/before.folded two/after.folded
for file in summary.md diff.svg diff.png index.html style.css gate.xml; do
    check "$file is there" test -s "ci/$file"
done
check 'nothing else is' sh -c 'test "$(ls ci | wc -l)" = 6'
check 'the summary has units, verdicts' \
    grep -Eq '^\| [0-9.]+ \| [0-9.]+ \| .* \| faster \| <code>' ci/summary.md
check 'and the result' grep -qx '\*\*All gates hold.\*\*' ci/summary.md
check 'so does the page' grep -q 'in ms per row' ci/index.html
# default-src 'none'; img-src 'self'; style-src 'self'
check 'Jenkins: the page has no script and no style of its own' \
    sh -c '! grep -Ei "<script|<style|<svg|<iframe|<object| style=| on[a-z]*=|javascript:|data:" \
    ci/index.html'
grep -o '\(src\|href\)="[^"]*"' ci/index.html | sed 's/.*="\(.*\)"/ci\/\1/' >linked
check 'and names files beside it only' xargs ls <linked
check 'a gate that fails' gated 3 slower --fail-on 'total>5%' --work 5850,632 \
    two/after.folded two/before.folded
check 'the summary says so' grep -qx '\*\*The program got slower.\*\*' slower/summary.md
check 'too little data' gated 4 little --fail-on 'no_such_function>5%' --work 5850,632 \
    two/after.folded two/before.folded
check 'the page says so' grep -q 'too little data to decide' little/index.html
if [ -n "${XMLLINT-}" ]; then
    check 'the pictures and the gates are XML' "$XMLLINT" --noout --huge ci/diff.svg ci/gate.xml
fi
check 'a wrong option ends it' gated 2 wrong --no-such-option a b
if have python3 && python3 -c 'import yaml' 2>/dev/null; then
    cat >jobs.py <<'END'
import sys, yaml
github = yaml.safe_load(open(sys.argv[1] + '/github.yml'))
steps = github['jobs']['compare']['steps']
assert sum('ci.sh' in step.get('run', '') for step in steps) == 1
for step in steps:
    print(step.get('run', ':'))
gitlab = yaml.safe_load(open(sys.argv[1] + '/gitlab.yml'))['performance']
assert gitlab['artifacts']['reports']['junit'] == 'perf/gate.xml'
assert gitlab['allow_failure']['exit_codes'] == 4
print('\n'.join(gitlab['script']))
END
    check 'GitHub and GitLab: the jobs are YAML' sh -c 'python3 jobs.py "$0" >jobs' "$recipes"
    check 'their commands are shell' sh -n jobs
else
    skip 'the jobs of GitHub and GitLab' 'python3 or its yaml is missing'
fi

# ---- documents ----
if have rst2html && [ -f two/after.fragment ]; then
    cp "$recipes/sphinx.rst" two/
    sed '/^.. only::/,$d' two/sphinx.rst >two/plain.rst
    check 'Sphinx: the page is reStructuredText' rst2html --halt=warning two/plain.rst two/rst.html
    check 'with a picture to zoom' grep -q '<svg ' two/rst.html
else
    skip 'the page for Sphinx' 'rst2html is missing (python3-docutils)'
fi
if have sphinx-build && [ -f two/after.fragment ]; then
    mkdir sphinx
    cp two/after.fragment two/after.png two/report.pdf sphinx/
    cp "$recipes/sphinx.rst" sphinx/index.rst
    for builder in html latex; do
        check "Sphinx: $builder, without warnings" sphinx-build -q -W -C -b $builder \
            -D html_theme=basic sphinx sphinx.$builder
    done
    check 'the page has a picture to zoom' grep -q '<svg ' sphinx.html/index.html
    check 'the document one of text' grep -q '{report}.pdf' sphinx.latex/python.tex
else
    skip 'Sphinx' 'sphinx-build is missing (python3-sphinx)'
fi
if have python3; then
    cat >notebook.py <<'END'
import html, re, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
from jupyter import FlameGraph, compare
graph = FlameGraph('two/after.folded')
assert graph.info()['text'] == '12.50 s', graph.info()
assert graph.info()['samples'] == 2487
for shown in graph, compare('two/before.folded', 'two/after.folded', '--labels', 'old,new'):
    frame = shown._repr_html_()
    match = re.fullmatch(r'<iframe sandbox="allow-scripts allow-downloads" .* srcdoc="([^"]*)">'
                         '</iframe>', frame, re.DOTALL)
    page = html.unescape(match.group(1))
    assert page.count('<svg ') == 1 and '<?xml' not in page
assert 'old' in page
try:
    FlameGraph('nothing').svg()
    sys.exit('no error')
except RuntimeError as error:
    assert 'cannot open' in str(error)
END
    check 'Jupyter: a cell shows a picture' python3 notebook.py "$recipes"
else
    skip 'Jupyter' 'python3 is missing'
fi

if have jupyter-nbconvert && /usr/bin/python3 -c 'import ipykernel' 2>/dev/null; then
    cp "$recipes/jupyter.py" .
    cat >cells.ipynb <<'END'
{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [
    {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source":
        "from jupyter import FlameGraph, compare\nFlameGraph('two/after.folded')"},
    {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source":
        "compare('two/before.folded', 'two/after.folded')"}]}
END
    check 'Jupyter: a notebook runs' env HOME="$work" PATH="$builddir:/usr/bin:$PATH" \
        jupyter-nbconvert --to html --execute cells.ipynb
    check 'and shows two pictures' \
        sh -c 'test "$(grep -c "<iframe sandbox=.*srcdoc=" cells.html)" = 2'
    rm jupyter.py
else
    skip 'a notebook' 'jupyter-nbconvert or python3-ipykernel is missing'
fi

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
