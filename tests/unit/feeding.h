/* SPDX-License-Identifier: MIT */
/*
 * feeding: texts read by one reader, in blocks of any size. What lies after a block is poisoned, so
 * that the sanitizers find a byte read too far.
 */
#ifndef FLAMETREE_TESTS_FEEDING_H
#define FLAMETREE_TESTS_FEEDING_H

#include <stdio.h>

#include "format/reader.h"
#include "stacks.h"

struct feeding {
    const struct reader *reader;
    struct read_options options;
    size_t piece; /* bytes at a time; 0: the default */
    uint64_t seed;
    bool in_order;
    bool pipe; /* the input cannot seek */
};

static inline ptrdiff_t feeding_read(void *context, char *to, size_t room, struct err *err)
{
    str *left = context;
    size_t n = left->n < room ? left->n : room;
    (void)err;
    if (n > 0)
        memcpy(to, left->p, n);
    *left = str_skip(*left, n);
    return (ptrdiff_t)n;
}

/* One text after the other. */
static inline void feeding_files(const struct feeding *f, const str *texts, size_t count,
                                 struct profile *profile)
{
    struct reading reading = {
        .profile = profile, .options = &f->options, .format = f->reader, .block = f->piece};
    for (size_t i = 0; i < count; i++) {
        struct source source;
        struct err err = {0};
        const char *name = i == 0 ? "one" : "two";
        str left = texts[i];
        if (f->pipe)
            source_open_callback(&source, name, feeding_read, &left);
        else
            source_open_memory(&source, name, left);
        reading_add(&reading, &source, &err);
        source_close(&source);
    }
    reading_finish(&reading);
}

/* The same, into a fresh profile. */
static inline void feeding_run(const struct feeding *f, struct heap *heap, const str *texts,
                               size_t count, struct profile *profile)
{
    profile_init(profile, heap, f->seed, f->in_order);
    feeding_files(f, texts, count, profile);
}

/* "REASON COUNT FILE:LINE\n" for each reason. */
static inline void feeding_tally(const struct profile *profile, struct caught *to)
{
    for (size_t i = 0; i < profile->skipped.entries.n; i++) {
        const struct skipped_entry *e = &profile->skipped.entries.at[i];
        char line[200];
        int n = snprintf(line, sizeof line, "%s %llu %s:%llu\n", e->reason,
                         (unsigned long long)e->count, e->file, (unsigned long long)e->first_line);
        caught_write(to, str_of(line, (size_t)n), NULL);
    }
}

#endif
