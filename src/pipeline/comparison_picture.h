/*
 * comparison_picture: a comparison as a flame graph. The runs become a tree of two sides; a column
 * gives the widths; colors, title and subtitle come from the comparison.
 *
 *      --width after    the column after
 *      --width before   the column before
 *      --width union    a third one, the larger of both, stack by stack: nothing of either side is
 *                       lost
 *      --width both     the picture of each side, one above the other on one scale
 */
#ifndef FLAMETREE_PIPELINE_COMPARISON_PICTURE_H
#define FLAMETREE_PIPELINE_COMPARISON_PICTURE_H

#include "pipeline/drawing.h"

enum { COMPARISON_TEXT_ROOM = 700 };

struct comparison_picture {
    const struct report *report; /* its comparison, labels and units */
    enum differential_width width;
    enum differential_colors colors;
    /* set by comparison_picture_prepare() */
    struct tree tree; /* that is drawn: before, scaled to after; after; the widths of a union */
    struct differential differential;
    char title[COMPARISON_TEXT_ROOM], subtitle[COMPARISON_TEXT_ROOM], unit[120];
};

/* By enum differential_width, enum differential_colors and enum normalize; each ends with NULL. */
extern const char *const comparison_width_names[];
extern const char *const comparison_color_names[];
extern const char *const comparison_scale_names[];

/* Have the drawing draw the comparison. The picture does not move, and it outlives the drawing. All
 * memory is of the heaps of both, and stays until they end. Texts that the request leaves out are
 * those of the comparison. False: the side that widths are of has no weight. */
bool comparison_picture_prepare(struct comparison_picture *picture, struct drawing *drawing);

#endif
