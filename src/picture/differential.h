/*
 * differential: how a frame that changed is drawn. The colour is the change as a part of the whole
 * run before, on a scale that is the same both ways:
 *
 *      -max ◄── less ─────── grey: noise ─────── more ──► +max
 *
 * max is such that three quarters of what is coloured are within it; beyond it the colour stays.
 */
#ifndef FLAMETREE_PICTURE_DIFFERENTIAL_H
#define FLAMETREE_PICTURE_DIFFERENTIAL_H

#include "compare/comparison.h"
#include "picture/legend.h"

/* ---- two columns: the change of each frame, without a judgement ---- */

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

/* ---- a comparison: changes that are more than noise ---- */

enum differential_colors {
    DIFFERENTIAL_SAFE,     /* orange and blue: told apart by people who see few colours */
    DIFFERENTIAL_RED_BLUE, /* as it always was */
};

/* Which weights widths stand for. */
enum differential_width {
    WIDTH_AFTER,
    WIDTH_BEFORE,
    WIDTH_UNION, /* the larger of both, stack by stack */
    WIDTH_BOTH,  /* each side, one above the other */
};

/* What the viewer needs besides. */
struct differential_viewer {
    enum differential_width width;
    double scale; /* weights before in the tree are those of the runs times it */
    str labels[SIDES];
    const struct change *changes[2];          /* by enum delta_of, by node */
    const struct function_changes *functions; /* that were judged */
};

struct differential {
    const struct judge *judge;
    const struct change *changes; /* by node */
    enum differential_colors colors;
    double max;    /* of |change_effect()| */
    double factor; /* what a title shows is a value times factor */
    unsigned decimals;
    str unit; /* "%", "ms per row" */
    struct differential_viewer viewer;
};

/* changes: one for each node of the sides' tree, which are those of the tree that is drawn. They
 * outlive the differential. */
void differential_make(struct differential *differential, const struct judge *judge,
                       const struct change *changes, enum differential_colors colors);

/* The colour of a change that is real, as a part of the whole; grey when it is 0. */
rgb differential_shade(const struct differential *differential, double effect);

rgb differential_color(const struct differential *differential, uint32_t node);

/* What vanished, with all that it called, and what is new for sure. */
enum differential_mark { MARK_NONE, MARK_GONE, MARK_NEW };
enum differential_mark differential_mark(const struct differential *differential, uint32_t node);

/* What the colours are, as a row above the frames. */
void differential_legend(const struct differential *differential, struct legend *legend,
                         struct heap *heap, const struct layout_options *options);

#endif
