/* SPDX-License-Identifier: MIT */
/*
 * open_stack: see open_stack.h.
 */
#include "profile/open_stack.h"

/* Labels that are shown above the stack may differ from those of the last sample. */
static uint32_t find_open_root(struct builder *builder, const struct open_stack *stack,
                               const struct sample_label *labels, size_t label_count)
{
    const struct read_options *options = builder->options;
    bool shown = options->keep_labels || (options->labels && options->labels->roots.n > 0);
    return stack->nodes.n > 0 && !shown ? stack->root : builder_root(builder, labels, label_count);
}

static uint32_t find_open_node(struct builder *builder, struct open_stack *stack,
                               const struct sample_label *labels, size_t label_count)
{
    uint32_t root = find_open_root(builder, stack, labels, label_count);
    size_t n = stack->frames.n, at = root == stack->root ? stack->nodes.n : 0;
    uint32_t node = at > 0 ? stack->nodes.at[at - 1] : root;
    vec_reserve(builder->scratch, &stack->nodes, n - stack->nodes.n);
    for (; at < n; at++)
        stack->nodes.at[at] = node = builder_child(builder, node, stack->frames.at[at]);
    stack->nodes.n = n;
    stack->root = root;
    return node;
}

bool builder_sample_open(struct builder *builder, struct open_stack *stack, const int64_t *values,
                         const struct sample_label *labels, size_t label_count, struct err *err)
{
    size_t n = stack->frames.n;
    uint32_t node = TREE_ROOT;
    if (builder_keeps_nodes(builder)) {
        if (builder_has_weight(builder, values))
            node = find_open_node(builder, stack, labels, label_count);
        return builder_sample_at(builder, node, n, values, labels, label_count, err);
    }
    stack->leaf_first.n = 0;
    vec_reserve(builder->scratch, &stack->leaf_first, n);
    for (size_t i = n; i-- > 0;)
        stack->leaf_first.at[stack->leaf_first.n++] = stack->frames.at[i];
    return builder_sample(builder, stack->leaf_first.at, n, values, labels, label_count, err);
}
