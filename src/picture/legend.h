/* SPDX-License-Identifier: MIT */
/*
 * legend: the meaning of colors, as a row of swatches above the frames: the heaviest groups first,
 * as many as fit.
 */
#ifndef FLAMETREE_PICTURE_LEGEND_H
#define FLAMETREE_PICTURE_LEGEND_H

#include "picture/color.h"
#include "picture/color_rules.h"

struct layout_options;

struct legend_entry {
    str label;
    rgb color;
    double x; /* of the swatch, px */
};

struct legend {
    VEC(struct legend_entry) entries; /* none: no legend */
    double y;                         /* base line of the labels, px */
    double swatch;                    /* width and height, px */
};

/* Weights are those of the column. Labels live as long as the names of the tree and the texts of
 * `given`, which is by frame; NULL: there are none. A palette without a legend has only `given`. */
void legend_make(struct legend *legend, const struct tree *tree, unsigned column,
                 const struct palette *palette, const struct color_given *given,
                 const struct layout_options *options);

/* The index of the entry that a frame belongs to; entries.n: it has none. given NULL: none. */
size_t legend_find(const struct legend *legend, const struct frame *frame,
                   const struct palette *palette, const struct color_given *given);

#endif
