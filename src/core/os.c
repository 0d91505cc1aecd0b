/* SPDX-License-Identifier: MIT */
/*
 * os: the calls of the table, by POSIX.
 */
#include "core/os.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if HAVE_FLOCK
#include <sys/file.h>
#else
#define flock(fd, how) ((void)(fd), errno = ENOTSUP, -1)
#endif

enum { PERMISSIONS = S_IRWXU | S_IRWXG | S_IRWXO };

static int real_open(void *context, const char *path, int flags, mode_t mode)
{
    (void)context;
    return open(path, flags | O_CLOEXEC, mode);
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
    return close(fd);
}

static int real_rename(void *context, const char *from, const char *to)
{
    (void)context;
    return rename(from, to);
}

static int real_link(void *context, const char *from, const char *to)
{
    (void)context;
    return link(from, to);
}

static int real_unlink(void *context, const char *path)
{
    (void)context;
    return unlink(path);
}

static int real_mkdir(void *context, const char *path, mode_t mode)
{
    (void)context;
    return mkdir(path, mode);
}

static enum os_kind real_kind(void *context, const char *path, mode_t *mode)
{
    struct stat info;
    (void)context;
    if (stat(path, &info) != 0)
        return OS_NOTHING;
    *mode = info.st_mode & PERMISSIONS;
    return S_ISREG(info.st_mode) ? OS_PLAIN : OS_SPECIAL;
}

static ssize_t real_readlink(void *context, const char *path, char *to, size_t room)
{
    (void)context;
    return readlink(path, to, room);
}

static ssize_t real_list(void *context, const char *path, char *to, size_t room)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;
    size_t need = 0;
    (void)context;
    if (!directory)
        return -1;
    errno = 0;
    while ((entry = readdir(directory))) {
        size_t n = strlen(entry->d_name) + 1;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (need + n <= room)
            memcpy(to + need, entry->d_name, n);
        need += n;
    }
    int why = errno;
    closedir(directory);
    errno = why;
    return why == 0 ? (ssize_t)need : -1;
}

/* If the group cannot be set, the file gets no group permissions. */
static int real_imitate(void *context, int fd, const char *path)
{
    struct stat old, now;
    (void)context;
    if (stat(path, &old) != 0 || fstat(fd, &now) != 0)
        return -1;
    bool same_group = old.st_gid == now.st_gid;
    if (old.st_uid != now.st_uid && fchown(fd, old.st_uid, old.st_gid) == 0)
        same_group = true;
    if (!same_group && fchown(fd, (uid_t)-1, old.st_gid) == 0)
        same_group = true;
    mode_t mode = old.st_mode & PERMISSIONS;
    return fchmod(fd, same_group ? mode : mode & ~(mode_t)S_IRWXG);
}

static uint64_t real_size(void *context, int fd)
{
    struct stat info;
    (void)context;
    return fstat(fd, &info) == 0 && S_ISREG(info.st_mode) ? (uint64_t)info.st_size : 0;
}

static uint64_t real_tell(void *context, int fd)
{
    off_t at = lseek(fd, 0, SEEK_CUR);
    (void)context;
    return at >= 0 ? (uint64_t)at : UINT64_MAX;
}

static bool real_seek(void *context, int fd, uint64_t offset)
{
    (void)context;
    return offset <= INT64_MAX && lseek(fd, (off_t)offset, SEEK_SET) >= 0;
}

static void real_widen(void *context, int fd)
{
    (void)context;
    (void)fd;
#ifdef F_SETPIPE_SZ
    fcntl(fd, F_SETPIPE_SZ, 1 << 20);
#endif
}

uint64_t os_draw_seed(const void *address)
{
    uint64_t seed = 0;
    struct timespec now = {0, 0};
#if HAVE_GETENTROPY
    if (getentropy(&seed, sizeof seed) == 0)
        return seed;
#endif
    clock_gettime(CLOCK_REALTIME, &now);
    seed = (uint64_t)now.tv_sec << 32 ^ (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 20;
    return seed ^ (uint64_t)(uintptr_t)address;
}

/* The new thread blocks all signals: the main thread handles them. */
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

/* A flock() that waits has no time limit. */
static int real_lock(void *context, int fd, unsigned seconds)
{
    enum { TRIES_PER_SECOND = 100 };
    const struct timespec pause = {0, 1000000000 / TRIES_PER_SECOND};
    (void)context;
    for (unsigned tries = seconds * TRIES_PER_SECOND; flock(fd, LOCK_EX | LOCK_NB) != 0; tries--) {
        if (errno != EWOULDBLOCK || tries == 0)
            return -1;
        nanosleep(&pause, NULL);
    }
    return 0;
}

int os_open(const struct os *os, const char *path, int flags, mode_t mode)
{
    int fd;
    do
        fd = os->open(os->context, path, flags, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int os_close(const struct os *os, int fd)
{
    return os->close(os->context, fd) != 0 && errno != EINTR ? -1 : 0;
}

/* On a network file system, an interrupted rename or link may have succeeded. */
int os_rename(const struct os *os, const char *from, const char *to)
{
    bool again = false;
    int status;
    while ((status = os->rename(os->context, from, to)) != 0 && errno == EINTR)
        again = true;
    return again && status != 0 && errno == ENOENT ? 0 : status;
}

int os_link(const struct os *os, const char *from, const char *to)
{
    bool again = false;
    int status;
    while ((status = os->link(os->context, from, to)) != 0 && errno == EINTR)
        again = true;
    return again && status != 0 && errno == EEXIST ? 0 : status;
}

const struct os os_posix = {
    .open = real_open,
    .read = real_read,
    .write = real_write,
    .close = real_close,
    .rename = real_rename,
    .link = real_link,
    .unlink = real_unlink,
    .mkdir = real_mkdir,
    .kind = real_kind,
    .readlink = real_readlink,
    .list = real_list,
    .imitate = real_imitate,
    .lock = real_lock,
    .size = real_size,
    .tell = real_tell,
    .seek = real_seek,
    .widen = real_widen,
    .start = real_start,
    .wait = real_wait,
};
