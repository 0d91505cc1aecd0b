/* SPDX-License-Identifier: MIT */
/*
 * signals: the programs in real files, ended by a signal before and after each system call. No file
 * in the making stays, and the old one is there, or the whole new one.
 */
#include "cli/program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/str.h"
#include "tap.h"

enum { STACKS = 20000, WORDS_MOST = 8, OLD = 16 };

typedef int program_fn(struct env *env, int argc, char **argv);

struct scene {
    const char *name;
    program_fn *main;
    const char *words[WORDS_MOST];
};

static const struct scene scenes[] = {
    {"collapse", collapse_main, {"collapse", "-o", "out", "in", NULL}},
    {"flamegraph", flamegraph_main, {"flamegraph", "-q", "-o", "out", "in", NULL}},
    {"flamegraph --cp",
     flamegraph_main,
     {"flamegraph", "-q", "--palette-file", "out", "-o", "/dev/null", "few", NULL}},
    {"flamediff", flamediff_main, {"flamediff", "-o", "out", "in", "few", NULL}},
    {"collapse --shares",
     collapse_main,
     {"collapse", "--class=a=main", "--shares=two", "-o", "out", "in", NULL}},
};

/* An operating system in which a signal comes at the n-th call. */
struct pesky {
    struct os os;
    const struct os *real;
    size_t left; /* counts down: 1 is before, 0 after the call that is meant */
    int number;
};

static void tick(struct pesky *pesky)
{
    if (pesky->left > 0 && --pesky->left == 0)
        raise(pesky->number);
}

static int pesky_open(void *context, const char *path, int flags, mode_t mode)
{
    struct pesky *pesky = context;
    tick(pesky);
    int fd = pesky->real->open(pesky->real->context, path, flags, mode);
    tick(pesky);
    return fd;
}

static ssize_t pesky_read(void *context, int fd, void *to, size_t room)
{
    struct pesky *pesky = context;
    return pesky->real->read(pesky->real->context, fd, to, room);
}

static ssize_t pesky_write(void *context, int fd, const void *from, size_t size)
{
    struct pesky *pesky = context;
    tick(pesky);
    ssize_t n = pesky->real->write(pesky->real->context, fd, from, size);
    tick(pesky);
    return n;
}

static int pesky_close(void *context, int fd)
{
    struct pesky *pesky = context;
    tick(pesky);
    int status = pesky->real->close(pesky->real->context, fd);
    tick(pesky);
    return status;
}

static int pesky_rename(void *context, const char *from, const char *to)
{
    struct pesky *pesky = context;
    tick(pesky);
    int status = pesky->real->rename(pesky->real->context, from, to);
    tick(pesky);
    return status;
}

static int pesky_link(void *context, const char *from, const char *to)
{
    struct pesky *pesky = context;
    tick(pesky);
    int status = pesky->real->link(pesky->real->context, from, to);
    tick(pesky);
    return status;
}

static int pesky_unlink(void *context, const char *path)
{
    struct pesky *pesky = context;
    return pesky->real->unlink(pesky->real->context, path);
}

static enum os_kind pesky_kind(void *context, const char *path, mode_t *mode)
{
    struct pesky *pesky = context;
    return pesky->real->kind(pesky->real->context, path, mode);
}

static ssize_t pesky_readlink(void *context, const char *path, char *to, size_t room)
{
    struct pesky *pesky = context;
    return pesky->real->readlink(pesky->real->context, path, to, room);
}

static int pesky_imitate(void *context, int fd, const char *path)
{
    struct pesky *pesky = context;
    tick(pesky);
    int status = pesky->real->imitate(pesky->real->context, fd, path);
    tick(pesky);
    return status;
}

static int pesky_lock(void *context, int fd, unsigned seconds)
{
    struct pesky *pesky = context;
    tick(pesky);
    int status = pesky->real->lock(pesky->real->context, fd, seconds);
    tick(pesky);
    return status;
}

static uint64_t pesky_size(void *context, int fd)
{
    struct pesky *pesky = context;
    return pesky->real->size(pesky->real->context, fd);
}

static uint64_t pesky_tell(void *context, int fd)
{
    struct pesky *pesky = context;
    return pesky->real->tell(pesky->real->context, fd);
}

static bool pesky_seek(void *context, int fd, uint64_t offset)
{
    struct pesky *pesky = context;
    return pesky->real->seek(pesky->real->context, fd, offset);
}

static void pesky_widen(void *context, int fd)
{
    struct pesky *pesky = context;
    pesky->real->widen(pesky->real->context, fd);
}

