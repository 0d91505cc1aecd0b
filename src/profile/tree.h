/* SPDX-License-Identifier: MIT */
/*
 * tree: the stacks of a profile, a picture or a comparison as a prefix tree.
 *
 * Nodes are numbers. Node 0 is the root, whose name is empty. The number of a child is larger than
 * that of its parent. The data of node i is at index i of parallel arrays:
 *
 *      i           0      1      2      3              (root)
 *      parent      -      0      1      1               java
 *      frame       0      1      2      3              /    \
 *      weight[0]   0      0      5      7           read    write
 *
 *      frames:  0 "", 1 "java", 2 "read", 3 "write"      each once
 *      slots:   (parent, frame) -> node                  a hash table for the children of parents
 *                                                        whose children came in mixed order
 *
 * While each new child of a parent sorts after the last one, as in sorted input, a frame is either
 * that of the last child or new, and the children are not in the table.
 *
 * Weights are integers in units of 10^-decimals: weight[column][node].
 *
 *      a profile         column 0
 *      a differential    column 0 is before, column 1 is after (enum side)
 *      a comparison      a column for each run
 *      several values    a column for each value type (`values`); the first one is drawn
 *
 * A weight is the self weight of the node. tree_totals() adds the weights below it.
 *
 * A tree in input order (for flame charts) merges a frame only with the last child of its parent.
 * Self weight that comes after a child goes to a gap: a leaf whose frame is TREE_GAP.
 */
#ifndef FLAMETREE_PROFILE_TREE_H
#define FLAMETREE_PROFILE_TREE_H

#include "core/wide.h"
#include "profile/frames.h"

#define TREE_ROOT 0u
#define TREE_NONE UINT32_MAX
#define TREE_GAP  UINT32_MAX /* as a frame */

struct tree_slot {
    uint32_t parent, frame, node; /* node TREE_NONE: free */
};

/* The columns of a differential. */
enum side { SIDE_BEFORE, SIDE_AFTER, SIDES };

struct tree {
    struct heap *heap;
    struct frames frames;
    uint32_t n, cap;
    uint32_t *parent, *frame;
    uint64_t **weight; /* by column, by node */
    /* By node: the sum of the squares of all weights that were added to it; NULL: not kept. A tree
     * that is mapped to another one takes them along. */
    struct wide *squares;
    /* By column, by node: the number of samples that a weight comes from; a column is NULL as long
     * as none are known. They go along, too. */
    uint64_t **samples;
    bool counts_samples; /* keep them */
    bool lacks_samples;  /* some weight comes from an unknown number of samples */
    unsigned columns;
    unsigned decimals;
    uint32_t *last_child; /* the newest child; TREE_NONE: no child */
    uint32_t *elder;      /* the next older sibling; TREE_NONE: none */
    bool *mixed;          /* its children are in `slots` */
    struct tree_slot *slots;
    size_t mask, filled;
    uint64_t seed;
    bool in_order; /* set before the first stack */
    bool values;   /* the columns are of value types, and not sides */
    bool overflow; /* a sum did not fit: weights are wrong */
    bool clash;    /* sides and values came together: what came last is left out */
};

/* A tree with a root and one column. */
void tree_init(struct tree *tree, struct heap *heap, uint64_t seed);

/* An empty tree with the heap, order, columns and decimals of `from`. */
void tree_init_like(struct tree *tree, const struct tree *from);

/* The number of the frame with this text. */
static inline uint32_t tree_frame(struct tree *tree, str text)
{
    return frames_add_text(&tree->frames, text);
}

/* The text of a node's frame, with its mark; "" for the root and for gaps. */
static inline str tree_text(const struct tree *tree, uint32_t node)
{
    uint32_t frame = tree->frame[node];
    return frame == TREE_GAP ? STR("") : frames_text(&tree->frames, frame);
}

/* Copy the frame of `node`, which is no gap, to `into`. */
static inline uint32_t tree_copy_frame(struct tree *into, const struct tree *from, uint32_t node)
{
    return frames_add_copy(&into->frames, &from->frames, from->frame[node], tree_text(from, node));
}

/* The child of `parent` with this frame, created if necessary. */
uint32_t tree_child(struct tree *tree, uint32_t parent, uint32_t frame);

/* The child of `parent` with this frame, or TREE_NONE. It may miss a child that tree_child() would
 * find. */
uint32_t tree_peek(const struct tree *tree, uint32_t parent, uint32_t frame);

