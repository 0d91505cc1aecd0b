/*
 * perf_stack: the stack of one sample while its lines come in, leaf first, and its way into the
 * tree, root first.
 *
 *      frames    leaf, ..., root, process    ids
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_STACK_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_STACK_H

#include "format/perf_script/perf_cache.h"
#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_header.h"
#include "format/reader.h"

/* A run of ids[]. */
struct perf_list {
    size_t first, count;
};

struct perf_stack {
    struct builder *builder;
    const struct read_options *options;
    bool whole_line; /* what a frame comes to depends on its address */
    VEC(uint32_t) frames;
    struct perf_process *processes; /* PERF_PROCESSES of them */
    struct perf_process *process;   /* of the sample at hand */
    struct perf_names names;        /* of the line at hand */
    size_t from;                    /* where its ids start in frames[], leaf first */
    bool can_have_source;           /* the frame at hand takes a source line */
    str last_text;                  /* of the last line, behind the address; */
    str last_module;                /* the second part of a line before it */
    uint32_t last_value;
    struct perf_lines lines;
    struct perf_cache cache;
    struct intern joined; /* lists of ids, for lines that come to several frames, */
    VEC(struct perf_list) lists;
    VEC(uint32_t) ids; /* leaf first */
};

void perf_stack_init(struct perf_stack *stack, struct builder *builder);

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

/* The sample is complete. */
void perf_stack_finish(struct perf_stack *stack, uint64_t weight);

void perf_stack_end(struct perf_stack *stack);

#endif
