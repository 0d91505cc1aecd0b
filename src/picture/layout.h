/*
 * layout: which frames are drawn, and where.
 *
 *      ┌──────────────────────────────── width ─────────────────────────────────┐
 *      │ pad                        top: titles, legend                     pad │
 *      │     ┌───────────┐                                                      │
 *      │     │ read      │                                                      │  row
 *      │     ├───────────┴────────┐                                             │
 *      │     │ java               │       start 5, span 18 of total 50          │
 *      │     ├────────────────────┴────────────────────────────────────────┐    │
 *      │     │ (root)                                                      │    │
 *      │     └─────────────────────────────────────────────────────────────┘    │
 *      │                            bottom: details                             │
 *      └────────────────────────────────────────────────────────────────────────┘
 *
 * A frame covers [start, start + span) of the running sum of weights in pre-order: its own weight
 * is at its left. A frame that is narrower than minwidth is not drawn, nor is any frame above it.
 */
#ifndef FLAMETREE_PICTURE_LAYOUT_H
#define FLAMETREE_PICTURE_LAYOUT_H

#include "picture/label.h"
#include "profile/sibling_order.h"
#include "profile/tree.h"

struct layout_options {
    double width, row;      /* px; 1 px of a row is the gap to the next */
    double font, fontwidth; /* px; the width of a character relative to it */
    double minwidth;        /* px, or per cent of the total */
    bool minwidth_percent;
    bool may_thin;      /* of more than 20,000 frames only those of half a pixel, if that is more */
    bool inverted;      /* the root on top */
    double lines_above; /* room at the top beyond the title, in font sizes */
    uint64_t total;     /* 0, or the weight of the full width: the root is as wide */
    uint64_t full;      /* 0, or the weight of the full width, while the root keeps its own width */
};

struct layout_frame {
    uint32_t node, depth; /* the root's depth is 0 */
    uint64_t start;
};

struct layout {
    struct layout_options options;
    const uint64_t *totals;
    uint64_t total; /* of the root: at least the sum of weights */
    double pad, top, bottom, height;
    double scale; /* px for a unit of weight */
    uint32_t rows;
    VEC(struct layout_frame) frames; /* in pre-order */
};

/* totals: of the column, as of tree_totals(); they outlive the layout. total > 0. */
void layout_make(struct layout *layout, const struct tree *tree, unsigned column,
                 const struct sibling_order *order, const uint64_t *totals,
                 const struct layout_options *options);

/* The place of the rectangle and the label of a frame, in px. */
struct layout_place {
    double x, y, width, height; /* to a tenth */
    double label_x, label_y;    /* the base line of the label */
    struct label_room label_room;
};

struct layout_place layout_place(const struct layout *layout, const struct layout_frame *frame);

#endif
