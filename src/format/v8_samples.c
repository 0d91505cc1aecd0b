/* SPDX-License-Identifier: MIT */
/*
 * v8_samples: the weights of nodes and samples of a v8_profile go to the builder.
 */
#include "format/v8_profile.h"

static int64_t sample_time(const struct v8_profile *v8, size_t i)
{
    int64_t now = v8->samples.at[i].at;
    if (i + 1 < v8->samples.n)
        return v8->samples.at[i + 1].at - now;
    int64_t end = (int64_t)v8->end; /* of older files: seconds */
    if (end > now)
        return end - now;
    return i > 0 ? now - v8->samples.at[i - 1].at : 0;
}

static bool refuse_circle(struct v8_profile *v8)
{
    return err_set(v8->err, ERR_INPUT, "a node of the profile is its own ancestor");
}

static bool add_v8_stack(struct v8_profile *v8, uint32_t node, int64_t self, int64_t time)
{
    int64_t values[] = {self, time};
    v8->frames.n = 0;
    for (uint32_t at = node, steps = 0; at != V8_NO_NODE; at = v8->nodes.at[at].parent) {
        if (steps++ > v8->nodes.n)
            return refuse_circle(v8);
        if (!v8->nodes.at[at].root)
            vec_push(v8->builder->scratch, &v8->frames, v8->nodes.at[at].frame);
    }
    return builder_sample(v8->builder, v8->frames.at, v8->frames.n, values, v8->labels,
                          v8->label_count, v8->err);
}

/* Find the node of the tree. Nodes that are missing are made below the nearest caller that has
 * one. */
static bool find_tree_node(struct v8_profile *v8, uint32_t node, uint32_t root, uint32_t *found)
{
    uint32_t at = node;
    v8->frames.n = 0;
    for (; at != V8_NO_NODE && v8->nodes.at[at].tree_node == TREE_NONE;
         at = v8->nodes.at[at].parent) {
        if (v8->frames.n > v8->nodes.n)
            return refuse_circle(v8);
        vec_push(v8->builder->scratch, &v8->frames, at);
    }
    *found = at == V8_NO_NODE ? root : v8->nodes.at[at].tree_node;
    for (size_t i = v8->frames.n; i-- > 0;) {
        struct v8_node *one = &v8->nodes.at[v8->frames.at[i]];
        if (!one->root)
            *found = builder_child(v8->builder, *found, one->frame);
        one->tree_node = *found;
    }
    return true;
}

/* The weight of a node that is added only once. */
static bool add_node(struct v8_profile *v8, uint32_t node)
{
    int64_t values[] = {v8->nodes.at[node].self, v8->nodes.at[node].time};
    uint32_t root, found = TREE_ROOT;
    if (v8->builder->profile->tree.in_order || !builder_has_weight(v8->builder, values))
        return add_v8_stack(v8, node, values[0], values[1]);
    if (!builder_keeps_sample(v8->builder, v8->labels, v8->label_count, v8->err))
        return v8->err->code == ERR_NONE;
    root = builder_root(v8->builder, v8->labels, v8->label_count);
    return find_tree_node(v8, node, root, &found) &&
           builder_sample_at(v8->builder, found, found != root, values, v8->labels, v8->label_count,
                             v8->err);
}

/* In the order of time for a flame chart, else each node once. */
bool v8_profile_add_samples(struct v8_profile *v8)
{
    bool in_order = v8->builder->profile->tree.in_order && v8->samples.n > 0;
    for (size_t i = 0; i < v8->samples.n; i++) {
        struct v8_sample sample = v8->samples.at[i];
        int64_t time = sample_time(v8, i);
        v8->nodes.at[sample.node].time += time;
        v8->nodes.at[sample.node].self += v8->counts_samples;
        bool leaves_out = v8->nodes.at[sample.node].idle && !v8->builder->options->idle;
        if (in_order && !leaves_out && !add_v8_stack(v8, sample.node, 1, time))
            return false;
    }
    for (uint32_t i = 0; i < v8->nodes.n && !in_order; i++) {
        const struct v8_node *node = &v8->nodes.at[i];
        if (node->idle && !v8->builder->options->idle)
            builder_leave_out(v8->builder, "idle", (int64_t[]){node->self, node->time});
        else if ((node->self != 0 || node->time != 0) && !add_node(v8, i))
            return false;
    }
    return true;
}
