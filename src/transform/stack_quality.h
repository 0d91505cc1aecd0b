/* SPDX-License-Identifier: MIT */
/*
 * stack_quality: examine whether the stacks of a recording by perf look complete. Stacks of other
 * profilers may begin with any function.
 */
#ifndef FLAMETREE_TRANSFORM_STACK_QUALITY_H
#define FLAMETREE_TRANSFORM_STACK_QUALITY_H

#include "profile/tree.h"

/* Weights in units of the tree. */
struct stack_quality {
    uint64_t total;
    uint64_t unresolved; /* of stacks whose leaf has no symbol */
    uint64_t rootless;   /* of stacks without the first function of a thread or the kernel */
    uint32_t deepest;    /* frames of the deepest stack, with the process name */
};

/* has_comm: the first frame of each stack is the process name. */
void stack_quality_examine(struct stack_quality *health, const struct tree *tree, bool has_comm);

#endif
