/*
 * perf_stack: the stack of one sample while its lines come in, leaf first, and its way into the
 * tree, root first.
 *
 *      frames    leaf, ..., root, name    ids of names
 */
#ifndef FLAMETREE_READ_PERF_STACK_H
#define FLAMETREE_READ_PERF_STACK_H

#include "read/perf_cache.h"
#include "read/perf_header.h"
#include "read/perf_lines.h"
#include "read/perf_process.h"
#include "read/perf_text.h"
#include "read/reader.h"
#include "stack/queue.h"

/* A run of ids[]. */
struct perf_list {
    size_t first, count;
};

/* The node of a stack met before, or its place in the parcel, by the hash of its names; the one met
 * last has the place. Of the samples of a large build 67 % are found here (of 8,192 places; 75 % of
 * 131,072). */
enum { PERF_LEAVES = 8192 };

struct perf_leaf {
    uint32_t hash, where;
};

struct perf_stack {
    struct profile *profile;
    struct parcel *parcel; /* where stacks go; NULL: into the tree */
    const struct read_options *options;
    bool whole_line; /* what a frame comes to depends on its address */
    VEC(uint32_t) frames;
    struct perf_process *processes; /* PERF_PROCESSES of them */
    struct perf_process *process;   /* of the sample at hand */
    struct perf_text text;          /* names of the frame at hand, joined by ';' */
    size_t from;                    /* where its ids start in frames[] */
    bool can_have_source;           /* the frame at hand takes a source line */
    str last_text;                  /* of the last line, behind the address; */
    str last_module;                /* the second part of a line before it */
    uint32_t last_value;
    struct perf_leaf *leaves; /* PERF_LEAVES of them */
    struct queue queue;       /* on the way to the tree */
    struct perf_lines lines;
    struct perf_cache cache;
    struct intern joined; /* lines that come to several names, */
    VEC(struct perf_list) lists;
    VEC(uint32_t) ids; /* leaf first */
};

void perf_stack_init(struct perf_stack *stack, struct profile *profile,
                     const struct read_options *options);

/* Lines given so far may be gone. */
static inline void perf_stack_forget_lines(struct perf_stack *stack)
{
    stack->last_text = stack->last_module = STR("");
}

/* Start over with the process of `header`, NULL: unknown. */
void perf_stack_start(struct perf_stack *stack, const struct perf_header *header);

/* Add the frame in `line`; false when it is none. */
bool perf_stack_add_frame(struct perf_stack *stack, str line);

/* Add the frame line that `rest` starts with if nothing needs to be taken apart for it: how many
 * bytes it takes with its line end. 0: perf_stack_add_frame() will know. */
size_t perf_stack_add_known(struct perf_stack *stack, str rest);

/* Forget the frames added so far. */
static inline void perf_stack_drop_frames(struct perf_stack *stack)
{
    stack->frames.n = 0;
}

/* `line` tells file and line of the frame added last. */
void perf_stack_add_source(struct perf_stack *stack, str line);

/* Into the tree, or the parcel. */
void perf_stack_finish(struct perf_stack *stack, uint64_t weight);

/* From now on stacks go into `parcel`, which is empty. */
void perf_stack_send(struct perf_stack *stack, struct parcel *parcel);

/* Stacks of a parcel go into the tree; names: their numbers there. The parcel is spoilt then. */
void perf_stack_take_in(struct perf_stack *stack, struct parcel *parcel, const uint32_t *names);

void perf_stack_end(struct perf_stack *stack);

#endif
