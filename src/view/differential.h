/*
 * differential: how a frame that changed is drawn. The colour is the change as a part of the whole
 * run before, on a scale that is the same both ways:
 *
 *      -max ◄── less ─────── grey: noise ─────── more ──► +max
 *
 * max is the largest change but for few outliers, which then have the colour of max.
 */
#ifndef FLAMETREE_VIEW_DIFFERENTIAL_H
#define FLAMETREE_VIEW_DIFFERENTIAL_H

#include "stack/comparison.h"
#include "view/delta.h"
#include "view/legend.h"

enum differential_colors {
    DIFFERENTIAL_SAFE,     /* orange and blue: told apart by people who see few colours */
    DIFFERENTIAL_RED_BLUE, /* as it always was */
};

/* What the viewer judges frames by in trees that only it knows: a change counts as noise up to z
 * times the square root of the summed samples' weights. All in the weights of the drawn tree. */
struct differential_rule {
    double whole;       /* 100 % */
    double unit[SIDES]; /* weight of a sample */
    double z;
};

struct differential {
    const struct judge *judge;
    struct change *changes; /* by node */
    enum differential_colors colors;
    double max;    /* of |change_effect()| */
    double factor; /* what a title shows is a value times factor */
    unsigned decimals;
    str unit; /* "%", "ms per row" */
    struct differential_rule rule;
};

/* One change for each node of the sides' tree. */
void differential_make(struct differential *differential, const struct judge *judge,
                       enum delta_of of, enum differential_colors colors);

/* The colour of a change that is real, as a part of the whole; grey when it is 0. */
rgb differential_shade(const struct differential *differential, double effect);

rgb differential_color(const struct differential *differential, uint32_t node);

/* What the colours are, as a row above the frames. */
void differential_legend(const struct differential *differential, struct legend *legend,
                         struct heap *heap, const struct layout_options *options);

void differential_end(struct differential *differential);

#endif
