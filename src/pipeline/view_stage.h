/* SPDX-License-Identifier: MIT */
/*
 * view_stage: a tree as the interactive view draws it. It grows on demand: a node has its weight
 * from the start, and gets its children when view_stage_open() is called. So another order or
 * direction of 300,000 frames costs as much as the frames that are wide enough for the screen.
 *
 *      cut_tree ──► down: from the root, or from all places of a function, to the callees
 *               └─► up: from the leaves, or from a function, to the callers
 *
 * A node merges the places in the cut tree that are reached through the same frames.
 */
#ifndef FLAMETREE_PIPELINE_VIEW_STAGE_H
#define FLAMETREE_PIPELINE_VIEW_STAGE_H

#include "picture/picture.h"
#include "picture/rows.h"
#include "profile/tree.h"

/*
 * cut_tree: a tree after the cuts of the interactive view. It has the nodes and the frames of the
 * tree that it is made of. A frame that a cut removes has no weight; a hidden one has no weight
 * and no children, which are then below its parent. So siblings may have the same frame.
 *
 * A cut is one or two passes over the nodes, without a lookup of names.
 */

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

/* A node of the cut tree. Upward, the stacks that start at `origin` have come to `at`. */
struct view_place {
    uint32_t origin, at;
};

struct view_places {
    size_t start, n; /* in view_stage.places */
    bool open;
};

struct view_found {
    uint32_t child;
    struct view_place place;
};

/* Orders the children of a node. */
struct view_child {
    uint64_t weight; /* 0, unless the heaviest is first */
    uint32_t rank, node;
};

struct view_stage_options {
    struct picture_options picture;
    unsigned column;
    bool up;
    const uint32_t *rank; /* of sibling_order_rank_names() */
    rgb *colors;          /* by frame; NULL: of a differential */
};

struct view_stage {
    struct tree tree;       /* parent, frame and weight alone; frames are those of the base */
    struct picture picture; /* totals, order and colors */
    struct view_stage_options options;
    const struct cut_tree *from;
    uint64_t *
        *weight;   /* upward: the weight of an origin, by column; that of the cut tree, or own */
    uint32_t room; /* of the arrays by node */
    struct view_places *places_of;
    VEC(struct view_place) places;
    uint32_t *child_of; /* by frame: the child of the node that is opened, or of an earlier one */
    VEC(struct view_found) found;
    VEC(struct view_child) children;
};

/* All of the cut tree. It, the rank and the colors outlive the stage. A stage that is all zeros may
 * be ended. */
void view_stage_make(struct view_stage *stage, const struct cut_tree *from,
                     const struct view_stage_options *options);

/* Only the frames below the outermost places of the functions with these `frames`; upward, those
 * above the innermost ones. They become one node, the only child of the root. */
void view_stage_make_of(struct view_stage *stage, const struct cut_tree *from, const bool *frames,
                        const struct view_stage_options *options);

void view_stage_open(struct view_stage *stage, uint32_t node);

/* The rows of `top`; opens the nodes that have a column. */
void view_stage_rows(struct view_stage *stage, struct rows *rows, uint32_t top, uint32_t width);

void view_stage_end(struct view_stage *stage);

#endif
