#!/bin/sh
# SPDX-License-Identifier: MIT
# no-network.sh: no program opens a connection, whatever the environment says. DEBUGINFOD_URLS names
# a server here that accepts connections, counts them and never answers. A library that is loaded
# first counts the calls that could lead out of the machine; strace does the same where it is there.
. "${srcdir:-.}/tests/lib/tap.sh"
cd "$work" || exit 1
have timeout || skip_all 'timeout is missing'

cat >server.c <<'END'
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>
int main(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (s < 0 || bind(s, (void *)&at, n) || listen(s, 50) || getsockname(s, (void *)&at, &n))
        return 1;
    printf("%d\n", ntohs(at.sin_port));
    fflush(stdout);
    alarm(600);
    while (accept(s, NULL, NULL) >= 0)
        fputs("connected\n", stderr);
    return 0;
}
END
cat >counter.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
static void note(const char *what)
{
    int fd = open(getenv("COUNTED"), O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (fd < 0 || write(fd, what, strlen(what)) < 0)
        abort();
    close(fd);
}
int socket(int domain, int type, int protocol)
{
    int (*real)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
    note("socket\n");
    return real(domain, type, protocol);
}
int connect(int fd, const struct sockaddr *to, socklen_t n)
{
    int (*real)(int, const struct sockaddr *, socklen_t) =
        (int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");
    note("connect\n");
    return real(fd, to, n);
}
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    (void)node, (void)service, (void)hints, (void)found;
    note("getaddrinfo\n");
    return EAI_FAIL;
}
END
# What libdw does by itself, to see that the server and the counters work.
cat >asks.c <<'END'
#include <elfutils/libdwfl.h>
int main(int argc, char **argv)
{
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_build_id_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .section_address = dwfl_offline_section_address,
    };
    Dwarf_Addr bias;
    Dwfl *dwfl = dwfl_begin(&callbacks);
    Dwfl_Module *module = argc > 1 ? dwfl_report_offline(dwfl, argv[1], argv[1], -1) : NULL;
    return !module || dwfl_module_getdwarf(module, &bias) != NULL;
}
END
compile() {
    # shellcheck disable=SC2086 # CC may hold options
    ${CC:-cc} "$@" 2>>log
}
compile -o server server.c || skip_all 'no program can be compiled here'
./server >port 2>>connections &
server=$!
trap 'kill $server; rm -rf "$work"' EXIT
tries=0
while [ ! -s port ] && [ $tries -lt 100 ]; do
    sleep .1
    tries=$((tries + 1))
done
read -r port <port || skip_all 'no socket on this machine'
DEBUGINFOD_URLS=http://127.0.0.1:$port
DEBUGINFOD_TIMEOUT=1
DEBUGINFOD_RETRY_LIMIT=0
DEBUGINFOD_CACHE_PATH=$work/cache
http_proxy=$DEBUGINFOD_URLS
COUNTED=$work/counted
export DEBUGINFOD_URLS DEBUGINFOD_TIMEOUT DEBUGINFOD_RETRY_LIMIT DEBUGINFOD_CACHE_PATH http_proxy
export COUNTED

# A program with a build id and without debug information.
echo 'int main(void) { return 0; }' >app.c
compile -o app -s -Wl,--build-id app.c || skip_all 'no program with a build id can be made here'
{
    printf 'a 1 1.0: c:\n\t1139 main (%s)\n\n' "$work/app"
    printf 'a 1 2.0: c:\n\t1139 f (/lib/x86_64-linux-gnu/libc.so.6)\n\n'
} >in.perf
echo 'a;b 500' >in.folded
"$builddir/flamegraph" in.folded >in.svg

# A recording whose stacks are unwound with such programs.
recorded=
if has libdw && have xz && have tar && have strip; then
    xz -dc "$srcdir/tests/data/perf-data/programs.tar.xz" | tar -xf - &&
        xz -dc "$srcdir/tests/data/perf-data/dwarf-inline.data.xz" >perf.data &&
        chmod u+w root/srv/demo/* && strip root/srv/demo/cxx-dwarf && recorded=perf.data
fi

# not_asked COMMAND...: the server saw no connection, and the command did not wait for one.
not_asked() {
    : >connections
    timeout 60 "$@" >got 2>told || { cat told; return 1; }
    ! grep . connections
}

# not_called COMMAND...: no call that could lead out of the machine.
not_called() {
    : >counted
    LD_PRELOAD=$work/counter.so timeout 60 "$@" >got 2>told || { cat told; return 1; }
    ! grep . counted
}

# not_traced COMMAND...: the same, and no other way. Sockets between processes have no address.
not_traced() {
    timeout 120 strace -f -e trace=network -o trace "$@" >got 2>told || { cat told; return 1; }
    ! grep 'AF_INET\|AF_NETLINK\|connect(\|sendto(.*sa_family\|sendmsg(\|bind(' trace
}

# The checks can fail: libdw by itself does ask.
if compile -o asks asks.c -ldw -lelf; then
    timeout 60 ./asks app
    [ -s connections ] && echo 'asks the server' >can
    if compile -shared -fPIC -o counter.so counter.c -ldl && [ "${sanitizers:-no}" = no ]; then
        LD_PRELOAD=$work/counter.so timeout 60 ./asks app
        grep -q 'socket\|getaddrinfo' counted && echo 'calls socket()' >>can
    else
        rm -f counter.so
    fi
fi
cat can 2>&1 | sed 's/^/# libdw by itself /'
if [ -f "$work/counter.so" ] && have ldconfig; then
    known=$(find /usr/lib /lib -name 'libdebuginfod.so.1' | wc -l)
    ok "$(($(grep -c . can) == 0 && known > 0))" 'what libdw does by itself is noticed'
fi

methods=not_asked
[ ! -f counter.so ] || methods="$methods not_called"
if have strace && [ "${sanitizers:-no}" = no ] && strace -o trace true 2>/dev/null; then
    methods="$methods not_traced"
else
    skip 'the system calls' 'strace is missing, or may not trace here'
fi
for method in $methods; do
    if has libdw; then
        check "collapse --inline: $method" $method "$builddir/collapse" --inline in.perf
        check "and with files and lines: $method" \
            $method "$builddir/collapse" --inline --context in.perf
    fi
    if [ -n "$recorded" ]; then
        for program in collapse flamegraph; do
            check "$program of a recording: $method" \
                $method "$builddir/$program" --symfs root "$recorded"
        done
    fi
    check "flamegraph: $method" $method "$builddir/flamegraph" in.folded
    check "flamediff: $method" $method "$builddir/flamediff" -o diff.svg in.folded in.folded
    if has raster; then
        check "flamegraph -o x.png: $method" $method "$builddir/flamegraph" -o x.png in.folded
        check "flamegraph -o x.pdf: $method" $method "$builddir/flamegraph" -o x.pdf in.svg
    fi
done

# The programs have libdw, not the library: it asks nobody in other people's programs.
if have readelf; then
    for file in flamegraph-raster .libs/libflametree.so; do
        [ ! -f "$builddir/$file" ] || readelf -d "$builddir/$file"
    done 2>&1 | grep 'NEEDED.*\(libdw\|libelf\|debuginfod\|libcurl\)' >needed
    ok $(($? == 0)) 'the library and what draws pixels are not linked with libdw' needed
fi
done_testing
