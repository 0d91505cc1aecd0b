/* SPDX-License-Identifier: MIT */
/*
 * open_stack: see open_stack.h.
 */
#include "profile/open_stack.h"

static struct open_root *add_open_root(struct builder *builder, struct open_stack *stack,
                                       uint32_t node)
{
    if (stack->roots.n == stack->made) {
        vec_push(builder->scratch, &stack->roots, ((struct open_root){0}));
        stack->made++;
    } else {
        stack->roots.n++;
    }
    struct open_root *root = &stack->roots.at[stack->roots.n - 1];
    root->node = node;
    root->nodes.n = 0;
    return root;
}

static struct open_root *find_open_root(struct builder *builder, struct open_stack *stack,
                                        uint32_t node)
{
    if (!stack->root_ids.slots)
        intern_init(&stack->root_ids, builder->scratch, builder->profile->tree.seed);
    uint32_t id = intern_add(&stack->root_ids, str_of((const char *)&node, sizeof node));
    if (id == stack->places.n)
        vec_push(builder->scratch, &stack->places, 0);
    uint32_t *place = &stack->places.at[id];
    if (*place < stack->roots.n && stack->roots.at[*place].node == node)
        return &stack->roots.at[*place];
    *place = (uint32_t)stack->roots.n;
    return add_open_root(builder, stack, node);
}

/* Labels that are shown above the stack may differ from those of the last sample. */
static struct open_root *choose_open_root(struct builder *builder, struct open_stack *stack,
                                          const struct sample_label *labels, size_t label_count)
{
    const struct read_options *options = builder->options;
    bool shown = options->keep_labels || (options->labels && options->labels->roots.n > 0);
    if (!shown && stack->roots.n > 0)
        return &stack->roots.at[0];
    uint32_t node = builder_root(builder, labels, label_count);
    return shown ? find_open_root(builder, stack, node) : add_open_root(builder, stack, node);
}

/* Find the node of the open stack below a root. The nodes of frames that have been open since the
 * root was used last are kept. */
static uint32_t find_open_node(struct builder *builder, struct open_stack *stack,
                               struct open_root *root)
{
    size_t n = stack->frames.n, at = root->nodes.n < n ? root->nodes.n : n;
    while (at > 0 && stack->opened.at[at - 1] > root->used)
        at--;
    uint32_t node = at > 0 ? root->nodes.at[at - 1] : root->node;
    root->nodes.n = at;
    vec_reserve(builder->scratch, &root->nodes, n - at);
    for (; at < n; at++)
        root->nodes.at[at] = node = builder_child(builder, node, stack->frames.at[at]);
    root->nodes.n = n;
    root->used = stack->openings;
    return node;
}

bool builder_sample_open(struct builder *builder, struct open_stack *stack, const int64_t *values,
                         const struct sample_label *labels, size_t label_count, struct err *err)
{
    uint32_t node = TREE_ROOT;
    if (!builder_keeps_sample(builder, labels, label_count, err))
        return err->code == ERR_NONE;
    if (builder_has_weight(builder, values))
        node = find_open_node(builder, stack,
                              choose_open_root(builder, stack, labels, label_count));
    if (stack->frames.n == 0)
        stack->roots.n = 0; /* a frame that opens now may have other labels */
    return builder_sample_at(builder, node, stack->frames.n, values, labels, label_count, err);
}
