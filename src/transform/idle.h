/* SPDX-License-Identifier: MIT */
/*
 * idle: the stacks in which a processor or a runtime had nothing to do. They are not a cost of the
 * program.
 *
 *      swapper;...    swapper/3;...    swapper-0;...    the idle process of Linux, as first frame
 * ...;(idle)     ...;[idle]                        frames of runtimes
 */
#ifndef FLAMETREE_TRANSFORM_IDLE_H
#define FLAMETREE_TRANSFORM_IDLE_H

#include "profile/tree.h"

/* Remove the idle stacks of a tree with one column. Returns their weight in units of the tree; 0:
 * the tree is as it was. */
uint64_t idle_remove(struct tree *tree);

#endif
