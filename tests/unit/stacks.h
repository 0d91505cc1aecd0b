/* SPDX-License-Identifier: MIT */
/*
 * stacks: trees from text, and text from trees.
 */
#ifndef FLAMETREE_TESTS_STACKS_H
#define FLAMETREE_TESTS_STACKS_H

#include "caught.h"
#include "format/folded/folded.h"

/* The node of "a;b;c", new or known. */
static inline uint32_t stacks_node(struct tree *tree, str stack)
{
    uint32_t node = TREE_ROOT;
    for (size_t at = 0; at <= stack.n;) {
        size_t end = str_find(stack, ';', at);
        node = tree_child(tree, node, tree_frame(tree, str_cut(stack, at, end)));
        at = end + 1;
    }
    return node;
}

static inline void stacks_add(struct tree *tree, const char *stack, uint64_t units)
{
    tree_add(tree, stacks_node(tree, str_from_c(stack)), 0, units, 0);
}

static inline void stacks_add_pair(struct tree *tree, const char *stack, uint64_t before,
                                   uint64_t after)
{
    uint32_t node = stacks_node(tree, str_from_c(stack));
    if (before != 0)
        tree_add(tree, node, SIDE_BEFORE, before, 0);
    if (after != 0)
        tree_add(tree, node, SIDE_AFTER, after, 0);
}

/* The folded lines of a tree; to be freed with caught_free(). */
static inline struct caught stacks_fold(const struct tree *tree)
{
    struct caught out = {0};
    struct err err = {0};
    struct sink sink;
    sink_open_callback(&sink, tree->heap, caught_write, &out, &err);
    folded_write(tree, &sink);
    if (!sink_close(&sink))
        abort();
    return out;
}

/* is_folded(tree, "a;b 1\n", "title") */
#define is_folded(tree, want, ...)                                    \
    do {                                                              \
        struct caught folded_ = stacks_fold(tree);                    \
        is_str(caught_text(&folded_), str_from_c(want), __VA_ARGS__); \
        caught_free(&folded_);                                        \
    } while (0)

#endif
