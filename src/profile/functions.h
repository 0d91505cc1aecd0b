/* SPDX-License-Identifier: MIT */
/*
 * functions: the weight of each function of a tree, and the calls between functions.
 *
 *      main;parse;expr;parse 3      function   self   total   places
 *      main;parse 2                 main          0       5        1
 *                                   parse         5       5        2
 *                                   expr          0       3        1
 *
 * A total counts each stack once, however often the function is on it. Frames whose texts differ
 * only in the mark of their kind are one function, known by the frame that sorts first: foo before
 * foo_[i].
 */
#ifndef FLAMETREE_PROFILE_FUNCTIONS_H
#define FLAMETREE_PROFILE_FUNCTIONS_H

#include "profile/tree.h"

/* By node: true if none of its callers has the same frame (with `of`, the same function), and it is
 * neither the root nor a gap. The caller frees the array from tree->heap. */
bool *functions_outermost(const struct tree *tree, const uint32_t *of);

struct function_row {
    uint32_t frame;       /* that the function is known by */
    uint32_t places;      /* nodes with weight in or below them */
    uint64_t self, total; /* saturate */
    uint32_t rank;        /* of its name, for ties */
};

enum functions_by { FUNCTIONS_SELF, FUNCTIONS_TOTAL, FUNCTIONS_NAME };

struct functions {
    struct heap *heap;
    struct function_row *at; /* those with weight, in order */
    size_t n;
    uint32_t *of;    /* by frame: the frame that its function is known by */
    uint32_t *rank;  /* by frame: the place of its text in the order of texts */
    bool *outermost; /* by node */
};

/* `totals` are those of tree_totals(). */
void functions_make(struct functions *functions, const struct tree *tree, unsigned column,
                    const uint64_t *totals, enum functions_by by);

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

/* Of the functions with a frame that is `wanted`. Afterwards `wanted` is true for the frames that
 * these functions are known by. */
void function_links_make(struct function_links *links, const struct functions *functions,
                         const struct tree *tree, const uint64_t *totals, bool *wanted);

void function_links_end(struct function_links *links);

#endif
