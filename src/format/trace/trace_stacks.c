/* SPDX-License-Identifier: MIT */
/*
 * trace_stacks: a trace may have profiles, samples and events of the same time. Only the best of
 * them is drawn, in this order.
 */
#include <stdlib.h>

#include "format/trace/trace.h"

enum { MICROSECOND_DECIMALS = 3 };

/* Set the labels of a thread. If it has no name, "comm" is the name of its process or, if that has
 * none but the file names other threads, its id. */
static void start_trace_thread(void *context, uint32_t place)
{
    struct trace *t = context;
    const struct trace_thread *thread = &t->threads.at[place];
    str tid = trace_text(t, thread->tid), pid = trace_text(t, thread->pid);
    str process = trace_text(t, t->process_names.at[thread->process]);
    str name = trace_text(t, thread->name);
    t->timeline.label_count = 0;
    timeline_label(&t->timeline, STR("comm"),
                   name.n > 0         ? name
                   : process.n > 0    ? process
                   : t->names_threads ? tid
                                      : STR(""));
    timeline_label(&t->timeline, STR("pid"), pid);
    timeline_label(&t->timeline, STR("tid"), tid);
    timeline_label(&t->timeline, STR("process"), process.n > 0 ? process : pid);
    timeline_label(&t->timeline, STR("thread"), name.n > 0 ? name : tid);
}

static bool choose_trace_value(struct trace *t, str count)
{
    struct value_type types[] = {{.name = count, .unit = STR("count")},
                                 VALUE_SUM("time", "microseconds")};
    if (!builder_value_types(t->builder, types, 2, 1, t->err))
        return false;
    builder_set_decimals(t->builder, 1, MICROSECOND_DECIMALS);
    return true;
}

/* False: the frame is not there, or it is its own ancestor. */
static bool find_stack(struct trace *t, uint32_t id)
{
    size_t steps = 0;
    t->stack.n = 0;
    while (id != NO_TEXT) {
        uint32_t place = intern_find(&t->frame_ids, trace_text(t, id));
        if (place == INTERN_NONE || steps++ > t->frames.n)
            return false;
        vec_push(t->heap, &t->stack, t->frames.at[place].frame);
        id = t->frames.at[place].parent;
    }
    return true;
}

/* Each sample lasts until the next one of its thread; the last one has no duration. */
static bool add_trace_samples(struct trace *t)
{
    struct timeline_event *samples = t->samples.at;
    bool good = choose_trace_value(t, STR("samples"));
    timeline_sort(samples, t->samples.n);
    for (size_t i = 0; good && i < t->samples.n; i++) {
        if (i == 0 || samples[i].thread != samples[i - 1].thread) {
            good = i == 0 || timeline_finish(&t->timeline, t->timeline.now);
            start_trace_thread(t, samples[i].thread);
        }
        if (!find_stack(t, samples[i].name)) {
            builder_skip(t->builder, "a sample names a stack that is not there",
                         samples[i].order + 1);
            t->stack.n = 0;
        }
        good = good && timeline_set(&t->timeline, t->stack.at, t->stack.n, samples[i].at);
    }
    return good && timeline_finish(&t->timeline, t->timeline.now);
}

static int compare_chunks(const void *a, const void *b)
{
    const struct trace_chunk *x = a, *y = b;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* The chunks of one profile; the first one is of the thread that is watched. */
static bool add_profile(struct trace *t, const struct trace_chunk *chunks, size_t n)
{
    struct v8_profile whole;
    bool good = true;
    v8_profile_init(&whole, t->builder, &t->json, &t->texts, t->err);
    for (size_t i = 0; i < n; i++)
        v8_profile_append(&whole, &chunks[i].v8);
    if (whole.start <= 0) /* then the end says nothing */
        whole.end = 0;
    start_trace_thread(t, chunks[0].thread);
    whole.labels = t->timeline.labels;
    whole.label_count = t->timeline.label_count;
    if (!v8_profile_is_empty(&whole))
        good = v8_profile_add(&whole);
    return good;
}

static bool add_profiles(struct trace *t)
{
    bool good = true;
    qsort(t->chunks.at, t->chunks.n, sizeof *t->chunks.at, compare_chunks);
    for (size_t i = 0, next; good && i < t->chunks.n; i = next) {
        for (next = i + 1; next < t->chunks.n && t->chunks.at[next].key == t->chunks.at[i].key;)
            next++;
        good = add_profile(t, t->chunks.at + i, next - i);
    }
    return good;
}

static bool has_profiles(const struct trace *t)
{
    for (size_t i = 0; i < t->chunks.n; i++)
        if (!v8_profile_is_empty(&t->chunks.at[i].v8))
            return true;
    return false;
}

/* Events outside stacks count as skipped, unless they have no duration. */
static void skip_events(struct trace *t)
{
    for (size_t i = 0; i < t->events.n; i++)
        if (t->events.at[i].kind != 'X' || t->events.at[i].end > t->events.at[i].at)
            builder_skip(t->builder, "an event of a trace that has stacks as well", i + 1);
}

bool trace_add_all(struct trace *t)
{
    bool profiles = has_profiles(t), samples = t->samples.n > 0;
    if (profiles || samples)
        skip_events(t);
    if (profiles)
        return add_profiles(t);
    if (samples)
        return add_trace_samples(t);
    if (t->events.n == 0)
        return err_set(t->err, ERR_INPUT, "the trace has no events with a duration");
    return choose_trace_value(t, STR("events")) &&
           timeline_add_events(&t->timeline, t->events.at, t->events.n, start_trace_thread, t);
}
