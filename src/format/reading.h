/*
 * reading: one input after another into one profile, each by the reader that knows its format.
 *
 *      source ──► reader_input ──► reader->read() ──► builder ──► profile
 */
#ifndef FLAMETREE_FORMAT_READING_H
#define FLAMETREE_FORMAT_READING_H

#include "format/parallel.h"
#include "format/reader.h"

/* Called after each block. */
typedef void read_progress_fn(void *context, uint64_t bytes, uint64_t samples);

struct reading {
    struct profile *profile;
    const struct read_options *options;
    const struct reader *format; /* the one to use; NULL: the reader that bids highest */
    read_progress_fn *progress;  /* may be NULL */
    void *progress_context;
    size_t block;     /* bytes read at once; 0: the default */
    size_t line_most; /* bytes of a line; 0: 2 GB */
    struct parallel_options parallel;

    /* private */
    const struct reader *reader; /* whose state the builder has */
    const struct reader *last;   /* the reader of the last input, also after its end */
    struct builder builder;
    uint64_t bytes;
    char head[512]; /* how the input that is to be diagnosed starts: the last one */
    size_t head_n;
};

/* Read one input to its end. */
bool reading_add(struct reading *reading, struct source *source, struct err *err);

/* After the last one, also when one failed. */
void reading_finish(struct reading *reading);

/* A kind of file that is no text, though lines of it may look like a profile: an archive of
 * profiles has theirs. */
bool reading_is_binary(str head);

/* Nothing usable was read: say in *err what the input looks like and what to do. */
bool reading_diagnose(const struct reading *reading, struct err *err);

#endif
