/* SPDX-License-Identifier: MIT */
/*
 * sibling_order: the order in which siblings are visited.
 */
#ifndef FLAMETREE_PROFILE_SIBLING_ORDER_H
#define FLAMETREE_PROFILE_SIBLING_ORDER_H

#include "profile/tree.h"

enum sibling_order_by {
    ORDER_NAME,   /* by the bytes of the name followed by ';' */
    ORDER_WEIGHT, /* heaviest first, then by name */
    ORDER_INPUT,  /* by first sight */
};

/* The children of node i are first[i], next[first[i]] and so on, until TREE_NONE. The arrays are in
 * tree->heap. */
struct sibling_order {
    uint32_t *first, *next;
    uint32_t *rank; /* from sibling_order_rank_names(); NULL for ORDER_INPUT */
};

/* totals: from tree_totals(), for ORDER_WEIGHT only. */
void sibling_order_make(struct sibling_order *order, const struct tree *tree,
                        enum sibling_order_by by, const uint64_t *totals);

/* The next node in pre-order that is not below `node`, up to those below `top`; TREE_NONE: there
 * is none. *depth becomes its depth. */
static inline uint32_t sibling_order_leave(const struct sibling_order *order,
                                           const struct tree *tree, uint32_t node, uint32_t top,
                                           uint32_t *depth)
{
    for (; node != top && order->next[node] == TREE_NONE; node = tree->parent[node])
        --*depth;
    return node == top ? TREE_NONE : order->next[node];
}

/* The next node in pre-order, or TREE_NONE. */
static inline uint32_t sibling_order_next(const struct sibling_order *order,
                                          const struct tree *tree, uint32_t node)
{
    uint32_t depth = 0;
    return order->first[node] != TREE_NONE
               ? order->first[node]
               : sibling_order_leave(order, tree, node, TREE_ROOT, &depth);
}

void sibling_order_end(struct sibling_order *order, struct heap *heap);

/* The ids of all names, sorted by name. The caller frees the array. */
uint32_t *sibling_order_sort_names(const struct intern *names, struct heap *heap);

/* Two ranks for each name: rank[2 * id] of the name itself, which sorts before all names that it is
 * a prefix of, and rank[2 * id + 1] of the name followed by ';'. They are distinct numbers from 0
 * to 2 * count - 1. The caller frees the array. */
uint32_t *sibling_order_rank_names(const struct intern *names, struct heap *heap);

#endif
