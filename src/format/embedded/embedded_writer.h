/*
 * embedded_writer: a tree as a few lines of text, the way an SVG carries it (doc/format.md, section
 * 2): how many names and frames, the names, the frames.
 */
#ifndef FLAMETREE_FORMAT_EMBEDDED_EMBEDDED_WRITER_H
#define FLAMETREE_FORMAT_EMBEDDED_EMBEDDED_WRITER_H

#include "core/sink.h"
#include "profile/sibling_order.h"
#include "profile/tree.h"

struct embedded_writer {
    const struct tree *tree;
    const struct sibling_order *order;
    uint32_t *sorted;   /* names in use, by their bytes */
    uint32_t *position; /* of a name in `sorted`; by name */
    uint32_t count;     /* of names in use */
    uint64_t unit;      /* every weight is a multiple of it; at least 1 */
    unsigned last;      /* the columns 0 to last are written: the only one, or both sides */
};

/* Both outlive *pack. */
void embedded_writer_make(struct embedded_writer *pack, const struct tree *tree,
                          const struct sibling_order *order);

/* From the line of two numbers to the line of frames. */
void embedded_writer_write(const struct embedded_writer *pack, struct sink *sink);

/* A number as the frames line has it. */
void embedded_writer_put_number(struct sink *sink, uint64_t value);

void embedded_writer_end(struct embedded_writer *pack);

#endif
