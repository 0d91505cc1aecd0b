/* SPDX-License-Identifier: MIT */
/*
 * timeline: stacks with weights, from what a thread did at each time: enter a frame, leave it, or
 * change its whole stack.
 *
 *      enter a 0 ─┐
 *      enter b 2  ├──►   a 2   a;b 5   a 1
 *      leave   7  │
 *      leave   8 ─┘
 *
 * Times of a thread must not decrease. The values of a sample are a count and a time: how often its
 * leaf was entered, or its stack set, and how long it lasted.
 */
#ifndef FLAMETREE_FORMAT_TIMELINE_H
#define FLAMETREE_FORMAT_TIMELINE_H

#include "profile/open_stack.h"

/* Folded stacks repeat all frames of each stack, and so do flame charts by category: deep stacks
 * would take too much room. Deeper frames count for the frame at this depth. */
enum { TIMELINE_DEEPEST = FUZZING ? 100 : 10000, TIMELINE_LABELS = 8 };

struct timeline_frame {
    uint32_t frame;    /* of the builder */
    uint32_t category; /* a text; UINT32_MAX: none */
};

/* Something that happens in a thread; they come in any order. */
struct timeline_event {
    int64_t at, end; /* end: of 'X' */
    struct timeline_frame frame;
    uint32_t thread, name; /* numbers; an end belongs to a begin of its name */
    uint32_t order;        /* of events at the same time */
    char kind;             /* B: begin, E: end, X: both */
};

struct timeline {
    struct builder *builder;
    struct err *err;
    const struct intern *texts; /* of categories; NULL: frames have none */

    /* Of the thread: "comm", "pid" ... They change between threads. */
    struct sample_label labels[TIMELINE_LABELS];
    size_t label_count; /* the category of the leaf is one more */

    /* private */
    struct open_stack open;
    VEC(uint32_t) categories; /* of its frames */
    size_t deeper;            /* entered above TIMELINE_DEEPEST */
    int64_t now;
    int64_t values[2];                 /* of the stack, not added yet */
    VEC(int64_t) ends;                 /* of the open spans */
    VEC(size_t) begun;                 /* events without an end so far */
    VEC(uint32_t) pending;             /* by name: ends at the current time */
    VEC(struct timeline_event) events; /* of the thread */
    VEC(uint32_t) order, starts;       /* events by thread; where those of a thread start */
};

/* A label of the thread; without a value it is none. */
void timeline_label(struct timeline *timeline, str key, str value);

/* These are false, with *err set, when a pattern runs away. */
bool timeline_enter(struct timeline *timeline, const struct timeline_frame *frame, int64_t at);
bool timeline_leave(struct timeline *timeline, int64_t at);

/* From now on the stack is this one, leaf first; n == 0: there is none. */
bool timeline_set(struct timeline *timeline, const uint32_t *frames, size_t n, int64_t at);

/* The thread ends. */
bool timeline_finish(struct timeline *timeline, int64_t at);

/* Add all, thread by thread; `start` sets the labels of one. An end without a begin is skipped, a
 * begin without an end lasts as long as its thread, and an event ends at the latest with the one
 * around it. */
bool timeline_add_events(struct timeline *timeline, const struct timeline_event *events, size_t n,
                         void (*start)(void *context, uint32_t thread), void *context);

/* By thread, time and order. */
void timeline_sort(struct timeline_event *events, size_t n);

#endif
