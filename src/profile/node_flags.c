/*
 * node_flags: one pass over all nodes, children first.
 */
#include "profile/node_flags.h"

static unsigned children_of(const struct tree *tree, uint32_t node)
{
    uint32_t last = tree->last_child[node];
    if (last == TREE_NONE)
        return NODE_FLAGS_LEAF;
    if (tree->elder[last] != TREE_NONE)
        return NODE_FLAGS_FAMILY;
    return last == node + 1 ? NODE_FLAGS_STRAIGHT : 0;
}

unsigned char *node_flags_make(const struct tree *tree)
{
    unsigned char *shapes = heap_zero(tree->heap, tree->n, sizeof *shapes);
    for (unsigned column = 0; column < tree->columns; column++)
        for (uint32_t node = 0; node < tree->n; node++)
            shapes[node] |= tree->weight[column][node] != 0 ? NODE_FLAGS_WEIGHT : 0;
    for (uint32_t node = tree->n; node-- > 0;) {
        unsigned shape = shapes[node] | children_of(tree, node);
        shapes[node] = (unsigned char)shape;
        if (node != TREE_ROOT && (shape & (NODE_FLAGS_WEIGHT | NODE_FLAGS_INNER)))
            shapes[tree->parent[node]] |= NODE_FLAGS_INNER;
    }
    return shapes;
}
