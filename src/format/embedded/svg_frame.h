/* SPDX-License-Identifier: MIT */
/*
 * svg_frame: a frame of a picture. svg_title.c and svg_counts.c have the parts below in this order.
 */
#ifndef FLAMETREE_FORMAT_EMBEDDED_SVG_FRAME_H
#define FLAMETREE_FORMAT_EMBEDDED_SVG_FRAME_H

#include "profile/builder.h"

/* svg_title: "NAME (COUNT UNIT, SHARE)" */

struct svg_title {
    str name, unit; /* they can have any characters */
    struct num_decimal count;
    unsigned digits; /* of the count after the point */
    bool is_whole;   /* "100%", which only the root has; others have "100.00%" */
    bool is_difference;
};

/* The strings are parts of `buf`, which is changed. */
bool svg_title_parse(struct strbuf *buf, struct svg_title *title);

/* "s, 2,520 samples", as the root of flamegraph has it, is "s". False without such a number. */
bool svg_title_cut_samples(str *unit, uint64_t *samples);

/* svg_counts: the counts of all frames in one unit. */

struct svg_frame {
    double x, width, y;
    struct num_decimal shown; /* in the title */
    unsigned digits;          /* of `shown` after the point */
    unsigned decimals;        /* of `count` */
    uint64_t count, callees;  /* `callees`: the sum of their counts */
    uint64_t step;            /* of the digit that `count` is rounded to; 0: it is exact */
    uint64_t parts, given;    /* self weight and callees; of them, callees that have their share */
    struct svg_frame *caller; /* NULL: none */
    uint32_t name, unit;
    uint32_t node;    /* TREE_NONE: it has no place in the tree */
    unsigned is_root; /* how certainly: it is "all", and it has "100%" */
    uint64_t samples; /* in its title; 0: none */
    uint64_t line;    /* of the picture */
};

struct svg_counts {
    struct builder *builder;
    VEC(struct svg_frame) frames;
    struct intern units; /* the names of counts in titles */
    str unit;            /* of all counts */
    unsigned decimals;   /* the most of any count */
    bool is_own;         /* flamegraph made the picture */
    bool is_rounded;     /* counts have been scaled */
    size_t refused;      /* frames */
};

void svg_counts_refuse(struct svg_counts *counts, const char *reason, uint64_t line);

/* Counts of one scale, such as "s" and "ms", get the smallest unit of the scale. Frames with a unit
 * of another scale than that of the first frame are refused. */
void svg_counts_scale(struct svg_counts *counts);

/* Rounded counts of callees may exceed that of their caller. First, from the leaves to the root,
 * each frame gets a count that rounds to that of its title; then callees get their share of it. A
 * caller is before its callees. */
void svg_counts_settle(struct svg_counts *counts);

#endif
