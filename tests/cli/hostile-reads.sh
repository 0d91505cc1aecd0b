#!/bin/sh
# SPDX-License-Identifier: MIT
# hostile-reads.sh: --css, --nameattr and what draws PNG read the files that they are given
# and no other, whatever those refer to; nothing is asked of a network.
. "${srcdir:-.}/tests/lib/tap.sh"
have strace || skip_all 'strace is missing'
[ "${sanitizers:-no}" = no ] || skip_all 'leaks are not looked for under strace'
cd "$work" || exit 1
strace -o log true 2>/dev/null || skip_all 'strace may not trace here'

for file in secret secret.css secret.svg secret.xml; do
    echo "<svg xmlns='http://www.w3.org/2000/svg'/>" >$file
done
cat >theirs.svg <<'END'
<?xml version="1.0"?>
<?xml-stylesheet href="secret.css" type="text/css"?>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xi="http://www.w3.org/2001/XInclude"
 xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90">
<xi:include href="secret.xml" parse="text"/>
<image href="secret.svg" width="9" height="9"/><use xlink:href="secret.svg#x"/>
<image href="http://127.0.0.1:9/x.png" width="9" height="9"/>
</svg>
END
cat >css <<'END'
@import url(secret.css);
@import "http://127.0.0.1:9/x.css";
@font-face { font-family: x; src: url(secret) }
rect { fill: url(secret.svg#x); filter: url(file:secret.svg#x) }
END
printf 'a\thref=secret\tclass=@secret\ttitle=<xi:include href="secret"/>\n' >attr
printf 'a;<xi:include href="secret"/> 3\na;@secret 4\n' >in.folded
{
    echo '<!DOCTYPE svg [<!ENTITY x SYSTEM "secret"> <!ENTITY % y SYSTEM "secret.xml"> %y;]>'
    echo '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&x;</text></svg>'
} >entities.svg

# opens FILE...: the files here that the last command opened or looked for are these; no sockets
# but those between us and what draws.
opens() {
    printf '%s\n' "$@" | sort >want
    sed -n 's/.*open[a-z0-9]*(.*"\([^"]*\)".*/\1/p' log | sed "s|^$work/||" |
        grep -v '^/\|^$' | sort -u >got
    diff want got || return
    ! grep 'AF_INET\|connect(' log
}

# quiet: nothing that was referred to.
quiet() {
    ! grep 'secret\|AF_INET\|connect(' log
}

# traces TITLE STATUS PROGRAM ARGUMENT...
traces() {
    title=$1
    want=$2
    shift 2
    status=0
    strace -f -s 4096 -e trace=open,openat,openat2,socket,connect -o log \
        "$@" >out 2>told || status=$?
    [ $status -eq "$want" ]
    ok $? "$title: exit status $want, not $status" told
}

traces '--css' 0 "$builddir/flamegraph" --css css in.folded
check 'reads the profile and the style sheet' opens css in.folded
check 'which is in the picture' grep -q '@import url(secret.css)' out
traces '--nameattr' 0 "$builddir/flamegraph" --nameattr attr in.folded
check 'reads the profile and the attributes' opens attr in.folded
traces 'a comparison' 0 "$builddir/flamediff" -o both.svg in.folded in.folded
check 'reads nothing that names refer to' quiet
if has raster; then
    traces 'a style sheet and PNG' 0 "$builddir/flamegraph" --css css -o x.png in.folded
    check 'reads nothing that it refers to' quiet
    traces 'what draws' 0 "$builddir/flamegraph-raster" <theirs.svg
    check 'reads nothing that it refers to' quiet
    traces 'what draws, with entities' 1 "$builddir/flamegraph-raster" <entities.svg
    check 'reads nothing that it refers to' quiet
fi
# The trace sees what it should: a file that is asked for.
cp css secret.css
traces 'a file that is named' 0 "$builddir/flamegraph" --css secret.css in.folded
check 'is seen' opens in.folded secret.css
! quiet >/dev/null
ok $? 'and would be where it should not'
done_testing
