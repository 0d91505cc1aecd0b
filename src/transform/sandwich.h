/* SPDX-License-Identifier: MIT */
/*
 * sandwich: all callers and all callees of a function, each as a tree whose root is the function.
 *
 *      a;f;x 3        callees  x 3, y 4        callers  a 3
 *      b;f;y 4                                          b 4
 *
 * If the function is below itself in a stack, the inner place is part of the callees of the outer
 * one, so that no weight counts twice.
 */
#ifndef FLAMETREE_TRANSFORM_SANDWICH_H
#define FLAMETREE_TRANSFORM_SANDWICH_H

#include "profile/tree.h"

struct sandwich {
    struct tree callees, callers; /* of one column */
    str name;                     /* of the function, without a mark; it lives as long as `from` */
};

/* Find the function whose name the regular expression matches. False with *err set if there is
 * none, or several. `option` is for messages. */
bool sandwich_make(struct sandwich *sandwich, const struct tree *from, unsigned column,
                   const char *option, str regex, struct err *err);

void sandwich_end(struct sandwich *sandwich);

#endif
