/*
 * shape: one pass over all nodes, children first.
 */
#include "stack/shape.h"

static unsigned children_of(const struct tree *tree, uint32_t node)
{
    uint32_t last = tree->last_child[node];
    if (last == TREE_NONE)
        return SHAPE_LEAF;
    if (tree->elder[last] != TREE_NONE)
        return SHAPE_FAMILY;
    return last == node + 1 ? SHAPE_STRAIGHT : 0;
}

unsigned char *shape_make(const struct tree *tree)
{
    unsigned char *shapes = heap_zero(tree->heap, tree->n, sizeof *shapes);
    for (uint32_t node = tree->n; node-- > 0;) {
        unsigned shape = shapes[node] | children_of(tree, node);
        if (tree_has_weight(tree, node))
            shape |= SHAPE_WEIGHT;
        shapes[node] = (unsigned char)shape;
        if (node != TREE_ROOT && (shape & (SHAPE_WEIGHT | SHAPE_INNER)))
            shapes[tree->parent[node]] |= SHAPE_INNER;
    }
    return shapes;
}
