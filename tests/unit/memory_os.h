/* SPDX-License-Identifier: MIT */
/*
 * memory_os: the calls of struct os on files in memory. A test chooses the call that fails.
 */
#ifndef FLAMETREE_TESTS_MEMORY_OS_H
#define FLAMETREE_TESTS_MEMORY_OS_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "memory_files.h"

static inline bool memory_fails(struct memory_os *m, const char *call)
{
    size_t n = ++m->calls;
    if (m->fail_at == 0 || !(n == m->fail_at || (m->for_good && n > m->fail_at)))
        return false;
    m->failed = call;
    errno = m->fail_with ? m->fail_with : EIO;
    return true;
}

static inline bool memory_bad_fd(const struct memory_os *m, int fd)
{
    bool bad = fd < 0 || fd >= MEMORY_FDS || !m->fds[fd].open;
    if (bad)
        errno = EBADF;
    return bad;
}

static inline bool memory_interrupts(struct memory_os *m)
{
    m->interrupted = m->interrupt && !m->interrupted;
    if (m->interrupted)
        errno = EINTR;
    return m->interrupted;
}

static inline int memory_open(void *context, const char *path, int flags, mode_t mode)
{
    struct memory_os *m = context;
    bool directory = (flags & O_DIRECTORY) != 0;
    struct memory_file *file = directory ? &m->files[0] : memory_find(m, path);
    int fd = 0;
    if (memory_interrupts(m) || memory_fails(m, "open"))
        return -1;
    if (file ? (flags & O_EXCL) != 0 : !(flags & O_CREAT)) {
        errno = file ? EEXIST : ENOENT;
        return -1;
    }
    while (fd < MEMORY_FDS && m->fds[fd].open)
        fd++;
    if (fd == MEMORY_FDS || (!file && strlen(path) >= sizeof m->files[0].name)) {
        errno = fd == MEMORY_FDS ? EMFILE : ENAMETOOLONG;
        return -1;
    }
    if (!file) {
        file = memory_put(m, path, STR(""));
        file->mode = mode;
    }
    if (flags & O_TRUNC)
        file->n = 0;
    m->fds[fd] = (struct memory_fd){true, (unsigned)(file - m->files), 0, flags};
    return fd;
}

static inline ssize_t memory_read(void *context, int fd, void *to, size_t room)
{
    struct memory_os *m = context;
    if (memory_bad_fd(m, fd) || memory_interrupts(m) || memory_fails(m, "read"))
        return -1;
    struct memory_file *file = &m->files[m->fds[fd].file];
    size_t n = file->n > m->fds[fd].at ? file->n - m->fds[fd].at : 0;
    n = n < room ? n : room;
    if (m->most_bytes != 0 && n > m->most_bytes)
        n = m->most_bytes;
    if (n > 0)
        memcpy(to, file->p + m->fds[fd].at, n);
    m->fds[fd].at += n;
    return (ssize_t)n;
}

static inline ssize_t memory_write(void *context, int fd, const void *from, size_t size)
{
    struct memory_os *m = context;
    if (memory_bad_fd(m, fd) || memory_interrupts(m) || (fd != 2 && memory_fails(m, "write")))
        return -1;
    if (m->most_bytes != 0 && size > m->most_bytes && fd != 2)
        size = m->most_bytes;
    memory_append(&m->files[m->fds[fd].file], str_of(from, size));
    return (ssize_t)size;
}

/* As on Linux, the descriptor is closed even when the call fails or is interrupted. */
static inline int memory_close(void *context, int fd)
{
    struct memory_os *m = context;
    if (memory_bad_fd(m, fd))
        return -1;
    m->fds[fd].open = false;
    if (memory_interrupts(m))
        return -1;
    return memory_fails(m, m->fds[fd].flags & O_WRONLY ? "close, written" : "close") ? -1 : 0;
}

static inline int memory_rename(void *context, const char *from, const char *to)
{
    struct memory_os *m = context;
    struct memory_file *file = memory_find(m, from), *old = memory_find(m, to);
    if (memory_interrupts(m) || memory_fails(m, "rename"))
        return -1;
    if (!file) {
        errno = ENOENT;
        return -1;
    }
    if (old)
        memory_drop(old);
    memcpy(file->name, to, strlen(to) + 1);
    return 0;
}

/* A copy is enough, since nobody writes to either file. */
static inline int memory_link(void *context, const char *from, const char *to)
{
    struct memory_os *m = context;
    const struct memory_file *file = memory_find(m, from);
    if (memory_interrupts(m) || memory_fails(m, "link"))
        return -1;
    if (!file || memory_find(m, to)) {
        errno = file ? EEXIST : ENOENT;
        return -1;
    }
    memory_put(m, to, memory_text(file))->mode = file->mode;
    return 0;
}

static inline int memory_unlink(void *context, const char *path)
{
    struct memory_os *m = context;
    struct memory_file *file = memory_find(m, path);
    if (memory_fails(m, "unlink"))
        return -1;
    if (!file) {
        errno = ENOENT;
        return -1;
    }
    memory_drop(file);
    return 0;
}

static inline uint64_t memory_tell(void *context, int fd)
{
    const struct memory_os *m = context;
    return m->fds[fd].at;
}

