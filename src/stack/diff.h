/*
 * diff: two profiles brought together in one tree with two sides.
 */
#ifndef FLAMETREE_STACK_DIFF_H
#define FLAMETREE_STACK_DIFF_H

#include "stack/tree.h"

struct diff_options {
    bool normalize;    /* scale the before side to the total of the after side */
    bool strip_hex;    /* as diff_strip_hex() does */
    uint64_t up, down; /* else scale it by up / down, unless they are equal */
};

/* Every stack of either tree; 0 on the side that lacks it. `into` is a fresh tree. */
void diff_make(struct tree *into, const struct tree *before, const struct tree *after,
               const struct diff_options *options);

/* "0x" and the hex digits behind it become "0x..." in names. `into` is not made yet. */
void diff_strip_hex(struct tree *into, const struct tree *from);

#endif