/* Prefetch the data for tree_peek() and tree_child() with the same arguments. */
void tree_fetch(const struct tree *tree, uint32_t parent, uint32_t frame);

/* Add columns of zeros until there are at least `columns`. */
void tree_set_columns(struct tree *tree, unsigned columns);

/* Keep the squares of the weights that are added from now on. The tree has no decimals. */
void tree_keep_squares(struct tree *tree);
void tree_forget_squares(struct tree *tree);

void tree_add_samples(struct tree *tree, uint32_t node, unsigned column, uint64_t samples);

/* Add the number of samples whose weight was just added to a node; 0: not known. */
static inline void tree_count_samples(struct tree *tree, uint32_t node, unsigned column,
                                      uint64_t samples)
{
    if (tree->counts_samples && samples > 0)
        tree_add_samples(tree, node, column, samples);
}

/* The samples of a column. */
struct tree_samples {
    uint64_t count; /* 0: not known for each weight */
    uint64_t each;  /* the weight of each sample; 0: they differ */
};

struct tree_samples tree_find_samples(const struct tree *tree, unsigned column);

/* Make the tree a differential: its only column becomes the column after. If its columns are of
 * values it stays as it is, with `clash` set. */
void tree_set_sides(struct tree *tree);

static inline bool tree_has_sides(const struct tree *tree)
{
    return tree->columns >= SIDES && !tree->values;
}

/* The column after, or the only column. */
static inline unsigned tree_after(const struct tree *tree)
{
    return tree_has_sides(tree) ? SIDE_AFTER : 0;
}

/* Make units of at most 10^-decimals, decimals <= 9. */
void tree_set_decimals(struct tree *tree, unsigned decimals);

/* Add units of 10^-decimals to the self weight of a node. Saturates and then sets `overflow`.
 * Returns the node that got the weight: in input order it may be a gap. */
uint32_t tree_add(struct tree *tree, uint32_t node, unsigned column, uint64_t units,
                  unsigned decimals);

/* The same without squares. */
uint32_t tree_add_sum(struct tree *tree, uint32_t node, unsigned column, uint64_t units,
                      unsigned decimals);

static inline bool tree_has_siblings(const struct tree *tree, uint32_t node)
{
    return tree->elder[node] != TREE_NONE || tree->last_child[tree->parent[node]] != node;
}

/* In any column. */
static inline bool tree_has_weight(const struct tree *tree, uint32_t node)
{
    if (tree->weight[0][node] != 0)
        return true;
    for (unsigned column = 1; column < tree->columns; column++)
        if (tree->weight[column][node] != 0)
            return true;
    return false;
}

/* The sum of a column. Saturates. */
uint64_t tree_sum(const struct tree *tree, unsigned column);

/* The largest number that all weights of the columns from `first` to before `end` are multiples of;
 * 1 if there are none. */
uint64_t tree_find_unit(const struct tree *tree, unsigned first, unsigned end);

/* False if a weight or the sum of a column does not fit into 64 bits. */
bool tree_fits(const struct tree *tree);

/* The total weight of each node, self included. Saturates. The caller frees it from tree->heap. */
uint64_t *tree_totals(const struct tree *tree, unsigned column);

void tree_end(struct tree *tree);

/*
 * node_flags: one byte for each node with all that a walk in pre-order needs. The nodes of an
 * unsorted profile are in the order of the input, so that a walk in pre-order misses the caches
 * once for each array that it reads.
 *
 *      node     4          5            6        9
 *               parse ───► expr ───┬──► call
 *                                  └─────────────► ident
 *      flags    STRAIGHT   FAMILY       LEAF     LEAF
 *
 * Together with prefetching the next stack, collapse takes 0.69 of the time for a million random
 * stacks, and flamegraph 0.85 for 300,000.
 */

enum {
    NODE_FLAGS_WEIGHT = 1,   /* it has self weight */
    NODE_FLAGS_INNER = 2,    /* a node below it has self weight */
    NODE_FLAGS_LEAF = 4,     /* no child */
    NODE_FLAGS_STRAIGHT = 8, /* one child, which has the next number */
    NODE_FLAGS_FAMILY = 16,  /* several children; none of these three: one child elsewhere */
};

/* The flags by node. The caller frees the array from tree->heap. */
unsigned char *node_flags_make(const struct tree *tree);

/* The end of the chain of only children with consecutive numbers that starts at `node`. */
static inline uint32_t node_flags_chain_end(const unsigned char *flags, uint32_t node)
{
    while (flags[node] & NODE_FLAGS_STRAIGHT)
        node++;
    return node;
}

#endif
