/*
 * pack: a tree as a few lines of text, the way an SVG carries it (doc/format.md, section 2): how
 * many names and frames, the names, the frames.
 */
#ifndef FLAMETREE_STACK_PACK_H
#define FLAMETREE_STACK_PACK_H

#include "core/sink.h"
#include "stack/order.h"
#include "stack/tree.h"

struct pack {
    const struct tree *tree;
    const struct order *order;
    uint32_t *sorted;   /* names in use, by their bytes */
    uint32_t *position; /* of a name in `sorted`; by name */
    uint32_t count;     /* of names in use */
    uint64_t unit;      /* every weight is a multiple of it; at least 1 */
    unsigned last;      /* the columns 0 to last are written: the only one, or both sides */
};

/* Both outlive *pack. */
void pack_make(struct pack *pack, const struct tree *tree, const struct order *order);

/* From the line of two numbers to the line of frames. */
void pack_write(const struct pack *pack, struct sink *sink);

/* A number as the frames line has it. */
void pack_put_number(struct sink *sink, uint64_t value);

void pack_end(struct pack *pack);

#endif
