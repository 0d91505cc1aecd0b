/*
 * confine: what flamegraph-raster can still do, tried by a process that is confined as it is.
 */
#include "tap.h"

#if HAVE_RASTER
#include "raster/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/syscall.h>
#endif

static char secret[] = "/tmp/flametree.XXXXXX";

static bool denied(bool failed)
{
    return failed && (errno == EACCES || errno == EPERM);
}

static bool cannot_write(void)
{
    return denied(open(secret, O_WRONLY) < 0);
}

static bool cannot_make(void)
{
    return denied(open("/tmp/flametree.new", O_WRONLY | O_CREAT | O_EXCL, 0600) < 0);
}

static bool cannot_remove(void)
{
    return denied(unlink(secret) != 0);
}

static bool cannot_rename(void)
{
    int failed = rename(secret, "/tmp/flametree.new");
    return failed != 0 && (errno == EACCES || errno == EPERM || errno == EXDEV);
}

static bool cannot_read(void)
{
    return denied(open(secret, O_RDONLY) < 0);
}

static bool cannot_change(void)
{
    bool held = denied(chmod(secret, 0666) != 0) && denied(truncate(secret, 1) != 0);
#if defined(__linux__)
    held = held && denied(syscall(SYS_lremovexattr, secret, "user.x") != 0);
#endif
    return held;
}

static bool cannot_connect(void)
{
    return denied(socket(AF_INET, SOCK_STREAM, 0) < 0) &&
           denied(socket(AF_UNIX, SOCK_STREAM, 0) < 0);
}

static bool cannot_execute(void)
{
    char name[] = "true", *argv[] = {name, NULL};
    execv("/bin/true", argv);
    return denied(true);
}

static bool cannot_fork(void)
{
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return denied(pid < 0);
}

static bool cannot_kill(void)
{
    pid_t other = getppid();
    bool held = denied(kill(other, 0) != 0);
#if defined(__linux__)
    siginfo_t info = {.si_code = SI_QUEUE};
    struct rlimit limit;
    held = held && denied(syscall(SYS_tgkill, other, other, 0) != 0) &&
           denied(syscall(SYS_tkill, other, 0) != 0) &&
           denied(syscall(SYS_rt_sigqueueinfo, other, 0, &info) != 0) &&
           denied(syscall(SYS_rt_tgsigqueueinfo, other, other, 0, &info) != 0) &&
           denied(syscall(SYS_prlimit64, other, RLIMIT_NOFILE, NULL, &limit) != 0);
#endif
    return held;
}

static bool may_end_itself(void)
{
    struct rlimit limit;
    return signal(SIGABRT, SIG_IGN) != SIG_ERR && raise(SIGABRT) == 0 &&
           getrlimit(RLIMIT_DATA, &limit) == 0 && setrlimit(RLIMIT_DATA, &limit) == 0;
}

#if defined(__linux__)
static bool shares_no_memory(void)
{
    return denied(syscall(SYS_shmget, 0 /* private */, 4096, 0600) < 0);
}
#endif

static bool reads_settings(void)
{
    return open("/etc/passwd", O_RDONLY) >= 0 && open("/usr", O_RDONLY | O_DIRECTORY) >= 0;
}

static void *nothing(void *arg)
{
    return arg;
}

static bool starts_threads(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, nothing, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

static bool dumps_no_core(void)
{
    struct rlimit limit;
    return getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
}

static bool has_no_other_file(void)
{
    return fcntl(STDERR_FILENO + 5, F_GETFD) < 0;
}

enum needs { NOTHING, LANDLOCK, FILTER };

static const struct attempt {
    const char *title;
    bool (*holds)(void);
    enum needs needs;
    bool with_sanitizers;
} attempts[] = {
    {"no file can be written", cannot_write, LANDLOCK, true},
    {"nor made", cannot_make, LANDLOCK, true},
    {"nor removed", cannot_remove, LANDLOCK, true},
    {"nor renamed", cannot_rename, LANDLOCK, true},
    {"nor changed", cannot_change, FILTER, false},
    {"files of people cannot be read", cannot_read, LANDLOCK, false},
    {"those of the system can", reads_settings, NOTHING, true},
    {"there is no network", cannot_connect, FILTER, false},
    {"no program can be started", cannot_execute, LANDLOCK, true},
    {"no process made", cannot_fork, FILTER, false},
    {"none sent a signal", cannot_kill, FILTER, false},
    {"it may end itself, and limit itself", may_end_itself, NOTHING, true},
#if defined(__linux__)
    {"no memory is shared with others", shares_no_memory, FILTER, false},
#endif
    {"threads can be started", starts_threads, NOTHING, true},
    {"no core is dumped", dumps_no_core, NOTHING, true},
    {"no other file is open", has_no_other_file, NOTHING, true},
};

/* In a process of its own; what it holds open stays there. */
static bool try(const struct attempt *attempt, bool confined)
{
    int status = -1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(STDERR_FILENO, STDERR_FILENO + 5);
        if (confined)
            confine_process();
        _exit(attempt->holds() ? 0 : 1);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *why_not(enum needs needs, bool with_sanitizers)
{
#if defined(__SANITIZE_ADDRESS__)
    bool sanitized = true;
#elif defined(__has_feature)
    bool sanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
    bool sanitized = false;
#endif
    if (sanitized && !with_sanitizers)
        return "a build with sanitizers keeps this right";
#if defined(__linux__) && defined(SYS_landlock_create_ruleset)
    if (needs == LANDLOCK && syscall(SYS_landlock_create_ruleset, NULL, 0, 1u) < 0)
        return "this system has no Landlock";
#endif
#if !defined(__linux__)
    if (needs != NOTHING)
        return "this is not Linux";
#endif
#if !defined(__x86_64__) && !defined(__aarch64__)
    if (needs == FILTER)
        return "calls are not filtered on this processor";
#endif
    return NULL;
}

int main(void)
{
    int fd = mkstemp(secret);
    if (fd < 0 || write(fd, "secret\n", 7) != 7 || close(fd) != 0)
        return 1;
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        const struct attempt *attempt = &attempts[i];
        const char *why = why_not(attempt->needs, attempt->with_sanitizers);
        if (why)
            skip(attempt->title, why);
        else
            ok(try(attempt, true), "%s", attempt->title);
    }
    ok(try(&attempts[6], false) && !try(&attempts[0], false), "that of a process that is free");
    ok(access(secret, R_OK) == 0 && unlink(secret) == 0, "the file is still there");
    return done_testing();
}
#else
int main(void)
{
    skip("confinement", "built without raster");
    return done_testing();
}
#endif
