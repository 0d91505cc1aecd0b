#!/bin/sh
# SPDX-License-Identifier: MIT
# every-option.sh: each option of each program with hostile names, values, inputs and outputs
# (every_option.py). `make check-long` tries all of them with each other, and looks at system calls.
. "${srcdir:-.}/tests/lib/tap.sh"
have python3 || skip_all 'python3 is missing'
cd "$work" || exit 1
guard=
cat >guard.c <<'CODE'
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>
static void stop(void)
{
    (void)!write(2, "network\n", 8);
    _exit(99);
}
int socket(int domain, int type, int protocol)
{
    (void)domain, (void)type, (void)protocol;
    stop();
    return -1;
}
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **found)
{
    (void)node, (void)service, (void)hints, (void)found;
    stop();
    return EAI_FAIL;
}
CODE
# shellcheck disable=SC2086 # CC may hold options
if [ "${sanitizers:-no}" = no ] && ${CC:-cc} -shared -fPIC -o guard.so guard.c 2>/dev/null; then
    guard=$work/guard.so
fi
GUARD=$guard FEATURES=$features python3 -B "$srcdir/tests/cli/every_option.py" "$builddir" \
    "$srcdir/tests/data" "${much:-some}"
