/*
 * feeding: a reader fed by hand, in pieces of any size, each in a block of its own, so that a byte
 * read too far is found by the sanitizers.
 */
#ifndef FLAMETREE_TESTS_FEEDING_H
#define FLAMETREE_TESTS_FEEDING_H

#include <stdio.h>

#include "read/reader.h"
#include "stacks.h"

struct feeding {
    const struct reader *reader;
    struct read_options options;
    size_t piece; /* bytes at a time; 0: all at once */
    uint64_t seed;
    bool in_order;
};

/* Hand text[at...end) over; where the reader stopped. */
static inline size_t feeding_block(const struct feeding *f, void *state, str text, size_t at,
                                   size_t end, const char *file)
{
    bool at_end = end == text.n;
    char *copy = malloc(end - at + (end == at));
    if (!copy)
        abort();
    if (end > at)
        memcpy(copy, text.p + at, end - at);
    at += f->reader->eat(state, str_of(copy, end - at), at_end, file);
    free(copy);
    return at;
}

static inline void feeding_file(const struct feeding *f, void *state, str text, const char *file)
{
    size_t at = 0;
    for (size_t end = f->piece; f->piece != 0 && end < text.n; end += f->piece)
        at = feeding_block(f, state, text, at, end, file);
    feeding_block(f, state, text, at, text.n, file);
}

/* One text after the other into a fresh profile. */
static inline void feeding_run(const struct feeding *f, struct heap *heap, const str *texts,
                               size_t count, struct profile *profile)
{
    profile_init(profile, heap, f->seed, f->in_order);
    void *state = f->reader->open(profile, &f->options);
    for (size_t i = 0; i < count; i++)
        feeding_file(f, state, texts[i], i == 0 ? "one" : "two");
    f->reader->finish(state);
}

/* "REASON COUNT FILE:LINE\n" for each reason. */
static inline void feeding_tally(const struct profile *profile, struct caught *to)
{
    for (size_t i = 0; i < profile->tally.entries.n; i++) {
        const struct tally_entry *e = &profile->tally.entries.at[i];
        char line[200];
        int n = snprintf(line, sizeof line, "%s %llu %s:%llu\n", e->reason,
                         (unsigned long long)e->count, e->file, (unsigned long long)e->first_line);
        caught_write(to, str_of(line, (size_t)n), NULL);
    }
}

#endif
