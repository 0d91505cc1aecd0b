/*
 * class_weights: which part of the weight belongs to which class of frames. A class is a name and
 * one or more patterns; a sample belongs to the class of its leaf-most frame that one of them
 * matches, or to "other". Shares are hundredths of a per cent and sum to exactly 100 %: what
 * rounding down leaves over goes to the largest remainders, to the class given first where they are
 * equal.
 */
#ifndef FLAMETREE_TRANSFORM_CLASS_WEIGHTS_H
#define FLAMETREE_TRANSFORM_CLASS_WEIGHTS_H

#include "core/sink.h"
#include "profile/tree.h"
#include "transform/pattern_set.h"

enum { CLASS_WEIGHTS_WHOLE = 10000 };

struct share_class {
    str name;
    uint64_t weight[SIDES]; /* by column of the tree */
    unsigned hundredths[SIDES];
};

struct class_weights {
    struct pattern_set patterns;     /* values are places in classes */
    VEC(struct share_class) classes; /* in the order given; "other" is the last one when counted */
    unsigned decimals;
    unsigned columns; /* 1, or SIDES */
    bool counted;
};

void class_weights_init(struct class_weights *shares, struct heap *heap);

/* "NAME=REGEX"; the text outlives the shares. */
bool class_weights_add(struct class_weights *shares, const char *option, str text, struct err *err);

/* Once, after all classes were added. False: a pattern ran away. */
bool class_weights_count(struct class_weights *shares, const struct tree *tree, struct err *err);

/* Lines of class, per cent and weight, and per cent and weight before when there are two sides,
 * under a line that names the columns; between them TABs, or blanks that make columns. */
enum class_weights_form { CLASS_WEIGHTS_TABS, CLASS_WEIGHTS_COLUMNS };
void class_weights_write(const struct class_weights *shares, enum class_weights_form form,
                         struct sink *sink);

void class_weights_end(struct class_weights *shares);

#endif
