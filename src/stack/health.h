/*
 * health: whether the stacks of a recording look whole. Says nothing about stacks that do not come
 * from perf: other profilers start theirs where they like.
 */
#ifndef FLAMETREE_STACK_HEALTH_H
#define FLAMETREE_STACK_HEALTH_H

#include "stack/tree.h"

/* Weights in units of the tree. */
struct health {
    uint64_t total;
    uint64_t unresolved; /* of stacks whose leaf has no symbol */
    uint64_t rootless;   /* of stacks that do not begin where a thread or the kernel begins */
    uint32_t deepest;    /* frames of the deepest stack, the process name counted */
};

/* has_comm: the first frame of each stack is the process name. */
void health_examine(struct health *health, const struct tree *tree, bool has_comm);

#endif
