/* SPDX-License-Identifier: MIT */
/*
 * trace: the content of a file of trace events, until all of it is known.
 *
 *      JSON ──trace.c──►  threads, events, samples, chunks  ──trace_stacks.c──►  builder
 */
#ifndef FLAMETREE_FORMAT_TRACE_TRACE_H
#define FLAMETREE_FORMAT_TRACE_TRACE_H

#include "format/timeline.h"
#include "format/v8_profile.h"

#define NO_TEXT UINT32_MAX

struct trace_thread {
    uint32_t process, pid, tid, name; /* process: a place; the rest are texts */
};

enum { TRACE_TEXTS = 6, TRACE_KNOWN = 64 };

struct trace_known_thread {
    uint32_t pid, tid, place; /* place: plus one */
};

struct trace_chunk {
    struct v8_profile v8;
    uint32_t key, thread; /* key: the text of pid and id */
    int64_t at;
    size_t order;
};

struct stack_frame {
    uint32_t id, parent, frame; /* texts; of the builder */
};

struct trace {
    struct heap *heap;
    struct builder *builder;
    struct json_stream json;
    struct err *err;
    struct intern texts;
    uint32_t empty;                          /* the text "" */
    struct intern thread_keys, process_keys; /* ids are indexes of threads, processes */
    VEC(struct trace_thread) threads;
    VEC(uint32_t) process_names;                /* texts */
    VEC(struct timeline_event) events, samples; /* frame of a sample: a text */
    VEC(struct trace_chunk) chunks;
    struct intern frame_ids; /* the intern id of a frame's id is its index */
    VEC(struct stack_frame) frames;
    VEC(uint32_t) stack;
    struct v8_profile part; /* of the current event */
    struct strbuf key;
    bool names_threads;
    struct timeline timeline;

    /* The last values, which are likely to come again. */
    uint32_t last[TRACE_TEXTS]; /* the text of each key */
    VEC(uint32_t) frame_of;     /* by name, of frames without a place */
    struct trace_known_thread known[TRACE_KNOWN];
};

static inline str trace_text(const struct trace *t, uint32_t text)
{
    return text == NO_TEXT ? STR("") : intern_name(&t->texts, text);
}

/* All that was read goes to the builder. False: *t->err is set. */
bool trace_add_all(struct trace *t);

#endif
