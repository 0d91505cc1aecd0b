/*
 * sibling_order: in which order siblings are visited.
 */
#ifndef FLAMETREE_PROFILE_SIBLING_ORDER_H
#define FLAMETREE_PROFILE_SIBLING_ORDER_H

#include "profile/tree.h"

enum sibling_order_by {
    ORDER_NAME,   /* bytes of the name as if it ended in ';' */
    ORDER_WEIGHT, /* heaviest first, then by name */
    ORDER_INPUT,  /* as they came */
};

/* Children of i: first[i], then next[...], until TREE_NONE. Owned by tree->heap. */
struct sibling_order {
    uint32_t *first, *next;
    uint32_t *rank; /* as sibling_order_rank_names(); NULL for ORDER_INPUT */
};

/* totals: as tree_totals(), needed for ORDER_WEIGHT only. */
void sibling_order_make(struct sibling_order *order, const struct tree *tree,
                        enum sibling_order_by by, const uint64_t *totals);

/* The node after `node` in pre-order, TREE_NONE after the last. */
static inline uint32_t sibling_order_next(const struct sibling_order *order,
                                          const struct tree *tree, uint32_t node)
{
    if (order->first[node] != TREE_NONE)
        return order->first[node];
    while (node != TREE_ROOT && order->next[node] == TREE_NONE)
        node = tree->parent[node];
    return node == TREE_ROOT ? TREE_NONE : order->next[node];
}

void sibling_order_end(struct sibling_order *order, struct heap *heap);

/* The ids of names as these sort: ids tell in which order they were read. The caller frees it from
 * the heap. */
uint32_t *sibling_order_sort_names(const struct intern *names, struct heap *heap);

/* The names of a tree, each as it sorts alone (before every name it is the start of) and as it
 * sorts with a ';' behind it: rank[2 * id] and rank[2 * id + 1], all different numbers from 0 to
 * 2 * count - 1. The caller frees it from the heap. */
uint32_t *sibling_order_rank_names(const struct intern *names, struct heap *heap);

#endif
