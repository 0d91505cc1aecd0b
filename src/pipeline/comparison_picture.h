/* SPDX-License-Identifier: MIT */
/*
 * comparison_picture: draws a comparison as a flame graph. The runs become a tree of two sides.
 * Colors, title and subtitle come from the comparison, and widths from a column:
 *
 *      --width after    the column after
 *      --width before   the column before
 *      --width union    a third column: the larger of both, for each stack
 *      --width both     a picture of each side, one above the other on one scale
 */
#ifndef FLAMETREE_PIPELINE_COMPARISON_PICTURE_H
#define FLAMETREE_PIPELINE_COMPARISON_PICTURE_H

#include "core/str.h"
#include "pipeline/drawing.h"
#include "profile/profile.h"

struct comparison_picture {
    const struct report *report; /* for its comparison, labels and units */
    const struct profile *sides; /* the facts of each, from comparison_note_facts() */
    enum differential_width width;
    enum differential_colors colors;
    /* set by comparison_picture_prepare() */
    struct tree tree; /* columns: before, scaled to after; after; the union */
    struct differential differential;
    struct profile about; /* only the facts and value type of the picture */
};

/* By enum differential_width, enum differential_colors and enum normalize; each ends with NULL. */
extern const char *const comparison_width_names[];
extern const char *const comparison_color_names[];
extern const char *const comparison_scale_names[];

/* Make the drawing show the comparison. The picture does not move and outlives the drawing. All
 * memory is in the heaps of the drawing and the comparison. Texts that the request lacks come from
 * the comparison. False: the side of the widths has no weight. */
bool comparison_picture_prepare(struct comparison_picture *picture, struct drawing *drawing);

/* Add the facts of a run to those of its side. A fact with several values is a list: "db7, db8". */
void comparison_note_facts(struct profile *side, const struct profile *run);

/*
 * run_unit: the event and unit of the weights of a profile, to check that two profiles match.
 */

struct run_unit {
    const char *file;
    str event;     /* as recorded: "cycles:ppp"; n == 0: unknown */
    str name;      /* "ns", "cycles", or the count name of a picture; n == 0: unknown */
    double factor; /* weight * factor is in units of `name` */
    bool picture;  /* the profile was read from a picture */
};

/* Copies its texts to the arena. */
struct run_unit run_unit_of(const struct profile *profile, const char *file, struct arena *arena);

/* False with ERR_INPUT, which names both, if the events or units differ. Unknown ones, such as
 * those of folded stacks, match all others. */
bool run_units_check(const struct run_unit *a, const struct run_unit *b, struct err *err);

/* The weights count samples: each sample weighs 1. */
bool run_unit_is_sample(double sample_weight);

/* The unit of weights: the count name, else the unit, else what was counted (n == 0: unknown), else
 * samples or units. */
str run_unit_choose(const char *countname, const char *unit, str counted, bool samples);

#endif
