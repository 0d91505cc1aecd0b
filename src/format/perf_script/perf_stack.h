/* SPDX-License-Identifier: MIT */
/*
 * perf_stack: the stack of one sample, leaf first, while its lines come in. A frame line is looked
 * up by its bytes in three steps; only a text that no step knows is parsed.
 *
 *      the line before     "[unknown] ([unknown])" comes in runs: half of a build's frames
 *      recent lines        whole lines, each with its value
 *      known texts         text without address and offset, both of which differ from call to call
 *
 * Of the 864,000 resolved frames of a build of 132 MB, 77,000 differ once the address is left out,
 * and 9,600 without the offset in the function.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_STACK_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_STACK_H

#include "format/perf_script/perf_frame.h"
#include "format/perf_script/perf_header.h"
#include "format/reader.h"

struct perf_process {
    size_t comm_n, pid_n; /* lengths of the name and the id: "a 1/2" may be a name */
    bool java;            /* its name starts with "java" */
    uint32_t frame;       /* UINT32_MAX: none */
};

/* Part of perf_stack.ids. */
struct perf_list {
    size_t first, count;
};

struct perf_recent_line;

enum { PERF_LABELS = 5 };

struct perf_stack {
    struct builder *builder;
    const struct read_options *options;
    bool whole_line; /* the address of a line matters, too */
    VEC(uint32_t) frames;
    struct intern process_texts;        /* name, and ids if they are shown */
    uint32_t last_process;              /* in process_texts */
    VEC(struct perf_process) processes; /* by id in process_texts */
    struct perf_process process;        /* of the current sample */
    struct perf_names names;            /* of the current line */
    size_t from;                        /* index of its leaf in `frames` */
    bool can_have_source;               /* the current frame takes a source line */
    str last_text;                      /* of the last line, after the address */
    str last_module;                    /* second part of an earlier line */
    uint32_t last_value;
    struct perf_recent_line *recent;
    struct strbuf key; /* to look up a text */
    struct intern texts;
    size_t text_bytes;           /* in `texts` */
    VEC(uint32_t) values;        /* by id in `texts` */
    struct intern joined;        /* lists of ids, for lines that have several frames */
    VEC(struct perf_list) lists; /* by id in `joined` */
    VEC(uint32_t) ids;           /* leaf first */
    /* With builder_wants_labels(): those of the sample, with texts of their own. */
    struct sample_label labels[PERF_LABELS];
    size_t label_count;
    struct strbuf label_text;
};

void perf_stack_init(struct perf_stack *stack, struct builder *builder);

/* The lines given so far become invalid. */
static inline void perf_stack_forget_lines(struct perf_stack *stack)
{
    stack->last_text = stack->last_module = STR("");
}

/* Start a sample of the process in `header`. */
void perf_stack_start(struct perf_stack *stack, const struct perf_header *header);

/* Add the frame in `line`, if it is one. */
void perf_stack_add_frame(struct perf_stack *stack, str line);

/* Add the frame line at the start of `rest` if one of the first two steps knows it. The number of
 * bytes with the line end, or 0: call perf_stack_add_frame(). */
size_t perf_stack_add_known(struct perf_stack *stack, str rest);

/* Forget the frames added so far. */
static inline void perf_stack_drop_frames(struct perf_stack *stack)
{
    stack->frames.n = 0;
}

/* `line` has file and line of the last frame. */
void perf_stack_add_source(struct perf_stack *stack, str line);

/* The sample is complete. *err is set if a pattern of a label rule fails. */
void perf_stack_finish(struct perf_stack *stack, uint64_t weight, struct err *err);

void perf_stack_end(struct perf_stack *stack);

#endif
