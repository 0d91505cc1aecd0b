/* SPDX-License-Identifier: MIT */
/*
 * cut_tree: a tree after the cuts of the interactive view. It has the nodes and the frames of the
 * tree that it is made of. A frame that a cut removes has no weight; a hidden one has no weight
 * and no children, which are then below its parent. So siblings may have the same frame.
 *
 * A cut is one or two passes over the nodes, without a lookup of names.
 */
#ifndef FLAMETREE_PIPELINE_CUT_TREE_H
#define FLAMETREE_PIPELINE_CUT_TREE_H

#include "profile/tree.h"

struct cut_tree {
    struct tree tree; /* shares with the base what no cut has changed */
    bool own_weights, own_links;
    uint64_t *totals, *totals_before; /* of cut_tree_sum(); totals_before: NULL without sides */
};

/* The base outlives it and does not change. */
void cut_tree_init(struct cut_tree *cut, const struct tree *base);

/* Remove the stacks with one of these frames, or with `keep` all others. */
void cut_tree_select(struct cut_tree *cut, const bool *frames, bool keep);

/* Leave these frames out. Their weight goes to their parents, in the end to the root. */
void cut_tree_hide(struct cut_tree *cut, const bool *frames);

/* Merge frames with parents that have the same frame. */
void cut_tree_fold(struct cut_tree *cut);

/* After the last cut: compute the totals. */
void cut_tree_sum(struct cut_tree *cut, unsigned column);

void cut_tree_end(struct cut_tree *cut);

#endif
