/*
 * tree_rebuild: a tree made from another by saying of each node where its weight goes. Every filter
 * is one pass that fills a tree_rebuild, parents before children, and every filtered tree is made
 * here.
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
#ifndef FLAMETREE_PROFILE_TREE_REBUILD_H
#define FLAMETREE_PROFILE_TREE_REBUILD_H

#include "profile/tree.h"

struct tree_rebuild {
    struct heap *heap;
    uint32_t *lands;  /* by node: the node in whose place its weight goes; TREE_NONE: left out */
    uint32_t *above;  /* by node that weight lands on or passes through: the one before it */
    const str *names; /* by name: what it is called now; NULL: as it was */
};

/* Room for both arrays; those of the root are filled in, the others are for the caller. A gap lands
 * where its parent does. */
void tree_rebuild_init(struct tree_rebuild *rebuild, const struct tree *from);

/* Fill `into`, which is not made yet. Weight that lands on the root is left out, except for the
 * root's own. */
void tree_rebuild_make(const struct tree_rebuild *rebuild, struct tree *into,
                       const struct tree *from);

void tree_rebuild_end(struct tree_rebuild *rebuild);

/* Every stack with other names, by name. `into` is not made yet. */
void tree_rebuild_names(struct tree *into, const struct tree *from, const str *names);

#endif
