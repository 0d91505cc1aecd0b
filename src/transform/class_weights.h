/* SPDX-License-Identifier: MIT */
/*
 * class_weights: the weight of each class of frames. A class is a name and one or more patterns. A
 * sample belongs to the class of its leaf-most frame that one of them matches, or to "other".
 * Shares are hundredths of a per cent and sum to exactly 100 %: what rounding down leaves over goes
 * to the largest remainders, and of equal ones to the class given first.
 */
#ifndef FLAMETREE_TRANSFORM_CLASS_WEIGHTS_H
#define FLAMETREE_TRANSFORM_CLASS_WEIGHTS_H

#include "core/sink.h"
#include "profile/tree.h"
#include "transform/name_rules.h"

enum { CLASS_WEIGHTS_WHOLE = 10000 };

struct share_class {
    str name;
    uint64_t weight[SIDES]; /* by column of the tree */
    unsigned hundredths[SIDES];
};

struct class_weights {
    VEC(struct share_class) classes; /* in the order given; "other" is the last one when counted */
    unsigned decimals;
    unsigned columns; /* 1, or SIDES */
    bool counted;
};

/* "NAME=REGEX": the class, and the rule whose value is its place. The text outlives both. */
bool class_weights_add(struct class_weights *shares, struct name_rules *rules, const char *option,
                       str text, struct err *err);

/* Once, after all classes were added. False: a pattern takes too long. */
bool class_weights_count(struct class_weights *shares, struct name_rules *rules,
                         const struct tree *tree, struct err *err);

/* A line of titles, then a line for each class: name, per cent and weight, and per cent and weight
 * before when there are two sides. Aligned in columns, with names as `put` writes them; put NULL:
 * separated by TABs. */
void class_weights_write(const struct class_weights *shares, sink_put_fn *put, struct sink *sink);

#endif
