/* SPDX-License-Identifier: MIT */
/*
 * os: a table of the system calls for files and threads, which tests replace with fakes. Only
 * source, sink, output_path, parallel and cli/ use it. The calls behave as in POSIX, and a signal
 * may interrupt any of them (EINTR).
 */
#ifndef FLAMETREE_CORE_OS_H
#define FLAMETREE_CORE_OS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The type of a file, after following links: missing or inaccessible, a regular file, or another
 * type such as a device, a pipe or a directory. */
enum os_kind { OS_NOTHING, OS_PLAIN, OS_SPECIAL };

struct os {
    int (*open)(void *context, const char *path, int flags, mode_t mode);
    ssize_t (*read)(void *context, int fd, void *to, size_t room);
    ssize_t (*write)(void *context, int fd, const void *from, size_t size);
    int (*close)(void *context, int fd);
    int (*rename)(void *context, const char *from, const char *to);
    int (*link)(void *context, const char *from, const char *to);
    int (*unlink)(void *context, const char *path);
    int (*mkdir)(void *context, const char *path, mode_t mode);
    /* *mode: the permissions of a regular file */
    enum os_kind (*kind)(void *context, const char *path, mode_t *mode);
    ssize_t (*readlink)(void *context, const char *path, char *to, size_t room);
    /* The names in a directory, in any order, each with a NUL, as many as there is room for.
     * Returns the number of bytes that all of them need, -1 on failure. */
    ssize_t (*list)(void *context, const char *path, char *to, size_t room);
    /* Give the open file the owner, group and permissions of the file at `path`, as far as this
     * process is allowed to, and never more permissions. */
    int (*imitate)(void *context, int fd, const char *path);
    /* Lock this file or directory exclusively until `fd` is closed. -1 if others hold the lock for
     * about `seconds` (EWOULDBLOCK), or if it cannot be locked. */
    int (*lock)(void *context, int fd, unsigned seconds);
    /* The size of a regular file, 0 for other files. */
    uint64_t (*size)(void *context, int fd);
    /* The current offset; UINT64_MAX if the file has none. */
    uint64_t (*tell)(void *context, int fd);
    bool (*seek)(void *context, int fd, uint64_t offset);
    /* Enlarge the buffer of a pipe, so that its ends wait less often. Ignores other files. */
    void (*widen)(void *context, int fd);
    /* Run body(of) in a new thread, for the caller to wait for. Returns 0 or an errno. */
    int (*start)(void *context, pthread_t *thread, void *(*body)(void *), void *of);
    void (*wait)(void *context, pthread_t thread);
    void *context;
};

/* The real system calls. */
extern const struct os os_posix;

/* The calls of the table, without EINTR: os_open(), os_rename() and os_link() try again. An
 * interrupted close counts as done. */
int os_open(const struct os *os, const char *path, int flags, mode_t mode);
int os_close(const struct os *os, int fd);
int os_rename(const struct os *os, const char *from, const char *to);
int os_link(const struct os *os, const char *from, const char *to);

/* A random seed for hashes. `address` is any address of the caller, for systems without
 * getentropy(). */
uint64_t os_draw_seed(const void *address);

#endif
