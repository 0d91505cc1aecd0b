/*
 * shares: which part of the weight belongs to which class of frames. A class is a name and one or
 * more patterns; a sample belongs to the class of its leaf-most frame that one of them matches, or
 * to "other". Shares are hundredths of a per cent and sum to exactly 100 %: what rounding down
 * leaves over goes to the largest remainders, to the class given first where they are equal.
 */
#ifndef FLAMETREE_STACK_SHARES_H
#define FLAMETREE_STACK_SHARES_H

#include "core/sink.h"
#include "stack/matcher.h"
#include "stack/tree.h"

enum { SHARES_WHOLE = 10000 };

struct share_class {
    str name;
    uint64_t weight[SIDES]; /* by column of the tree */
    unsigned hundredths[SIDES];
};

struct shares {
    struct matcher matcher;          /* values are places in classes */
    VEC(struct share_class) classes; /* in the order given; "other" is the last one when counted */
    unsigned decimals;
    unsigned columns; /* 1, or SIDES */
    bool counted;
};

void shares_init(struct shares *shares, struct heap *heap);

/* "NAME=REGEX"; the text outlives the shares. */
bool shares_add(struct shares *shares, const char *option, str text, struct err *err);

/* Once, after all classes were added. False: a pattern ran away. */
bool shares_count(struct shares *shares, const struct tree *tree, struct err *err);

/* Lines of class, per cent and weight, and per cent and weight before when there are two sides,
 * under a line that names the columns; between them TABs, or blanks that make columns. */
enum shares_form { SHARES_TABS, SHARES_COLUMNS };
void shares_write(const struct shares *shares, enum shares_form form, struct sink *sink);

void shares_end(struct shares *shares);

#endif
