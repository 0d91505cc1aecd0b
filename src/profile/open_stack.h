/* SPDX-License-Identifier: MIT */
/*
 * open_stack: a stack whose frames open and close one by one. The node of each frame is kept while
 * it is open, where builder_keeps_nodes(). The memory is that of builder->scratch.
 */
#ifndef FLAMETREE_PROFILE_OPEN_STACK_H
#define FLAMETREE_PROFILE_OPEN_STACK_H

#include "profile/builder.h"

struct open_stack {
    VEC(uint32_t) frames; /* root first */
    VEC(uint32_t) nodes;  /* of the first nodes.n frames */
    uint32_t root;        /* the node above them */
    VEC(uint32_t) leaf_first;
};

static inline void open_stack_push(struct builder *builder, struct open_stack *stack,
                                   uint32_t frame)
{
    vec_push(builder->scratch, &stack->frames, frame);
}

/* Keep the first `n` frames. */
static inline void open_stack_cut(struct open_stack *stack, size_t n)
{
    stack->frames.n = n;
    stack->nodes.n = stack->nodes.n < n ? stack->nodes.n : n;
}

/* builder_sample() for an open stack. It walks the stack again if other labels are shown above
 * it. */
bool builder_sample_open(struct builder *builder, struct open_stack *stack, const int64_t *values,
                         const struct sample_label *labels, size_t label_count, struct err *err);

#endif