/* In a process of its own; returns only there. */
static int run_here(const struct scene *scene, size_t at, int number)
{
    struct env env;
    struct pesky pesky = {.left = at, .number = number};
    struct rlimit no_core = {0, 0};
    char words[WORDS_MOST][40], *argv[WORDS_MOST];
    int argc = 0;
    setrlimit(RLIMIT_CORE, &no_core);
    env_init(&env);
    env.err_is_tty = false;
    /* The signal comes within the calls that signals_watch() sees, and between them. */
    pesky.real = env.os;
    pesky.os = (struct os){.open = pesky_open,
                           .read = pesky_read,
                           .write = pesky_write,
                           .close = pesky_close,
                           .rename = pesky_rename,
                           .link = pesky_link,
                           .unlink = pesky_unlink,
                           .kind = pesky_kind,
                           .readlink = pesky_readlink,
                           .imitate = pesky_imitate,
                           .lock = pesky_lock,
                           .size = pesky_size,
                           .tell = pesky_tell,
                           .seek = pesky_seek,
                           .widen = pesky_widen,
                           .context = &pesky};
    env.os = &pesky.os;
    signals_watch(&env);
    for (; scene->words[argc]; argc++) {
        snprintf(words[argc], sizeof words[0], "%s", scene->words[argc]);
        argv[argc] = words[argc];
    }
    argv[argc] = NULL;
    return scene->main(&env, argc, argv);
}

static int run(const struct scene *scene, size_t at, int number)
{
    int status = -1;
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        _exit(run_here(scene, at, number));
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static void put_stacks(const char *name, unsigned count)
{
    FILE *file = fopen(name, "w");
    for (unsigned i = 0; file && i < count; i++)
        fprintf(file, "main;function_%u;leaf %u\n", i, i % 7 + 1);
    if (!file || fclose(file) != 0)
        abort();
}

static void put_old(const char *name)
{
    FILE *file = fopen(name, "w");
    if (!file || fputs("old->rgb(1,2,3)\n", file) < 0 || fclose(file) != 0)
        abort();
}

static long length(const char *name)
{
    FILE *file = fopen(name, "r");
    long n = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (file)
        fclose(file);
    return n;
}

/* in, few, out, two, and nothing else */
static unsigned files_here(bool remove)
{
    unsigned n = 0;
    DIR *here = opendir(".");
    for (struct dirent *entry = here ? readdir(here) : NULL; entry; entry = readdir(here)) {
        bool plain = entry->d_name[0] != '.';
        n += plain;
        if (plain && (remove || strstr(entry->d_name, ".tmp-")))
            unlink(entry->d_name);
    }
    if (here)
        closedir(here);
    return n;
}

static void sweep(const struct scene *scene, int number)
{
    unsigned wrong = 0, olds = 0, news = 0;
    size_t at = 0;
    put_old("out");
    put_old("two");
    int status = run(scene, 0, number);
    long whole = length("out"), second = length("two");
    ok(status == 0 && whole > OLD, "%s works", scene->name);
    while (at < 5000) {
        put_old("out");
        put_old("two");
        status = run(scene, ++at, number);
        if (status == 0)
            break;
        long n = length("out");
        bool good = WIFSIGNALED(status) && WTERMSIG(status) == number && files_here(false) == 4 &&
                    ((n == OLD && length("two") == OLD) || (n == whole && length("two") == second));
        olds += n == OLD;
        news += n == whole;
        if (!good && wrong++ < 3)
            diag("call %zu: status %x, %ld bytes", at, (unsigned)status, n);
    }
    ok(wrong == 0 && status == 0 && olds > 4 && news > 0,
       "%s: signal %d at each of %zu places leaves the old or the new files", scene->name, number,
       at - 1);
}

static void test_ignored(void)
{
    signal(SIGHUP, SIG_IGN);
    put_old("out");
    ok(run(&scenes[0], 4, SIGHUP) == 0 && length("out") > OLD, "nohup: what is ignored stays so");
    signal(SIGHUP, SIG_DFL);
}

static void test_file_size_limit(void)
{
    struct rlimit before, small;
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 100000;
    put_old("out");
    setrlimit(RLIMIT_FSIZE, &small);
    int status = run(&scenes[0], 0, SIGTERM);
    setrlimit(RLIMIT_FSIZE, &before);
    ok(WIFEXITED(status) && WEXITSTATUS(status) == 1, "a file larger than allowed is an error");
    ok(length("out") == OLD && files_here(false) == 4, "the old one is there, and nothing else");
}

int main(void)
{
    static const int numbers[] = {SIGINT, SIGTERM};
    char place[] = "/tmp/flametree.XXXXXX";
    if (!mkdtemp(place) || chdir(place) != 0)
        return 1;
    put_stacks("in", STACKS);
    put_stacks("few", 100);
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        sweep(&scenes[i], numbers[i % 2]);
    sweep(&scenes[0], SIGHUP);
    test_ignored();
    test_file_size_limit();
    files_here(true);
    ok(chdir("/") == 0 && rmdir(place) == 0, "nothing is left");
    return done_testing();
}
