/*
 * delta: what changed between the two sides of a differential, and the colour of a change.
 */
#ifndef FLAMETREE_PICTURE_DELTA_H
#define FLAMETREE_PICTURE_DELTA_H

#include "picture/rgb.h"
#include "profile/tree.h"

enum delta_of {
    DELTA_TOTAL, /* a frame with all that it calls */
    DELTA_SELF,  /* a frame's own weight */
};

struct delta {
    const uint64_t *before, *after; /* by node; NULL: not a differential */
    bool negate;
    double max; /* the largest change of a frame, at least that of one sample */
};

/* Between the side before and `column`. totals and totals_before: theirs as tree_totals(); they and
 * the tree outlive *delta. */
void delta_make(struct delta *delta, const struct tree *tree, unsigned column, enum delta_of of,
                const uint64_t *totals, const uint64_t *totals_before);

/* After minus before, negated when asked for. */
double delta_change(const struct delta *delta, uint32_t node);

/* Red for growth, blue for shrinking, white for neither; `change` as delta_change() gives it. */
rgb delta_color(const struct delta *delta, double change);

#endif
