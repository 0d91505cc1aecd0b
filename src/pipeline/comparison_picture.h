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

#include "core/str.h"
#include "pipeline/drawing.h"
#include "profile/profile.h"

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

/*
 * run_unit: what the weights of a profile count, and whether two profiles count the same.
 */

struct run_unit {
    const char *file;
    str event;     /* as recorded: "cycles:ppp"; n == 0: the input names none */
    str name;      /* "ns", "cycles", or the count name of a picture; n == 0: not known */
    double factor; /* a weight times this is in units of that name */
    bool picture;
};

/* The texts are copied into the arena. */
struct run_unit run_unit_of(const struct profile *profile, const char *file, struct arena *arena);

/* False with ERR_INPUT, which names both, when the weights of the two count different things. What
 * is not known of one is not compared: folded stacks go with everything. */
bool run_units_check(const struct run_unit *a, const struct run_unit *b, struct err *err);

/* The weight of a sample is that of counting samples. */
bool run_unit_is_sample(double sample_weight);

/* What weights are in: the count name, else the unit, else what was counted (n == 0: not known),
 * else samples or units. */
str run_unit_choose(const char *countname, const char *unit, str counted, bool samples);

#endif
