/* SPDX-License-Identifier: MIT */
/*
 * memory_files: the files and descriptors of memory_os.h.
 *
 *      files: 0 standard input   1 standard output   2 standard error   3... by name
 */
#ifndef FLAMETREE_TESTS_MEMORY_FILES_H
#define FLAMETREE_TESTS_MEMORY_FILES_H

#include <stdlib.h>

#include "core/os.h"
#include "core/str.h"

enum { MEMORY_FILES = 20, MEMORY_FDS = 12 };

struct memory_file {
    char name[80]; /* "": free */
    char *p;
    size_t n;
    bool special;  /* a device or a pipe */
    bool link;     /* its bytes are the name of another */
    mode_t mode;   /* 0: 0644 */
    bool imitated; /* its permissions were taken from the one it replaces */
};

struct memory_fd {
    bool open;
    unsigned file;
    size_t at;
    int flags;
};

struct memory_os {
    struct os os;
    struct memory_file files[MEMORY_FILES];
    struct memory_fd fds[MEMORY_FDS];
    size_t calls;       /* so far; those on standard error do not count */
    size_t fail_at;     /* the call that fails, counted from 1; 0: none */
    bool for_good;      /* those after it fail too */
    int fail_with;      /* errno */
    bool interrupt;     /* every other call is interrupted first */
    bool interrupted;   /* the last one was */
    size_t most_bytes;  /* at one read or write; 0: no limit */
    const char *failed; /* which call failed last */
    /* What others do while the lock is waited for; false: they keep it. NULL: there are none. */
    bool (*others)(struct memory_os *m);
    size_t locks; /* asked for so far */
};

static inline struct memory_file *memory_find(struct memory_os *m, const char *name)
{
    for (unsigned i = 3; i < MEMORY_FILES; i++)
        if (strcmp(m->files[i].name, name) == 0 && name[0] != '\0')
            return &m->files[i];
    return NULL;
}

static inline void memory_drop(struct memory_file *file)
{
    free(file->p);
    *file = (struct memory_file){.n = 0};
}

static inline void memory_append(struct memory_file *file, str bytes)
{
    char *p = realloc(file->p, file->n + bytes.n + 1);
    if (!p)
        abort();
    memcpy(p + file->n, bytes.p, bytes.n);
    file->p = p;
    file->n += bytes.n;
}

/* The file of this name, or an empty one. */
static inline const struct memory_file *memory_look(struct memory_os *m, const char *name)
{
    static const struct memory_file none;
    const struct memory_file *file = memory_find(m, name);
    return file ? file : &none;
}

/* A file with these bytes, new or in place of the old one. */
static inline struct memory_file *memory_put(struct memory_os *m, const char *name, str bytes)
{
    struct memory_file *file = memory_find(m, name);
    for (unsigned i = 3; i < MEMORY_FILES && !file; i++)
        if (m->files[i].name[0] == '\0')
            file = &m->files[i];
    if (!file || strlen(name) >= sizeof file->name)
        abort();
    memory_drop(file);
    memcpy(file->name, name, strlen(name) + 1);
    memory_append(file, bytes);
    return file;
}

static inline str memory_text(const struct memory_file *file)
{
    return str_of(file && file->p ? file->p : "", file ? file->n : 0);
}

static inline unsigned memory_open_fds(const struct memory_os *m)
{
    unsigned n = 0;
    for (unsigned fd = 0; fd < MEMORY_FDS; fd++)
        n += m->fds[fd].open;
    return n;
}

static inline unsigned memory_named_files(const struct memory_os *m)
{
    unsigned n = 0;
    for (unsigned i = 3; i < MEMORY_FILES; i++)
        n += m->files[i].name[0] != '\0';
    return n;
}

static inline void memory_end(struct memory_os *m)
{
    for (unsigned i = 0; i < MEMORY_FILES; i++)
        memory_drop(&m->files[i]);
}

#endif
