/* SPDX-License-Identifier: MIT */
/*
 * firefox: the content of a profile of the Firefox Profiler, until all of it is known.
 *
 *      JSON ──firefox.c──►  tables of threads and processes  ──firefox_stacks.c──►  builder
 */
#ifndef FLAMETREE_FORMAT_FIREFOX_FIREFOX_H
#define FLAMETREE_FORMAT_FIREFOX_FIREFOX_H

#include "format/json_stream.h"
#include "profile/builder.h"

enum column {
    SAMPLE_STACK,
    SAMPLE_WEIGHT,
    SAMPLE_CPU,
    STACK_FRAME,
    STACK_PREFIX,
    STACK_OFFSET,
    STACK_CATEGORY,
    FRAME_FUNCTION,
    FRAME_LINE,
    FRAME_CATEGORY,
    FRAME_LOCATION,
    FRAME_INLINE,
    FUNCTION_NAME,
    FUNCTION_FILE,
    FUNCTION_SOURCE,
    FUNCTION_RESOURCE,
    RESOURCE_NAME,
    SOURCE_FILE,
    COLUMNS,
};

struct numbers {
    double *at; /* NAN: null */
    size_t n, cap;
};

struct tables {
    struct numbers columns[COLUMNS];
    VEC(uint32_t) strings; /* texts */
};

struct firefox_thread {
    struct tables tables;
    uint32_t name, process, pid, tid, weight_type; /* texts */
    uint32_t part;
};

/* The file, or a process in it. */
struct firefox_part {
    struct tables shared;
    double interval; /* ms */
    uint32_t cpu_unit;
    int64_t idle; /* a category; -1: none */
};

struct firefox {
    struct heap *heap;
    struct builder *builder;
    struct json_stream json;
    struct err *err;
    struct intern texts;
    VEC(struct firefox_thread) threads;
    VEC(struct firefox_part) parts;
    VEC(uint32_t) open; /* parts that nest in each other */
    VEC(int) schema;    /* of the current table: columns by their places, -1: not read */
    uint32_t weight_type;

    struct strbuf name; /* of a frame */

    /* Of the current thread. */
    const struct firefox_thread *thread;
    VEC(uint32_t) frame_ids; /* of the builder, by place */
    VEC(bool) inlined;
    VEC(uint32_t) prefixes, depths, frames; /* by stack */
    VEC(uint32_t) nodes;                    /* of the tree, by stack; TREE_NONE: not known yet */
};

#define NONE UINT32_MAX

/* All samples go to the builder. False: *f->err is set. */
bool firefox_add_threads(struct firefox *f);

#endif
