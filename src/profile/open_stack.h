/* SPDX-License-Identifier: MIT */
/*
 * open_stack: a stack whose frames open and close one by one. The node of each frame is kept while
 * it is open, once for each set of labels that was shown above the stack: its root. The memory is
 * that of builder->scratch.
 *
 *      main ─► draw ─► fill        frames
 *       1       2       5          opened: 3 and 4 were closed
 *      "ui":  main ─► draw         nodes of a root, used at 4
 *      "gpu": main ─► draw ─► 3    nodes of a root, used at 3: the last one is of a closed frame
 */
#ifndef FLAMETREE_PROFILE_OPEN_STACK_H
#define FLAMETREE_PROFILE_OPEN_STACK_H

#include "profile/builder.h"

struct open_root {
    uint32_t node;       /* above the stack */
    VEC(uint32_t) nodes; /* of the first frames, when they were last used */
    uint64_t used;       /* `openings` at that time: frames opened since have other nodes */
};

struct open_stack {
    VEC(uint32_t) frames; /* root first */

    /* private */
    VEC(uint64_t) opened; /* by frame: how many were opened so far */
    uint64_t openings;
    VEC(struct open_root) roots; /* those after the first roots.n have memory to use again */
    size_t made;                 /* roots with memory */
    struct intern root_ids;      /* of their nodes */
    VEC(uint32_t) places;        /* in `roots`, by such an id */
};

static inline void open_stack_push(struct builder *builder, struct open_stack *stack,
                                   uint32_t frame)
{
    stack->opened.n = stack->frames.n;
    vec_push(builder->scratch, &stack->frames, frame);
    vec_push(builder->scratch, &stack->opened, ++stack->openings);
}

/* Keep the first `n` frames. */
static inline void open_stack_cut(struct open_stack *stack, size_t n)
{
    stack->frames.n = n;
    if (n == 0)
        stack->roots.n = 0;
}

/* builder_sample() for an open stack. */
bool builder_sample_open(struct builder *builder, struct open_stack *stack, const int64_t *values,
                         const struct sample_label *labels, size_t label_count, struct err *err);

#endif
