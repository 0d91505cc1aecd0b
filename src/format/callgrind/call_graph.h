/* SPDX-License-Identifier: MIT */
/*
 * call_graph: stacks from functions and who called whom, where no stacks were recorded.
 *
 *      a ──► b ──► d            a            6
 *      a ──► c ──► d            ├─ b         1
 *                               ├─ c         1
 *                               └─ [merged]
 *                                  └─ d      4
 *
 * A function with one caller is drawn on it. One that calls nothing is drawn on each of its
 * callers, whose shares are known. Any other function with several callers is drawn once, with all
 * that it calls, on what all ways to it have in common. No cost is guessed, and the sum stays what
 * it is.
 */
#ifndef FLAMETREE_FORMAT_CALLGRIND_CALL_GRAPH_H
#define FLAMETREE_FORMAT_CALLGRIND_CALL_GRAPH_H

#include "profile/builder.h"

struct call_function {
    uint64_t self;
    uint32_t frame; /* of the builder */

    /* private */
    uint64_t from_callers;
    uint32_t callers, calls; /* that cost something */
    uint32_t rank;           /* in the order in which functions are met; from 0: the root */
};

struct call_edge {
    uint32_t from, to; /* functions */
    uint64_t cost;     /* of all calls, with what they call in turn */
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
    struct intern edge_keys; /* an edge's place is the number of its functions' bytes */
    uint64_t merged;         /* functions that are drawn once for several callers */

    /* private */
    VEC(struct call_place) places;
    VEC(uint32_t) out, out_start, in, in_start; /* edges by caller, by callee */
    VEC(uint32_t) walk, walk_at;
    VEC(uint32_t) frames;
    VEC(int64_t) values;
};

void call_graph_init(struct call_graph *graph, struct builder *builder, struct err *err);

/* A number for it. */
uint32_t call_graph_add_function(struct call_graph *graph, uint32_t frame);

void call_graph_add_self(struct call_graph *graph, uint32_t function, uint64_t cost);
void call_graph_add_call(struct call_graph *graph, uint32_t from, uint32_t to, uint64_t cost);

/* One stack, leaf first, of any weight. False: *err is set. */
bool call_graph_add_stack(struct call_graph *graph, const uint32_t *frames, size_t n,
                          uint64_t weight);

/* All functions go to the builder. */
bool call_graph_draw(struct call_graph *graph);

void call_graph_end(struct call_graph *graph);

#endif
