/*
 * signals: the names of files in the making stand where a signal handler can find them, in the only
 * variables of the programs that outlive a call. A name is noted before its file is there and
 * forgotten when it is gone: whenever the signal comes, the worst is to remove what is not there.
 */
#include "cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { FILES_MOST = 4, PATH_ROOM = 4096 /* of Linux, NUL included */ };

static struct unfinished {
    volatile sig_atomic_t there;
    char path[PATH_ROOM];
} unfinished[FILES_MOST];

static const struct os *below;
static struct os watched;

/* The signal waits until the handler returns, and then meets its default. */
static void remove_unfinished(int number)
{
    for (size_t i = 0; i < FILES_MOST; i++)
        if (unfinished[i].there)
            unlink(unfinished[i].path);
    raise(number);
}

static bool note(const char *path)
{
    size_t i = 0, n = strlen(path);
    while (i < FILES_MOST && unfinished[i].there)
        i++;
    if (i == FILES_MOST || n >= PATH_ROOM) {
        errno = i == FILES_MOST ? EMFILE : ENAMETOOLONG;
        return false;
    }
    memcpy(unfinished[i].path, path, n + 1);
    atomic_signal_fence(memory_order_seq_cst);
    unfinished[i].there = 1;
    atomic_signal_fence(memory_order_seq_cst);
    return true;
}

static void forget(const char *path)
{
    for (size_t i = 0; i < FILES_MOST; i++)
        if (unfinished[i].there && strcmp(unfinished[i].path, path) == 0)
            unfinished[i].there = 0;
}

static int watched_open(void *context, const char *path, int flags, mode_t mode)
{
    bool noted = (flags & O_EXCL) != 0;
    if (noted && !note(path))
        return -1;
    int fd = below->open(context, path, flags, mode);
    if (fd < 0 && noted)
        forget(path);
    return fd;
}

static int watched_rename(void *context, const char *from, const char *to)
{
    int status = below->rename(context, from, to);
    if (status == 0)
        forget(from);
    return status;
}

static int watched_unlink(void *context, const char *path)
{
    int status = below->unlink(context, path);
    forget(path);
    return status;
}

void signals_watch(struct env *env)
{
    static const int ends[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU};
    below = env->os;
    watched = *env->os;
    watched.open = watched_open;
    watched.rename = watched_rename;
    watched.unlink = watched_unlink;
    env->os = &watched;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        struct sigaction before, now = {.sa_handler = remove_unfinished};
        now.sa_flags = (int)SA_RESETHAND;
        sigfillset(&now.sa_mask);
        if (sigaction(ends[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(ends[i], &now, NULL);
    }
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away shows as EPIPE, told in order */
    signal(SIGXFSZ, SIG_IGN); /* shows as EFBIG */
}
