/* SPDX-License-Identifier: MIT */
/*
 * indented: the weight of a line is known when a line comes that is no deeper.
 */
#include "format/indented.h"

static int64_t subtract_values(int64_t a, int64_t b)
{
    int64_t rest;
    return __builtin_sub_overflow(a, b, &rest) ? INT64_MIN : rest;
}

static int64_t add_indented_values(int64_t a, int64_t b)
{
    int64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

/* False: it has no weight of its own. */
static bool has_indented_weight(struct indented *tree, struct indented_line *line)
{
    bool heavy = false, torn = false;
    for (size_t i = 0; i < INDENTED_VALUES; i++) {
        torn |= line->values[i] < 0;
        line->values[i] = line->values[i] > 0 ? line->values[i] : 0;
        heavy |= line->values[i] > 0;
    }
    if (torn)
        builder_skip(tree->builder, "a line weighs less than those in it", line->position);
    return heavy;
}

/* The node of the open lines. Nodes are kept until their line is closed. */
static uint32_t find_indented_node(struct indented *tree)
{
    struct indented_open *open = tree->open.at;
    size_t at = tree->open.n;
    while (at > 0 && open[at - 1].node == TREE_NONE)
        at--;
    uint32_t node = at > 0 ? open[at - 1].node
                           : builder_root(tree->builder, tree->labels, tree->label_count);
    for (; at < tree->open.n; at++) {
        if (open[at].line.frame != INDENTED_NO_FRAME)
            node = builder_child(tree->builder, node, open[at].line.frame);
        open[at].node = node;
    }
    return node;
}

static bool add_whole_stack(struct indented *tree, const int64_t *values)
{
    size_t n = tree->open.n;
    tree->frames.n = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t frame = tree->open.at[tree->inverted ? i : n - 1 - i].line.frame;
        if (frame != INDENTED_NO_FRAME)
            vec_push(tree->builder->scratch, &tree->frames, frame);
    }
    return builder_sample(tree->builder, tree->frames.at, tree->frames.n, values, tree->labels,
                          tree->label_count, tree->err);
}

/* A tree of callers has no nodes to keep: its leaf comes first. */
static bool add_indented_sample(struct indented *tree, const int64_t *values)
{
    if (tree->inverted || !builder_keeps_nodes(tree->builder))
        return add_whole_stack(tree, values);
    uint32_t node = builder_has_weight(tree->builder, values) ? find_indented_node(tree)
                                                              : TREE_ROOT;
    return builder_sample_at(tree->builder, node, tree->open.at[tree->open.n - 1].named, values,
                             tree->labels, tree->label_count, tree->err);
}

static bool close_line(struct indented *tree)
{
    struct indented_line line = tree->open.at[tree->open.n - 1].line;
    bool good = true;
    bool heavy = has_indented_weight(tree, &line);
    if (heavy && line.idle)
        builder_leave_out(tree->builder, "idle", line.values + tree->first_value);
    else if (heavy)
        good = add_indented_sample(tree, line.values + tree->first_value);
    tree->open.n--;
    return good;
}

/* Lines that are too deep count for the line they are in. */
static void merge_line(struct indented *tree, const struct indented_line *line)
{
    struct indented_line *last = &tree->open.at[tree->open.n - 1].line;
    builder_skip(tree->builder, "lines are nested too deep, they count for the one they are in",
                 line->position);
    for (size_t i = 0; i < INDENTED_VALUES && !tree->totals; i++)
        last->values[i] = add_indented_values(last->values[i], line->values[i]);
}

bool indented_add(struct indented *tree, const struct indented_line *line)
{
    while (tree->open.n > 0 && tree->open.at[tree->open.n - 1].line.depth >= line->depth)
        if (!close_line(tree))
            return false;
    if (tree->open.n == INDENTED_DEEPEST) {
        merge_line(tree, line);
        return true;
    }
    if (tree->totals && tree->open.n > 0) {
        struct indented_line *parent = &tree->open.at[tree->open.n - 1].line;
        for (size_t i = 0; i < INDENTED_VALUES; i++)
            parent->values[i] = subtract_values(parent->values[i], line->values[i]);
    }
    struct indented_open open = {.line = *line, .node = TREE_NONE};
    open.named = line->frame != INDENTED_NO_FRAME ||
                 (tree->open.n > 0 && tree->open.at[tree->open.n - 1].named);
    vec_push(tree->builder->scratch, &tree->open, open);
    return true;
}

bool indented_finish(struct indented *tree)
{
    while (tree->open.n > 0)
        if (!close_line(tree))
            return false;
    return true;
}
