/* SPDX-License-Identifier: MIT */
/*
 * confine: what flamegraph-raster gives up, tried by a process that is confined as it is.
 */
#include "tap.h"

#if HAVE_RASTER
#include "raster/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

static bool dumps_no_core(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
}

static bool has_no_other_file(void)
{
    return fcntl(STDERR_FILENO + 5, F_GETFD) < 0;
}

static bool has_no_right_to_gain(void)
{
#if defined(__linux__)
    return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
#else
    return true;
#endif
}

static bool ends_with_its_parent(void)
{
#if defined(__linux__)
    int signal = 0;
    return prctl(PR_GET_PDEATHSIG, &signal, 0, 0, 0) == 0 && signal == SIGKILL;
#else
    return true;
#endif
}

static bool may_take(size_t size)
{
    void *block = malloc(size);
    bool taken = block != NULL;
    free(block);
    return taken;
}

#if defined __has_feature
#define HAS_FEATURE(name) __has_feature(name)
#else
#define HAS_FEATURE(name) 0
#endif

/* Sanitizers take memory of their own. */
static bool has_less_memory(void)
{
    confine_memory(16 << 20);
#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !HAS_FEATURE(address_sanitizer)
    return may_take(1 << 20) && !may_take(64 << 20);
#else
    return may_take(1 << 20);
#endif
}

static const struct attempt {
    const char *title;
    bool (*holds)(void);
} attempts[] = {
    {"no core is dumped", dumps_no_core},
    {"no other file is open", has_no_other_file},
    {"no right can be gained", has_no_right_to_gain},
    {"it ends with its parent", ends_with_its_parent},
    {"--max-memory holds", has_less_memory},
};

/* In a process of its own, which has another file open. */
static bool try(const struct attempt *attempt, bool confined)
{
    int status = -1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(STDERR_FILENO, STDERR_FILENO + 5);
        if (confined && !confine_process())
            _exit(2);
        _exit(attempt->holds() ? 0 : 1);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool is_alone(void)
{
    int ends[2];
    return pipe(ends) == 0 && close(ends[0]) == 0 && dup2(ends[1], STDOUT_FILENO) >= 0;
}

/* It has nobody to draw for. */
static bool sees_closed_pipe(void)
{
    int status = -1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(is_alone() && !confine_process() ? 0 : 1);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int main(void)
{
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++)
        ok(try(&attempts[i], true), "%s", attempts[i].title);
    ok(!try(&attempts[1], false), "a process that is free has the other file");
    ok(sees_closed_pipe(), "it does not start when nobody reads its output");
    return done_testing();
}
#else
int main(void)
{
    skip("confinement", "built without raster");
    return done_testing();
}
#endif
