/*
 * os: the system calls that bytes come and go by, and threads, as a table, so that tests can put
 * failing or imaginary ones in their place. Only source, sink, lanes and cli/ look at it. Meanings
 * are POSIX's, but that open() and close() are never interrupted.
 */
#ifndef FLAMETREE_CORE_OS_H
#define FLAMETREE_CORE_OS_H

#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct os {
    int (*open)(void *context, const char *path, int flags, mode_t mode);
    ssize_t (*read)(void *context, int fd, void *to, size_t room);
    ssize_t (*write)(void *context, int fd, const void *from, size_t size);
    int (*close)(void *context, int fd);
    int (*rename)(void *context, const char *from, const char *to);
    int (*unlink)(void *context, const char *path);
    /* 1: there is something of that name that is no plain file: a device, a pipe, a link */
    int (*is_special)(void *context, const char *path);
    /* how many bytes a plain file has now; 0 also when it is none */
    uint64_t (*size)(void *context, int fd);
    /* Run body(of) in a thread of its own; 0, or the reason why there is none. Each that was
     * started is to be waited for. */
    int (*start)(void *context, pthread_t *thread, void *(*body)(void *), void *of);
    void (*wait)(void *context, pthread_t thread);
    void *context;
};

/* The real ones. */
extern const struct os os_posix;

/* A seed for hashes that nobody outside can guess; `place` is any address of the caller's. */
uint64_t os_draw_seed(const void *place);

#endif
