/*
 * folded_names: names that a reader of folded stacks would take for something else.
 *
 *      # worker;main 5         a comment; written as #_worker;main 5
 *      main;version 2 5        two columns, if all lines are like that; written as main;version_2 5
 */
#ifndef FLAMETREE_FORMAT_FOLDED_FOLDED_NAMES_H
#define FLAMETREE_FORMAT_FOLDED_FOLDED_NAMES_H

#include "profile/tree.h"

/* Make `into`, the same tree with other names in place of those, and return true; or do nothing and
 * return false when there are none, as in nearly all trees. */
bool folded_names_replace(const struct tree *tree, struct tree *into);

#endif
