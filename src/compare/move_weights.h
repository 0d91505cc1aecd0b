/* SPDX-License-Identifier: MIT */
/*
 * move_weights: the weights of nodes and their changes, for function_moves.c.
 */
#ifndef FLAMETREE_COMPARE_MOVE_WEIGHTS_H
#define FLAMETREE_COMPARE_MOVE_WEIGHTS_H

#include "compare/comparison.h"

struct moves {
    struct function_changes *functions;
    const struct judge *judge;
    const double *totals, *selves;
    uint32_t *place;   /* by frame */
    bool *below;       /* by node: room for a subtree */
    double *change;    /* by frame: after - before below the caller; 0 between searches */
    double *explained; /* by place: the part of its fall that is the rise of others */
    double *rest;      /* by run: of the function that rose */
    double *both;      /* by run */
    size_t searches;   /* searches that are left: each walks over the tree */
};

/* The weight of a node in one run: with its callees, or its own. */
double move_node_weight(const struct moves *moves, size_t run, uint32_t node, bool self);

/* The mean of the runs of one side. */
double move_side_value(const struct moves *moves, uint32_t node, bool self, enum side side);

/* The mean after minus the mean before. */
double move_node_change(const struct moves *moves, uint32_t node, bool self);

struct change move_judge_node(const struct moves *moves, uint32_t node);

/* Whether the interval of a change is within the limit. */
bool move_is_within(const struct change *change, double limit);

/* Whether a weight before is at least this part of the process of the node. */
bool move_holds(const struct moves *moves, uint32_t node, double before, double part);

bool move_is_process(const struct moves *moves, uint32_t node);

/* The part of the fall of a frame that is already the rise of others. */
double move_explained(const struct moves *moves, uint32_t frame);

#endif
