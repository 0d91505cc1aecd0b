/* SPDX-License-Identifier: MIT */
/*
 * differential: the look of changed frames. The color depends on the change, as a part of the whole
 * run before, on a scale that is symmetric:
 *
 *      -max ◄── less ─────── grey: noise ─────── more ──► +max
 *
 * Three quarters of the colored width have changes within max. Larger changes have its color.
 */
#ifndef FLAMETREE_PICTURE_DIFFERENTIAL_H
#define FLAMETREE_PICTURE_DIFFERENTIAL_H

#include "compare/comparison.h"
#include "picture/legend.h"

/* ---- two columns: the change of each frame, real or not ---- */

enum delta_of {
    DELTA_TOTAL, /* a frame with its callees */
    DELTA_SELF,  /* a frame's own weight */
};

struct delta {
    const uint64_t *before, *after; /* by node; NULL: not a differential */
    bool negate;
    double max; /* the largest change of a frame, at least that of one sample */
};

/* Changes between the side before and `column`. totals and totals_before are those of
 * tree_totals(); they and the tree outlive *delta. */
void delta_make(struct delta *delta, const struct tree *tree, unsigned column, enum delta_of of,
                const uint64_t *totals, const uint64_t *totals_before);

/* After minus before, or the reverse with `negate`. */
double delta_change(const struct delta *delta, uint32_t node);

/* Red for growth, blue for a reduction, white for no change. `change` is as of delta_change(). */
rgb delta_color(const struct delta *delta, double change);

/* ---- a comparison: changes that are more than noise ---- */

enum differential_colors {
    DIFFERENTIAL_SAFE,     /* orange and blue, which color-blind people can distinguish */
    DIFFERENTIAL_RED_BLUE, /* as flamegraph.pl has it */
};

/* The weights that the widths show. */
enum differential_width {
    WIDTH_AFTER,
    WIDTH_BEFORE,
    WIDTH_UNION, /* the larger of both, stack by stack */
    WIDTH_BOTH,  /* each side, one above the other */
};

/* Further data for the viewer. */
struct differential_viewer {
    enum differential_width width;
    double scale; /* the tree has the weights before multiplied by it */
    str labels[SIDES];
    const struct change *changes[2];          /* by enum delta_of, by node */
    const struct function_changes *functions; /* all that were judged */
};

struct differential {
    const struct judge *judge;
    const struct change *changes; /* by node */
    enum differential_colors colors;
    double max;    /* of |change_effect()| */
    double factor; /* a title shows a value times factor */
    unsigned decimals;
    str unit; /* "%", "ms per row" */
    struct differential_viewer viewer;
};

/* `changes` has one for each node of the tree of the runs, which has the same nodes as the tree
 * that is drawn. They outlive the differential. */
void differential_make(struct differential *differential, const struct judge *judge,
                       const struct change *changes, enum differential_colors colors);

/* The color of a real change, as a part of the whole. Grey when it is 0. */
rgb differential_shade(const struct differential *differential, double effect);

/* The color of cost that moved. */
rgb differential_moved(void);

rgb differential_color(const struct differential *differential, uint32_t node);

/* A frame that is gone with all its callees, and one that is certainly new. */
enum differential_mark { MARK_NONE, MARK_GONE, MARK_NEW };
enum differential_mark differential_mark(const struct differential *differential, uint32_t node);

/* The colors as a row above the frames. */
void differential_legend(const struct differential *differential, struct legend *legend,
                         struct heap *heap, const struct layout_options *options);

#endif
