/* SPDX-License-Identifier: MIT */
/*
 * indented: the weight of a line is known when a line comes that is no deeper.
 */
#include "format/indented.h"

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

/* In an inverted tree the outermost open line is the leaf, so open lines share no nodes. */
static bool add_indented_sample(struct indented *tree, const int64_t *values)
{
    struct open_stack *stack = &tree->stack;
    if (tree->inverted)
        return builder_sample(tree->builder, stack->frames.at, stack->frames.n, values,
                              tree->labels, tree->label_count, tree->err);
    return builder_sample_open(tree->builder, stack, values, tree->labels, tree->label_count,
                               tree->err);
}

static bool close_line(struct indented *tree)
{
    struct indented_line line = tree->open.at[tree->open.n - 1];
    bool good = true;
    bool heavy = has_indented_weight(tree, &line);
    if (heavy && line.idle)
        builder_leave_out(tree->builder, "idle", line.values + tree->first_value);
    else if (heavy)
        good = add_indented_sample(tree, line.values + tree->first_value);
    tree->open.n--;
    if (line.frame != INDENTED_NO_FRAME)
        open_stack_cut(&tree->stack, tree->stack.frames.n - 1);
    return good;
}

/* Lines that are too deep count for the line they are in. */
static void merge_line(struct indented *tree, const struct indented_line *line)
{
    struct indented_line *last = &tree->open.at[tree->open.n - 1];
    builder_skip(tree->builder, "lines are nested too deep, they count for the one they are in",
                 line->position);
    for (size_t i = 0; i < INDENTED_VALUES && !tree->totals; i++)
        if (__builtin_add_overflow(last->values[i], line->values[i], &last->values[i]))
            last->values[i] = INT64_MAX;
}

bool indented_add(struct indented *tree, const struct indented_line *line)
{
    while (tree->open.n > 0 && tree->open.at[tree->open.n - 1].depth >= line->depth)
        if (!close_line(tree))
            return false;
    if (tree->open.n == INDENTED_DEEPEST) {
        merge_line(tree, line);
        return true;
    }
    if (tree->totals && tree->open.n > 0) {
        struct indented_line *parent = &tree->open.at[tree->open.n - 1];
        for (size_t i = 0; i < INDENTED_VALUES; i++)
            if (__builtin_sub_overflow(parent->values[i], line->values[i], &parent->values[i]))
                parent->values[i] = INT64_MIN;
    }
    vec_push(tree->builder->scratch, &tree->open, *line);
    if (line->frame != INDENTED_NO_FRAME)
        open_stack_push(tree->builder, &tree->stack, line->frame);
    return true;
}

bool indented_finish(struct indented *tree)
{
    while (tree->open.n > 0)
        if (!close_line(tree))
            return false;
    return true;
}
