/*
 * os: the real system calls.
 */
#include "core/os.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int real_open(void *context, const char *path, int flags, mode_t mode)
{
    int fd;
    (void)context;
    do /* a pipe waits for its other end */
        fd = open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static ssize_t real_read(void *context, int fd, void *to, size_t room)
{
    (void)context;
    return read(fd, to, room);
}

static ssize_t real_write(void *context, int fd, const void *from, size_t size)
{
    (void)context;
    return write(fd, from, size);
}

static int real_close(void *context, int fd)
{
    (void)context;
    return close(fd) != 0 && errno != EINTR ? -1 : 0; /* interrupted, it is closed all the same */
}

static int real_rename(void *context, const char *from, const char *to)
{
    (void)context;
    return rename(from, to);
}

static int real_unlink(void *context, const char *path)
{
    (void)context;
    return unlink(path);
}

static int real_is_special(void *context, const char *path)
{
    struct stat info;
    (void)context;
    return lstat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

static uint64_t real_size(void *context, int fd)
{
    struct stat info;
    (void)context;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
}

uint64_t os_draw_seed(const void *place)
{
    uint64_t seed;
    struct timespec now = {0, 0};
#if HAVE_GETENTROPY
    if (getentropy(&seed, sizeof seed) == 0)
        return seed;
#endif
    clock_gettime(CLOCK_REALTIME, &now);
    seed = (uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 20;
    return seed ^ (uint64_t)(uintptr_t)place;
}

/* Signals are for whoever made the process. */
static int real_start(void *context, pthread_t *thread, void *(*body)(void *), void *of)
{
    sigset_t all, before;
    (void)context;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(thread, NULL, body, of);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed;
}

static void real_wait(void *context, pthread_t thread)
{
    (void)context;
    pthread_join(thread, NULL);
}

const struct os os_posix = {
    .open = real_open,
    .read = real_read,
    .write = real_write,
    .close = real_close,
    .rename = real_rename,
    .unlink = real_unlink,
    .is_special = real_is_special,
    .size = real_size,
    .start = real_start,
    .wait = real_wait,
};
