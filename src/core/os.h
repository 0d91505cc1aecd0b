/*
 * os: the system calls that bytes come and go by, and threads, as a table, so that tests can put
 * failing or imaginary ones in their place. Only source, sink, place, parallel and cli/ look at it.
 * Meanings are POSIX's; any of them may be interrupted (EINTR).
 */
#ifndef FLAMETREE_CORE_OS_H
#define FLAMETREE_CORE_OS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What stands at a path, behind all links: nothing (or nothing that can be seen), a plain file, or
 * something else, such as a device, a pipe or a directory. */
enum os_kind { OS_NOTHING, OS_PLAIN, OS_SPECIAL };

struct os {
    int (*open)(void *context, const char *path, int flags, mode_t mode);
    ssize_t (*read)(void *context, int fd, void *to, size_t room);
    ssize_t (*write)(void *context, int fd, const void *from, size_t size);
    int (*close)(void *context, int fd);
    int (*rename)(void *context, const char *from, const char *to);
    int (*unlink)(void *context, const char *path);
    /* *mode: the permissions of a plain file */
    enum os_kind (*kind)(void *context, const char *path, mode_t *mode);
    ssize_t (*readlink)(void *context, const char *path, char *to, size_t room);
    /* Give the open file the owner, the group and the permissions of the one at `path`, as far as
     * this process may, and never more permissions. */
    int (*imitate)(void *context, int fd, const char *path);
    /* Be the only process that has locked this file or directory, until `fd` is closed. -1 after
     * about `seconds` in which others had it (EAGAIN), or when it cannot be locked. */
    int (*lock)(void *context, int fd, unsigned seconds);
    /* how many bytes a plain file has now; 0 also when it is none */
    uint64_t (*size)(void *context, int fd);
    /* Where in a plain file the next read begins; UINT64_MAX when nothing knows. */
    uint64_t (*tell)(void *context, int fd);
    bool (*seek)(void *context, int fd, uint64_t offset);
    /* Have a pipe hold as much as it may, so that its ends wait for each other less often; what is
     * no pipe, and one that may not, stays as it is. */
    void (*widen)(void *context, int fd);
    /* Run body(of) in a thread of its own; 0, or the reason why there is none. Each that was
     * started is to be waited for. */
    int (*start)(void *context, pthread_t *thread, void *(*body)(void *), void *of);
    void (*wait)(void *context, pthread_t thread);
    void *context;
};

/* The real ones. */
extern const struct os os_posix;

/* As the calls, but that nothing interrupts them: an open that waits for the other end of a pipe
 * goes on to wait, a file whose close was interrupted is closed. */
int os_open(const struct os *os, const char *path, int flags, mode_t mode);
int os_close(const struct os *os, int fd);
int os_rename(const struct os *os, const char *from, const char *to);

/* A seed for hashes that nobody outside can guess; `place` is any address of the caller's. */
uint64_t os_draw_seed(const void *place);

#endif
