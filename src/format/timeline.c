/* SPDX-License-Identifier: MIT */
/*
 * timeline: the weight of the current stack grows until the stack changes.
 */
#include "format/timeline.h"

#include <stdlib.h>

void timeline_label(struct timeline *timeline, str key, str value)
{
    if (value.n > 0 && timeline->label_count + 1 < TIMELINE_LABELS)
        timeline->labels[timeline->label_count++] = (struct sample_label){.key = key,
                                                                          .value = value};
}

/* Add the weight of the current stack, which is about to change. */
static bool add_timeline_stack(struct timeline *timeline)
{
    size_t depth = timeline->open.frames.n, labels = timeline->label_count;
    int64_t values[2] = {timeline->values[0], timeline->values[1]};
    timeline->values[0] = timeline->values[1] = 0;
    if (depth == 0 || (values[0] == 0 && values[1] == 0))
        return true;
    uint32_t category = timeline->categories.at[depth - 1];
    if (category != UINT32_MAX)
        timeline->labels[labels++] = (struct sample_label){
            .key = STR("cat"), .value = intern_name(timeline->texts, category)};
    return builder_sample_open(timeline->builder, &timeline->open, values, timeline->labels, labels,
                               timeline->err);
}

static void open_timeline_frame(struct timeline *timeline, uint32_t frame, uint32_t category)
{
    timeline->categories.n = timeline->open.frames.n;
    open_stack_push(timeline->builder, &timeline->open, frame);
    vec_push(timeline->builder->scratch, &timeline->categories, category);
}

static void advance_time(struct timeline *timeline, int64_t at)
{
    if (timeline->open.frames.n > 0 && at > timeline->now)
        timeline->values[1] += at - timeline->now;
    timeline->now = at;
}

bool timeline_enter(struct timeline *timeline, const struct timeline_frame *frame, int64_t at)
{
    advance_time(timeline, at);
    if (timeline->open.frames.n == TIMELINE_DEEPEST) {
        if (timeline->deeper++ == 0)
            builder_skip(timeline->builder,
                         "frames are nested too deep, they count for the one "
                         "they are in",
                         (uint64_t)TIMELINE_DEEPEST);
        timeline->values[0]++;
        return true;
    }
    if (!add_timeline_stack(timeline))
        return false;
    open_timeline_frame(timeline, frame->frame, frame->category);
    timeline->values[0] = 1;
    return true;
}

bool timeline_leave(struct timeline *timeline, int64_t at)
{
    advance_time(timeline, at);
    if (timeline->deeper > 0) {
        timeline->deeper--;
        return true;
    }
    bool good = add_timeline_stack(timeline);
    if (timeline->open.frames.n > 0)
        open_stack_cut(&timeline->open, timeline->open.frames.n - 1);
    return good;
}

bool timeline_set(struct timeline *timeline, const uint32_t *frames, size_t n, int64_t at)
{
    advance_time(timeline, at);
    if (!add_timeline_stack(timeline))
        return false;
    open_stack_cut(&timeline->open, 0);
    while (n-- > 0)
        open_timeline_frame(timeline, frames[n], UINT32_MAX);
    timeline->values[0] = 1;
    return true;
}

bool timeline_finish(struct timeline *timeline, int64_t at)
{
    advance_time(timeline, at);
    bool good = add_timeline_stack(timeline);
    open_stack_cut(&timeline->open, 0);
    timeline->deeper = 0;
    timeline->label_count = 0;
    return good;
}

/* ---- events ---- */