static inline bool memory_seek(void *context, int fd, uint64_t offset)
{
    struct memory_os *m = context;
    if (memory_bad_fd(m, fd) || memory_fails(m, "seek"))
        return false;
    m->fds[fd].at = (size_t)offset;
    return true;
}

static inline void memory_widen(void *context, int fd)
{
    (void)context;
    (void)fd;
}

/* Replace `path` by the target of the link. A relative target is in the directory of the link. */
static inline void memory_follow(const struct memory_file *link, char *path, size_t room)
{
    const char *slash = link->p[0] == '/' ? NULL : strrchr(path, '/');
    size_t directory = slash ? (size_t)(slash - path) + 1 : 0;
    snprintf(path + directory, room - directory, "%.*s", (int)link->n, link->p);
}

static inline enum os_kind memory_kind(void *context, const char *path, mode_t *mode)
{
    char name[sizeof((struct memory_file *)NULL)->name];
    snprintf(name, sizeof name, "%s", path);
    const struct memory_file *file = memory_find(context, name);
    for (unsigned links = 0; file && file->link; links++) {
        if (links == MEMORY_FILES)
            return OS_NOTHING;
        memory_follow(file, name, sizeof name);
        file = memory_find(context, name);
    }
    if (!file)
        return OS_NOTHING;
    *mode = file->mode ? file->mode : 0644;
    return file->special ? OS_SPECIAL : OS_PLAIN;
}

static inline ssize_t memory_readlink(void *context, const char *path, char *to, size_t room)
{
    const struct memory_file *file = memory_find(context, path);
    if (memory_interrupts(context) || memory_fails(context, "readlink"))
        return -1;
    errno = file ? EINVAL : ENOENT;
    if (!file || !file->link)
        return -1;
    size_t n = file->n < room ? file->n : room;
    memcpy(to, file->p, n);
    return (ssize_t)n;
}

/* A directory has no entry of its own. */
static inline int memory_mkdir(void *context, const char *path, mode_t mode)
{
    (void)path;
    (void)mode;
    return memory_fails(context, "mkdir") ? -1 : 0;
}

/* The files whose names begin with the path and a slash. */
static inline ssize_t memory_list(void *context, const char *path, char *to, size_t room)
{
    struct memory_os *m = context;
    size_t need = 0, n = strlen(path);
    if (memory_fails(m, "list"))
        return -1;
    for (unsigned i = 3; i < MEMORY_FILES; i++) {
        const char *name = m->files[i].name;
        if (strncmp(name, path, n) != 0 || name[n] != '/')
            continue;
        size_t bytes = strlen(name + n + 1) + 1;
        if (need + bytes <= room)
            memcpy(to + need, name + n + 1, bytes);
        need += bytes;
    }
    errno = ENOTDIR;
    return need > 0 ? (ssize_t)need : -1;
}

static inline int memory_imitate(void *context, int fd, const char *path)
{
    struct memory_os *m = context;
    const struct memory_file *file = memory_find(m, path);
    if (memory_bad_fd(m, fd) || !file || memory_fails(m, "imitate"))
        return -1;
    m->files[m->fds[fd].file].mode = file->mode;
    m->files[m->fds[fd].file].imitated = true;
    return 0;
}

static inline int memory_lock(void *context, int fd, unsigned seconds)
{
    struct memory_os *m = context;
    (void)seconds;
    if (memory_bad_fd(m, fd) || memory_fails(m, "lock"))
        return -1;
    m->locks++;
    errno = EWOULDBLOCK;
    return !m->others || m->others(m) ? 0 : -1;
}

static inline uint64_t memory_size(void *context, int fd)
{
    struct memory_os *m = context;
    return memory_bad_fd(m, fd) ? 0 : m->files[m->fds[fd].file].n;
}

/* The whole of the thread, before the caller goes on: what fails is the same in every run. */
static inline int memory_start(void *context, pthread_t *thread, void *(*body)(void *), void *of)
{
    if (memory_fails(context, "start"))
        return EAGAIN;
    memset(thread, 0, sizeof *thread);
    body(of);
    return 0;
}

static inline void memory_wait(void *context, pthread_t thread)
{
    (void)context;
    (void)thread;
}

static inline void memory_init(struct memory_os *m)
{
    *m = (struct memory_os){.os = {
                                .open = memory_open,
                                .read = memory_read,
                                .write = memory_write,
                                .close = memory_close,
                                .rename = memory_rename,
                                .link = memory_link,
                                .unlink = memory_unlink,
                                .mkdir = memory_mkdir,
                                .widen = memory_widen,
                                .tell = memory_tell,
                                .seek = memory_seek,
                                .kind = memory_kind,
                                .readlink = memory_readlink,
                                .list = memory_list,
                                .imitate = memory_imitate,
                                .lock = memory_lock,
                                .start = memory_start,
                                .wait = memory_wait,
                                .size = memory_size,
                                .context = m,
                            }};
    for (unsigned fd = 0; fd < 3; fd++)
        m->fds[fd] = (struct memory_fd){
            .open = true, .file = fd, .flags = fd ? O_WRONLY : O_RDONLY};
}

#endif
