/* SPDX-License-Identifier: MIT */
/*
 * rows: a flame graph in characters: which frames are on which row, and which columns they cover.
 *
 *      offset   0        30        60        100
 *      column   0         6        12         20      column = offset * 20 / 100, rounded down
 *      row 1    [ parse  ][ expr   ][ emit     ]
 *      row 0    [ main                         ]
 *
 * An offset is the running sum of weights in pre-order. The same offset is the same column on every
 * row, so that siblings touch and a frame is within its caller. A frame without a column is not on
 * its row.
 */
#ifndef FLAMETREE_PICTURE_ROWS_H
#define FLAMETREE_PICTURE_ROWS_H

#include "profile/sibling_order.h"
#include "profile/tree.h"

struct row_box {
    uint32_t node, row;  /* the row of `top` is 0 */
    uint32_t start, end; /* columns; start < end */
};

struct rows {
    struct heap *heap;
    VEC(struct row_box) boxes; /* by row, then from left to right */
    VEC(size_t) first;         /* by row: its first box, and boxes.n after the last */
    uint32_t n;
};

struct rows_source {
    const struct tree *tree;
    unsigned column;
    const struct sibling_order *order;
    uint64_t *const *totals; /* of the column */
    /* NULL, or a function that is called before the children of a node are read. It may add nodes
     * and move the arrays. */
    void (*open)(void *context, uint32_t node);
    void *context;
};

/* Compute the rows of `top` and the frames that it calls in `width` columns. A further call
 * reuses the memory. */
void rows_make(struct rows *rows, const struct rows_source *source, uint32_t top, uint32_t width);

void rows_end(struct rows *rows);

#endif
