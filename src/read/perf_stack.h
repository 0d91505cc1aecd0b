/*
 * perf_stack: the stack of one sample while its lines come in, leaf first, and its way into the
 * tree, root first.
 *
 *      frames    leaf, ..., root          ids of names
 *      path      comm, root, ..., leaf    the last stack that went into the tree, with its nodes:
 *                                         what the next one shares with it is not looked up
 */
#ifndef FLAMETREE_READ_PERF_STACK_H
#define FLAMETREE_READ_PERF_STACK_H

#include "read/perf_cache.h"
#include "read/perf_header.h"
#include "read/perf_text.h"
#include "read/reader.h"

struct perf_step {
    uint32_t name, node;
};

/* A run of ids[]. */
struct perf_list {
    size_t first, count;
};

struct perf_stack {
    struct profile *profile;
    const struct read_options *options;
    bool whole_line; /* what a frame comes to depends on its address */
    VEC(uint32_t) frames;
    VEC(struct perf_step) path;
    uint32_t comm; /* INTERN_NONE: none */
    bool java;
    struct perf_text comm_text; /* the header's words that `comm` was made of */
    struct perf_text text;      /* names of the frame at hand, joined by ';' */
    size_t from;                /* where its ids start in frames[] */
    bool can_have_source;       /* the frame at hand takes a source line */
    struct perf_cache cache;
    struct intern joined; /* lines that come to several names, */
    VEC(struct perf_list) lists;
    VEC(uint32_t) ids; /* leaf first */
};

void perf_stack_init(struct perf_stack *stack, struct profile *profile,
                     const struct read_options *options);

/* Start over with the process of `header`, NULL: unknown. */
void perf_stack_start(struct perf_stack *stack, const struct perf_header *header);

/* Add the frame in `line`; false when it is none. */
bool perf_stack_add_frame(struct perf_stack *stack, str line);

/* `line` tells file and line of the frame added last. */
void perf_stack_add_source(struct perf_stack *stack, str line);

/* Into the tree. */
void perf_stack_finish(struct perf_stack *stack, uint64_t weight);

void perf_stack_end(struct perf_stack *stack);

#endif
