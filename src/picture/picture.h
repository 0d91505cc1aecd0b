/* SPDX-License-Identifier: MIT */
/*
 * picture: all that a renderer needs: the text, the place and the color of each frame. A renderer
 * asks for one box after the other. It never walks the tree.
 *
 *      tree ──order──► layout ──┐
 *      names ──palette──► colors ─┼──► picture_box(i) ──► renderer
 *      sides ──► delta ─────────┘
 */
#ifndef FLAMETREE_PICTURE_PICTURE_H
#define FLAMETREE_PICTURE_PICTURE_H

#include "core/heap.h"
#include "picture/attrs.h"
#include "picture/color.h"
#include "picture/color_rules.h"
#include "picture/differential.h"
#include "picture/legend.h"
#include "profile/profile.h"
#include "profile/sibling_order.h"

/*
 * label: the part of a name that is written into its box.
 *
 *      std::vector<int>::push_back(int const&)
 *      std::vector<int>::pu..          label_cut(), as flamegraph.pl does it
 *      std::vector::push_back          label_shorten(), as the viewer does it
 */

/* The room of a label. By the rule of flamegraph.pl every letter has the width `fontwidth`; this
 * decides whether there is a label and its largest number of columns. `em` is the real room, in
 * font sizes, because letters differ in width. */
struct label_room {
    size_t columns;
    double em;
};

/* head, dots, tail. All are empty if nothing fits. */
struct label {
    str head, tail;
    const char *dots;
};

/* The start of a name, given without its mark. */
struct label label_cut(str name, struct label_room room);

/* The name without its arguments, then without its template arguments, then without its middle.
 * The label refers to `name` or to `text`. */
struct label label_shorten(str name, struct label_room room, struct strbuf *text);

/* The width of a text in sizes of the font: that of Verdana or DejaVu Sans, whichever is wider. */
double label_width(str text);

static inline bool label_is_empty(const struct label *label)
{
    return label->head.n + label->tail.n == 0 && label->dots[0] == '\0';
}

/*
 * layout: the frames that are drawn, and their places.
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
 * is at its left. A frame that is narrower than minwidth is not drawn, nor is any frame that it
 * calls.
 */

struct layout_options {
    double width, row;      /* px; 1 px of a row is the gap to the next */
    double font, fontwidth; /* px; the width of a character relative to it */
    double minwidth;        /* px, or per cent of the total */
    bool minwidth_percent;
    bool may_thin;      /* with more than 20,000 frames, minwidth is at least half a pixel */
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

/* The place of the rectangle and the label of a frame, in px. */
struct layout_place {
    double x, y, width, height; /* to a tenth */
    double label_x, label_y;    /* the base line of the label */
    struct label_room label_room;
};

struct layout_place layout_place(const struct layout *layout, const struct layout_frame *frame);

/*
 * The picture.
 */

struct picture_options {
    struct layout_options layout;
    const struct palette *palette;
    enum shade_by shade;
    uint64_t seed; /* of SHADE_RANDOM */
    struct background background;
    const struct color_given *given; /* by frame; NULL: none. They go before map and palette */
    struct color_map *map;           /* NULL: none; names that it lacks are added */
    const struct attrs_table *attrs; /* NULL: none */
    enum sibling_order_by order;
    enum delta_of delta;
    const struct differential *differential; /* NULL: a differential is drawn by `delta` */
    bool negate, fluid;
    bool shorten_labels; /* as the viewer does it; else as flamegraph.pl does it */
    double factor;
    str unit;             /* weights are quantities in it; "": they are numbers of `countname` */
    uint64_t samples;     /* of which the weights are sums; 0: not known */
    double sample_weight; /* of each, in units of the tree; 0: they differ, or it is not known */
    str root;             /* the name of the root; "": "all" */
    uint64_t whole;       /* the weight that is 100 %; 0: that of the root */
    str title;            /* "": the usual one */
    str subtitle, notes, countname, nametype, font, search, prefix;
};

/* Choose unit, countname, factor and samples. `countname` may be missing (p == NULL), and so may
 * `unit` (n == 0). With a countname, weights are plain numbers. Else they have `unit`, else the
 * unit of the profile, else that of the picture it was read from, else samples. */
void picture_choose_unit(struct picture_options *options, const struct profile *profile,
                         str countname, str unit);

struct picture {
    struct picture_options options;
    const struct tree *tree;
    struct sibling_order order;
    uint64_t *totals, *totals_before;
    struct layout layout;
    struct delta delta;
    struct legend legend;
    rgb *colors;         /* by frame; NULL for a differential */
    size_t n;            /* boxes */
    struct strbuf *text; /* of the label of a box */
};

struct box {
    str name; /* without its mark; "all" for the root */
    struct label label;
    struct layout_place place;
    rgb fill;
    bool light;      /* light text is easier to read on it */
    uint64_t weight; /* times the factor, rounded; a whole number of 10^-decimals */
    unsigned decimals;
    double value; /* the same, not rounded */
    double percent;
    bool root, changed;          /* changed: `change` counts */
    double change;               /* per cent of the total */
    const struct change *judged; /* with a differential; NULL: none */
    enum differential_mark mark;
    const struct attrs *attrs; /* NULL: none */
};

/* Widths are weights of the column, which is not empty. The tree and all that the options point to
 * outlive the picture. */
void picture_make(struct picture *picture, const struct tree *tree, unsigned column,
                  const struct picture_options *options);

/* The callers and the callees of a function on two trees, above and below its frame. `all`, the
 * picture of the whole, gets the height of both. */
void picture_make_sandwich(struct picture *all, struct picture *callers, struct picture *callees,
                           const struct tree *above, const struct tree *below, str name);

/* The title of the options, or the usual one. */
str picture_title(const struct picture *picture);

/* Choose the colors of all frames: a part of picture_make(), for pictures that are made
 * otherwise. */
void picture_color_frames(struct picture *picture);

/* The color of a node. */
rgb picture_color(const struct picture *picture, uint32_t node);

/* The change of a node in per cent of the whole; 0 if the picture is no differential. */
double picture_change(const struct picture *picture, uint32_t node);

/* i < picture->n. Boxes are in pre-order: a frame comes before those that it calls. The label is
 * valid until the next call. */
void picture_box(const struct picture *picture, size_t i, struct box *box);

void picture_end(struct picture *picture);

#endif
