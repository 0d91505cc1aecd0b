/*
 * os: the real system calls.
 */
#include "core/os.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

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

const struct os os_posix = {
    .open = real_open,
    .read = real_read,
    .write = real_write,
    .close = real_close,
    .rename = real_rename,
    .unlink = real_unlink,
    .is_special = real_is_special,
};
