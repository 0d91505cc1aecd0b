/*
 * remap: a tree made from another by saying of each node where its weight goes. Every filter is one
 * pass that fills a remap, parents before children, and every filtered tree is made here.
 *
 *      hide "b"      lands  above              above[c] is a, because c's parent lands there
 *        a             a      root      a
 *        b             a      -         c
 *        c             c      a
 *
 * Nodes are made when weight arrives, in the order of the weight, so that a tree in input order
 * keeps its order even when stacks part ways: then a frame that weight has passed by is made anew.
 * Otherwise each node is made at most once. Either way the new tree has no node without weight.
 */
#ifndef FLAMETREE_STACK_REMAP_H
#define FLAMETREE_STACK_REMAP_H

#include "stack/tree.h"

struct remap {
    struct heap *heap;
    uint32_t *lands;  /* by node: the node in whose place its weight goes; TREE_NONE: left out */
    uint32_t *above;  /* by node that weight lands on or passes through: the one before it */
    const str *names; /* by name: what it is called now; NULL: as it was */
};

/* Room for both arrays; those of the root are filled in, the others are for the caller. A gap lands
 * where its parent does. */
void remap_init(struct remap *remap, const struct tree *from);

/* Fill `into`, which is not made yet. Weight that lands on the root is left out, except for the
 * root's own. */
void remap_make(const struct remap *remap, struct tree *into, const struct tree *from);

void remap_end(struct remap *remap);

/* Every stack with other names, by name. `into` is not made yet. */
void remap_names(struct tree *into, const struct tree *from, const str *names);

#endif
