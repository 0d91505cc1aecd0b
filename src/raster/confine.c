/* SPDX-License-Identifier: MIT */
/*
 * confine: see confine.h.
 */
#include "raster/confine.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

bool confine_process(void)
{
    const struct rlimit none = {0, 0};
    struct pollfd out = {.fd = STDOUT_FILENO};
    long most = sysconf(_SC_OPEN_MAX);
    setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__)
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#endif
#if defined(SYS_close_range)
    if (syscall(SYS_close_range, STDERR_FILENO + 1u, ~0u, 0u) == 0)
        most = 0;
#endif
    for (int fd = STDERR_FILENO + 1; fd < most && fd < 65536; fd++)
        close(fd);
    return poll(&out, 1, 0) <= 0 || (out.revents & POLLERR) == 0;
}

void confine_memory(uint64_t most)
{
#if defined(__linux__)
    enum { DATA = 5 }; /* statm: pages of all, resident, shared, text, 0, data and stack, 0 */
    char text[256], *at = text;
    uint64_t pages = 0;
    struct rlimit limit;
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    for (unsigned field = 0; field <= DATA; field++)
        pages = strtoull(at, &at, 10);
    most += pages * (uint64_t)sysconf(_SC_PAGESIZE);
    if (getrlimit(RLIMIT_DATA, &limit) == 0 && most < limit.rlim_cur) {
        limit.rlim_cur = limit.rlim_max = most;
        setrlimit(RLIMIT_DATA, &limit);
    }
#else
    (void)most;
#endif
}
