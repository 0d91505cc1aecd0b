#!/bin/sh
# SPDX-License-Identifier: MIT
# The recipes of examples/store: programs as its README has them, collected and read.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1
has store || skip_all 'built without store'
PATH=$builddir:$PATH
PYTHONDONTWRITEBYTECODE=1
export PATH PYTHONDONTWRITEBYTECODE
unset http_proxy HTTP_PROXY https_proxy all_proxy ALL_PROXY
recipes=$srcdir/examples/store
started=
trap 'kill $started 2>/dev/null; rm -rf "$work"' EXIT

# block LANGUAGE N: the N-th block of this language in the README.
block() {
    "$AWK" -v language="$1" -v wanted="$2" '
        /^```/ { inside = !inside; n += inside && $0 == "```" language; next }
        inside && n == wanted && shown != "no" { print; seen = 1 }
        !inside && seen { shown = "no" }' "$recipes/README.md"
}

# free: a port that nothing uses.
free() {
    python3 -c 'import socket
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

# tries COMMAND...: until it succeeds, at most a minute.
tries() {
    n=0
    until "$@" >tried 2>&1 || [ $n -gt 600 ]; do
        n=$((n + 1))
        sleep 0.1
    done
    cat tried
    [ $n -le 600 ]
}

# collected STORE URL PATTERN: the collector gets such a stack.
# shellcheck disable=SC2317
collected() {
    flamestore --store "$1" collect --once --verbose "$2" &&
        flamestore --store "$1" get --from=-1d --until=2099-01-01 >stacks || return 1
    grep -E -- "$3" stacks || { head -n 20 stacks; return 1; }
}

if have python3; then
    cp "$recipes/sampler.py" .
    port=$(free)
    block python 1 | sed "s/16384/$port/" >worker.py
    python3 worker.py &
    started="$started $!"
    check 'Python' tries collected python.db "http://127.0.0.1:$port" \
        '^<module> \(__main__\);parse \(__main__\)(;<genexpr> \(__main__\))? [0-9]+$'
    check 'its address is that of the command' sh -c \
        "grep -q 'sampler.start(16384)' '$recipes/README.md' &&
         grep -q '^flamestore .* collect http://127.0.0.1:16384\$' '$recipes/README.md'"
    check 'what it says of itself is no stack' sh -c '! grep -E "^(elapsed|granularity)" stacks'
    echo 'import sampler, sys
sampler.start(0)
sum(range(3000000))
sys.exit(7)' >ends.py
    check 'a worker ends as without the sampler' sh -c \
        'for i in 1 2 3 4 5; do python3 ends.py; [ $? -eq 7 ] || exit 1; done'
else
    skip 'Python' 'python3 is missing'
fi

if have go && have python3; then
    port=$(free)
    block go 1 | sed "s/6060/$port/" >main.go
    if GO111MODULE=off go build -o server main.go 2>log; then
        ./server &
        started="$started $!"
        check 'Go' tries collected go.db \
            "http://127.0.0.1:$port/debug/pprof/profile?seconds=1" \
            '^runtime.main;main.main;main.hash;'
    else
        ok 1 'the program in Go can be built' log
    fi
else
    skip 'Go' 'go is missing'
fi

if have perf && perf record -q -F 99 -a -g -o probe -- sleep 0.1 >/dev/null 2>&1; then
    check 'perf' sh "$recipes/perf-window.sh" perf.db 1 env=prod 'role=a b'
    check 'has labels' sh -c 'flamestore --store perf.db labels --from=-1d | grep "a b"'
    check 'and stacks' sh -c 'flamestore --store perf.db get --from=-1d --tag env=prod \
        --tag "role=a b" | grep -v "^#" | grep ";"'
else
    skip 'perf' 'perf is missing or may not look at all processes'
fi
if have systemd-analyze; then
    sed "s,/usr/local/lib/flamestore/perf-window.sh,/bin/true," "$recipes/flamestore-perf.service" \
        >flamestore-perf.service
    cp "$recipes/flamestore-perf.timer" .
    check 'the units' systemd-analyze verify ./flamestore-perf.service ./flamestore-perf.timer
    check 'say nothing' test ! -s tap.out
else
    skip 'the units' 'systemd-analyze is missing'
fi

if have curl && have python3; then
    port=$(free)
    # $curl is a line of the README for another port and this time.
    curl=$(sed -n "s/:8080/:$port/; /^curl --data-binary/p" "$recipes/README.md" |
        sed "s/1795939200/$(($(date +%s) - 60))/; s/1795939260/$(date +%s)/")
    mark=$(sed -n "s/:8080/:$port/; /^curl -d/p" "$recipes/README.md")
    echo 'main;a 5' >app.folded
    flamestore --store push.db serve --listen "127.0.0.1:$port" 2>said &
    started="$started $!"
    check 'a server' tries grep listening said
    check 'takes what agents of Pyroscope push' sh -c "$curl"
    check 'and a mark' sh -c "$mark"
    check 'the stack is stored' sh -c 'flamestore --store push.db get --tag host=db7 |
        grep -x "main;a 5"'
    check 'the mark is' sh -c 'flamestore --store push.db size | grep -x "marks: 1"'
else
    skip 'a server' 'curl or python3 is missing'
fi
done_testing
