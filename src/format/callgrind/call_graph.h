/* SPDX-License-Identifier: MIT */
/*
 * call_graph: stacks from functions and the calls between them, for inputs without stacks.
 *
 *      a ──► b ──► d            a            6
 *      a ──► c ──► d            ├─ b         1
 *                               ├─ c         1
 *                               └─ [merged]
 *                                  └─ d      4
 *
 * A function with one caller is its child. One that calls nothing is a child of each of its
 * callers, since their shares are known. Any other function with several callers appears once, with
 * its callees, below the last function that all paths to it share. No cost is guessed, and the sum
 * does not change.
 */
#ifndef FLAMETREE_FORMAT_CALLGRIND_CALL_GRAPH_H
#define FLAMETREE_FORMAT_CALLGRIND_CALL_GRAPH_H

#include "profile/builder.h"

struct call_function {
    uint32_t frame; /* of the builder */

    /* private */
    uint32_t callers, calls; /* that cost something */
    uint32_t rank;           /* in the order in which functions are met; from 0: the root */
};

struct call_edge {
    uint32_t from, to; /* functions */
};

/* Functions by rank, as a walk along the calls meets them; 0 is the root of all. */
struct call_place {
    uint32_t function;
    uint32_t from;  /* the one from which it was met */
    uint32_t on;    /* what is below it in the stack */
    uint32_t depth; /* frames of its stack */
    bool starts, merged;

    uint32_t semi, ancestor, label, bucket, next; /* of the search for `on` */
    uint32_t first, count, free; /* numbers in the drawing: its own, of it and what is on it */
};

struct call_graph {
    struct builder *builder;
    struct err *err;
    VEC(struct call_function) functions;
    VEC(struct call_edge) edges;
    struct intern edge_keys; /* (from, to); the id of a key is the index in `edges` */
    uint64_t merged;         /* functions that are drawn once for several callers */
    size_t count;            /* of the values that each cost has, see call_graph_start() */
    VEC(uint64_t) selves;    /* by function, by value */
    VEC(uint64_t) costs;     /* of all calls, with what they call in turn; by edge, by value */

    /* private */
    VEC(struct call_place) places;
    VEC(uint32_t) out, out_start, in, in_start; /* edges by caller, by callee */
    VEC(uint32_t) walk, walk_at;
    VEC(uint64_t) from_callers; /* by function, by value */
    VEC(uint32_t) frames;
    VEC(int64_t) values;
};

void call_graph_init(struct call_graph *graph, struct builder *builder, struct err *err);

/* Costs have values of these types from now on. False: *err is set. */
bool call_graph_start(struct call_graph *graph, const struct value_type *types, size_t count);

/* Whether values of this type make a difference. */
static inline bool call_graph_wants(const struct call_graph *graph, size_t value)
{
    return value == graph->builder->value || graph->builder->options->all_values;
}

/* A number for it. */
uint32_t call_graph_add_function(struct call_graph *graph, uint32_t frame);

void call_graph_add_self(struct call_graph *graph, uint32_t function, const uint64_t *cost);
void call_graph_add_call(struct call_graph *graph, uint32_t from, uint32_t to,
                         const uint64_t *cost);

/* The costs of a function without those of its calls. */
uint64_t *call_graph_self(struct call_graph *graph, uint32_t function);

/* One stack, leaf first, of any weights. False: *err is set. */
bool call_graph_add_stack(struct call_graph *graph, const uint32_t *frames, size_t n,
                          const uint64_t *weights);

/* All functions go to the builder. */
bool call_graph_draw(struct call_graph *graph);

/*
 * caller_names: names of functions that hold their callers, as valgrind --separate-callers writes
 * them.
 *
 *      rec'2'run'main          rec    run    main
 *      a::'lambda'()'main      a::'lambda'()    main
 */

struct caller_names {
    struct heap *heap;
    VEC(str) functions; /* of the name split last, the called one first */

    /* private */
    struct intern known; /* what names begin with */
    VEC(str) tokens;     /* of the current name, between its quotes */
    VEC(uint32_t) after; /* by token: where the function ends that begins there; 0: none does */
};

void caller_names_init(struct caller_names *names, struct heap *heap, uint64_t seed);

/* All names are needed before the first is split: a caller occurs as a function elsewhere. */
void caller_names_add(struct caller_names *names, str name);

/* Put the functions that the name holds into names->functions. Returns their number. They live as
 * long as `name`. */
size_t caller_names_split(struct caller_names *names, str name);

/* The frame of one of them. "0x00001ab7" is "0x1ab7". */
uint32_t caller_names_frame(str name, struct builder *builder);

#endif
