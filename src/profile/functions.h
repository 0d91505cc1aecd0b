/*
 * functions: the weight of each function of a tree, and the calls between functions.
 *
 *      main;parse;expr;parse 3      function   self   total   places
 *      main;parse 2                 main          0       5        1
 *                                   parse         5       5        2
 *                                   expr          0       3        1
 *
 * A total counts each stack once, however often the function is on it. A function is a frame of the
 * tree: another text is another function.
 */
#ifndef FLAMETREE_PROFILE_FUNCTIONS_H
#define FLAMETREE_PROFILE_FUNCTIONS_H

#include "profile/tree.h"

/* By node: no caller of it has the same frame. Neither the root nor a gap is one. The caller frees
 * the array from tree->heap. */
bool *functions_outermost(const struct tree *tree);

struct function_row {
    uint32_t frame;
    uint32_t places;      /* nodes with weight in or below them */
    uint64_t self, total; /* saturate */
    uint32_t rank;        /* of its name, for ties */
};

enum functions_by { FUNCTIONS_SELF, FUNCTIONS_TOTAL, FUNCTIONS_NAME };

struct functions {
    struct heap *heap;
    struct function_row *at; /* those with weight, in order */
    size_t n;
};

/* `totals` and `outermost` are those of tree_totals() and functions_outermost(). */
void functions_make(struct functions *functions, const struct tree *tree, unsigned column,
                    const uint64_t *totals, const bool *outermost, enum functions_by by);

void functions_end(struct functions *functions);

/* A function and a neighbor on its stacks. Weights of the callers of a function add up to its
 * total, and so do its self weight and those of its callees. A function that calls itself is its
 * own callee, with all that the inner call costs. */
struct function_link {
    uint32_t function, neighbor; /* frames; a neighbor 0 is the root */
    bool callee;
    uint64_t weight;
    uint32_t rank; /* of the neighbor's name */
};

struct function_links {
    struct heap *heap;
    VEC(struct function_link) list; /* by function; callers first; the heaviest first */
};

/* Of the functions whose frames are `wanted`. */
void function_links_make(struct function_links *links, const struct tree *tree,
                         const uint64_t *totals, const bool *outermost, const bool *wanted);

void function_links_end(struct function_links *links);

#endif
