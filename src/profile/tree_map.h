/* SPDX-License-Identifier: MIT */
/*
 * tree_map: adds a tree to another one. All copies of trees are made here. A mapping gives the
 * differences:
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

/* Weights become weight * up / down, rounded, in units of 10^-decimals. up 0: no change. No weight
 * is larger than `down`. */
struct tree_scale {
    uint64_t up, down;
    unsigned decimals;
};

/* At most one of frames, frame() and place() is set. Without any, the stacks do not change. */
struct tree_mapping {
    const uint32_t *frames; /* by frame of `from`: the frame in `into` */
    /* The frame in `into` for a node of `from`, which is no gap. */
    uint32_t (*frame)(void *context, uint32_t node);
    /* The node in `into` for the self weight of a node, TREE_NONE: none. It is called for nodes
     * with self weight only. Without place(), nodes without self weight are copied, too. */
    uint32_t (*place)(void *context, uint32_t node);
    void *context;
    /* By column of `from`: the column in `into`, TREE_NONE: none. NULL: the same column; an only
     * column goes to the column after. */
    const unsigned *columns;
    struct tree_scale scale;
    bool omit_labels; /* without place(): frames of labels are left out */
};

/* Add `from` to `into`: parents before their children and, in input order, by time. The weight of a
 * gap goes back to its parent. */
void tree_map(struct tree *into, const struct tree *from, const struct tree_mapping *mapping);

/* Add every stack of `from` to `into`, which gets the sides and decimals of both. */
void tree_merge(struct tree *into, const struct tree *from);

/* Initialize `into` with the first value and without labels, in `heap`. */
void tree_copy_plain(struct tree *into, const struct tree *from, struct heap *heap);

/* Initialize `into` with every stack reversed. It keeps the order of `from`. */
void tree_reverse(struct tree *into, const struct tree *from);

/*
 * tree_rebuild: makes a tree from another one, by two arrays that give the destination of each
 * node's weight. A filter is one pass that fills these arrays, parents before children.
 *
 *      hide "b"      lands  above              above[c] is a, because the parent of c lands there
 *        a             a      root      a
 *        b             a      -         c
 *        c             c      a
 *
 * A node is created when the first weight arrives at it or below it, so the new tree has no nodes
 * without weight. In a tree in input order, a node that is no longer on the current path is created
 * again. In other trees, each node is created at most once.
 */

struct tree_rebuild {
    struct heap *heap;
    uint32_t *lands;  /* by node: the node that gets its weight; TREE_NONE: the weight is dropped */
    uint32_t *above;  /* by node that gets weight or is above one that does: its new parent */
    const str *names; /* by frame: its new text; NULL: no change */
};

/* Allocate the arrays and set the elements of the root. The caller fills in the others. A gap lands
 * where its parent does. */
void tree_rebuild_init(struct tree_rebuild *rebuild, const struct tree *from);

/* Initialize and fill `into`. Weight that lands on the root is dropped, except for the self weight
 * of the root. */
void tree_rebuild_make(const struct tree_rebuild *rebuild, struct tree *into,
                       const struct tree *from);

void tree_rebuild_end(struct tree_rebuild *rebuild);

/* Initialize `into` with every stack of `from` and new texts, by frame. */
void tree_rebuild_names(struct tree *into, const struct tree *from, const str *names);

#endif
