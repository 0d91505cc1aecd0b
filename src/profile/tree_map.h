/*
 * tree_map: how a tree becomes part of another one. Every copy of a tree is made here. A mapping
 * says what is different in it.
 *
 *      from   a;b 3      frames     "b" is "B"        into   a;B 3
 *                        frame()    by node
 *                        place()    the weight of b   into   b;a 3
 *                                   goes to b;a
 *                        columns    column 0 is 1     into   a;b 0 3
 */
#ifndef FLAMETREE_PROFILE_TREE_MAP_H
#define FLAMETREE_PROFILE_TREE_MAP_H

#include "profile/tree.h"

/* Weights times up / down, rounded, in units of 10^-decimals; up 0: as they are. No weight is
 * larger than down. */
struct tree_scale {
    uint64_t up, down;
    unsigned decimals;
};

/* Of frames, frame() and place() at most one is given; without any, stacks stay as they are. */
struct tree_mapping {
    const uint32_t *frames; /* by frame: the one of the other tree */
    /* The frame of the other tree for a node, which is no gap. */
    uint32_t (*frame)(void *context, uint32_t node);
    /* The node of the other tree for the weight of a node, which has some; TREE_NONE: it is left
     * out. Otherwise nodes without weight get a node, too. */
    uint32_t (*place)(void *context, uint32_t node);
    void *context;
    /* By column: the one of the other tree, TREE_NONE: it is left out. NULL: the same; the only
     * one becomes the one after. */
    const unsigned *columns;
    struct tree_scale scale;
};

/* Add `from` to `into`: parents before their children and, in input order, by time. A gap's weight
 * is its parent's again. */
void tree_map(struct tree *into, const struct tree *from, const struct tree_mapping *mapping);

/* Add every stack of `from` to `into`. Sides and decimals are brought together. */
void tree_merge(struct tree *into, const struct tree *from);

/* Every stack turned over, leaf to root, in `into`, which is not made yet. In input order it stays
 * in input order. */
void tree_reverse(struct tree *into, const struct tree *from);

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