static int compare_u64(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_times(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_timeline_events(const void *a, const void *b)
{
    const struct timeline_event *x = a, *y = b;
    int by = compare_u64(x->thread, y->thread);
    by = by != 0 ? by : compare_times(x->at, y->at);
    return by != 0 ? by : compare_u64(x->order, y->order);
}

/* Of two that start together, the longer one is outside; of two equally long ones, the one that has
 * separate begin and end events. */
static int compare_spans(const void *a, const void *b)
{
    const struct timeline_event *x = a, *y = b;
    int by = compare_times(x->at, y->at);
    by = by != 0 ? by : compare_times(y->end, x->end);
    by = by != 0 ? by : compare_u64((unsigned char)x->kind, (unsigned char)y->kind);
    return by != 0 ? by : compare_u64(x->order, y->order);
}

/* Most events are in order already. */
static void sort_events(struct timeline_event *events, size_t n,
                        int (*compare_two)(const void *, const void *))
{
    for (size_t i = 1; i < n; i++)
        if (compare_two(&events[i - 1], &events[i]) > 0) {
            qsort(events, n, sizeof *events, compare_two);
            return;
        }
}

void timeline_sort(struct timeline_event *events, size_t n)
{
    sort_events(events, n, compare_timeline_events);
}

/* End the innermost begun events at this time, as long as there is an end with their name. */
static void end_begun_events(struct timeline *timeline, struct timeline_event *events, int64_t at)
{
    while (timeline->begun.n > 0) {
        struct timeline_event *event = &events[timeline->begun.at[timeline->begun.n - 1]];
        if (timeline->pending.at[event->name] == 0)
            return;
        timeline->pending.at[event->name]--;
        timeline->begun.n--;
        event->end = at;
    }
}

static void reserve_pending(struct timeline *timeline, uint32_t name)
{
    if (name < timeline->pending.n)
        return;
    size_t more = name + 1 - timeline->pending.n;
    vec_reserve(timeline->builder->scratch, &timeline->pending, more);
    memset(timeline->pending.at + timeline->pending.n, 0, more * sizeof(uint32_t));
    timeline->pending.n = name + 1;
}

/* Pair the events that have the same time. An end belongs to an event that has begun before, if
 * there is one, or else to one that begins now. */
static void match_simultaneous_events(struct timeline *timeline, struct timeline_event *events,
                                      size_t from, size_t to)
{
    int64_t at = events[from].at;
    for (size_t i = from; i < to; i++) {
        reserve_pending(timeline, events[i].name);
        timeline->pending.at[events[i].name] += events[i].kind == 'E';
    }
    end_begun_events(timeline, events, at);
    for (size_t i = from; i < to; i++) {
        if (events[i].kind != 'B')
            continue;
        vec_push(timeline->builder->scratch, &timeline->begun, i);
        end_begun_events(timeline, events, at);
    }
    for (size_t i = from; i < to; i++) {
        if (timeline->pending.at[events[i].name] > 0)
            builder_skip(timeline->builder, "an end of an event that has not begun",
                         events[i].order + 1);
        timeline->pending.at[events[i].name] = 0;
    }
}

/* Pair the events of a thread: each B gets its end, and each E is removed. Returns the number of
 * events that are left. */
static size_t match_events(struct timeline *timeline, struct timeline_event *events, size_t n)
{
    int64_t last = INT64_MIN;
    size_t kept = 0;
    timeline->begun.n = 0;
    for (size_t i = 0; i < n; i++) {
        int64_t end = events[i].kind == 'X' ? events[i].end : events[i].at;
        last = end > last ? end : last;
    }
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && events[next].at == events[i].at;)
            next++;
        match_simultaneous_events(timeline, events, i, next);
    }
    for (size_t i = 0; i < timeline->begun.n; i++)
        events[timeline->begun.at[i]].end = last;
    for (size_t i = 0; i < n; i++)
        if (events[i].kind != 'E')
            events[kept++] = events[i];
    return kept;
}

/* All spans that end until then. */
static bool leave_until(struct timeline *timeline, int64_t at)
{
    bool good = true;
    while (good && timeline->ends.n > 0 && timeline->ends.at[timeline->ends.n - 1] <= at)
        good = timeline_leave(timeline, timeline->ends.at[--timeline->ends.n]);
    return good;
}

static bool add_span(struct timeline *timeline, const struct timeline_event *span)
{
    int64_t end = span->end;
    if (!leave_until(timeline, span->at))
        return false;
    if (timeline->ends.n > 0 && end > timeline->ends.at[timeline->ends.n - 1]) {
        end = timeline->ends.at[timeline->ends.n - 1];
        builder_skip(timeline->builder, "the end of an event that outlasts the one it is in",
                     span->order + 1);
    }
    vec_push(timeline->builder->scratch, &timeline->ends, end);
    return timeline_enter(timeline, &span->frame, span->at);
}

static bool add_timeline_thread(struct timeline *timeline, struct timeline_event *events, size_t n)
{
    sort_events(events, n, compare_timeline_events);
    n = match_events(timeline, events, n);
    sort_events(events, n, compare_spans);
    timeline->ends.n = 0;
    for (size_t i = 0; i < n; i++)
        if (!add_span(timeline, &events[i]))
            return false;
    return leave_until(timeline, INT64_MAX) && timeline_finish(timeline, timeline->now);
}

/* The places of events by thread, each thread in the order of the file. */
static size_t order_events(struct timeline *timeline, const struct timeline_event *events, size_t n)
{
    struct heap *heap = timeline->builder->scratch;
    size_t threads = 0;
    for (size_t i = 0; i < n; i++)
        threads = events[i].thread >= threads ? events[i].thread + (size_t)1 : threads;
    vec_reserve(heap, &timeline->starts, threads + 2);
    vec_reserve(heap, &timeline->order, n + 1);
    uint32_t *starts = timeline->starts.at;
    memset(starts, 0, (threads + 2) * sizeof *starts);
    for (size_t i = 0; i < n; i++)
        starts[events[i].thread + 2]++;
    for (size_t i = 2; i < threads + 2; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < n; i++)
        timeline->order.at[starts[events[i].thread + 1]++] = (uint32_t)i;
    return threads;
}

bool timeline_add_events(struct timeline *timeline, const struct timeline_event *events, size_t n,
                         void (*start)(void *context, uint32_t thread), void *context)
{
    struct heap *heap = timeline->builder->scratch;
    size_t threads = order_events(timeline, events, n);
    for (uint32_t thread = 0; thread < threads; thread++) {
        size_t from = timeline->starts.at[thread], to = timeline->starts.at[thread + 1];
        if (from == to)
            continue;
        timeline->events.n = 0;
        vec_reserve(heap, &timeline->events, to - from);
        for (size_t i = from; i < to; i++)
            timeline->events.at[i - from] = events[timeline->order.at[i]];
        start(context, thread);
        if (!add_timeline_thread(timeline, timeline->events.at, to - from))
            return false;
    }
    return true;
}
