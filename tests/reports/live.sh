#!/bin/sh
# SPDX-License-Identifier: MIT
# live.sh: the recipes of examples/live/README.md, each against the program that it is for.
. "${srcdir:-.}/tests/lib/tap.sh"
LC_ALL=C
export LC_ALL
cd "$work" || exit 1
has zlib || skip_all 'built without zlib'
PATH=$builddir:$PATH
no_proxy='*'
export PATH no_proxy
recipes=$srcdir/examples/live/README.md
started=
trap 'kill $started 2>/dev/null; rm -rf "$work"' EXIT

# recipe NAME.svg: run the line that makes it; five seconds are one here.
# shellcheck disable=SC2317
recipe() {
    grep -- "[ >-]$1\$" "$recipes" | sed 's/seconds=5/seconds=1/; s/:s:5/:s:1/; s/-d 5/-d 1/' >line
    [ "$(wc -l <line)" -eq 1 ] || return 1
    cat line
    URL=${URL-} PID=${PID-} timeout 120 sh line || return 1
}

# draws NAME.svg PATTERN: the recipe makes a picture with such a frame.
# shellcheck disable=SC2317
draws() {
    recipe "$1" && collapse -q "$1" >got || return 1
    grep -E -- "$2" got || { head -n 20 got; return 1; }
}

# run COMMAND...: in the background, until it has printed a line, which is $said.
run() {
    rm -f said
    "$@" >said 2>log </dev/null &
    PID=$!
    started="$started $PID"
    tries=0
    until [ -s said ] || [ $tries -gt 200 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    said=$(head -n 1 said)
}

stop() {
    kill "$PID" 2>/dev/null
    wait "$PID" 2>/dev/null
}

# ---- Go ----

cat >main.go <<'GO'
package main

import (
	"crypto/sha256"
	"fmt"
	"net"
	"net/http"
	_ "net/http/pprof"
)

var kept [][]byte

//go:noinline
func burn(sum [32]byte) [32]byte {
	for i := 0; i < 1000; i++ {
		sum = sha256.Sum256(sum[:])
	}
	return sum
}

func main() {
	for i := 0; i < 64; i++ {
		kept = append(kept, make([]byte, 1<<20))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(listener.Addr())
	go http.Serve(listener, nil)
	for sum := [32]byte{}; ; {
		sum = burn(sum)
	}
}
GO
if have go && have curl && GO111MODULE=off go build -o server main.go 2>log; then
    run ./server
    URL=http://$said
    check 'Go: time' draws go.svg '^runtime.main;main.main;main.burn;.*sha256'
    check 'Go: memory' draws go-heap.svg '^runtime.main;main.main [0-9]+$'
    check 'Go: goroutines' draws goroutines.svg '^main.main;main.burn;'
    curl -s "$URL/debug/pprof/profile?seconds=1" >a.pb.gz
    curl -s "$URL/debug/pprof/profile?seconds=1" >b.pb.gz
    curl -s "$URL/debug/pprof/heap" >heap.pb.gz
    stop
    check 'two profiles of Go' draws both.svg '^runtime.main;main.main;main.burn;'
    sum() {
        collapse -q "$@" | "$AWK" '{ sum += $NF } END { printf "%.0f\n", sum }'
    }
    check 'their sum' [ "$(sum a.pb.gz b.pb.gz)" = $(($(sum a.pb.gz) + $(sum b.pb.gz))) ]
    check 'flamediff compares them' recipe changed.svg
    check 'values that are not the same are not added' sh -c \
        'collapse a.pb.gz heap.pb.gz 2>&1 | grep "inuse_space in bytes, .* cpu in nanoseconds"'
else
    skip 'Go' 'go or curl is missing'
fi

# ---- Python ----

if have python3 && have curl; then
    run python3 "$srcdir/examples/live/sampler.py" 0
    URL=http://127.0.0.1:$said
    tries=0
    until curl -s "$URL" | grep -q work || [ $tries -gt 100 ]; do
        tries=$((tries + 1))
        sleep 0.1
    done
    check "Nylas's sampler" draws sampler.svg '^<module>\(__main__\);work\(__main__\)'
    check 'what it says of itself is no stack' sh -c '! grep -E "elapsed|granularity" got'
    stop
else
    skip "Nylas's sampler" 'python3 or curl is missing'
fi
if have py-spy && have python3; then
    echo 'import time
def work(until):
    while time.time() < until: sum(range(1000))
work(time.time() + 3)' >app.py
    check 'py-spy' draws py-spy.svg 'work \(app.py:'
else
    skip 'py-spy' 'py-spy is missing'
fi

# ---- Node ----

if have node; then
    echo 'function burn(until) { let sum = 0
  while (Date.now() < until) for (let i = 0; i < 1000; i++) sum += Math.sqrt(i)
  return sum }
burn(Date.now() + 500)' >app.js
    check 'Node' draws node.svg ';burn [0-9]+$'
else
    skip 'Node' 'node is missing'
fi

# ---- Java ----

if have java && have jstack; then
    cat >Burn.java <<'JAVA'
public class Burn {
    static double burn(double sum) {
        for (int i = 0; i < 100000; i++) sum += Math.sqrt(i);
        return sum;
    }
    public static void main(String[] args) {
        System.out.println("ready");
        for (double sum = 0; sum >= 0; ) sum = burn(sum) % 1e9;
    }
}
JAVA
    run java -Xint Burn.java
    check 'Java' draws java.svg '^main;.*;Burn.main(;Burn.burn)? [0-9]+$'
    stop
else
    skip 'Java' 'java or jstack is missing'
fi

# ---- any process ----

cat >app.c <<'C'
#include <stdio.h>
#include <stdlib.h>
volatile unsigned sum;
void burn(unsigned n) { for (unsigned i = 0; i < n; i++) sum += i * i; }
int main(int argc, char **argv)
{
    char *kept = malloc(argc > 1 ? 10000 : 20000);
    (void)argv;
    puts("ready");
    fflush(stdout);
    do burn(10000); while (argc > 1);
    return kept == NULL;
}
C
if have cc; then
    cc -g -O0 -fno-omit-frame-pointer -o app app.c
    run ./app forever
    if have gdb && gdb -p "$PID" -batch -ex bt 2>/dev/null | grep -q '^#0'; then
        check 'gdb' draws gdb.svg '^main(;burn)? [0-9]+$'
    else
        skip 'gdb' 'gdb is missing or may not look at a process'
    fi
    if have bpftrace && bpftrace -e 'profile:hz:99 { exit(); }' >/dev/null 2>&1; then
        check 'bpftrace' draws bpftrace.svg 'main;burn [0-9]+$'
    else
        skip 'bpftrace' 'bpftrace is missing or not permitted'
    fi
    stop
else
    skip 'gdb and bpftrace' 'cc is missing'
fi
if have cc && have valgrind; then
    check 'valgrind: instructions' draws valgrind.svg ';main;burn [0-9]+$'
    check 'valgrind: memory' draws memory.svg '^main 20000$'
else
    skip 'valgrind' 'cc or valgrind is missing'
fi
done_testing
