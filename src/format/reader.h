/*
 * reader: one input format. A reader is a constant table entry; a new format is one file and one
 * line in registry.c.
 */
#ifndef FLAMETREE_FORMAT_READER_H
#define FLAMETREE_FORMAT_READER_H

#include "format/reader_input.h"
#include "profile/builder.h"

enum { READER_HEAD = 16384 };

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

extern const struct reader reader_folded, reader_perf, reader_svg;

/* All readers, in the order in which help lists them. */
extern const struct reader *const readers[];
extern const size_t reader_count;

/* By its name, NULL if there is none. */
const struct reader *reader_find(str name);

/* The one that bids highest for `head`; NULL, with *err naming both, on a tie, or when none
 * wants it. */
const struct reader *reader_choose(str head, struct err *err);

#endif
