/*
 * reader: one input format. A reader is a constant table entry; a new format is one file and one
 * line in reader.c.
 */
#ifndef FLAMETREE_FORMAT_READER_H
#define FLAMETREE_FORMAT_READER_H

#include "format/reader_input.h"
#include "profile/builder.h"

/* Bytes that a bid sees, and the bid after which nobody else is asked. */
enum { READER_HEAD = 16384, READER_CERTAIN = 90 };

struct reader {
    const char *name; /* what --input-format takes */
    const char *help; /* what it reads: "the text that perf script prints" */

    /* How sure it is that these are the first bytes of its format: 0 no, up to 100. `head` is
     * READER_HEAD bytes, fewer only when the input is shorter. */
    int (*bid)(str head);

    /* Read one input to its end. Lines, records and bytes that cannot be used are skipped; false,
     * with *err set, only when nothing more of the input can be understood. */
    bool (*read)(struct builder *builder, struct reader_input *input, struct err *err);

    /* Free builder->state after the last input. NULL: it has none. */
    void (*close)(struct builder *builder);

    /* For formats of lines that several threads can read; else NULL. Have `other`, which is fresh,
     * read on where `leader` is, between two blocks that end with `gap_lines` line ends. False when
     * that is not possible yet; `other` may be NULL to ask only that. */
    bool (*follow)(struct builder *other, const struct builder *leader);
    unsigned gap_lines;
};

extern const struct reader reader_folded, reader_perf, reader_pprof, reader_speedscope, reader_svg,
    reader_v8_profile;

/* All readers, in the order in which help lists them. */
extern const struct reader *const readers[];
extern const size_t reader_count;

/* By its name, NULL if there is none. */
const struct reader *reader_find(str name);

/* The one that bids highest for `head`; NULL, with *err naming both, on a tie, or when none
 * wants it. */
const struct reader *reader_choose(str head, struct err *err);

/*
 * reading: one input after another into one profile, each by the reader that knows its format.
 *
 *      source ──► reader_input ──► reader->read() ──► builder ──► profile
 */

/* Called after each block. */
typedef void read_progress_fn(void *context, uint64_t bytes, uint64_t samples);

/* Below 16 MB a second thread costs what it saves, or more. */
enum { PARALLEL_AFTER = 16 << 20 };

/* See parallel.h. */
struct parallel_options {
    const struct os *os;
    size_t threads; /* at most, with the caller; 0 and 1: only the caller reads */
    size_t after;   /* bytes of an input that are worth a second thread: PARALLEL_AFTER */
};

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
