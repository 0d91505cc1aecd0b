/*
 * reading: driving a reader over one source after another.
 *
 *      source ──► buffer ──► reader->eat() ──► profile
 *                   ▲ what was not taken moves to the front
 */
#ifndef FLAMETREE_READ_READING_H
#define FLAMETREE_READ_READING_H

#include "read/reader.h"

enum { READING_BLOCK = 262144 };

/* Called after each block. */
typedef void read_progress_fn(void *context, uint64_t bytes, uint64_t samples);

struct reading {
    struct profile *profile;
    const struct read_options *options;
    const struct reader *format; /* what --format asks for; NULL: the reader that bids highest */
    read_progress_fn *progress;  /* may be NULL */
    void *progress_context;
    size_t block;     /* bytes read at once; 0: the default */
    size_t line_most; /* bytes of a line; 0: 2 GB */

    size_t threads;       /* at most; needs `os` when it is more than 1 */
    size_t threads_after; /* bytes of an input that are worth a second one; 0: the default */
    size_t parcel;        /* words of stacks that a second one gathers; 0: the default */
    const struct os *os;

    /* private */
    const struct reader *reader;
    const struct reader *last; /* the reader of the last input, also after its end */
    void *state;
    struct lanes *lanes; /* NULL: there was no need yet */
    char *buffer;        /* at least READING_BLOCK bytes, READING_BLOCK / 2 of them free */
    size_t n, cap;
    uint64_t bytes, file_bytes;
    char head[512]; /* how the input that is to be diagnosed starts: the last one */
    size_t head_n;
};

/* Read one input to its end. Several are as one, each starting with a fresh line. */
bool reading_add(struct reading *reading, struct source *source, struct err *err);

/* After the last one. */
void reading_finish(struct reading *reading);

/* A kind of file that is no text, though lines of it may look like a profile: an archive of
 * profiles has theirs. */
bool reading_is_binary(str head);

/* Nothing usable was read: say in *err what the input looks like and what to do. */
bool reading_diagnose(const struct reading *reading, struct err *err);

#endif
