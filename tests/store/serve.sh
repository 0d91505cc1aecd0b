#!/bin/sh
# SPDX-License-Identifier: MIT
# flamestore serve by HTTP: what it takes, what it gives back, and whom it refuses.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1
has store || skip_all 'built without store'
have curl || skip_all 'curl is missing'
PATH=$builddir:$PATH
no_proxy='*'
TZ=UTC
export PATH no_proxy TZ
server=
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT

# serve ARGUMENT...: start a server; $URL is its address.
serve() {
    : >said
    flamestore --store "$work/store.db" serve --listen 127.0.0.1:0 "$@" >out 2>said </dev/null &
    server=$!
    tries=0
    until grep -q 'listening on' said || ! kill -0 $server 2>/dev/null || [ $tries -gt 600 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    URL=$(sed -n 's/.*listening on \(.*\)/\1/p' said)
    [ -n "$URL" ]
}

# stop: the server ends by SIGTERM, with status 0.
# shellcheck disable=SC2317
stop() {
    kill $server
    wait $server
    stopped=$?
    server=
    cat said
    [ $stopped -eq 0 ]
}

# status WANTED PATH CURL-OPTION...: the status of the answer; the answer is in `answer`.
# shellcheck disable=SC2317
status() {
    wanted=$1
    address=$URL$2
    shift 2
    got=$(curl -s -m 60 -o answer -D head -w '%{http_code}' "$@" "$address")
    [ "$got" = "$wanted" ] || {
        echo "$got instead of $wanted"
        cat answer
        return 1
    }
}

# says PATTERN: in the last answer.
# shellcheck disable=SC2317
says() {
    grep -E -- "$1" answer || {
        head -c 2000 answer
        return 1
    }
}

# folded WANTED: the stacks of all windows, without the header line. 2020 to 2030 is all.
# shellcheck disable=SC2317
folded() {
    status 200 "profile.folded?from=2020-01-01&until=2030-01-01${2-}" || return 1
    grep -v '^#' answer >stacks
    printf '%s\n' "$1" >wanted
    diff wanted stacks
}

check 'a server starts and makes its store' serve
check 'an empty store has a page' status 200 ''
check 'which says that there is nothing' says 'There are no samples in this range'

# ---- /ingest: the forms that Pyroscope documents ----

ingest='ingest?name=app.cpu%7Bhost%3Ddb7%2Cenv%3D%22a+b%22%7D'
check 'folded' status 200 "$ingest&from=1600000000&until=1600000010" \
    --data-binary 'main;a 5
main;b 8 10
'
check 'a name may end in a number' folded 'main;a 5
main;b 8 10'
check 'the same window again is not counted' status 200 \
    "$ingest&from=1600000000&until=1600000010" --data-binary 'main;a 5'
check 'it was not' folded 'main;a 5
main;b 8 10'
check 'times in nanoseconds are the same times' status 200 \
    "$ingest&from=1600000000000000000&until=1600000010000000000" --data-binary 'main;a 5'
check 'so that window was known, too' folded 'main;a 5
main;b 8 10'
check 'lines' status 200 "$ingest&from=1600000010&until=1600000020&format=lines" \
    --data-binary 'main;a
main;a
main;line 7
'
check 'each of them is a sample' folded 'main;a 7
main;b 8 10
main;line 7 1'
check 'labels choose windows' folded 'main;a 7
main;b 8 10
main;line 7 1' '&tag=host%3Ddb7&tag=env%3Da%20b&tag=source%3Dapp.cpu'
check 'there is no other host' status 200 \
    'profile.folded?from=2020-01-01&until=2030-01-01&tag=host%3Dx'
check 'so it has no stacks' sh -c '! grep -v "^#" answer'

printf 'main;c 4\n' | collapse --output-format pprof -o c.pb.gz
check 'pprof' status 200 "$ingest&from=1600000020&until=1600000030&format=pprof" \
    --data-binary @c.pb.gz
check 'pprof in a form' status 200 "$ingest&from=1600000030&until=1600000040" -F profile=@c.pb.gz \
    -F 'sample_type_config={"cpu":{"units":"samples"}};type=application/json'
gzip -c >f.gz <<'END'
main;packed 1
END
cp "$srcdir/tests/data/formats/pprof/go-allocs.pb.gz" heap.pb.gz
check 'a heap profile' status 200 "ingest?name=heap&from=1600000020&until=1600000030&format=pprof" \
    --data-binary @heap.pb.gz
for value in alloc_space inuse_objects; do
    collapse -q --sample-index=$value heap.pb.gz | LC_ALL=C sort >wanted
    flamestore --store store.db get --from=2020-09-01 --until=2020-10-01 --source=heap \
        --sample-index=$value | grep -v '^# flametree: ' | LC_ALL=C sort >got
    check "has $value" cmp wanted got
done
check 'packed text' status 200 "$ingest&from=1600000040&until=1600000050&format=folded" \
    --data-binary @f.gz
check 'all samples, of text and of pprof' folded 'main;a 7
main;b 8 10
main;c 8
main;line 7 1
main;packed 1' '&type=samples'
check 'all of it' status 200 'profile.pb.gz?from=2020-01-01&until=2030-01-01&type=samples'
cp answer all.pb.gz
check 'pprof for other programs' sh -c 'collapse -q all.pb.gz | grep -x "main;a 7"'

check 'a form with a profile before is refused' status 415 "$ingest&from=1&until=2" \
    -F profile=@c.pb.gz -F prev_profile=@c.pb.gz
check 'a format of Pyroscope alone is refused' status 415 \
    "$ingest&from=1600000050&until=1600000060&format=trie" --data-binary x
check 'no name' status 400 'ingest?from=1600000000&until=1600000010' --data-binary 'a 1'
check 'a broken name' status 400 'ingest?name=app%7Bhost&from=1600000000&until=1600000010' \
    --data-binary 'a 1'
check 'no time' status 400 'ingest?name=app' --data-binary 'a 1'
check 'a window that ends before it begins' status 400 'ingest?name=app&from=9&until=3' \
    --data-binary 'a 1'
check 'what is no profile' status 422 "$ingest&from=1600000060&until=1600000070" \
    --data-binary '{"nope": true}'
check 'an empty body' status 422 "$ingest&from=1600000060&until=1600000070" --data-binary ''
check 'a damaged pprof' status 422 "$ingest&from=1600000060&until=1600000070&format=pprof" \
    --data-binary 'main;c 4'
check 'a body that is too large' status 413 "$ingest&from=1600000060&until=1600000070" \
    -H 'Content-Length: 99999999999' -H 'Expect:' --data-binary x
check 'GET of what takes' status 405 "$ingest&from=1&until=2"
check 'nothing of that was stored' sh -c 'flamestore --store store.db size | grep -x "windows: 9"'

# ---- marks ----

check 'a mark' status 200 mark -d 'text=deploy 42' -d at=2020-09-13T12:27
check 'a mark with a page to go back to' status 303 mark -d 'text=<b>' \
    --data-urlencode 'back=/?from=-1h&tag=a=b'
check 'goes back there' grep -i '^Location: /?from=-1h&tag=a=b' head
check 'not to another site' status 200 mark -d 'text=c' -d 'back=//evil.example/'
check 'a mark without text' status 400 mark -d 'text= '
check 'a mark at no time' status 400 mark -d text=x -d at=nonsense
check 'the page shows the mark' status 200 '?from=2020-09-13&until=2020-09-14'
check 'with its text' says '<td>deploy 42</td>'
check 'the page of samples' status 200 '?from=2020-09-13&until=2020-09-14&type=samples'
check 'says how many there are, once' says ', [0-9]* samples<'
check 'the page of another value' status 200 '?from=2020-09-13&until=2020-09-14&type=inuse_objects'
check 'names it' says ' of inuse_objects<'

# ---- the page ----

check 'a time that is none' status 400 '?from=nonsense'
check 'the page says so' says 'nonsense.* is not a time'
check 'so does text for other programs' status 400 'profile.folded?from=%1b%5b2J%c2%9b%e2%80%ae'
check 'which cannot control a terminal' sh -c \
    'LC_ALL=C tr -d "[:print:]\n" <answer | cmp - /dev/null'
check 'more labels than there can be' status 400 "?$(seq -s '&' -f 'tag=k%g=v' 40)"
check 'the policy allows hashes only' status 200 ''
check 'it is there' grep -i "^Content-Security-Policy: default-src 'none'; script-src 'sha256-" head
check 'no inline style, no handler, no cookie' sh -c \
    '! grep -i "^Set-Cookie" head && ! grep -E "<[^>]* (style|on[a-z]+)=" answer'
check 'HEAD' status 200 '' -I
check 'another method' status 405 '' -X DELETE
check 'another address' status 404 'favicon.ico'
check 'a path that climbs' status 404 '..%2f..%2fetc/passwd' --path-as-is

# ---- who may ask ----

check "another site's name for this address" status 403 '' -H 'Host: evil.example'
check 'a page of another site that posts' status 403 mark -H 'Origin: http://evil.example' -d text=x
check 'or hides where it is from' status 403 mark -H 'Origin: null' -d text=x
check 'or is of another scheme' status 403 mark -H 'Sec-Fetch-Site: cross-site' -d text=x
check 'the page itself may' status 200 mark -H "Origin: ${URL%/}" -d text=x
check 'the server ends by a signal' stop

echo '0123456789abcdef-token' >token
check 'a server with a token' serve --token-file token
check 'does not answer without it' status 401 ''
check 'asks for it' grep -i '^WWW-Authenticate: Basic' head
check 'nor with another one' status 401 '' -H 'Authorization: Bearer 0123456789abcdef-tokeN'
check 'nor with a part of it' status 401 '' -H 'Authorization: Bearer 0123456789abcdef'
check 'nor with one that is longer' status 401 '' -H 'Authorization: Bearer 0123456789abcdef-tokenx'
check 'nor with one that repeats it' status 401 '' \
    -H 'Authorization: Bearer 0123456789abcdef-token0123456789abcdef-token'
check 'nor with none' status 401 '' -H 'Authorization: Bearer '
check 'takes nothing either' status 401 mark -d text=x
check 'answers with it' status 200 '' -H 'Authorization: Bearer 0123456789abcdef-token'
check 'and a browser' status 200 '' -u any:0123456789abcdef-token
check 'not with it as the name' status 401 '' -u 0123456789abcdef-token:any
check 'with it, any name of the server is good' status 200 '' -H 'Host: db7.example' \
    -H 'Authorization: Bearer 0123456789abcdef-token'
check 'it ends' stop
echo short >token
check 'a short token is refused' sh -c \
    'flamestore --store store.db serve --token-file token 2>&1 | grep "at least 16 characters"'
check 'a server with little memory' serve --max-memory 1M
i=0
while [ $i -lt 200000 ]; do
    echo "main;a$i 1"
    i=$((i + 1))
done >large
check 'refuses what needs more' status 503 "$ingest&from=1600000060&until=1600000070" \
    --data-binary @large
check 'says why' says 'the limit of 1 MB of memory is reached'
check 'and goes on' status 200 mark -d text=x
check 'to its end' stop
check 'an address that is none' sh -c \
    'flamestore --store store.db serve --listen nonsense 2>&1 | grep "needs HOST:PORT"'
check 'the store is intact' sh -c 'flamestore --store store.db check | grep -x ok'
done_testing
