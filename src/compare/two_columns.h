/* SPDX-License-Identifier: MIT */
/*
 * two_columns: two profiles brought together in one tree with two sides.
 */
#ifndef FLAMETREE_COMPARE_TWO_COLUMNS_H
#define FLAMETREE_COMPARE_TWO_COLUMNS_H

#include "profile/tree.h"

struct two_columns_options {
    bool normalize;    /* scale the before side to the total of the after side */
    uint64_t up, down; /* else: scale it by up / down, unless they are equal */
};

/* Every stack of both trees; 0 on a side that does not have it. `into` is a fresh tree. */
void two_columns_make(struct tree *into, const struct tree *before, const struct tree *after,
                      const struct two_columns_options *options);

#endif
