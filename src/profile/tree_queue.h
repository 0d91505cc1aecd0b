/*
 * tree_queue: stacks that wait for their way into a large tree. In stacks that come in mixed order
 * each step down waits for memory, several times and one after the other. While a stack waits here
 * it is looked for, a step each time another one comes, and what the next step asks is fetched
 * meanwhile.
 *
 *      push ──►  stack    stack    stack   ──► tree
 *                 1 step   2 steps  3 steps
 *
 * They go into the tree in the order in which they came.
 */
#ifndef FLAMETREE_PROFILE_TREE_QUEUE_H
#define FLAMETREE_PROFILE_TREE_QUEUE_H

#include "profile/tree.h"

/* Most stacks are new after three steps. Inputs of fuzzing are short. */
enum { TREE_QUEUE_PLACES = 4, TREE_QUEUE_WORTH = FUZZING ? 4 : 1 << 16 };

/* What a stack adds to its node. */
struct stack_weight {
    uint64_t units, before;
    unsigned decimals, before_decimals;
    bool has_units, has_before;
};

struct tree_queue_stack {
    VEC(uint32_t) frames; /* root first, without the shared ones */
    size_t shared;        /* frames, with the stack before it */
    struct stack_weight weight;
    uint32_t *node; /* where it is told which node it was; NULL: nowhere */

    /* private */
    uint32_t ahead; /* as far as it has been found; TREE_NONE: no further */
    size_t steps;   /* of frames, down to there */
};

struct tree_queue {
    struct tree *tree;
    struct tree_queue_stack stacks[TREE_QUEUE_PLACES];
    unsigned first, n;
    VEC(uint32_t) path; /* the nodes of the last stack that went */
};

void tree_queue_init(struct tree_queue *queue, struct tree *tree);

/* A smaller table of children is in the caches, and none is made of sorted stacks. Once it is worth
 * it, it stays so. */
static inline bool tree_queue_is_worth(const struct tree *tree)
{
    return tree->filled >= TREE_QUEUE_WORTH;
}

/* One more, that starts as the one before it did, with `shared` frames. It has no other frames and
 * no weight yet: the caller adds them before the next call. */
struct tree_queue_stack *tree_queue_push(struct tree_queue *queue, size_t shared);

/* The nodes of the stack before the first one that is pushed, root first. */
void tree_queue_set_path(struct tree_queue *queue, const uint32_t *nodes, size_t n);

/* Add to a node what stacks that do not wait weigh. */
void tree_queue_add_weight(struct tree *tree, uint32_t node, const struct stack_weight *weight);

/* All go into the tree. */
void tree_queue_flush(struct tree_queue *queue);

void tree_queue_end(struct tree_queue *queue);

#endif
