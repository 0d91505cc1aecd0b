/*
 * tree: the one data structure of every profile, picture and diff.
 *
 * Nodes are numbers; node 0 is the root, whose name is the empty string; a child's number is
 * larger than its parent's. What is known of node i stands at place i of parallel arrays:
 *
 *      i           0      1      2      3              (root)
 *      parent      -      0      1      1               java
 *      frame       0      1      2      3              /    \
 *      weight[0]   0      0      5      7           read    write
 *
 *      frames:  0 "", 1 "java", 2 "read", 3 "write"      each once
 *      slots:   (parent, frame) -> node                  one flat table finds the children of a
 *                                                        parent that got them in mixed order; while
 *                                                        each sorts behind the one before, as in
 *                                                        sorted input, a new name is a new child
 *
 * Weights are whole numbers of 10^-decimals, in as many columns as asked for: weight[column][node].
 *
 *      a profile         column 0
 *      a differential    column 0 is before, column 1 is after (enum side)
 *      a comparison      a column for each run
 *
 * Each is the own weight of a node; tree_totals() adds what is below it.
 *
 * A tree in input order (for flame charts) merges a frame only with the child that its parent
 * got last; weight of a node that has children already becomes a gap: a leaf named TREE_GAP.
 */
#ifndef FLAMETREE_PROFILE_TREE_H
#define FLAMETREE_PROFILE_TREE_H

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
    unsigned columns;
    unsigned decimals;
    uint32_t *last_child; /* the one made last, TREE_NONE: no child */
    uint32_t *elder;      /* the sister made before, TREE_NONE: none */
    bool *mixed;          /* its children are in `slots` */
    struct tree_slot *slots;
    size_t mask, filled;
    uint64_t seed;
    bool in_order;
    bool overflow; /* a sum did not fit: weights are no longer true */
};

/* A tree with its root and one column. */
void tree_init(struct tree *tree, struct heap *heap, uint64_t seed);
void tree_init_in_order(struct tree *tree, struct heap *heap, uint64_t seed);

/* The same with the heap, the order, the columns and the decimals of `from`. */
void tree_init_like(struct tree *tree, const struct tree *from);

/* The frame with that text, new or known. */
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

/* The frame of `node`, which is no gap, as one of `into`. */
static inline uint32_t tree_copy_frame(struct tree *into, const struct tree *from, uint32_t node)
{
    return frames_add_copy(&into->frames, &from->frames, from->frame[node], tree_text(from, node));
}

/* The child of `parent` with that frame, new or known. */
uint32_t tree_child(struct tree *tree, uint32_t parent, uint32_t frame);

/* The child of `parent` with that frame, if it is found where tree_child() would look first; else
 * TREE_NONE. */
uint32_t tree_peek(const struct tree *tree, uint32_t parent, uint32_t frame);

/* Have at hand what tree_peek() and tree_child() ask about these two. */
void tree_fetch(const struct tree *tree, uint32_t parent, uint32_t frame);

/* From now on the tree has at least that many columns; new ones are 0 and come last. */
void tree_set_columns(struct tree *tree, unsigned columns);

/* From now on the tree is a differential: the only column that it had becomes the one after. */
void tree_set_sides(struct tree *tree);

static inline bool tree_has_sides(const struct tree *tree)
{
    return tree->columns >= SIDES;
}

/* The column after; the only one when there are no sides. */
static inline unsigned tree_after(const struct tree *tree)
{
    return tree_has_sides(tree) ? SIDE_AFTER : 0;
}

/* Count weights of at most `decimals` decimals (<= 9) from now on. */
void tree_set_decimals(struct tree *tree, unsigned decimals);

/* Add units of 10^-decimals to a node's own weight. Sums that do not fit stay at the largest
 * number and set `overflow`. Returns the node it went to: in input order that may be a gap. */
uint32_t tree_add(struct tree *tree, uint32_t node, unsigned column, uint64_t units,
                  unsigned decimals);

/* It is not the only child of its parent. */
static inline bool tree_has_sisters(const struct tree *tree, uint32_t node)
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

/* All weights of a column together. Saturates. */
uint64_t tree_sum(const struct tree *tree, unsigned column);

/* False when a sum did not fit, or that of a column would not. */
bool tree_fits(const struct tree *tree);

/* Weight of each node with all below it; the caller frees it from tree->heap. Saturates. */
uint64_t *tree_totals(const struct tree *tree, unsigned column);

void tree_end(struct tree *tree);

/*
 * node_flags: what a walk in pre-order asks of each node, in one byte. A profile that came in mixed
 * order lies in memory as it came: each stack that a walk turns to is somewhere else, and each
 * array that is asked about it waits for memory once more.
 *
 *      node     4          5            6        9
 *               parse ───► expr ───┬──► call
 *                                  └─────────────► ident
 *      shape    STRAIGHT   FAMILY       LEAF     LEAF
 *
 * Together with looking one stack ahead, by prefetching, collapse takes 0.69 of the time for
 * a million random stacks, flamegraph 0.85 for 300,000.
 */

enum {
    NODE_FLAGS_WEIGHT = 1,   /* it has weight of its own */
    NODE_FLAGS_INNER = 2,    /* something below it has */
    NODE_FLAGS_LEAF = 4,     /* it has no child, */
    NODE_FLAGS_STRAIGHT = 8, /* or one, which has the next number, */
    NODE_FLAGS_FAMILY = 16,  /* or several; none of the three: one of another number */
};

/* By node; the caller frees it from tree->heap. */
unsigned char *node_flags_make(const struct tree *tree);

/* The end of the chain of only children that starts at `node`, as far as they are numbered on. */
static inline uint32_t node_flags_chain_end(const unsigned char *shapes, uint32_t node)
{
    while (shapes[node] & NODE_FLAGS_STRAIGHT)
        node++;
    return node;
}

#endif
