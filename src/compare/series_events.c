/* SPDX-License-Identifier: MIT */
/*
 * series_events: see series_events.h.
 */
#include "compare/series_events.h"

#include <math.h>
#include <stdlib.h>

static double size_of(const struct series_change *change)
{
    return fabs(change->after - change->before);
}

static enum series_kind kind_of(const struct series_change *change)
{
    bool up = change->after > change->before;
    if (change->shape == SERIES_CREEP)
        return up ? SERIES_CREEPS_UP : SERIES_CREEPS_DOWN;
    return change->gone ? SERIES_GONE : up ? SERIES_SLOWER : SERIES_FASTER;
}

static bool are_together(const struct series_change *a, const struct series_change *b)
{
    return a->shape == b->shape && (a->after > a->before) == (b->after > b->before) &&
           a->at + 1 >= b->at && b->at + 1 >= a->at;
}

/* A change, for sorting. */
struct found {
    struct series_member member;
    const struct series_change *change;
    const struct series_row *row;
};

static int compare_found(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    double size_x = size_of(x->change), size_y = size_of(y->change);
    if (size_x != size_y)
        return size_x > size_y ? -1 : 1;
    if (x->row->subject != y->row->subject)
        return x->row->subject < y->row->subject ? -1 : 1;
    return x->member.row < y->member.row ? -1 : x->member.row > y->member.row;
}

static int compare_events(const void *a, const void *b)
{
    const struct series_event *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

/* The leader of changes that are sorted by size: the first self weight, if it changed by at least
 * half of the largest change; else the last function that changed by at least three quarters of it,
 * because the callers of a function change with it; else the largest. */
static size_t find_leader(const struct found *found, const size_t *places, size_t n)
{
    size_t leader = 0;
    double most = size_of(found[places[0]].change);
    for (size_t i = 0; i < n; i++)
        if (found[places[i]].row->alone && size_of(found[places[i]].change) * 2 >= most)
            return i;
    for (size_t i = 0; i < n; i++)
        if (found[places[i]].row->subject == SERIES_FUNCTION &&
            size_of(found[places[i]].change) * 4 >= most * 3)
            leader = i;
    return leader;
}

/* The first run of the level that ended with the change. */
static size_t find_level_start(const struct series_row *row, size_t change)
{
    if (change == 0)
        return 0;
    const struct series_change *last = &row->changes.at[change - 1];
    return last->gone ? last->end : last->at;
}

/* Whether the event is only the end of another one. When a cost goes back, its callers go back with
 * it: that is no change of their own. */
static bool went_back(const struct series_events *events, const struct series_row *rows,
                      const struct series_event *event)
{
    const struct series_change *change = series_change_of(rows, &event->members.at[0]);
    if (rows[event->members.at[0].row].alone || change->shape == SERIES_CREEP)
        return false;
    for (size_t i = 0; i < events->list.n; i++) {
        const struct series_event *other = &events->list.at[i];
        const struct series_change *gone = series_change_of(rows, &other->members.at[0]);
        if (other->kind == SERIES_GONE && other->end + 1 >= event->at &&
            event->at + 1 >= other->end &&
            (gone->after > gone->before) != (change->after > change->before))
            return true;
    }
    return false;
}

static void drop_returning_events(struct series_events *events, const struct series_row *rows)
{
    size_t n = 0;
    for (size_t i = 0; i < events->list.n; i++)
        if (!went_back(events, rows, &events->list.at[i]))
            events->list.at[n++] = events->list.at[i];
    events->list.n = n;
}

static void add_event(struct series_events *events, const struct found *found, const size_t *places,
                      size_t n, struct heap *heap)
{
    size_t leader = find_leader(found, places, n);
    const struct found *first = &found[places[leader]];
    struct series_event event = {
        .kind = kind_of(first->change),
        .size = size_of(found[places[0]].change),
        .at = first->change->at,
        .end = first->change->end,
        .since = find_level_start(first->row, first->member.change),
    };
    vec_push(heap, &event.members, first->member);
    for (size_t i = 0; i < n; i++)
        if (i != leader)
            vec_push(heap, &event.members, found[places[i]].member);
    vec_push(heap, &events->list, event);
}

void series_events_make(struct series_events *events, const struct series_row *rows, size_t count,
                        struct heap *heap)
{
    VEC(struct found) found = {0};
    *events = (struct series_events){{0}};
    for (size_t r = 0; r < count; r++)
        for (size_t c = 0; c < rows[r].changes.n; c++) {
            struct found one = {{r, c}, &rows[r].changes.at[c], &rows[r]};
            vec_push(heap, &found, one);
        }
    if (found.n == 0)
        return;
    qsort(found.at, found.n, sizeof *found.at, compare_found);
    size_t *places = heap_alloc(heap, found.n, sizeof *places);
    bool *taken = heap_zero(heap, found.n, sizeof *taken);
    for (size_t i = 0; i < found.n; i++) {
        size_t n = 0;
        for (size_t k = i; k < found.n; k++)
            if (!taken[k] && !taken[i] && are_together(found.at[i].change, found.at[k].change))
                places[n++] = k;
        for (size_t k = 0; k < n; k++)
            taken[places[k]] = true;
        if (n > 0)
            add_event(events, found.at, places, n, heap);
    }
    qsort(events->list.at, events->list.n, sizeof *events->list.at, compare_events);
    drop_returning_events(events, rows);
    heap_free(heap, places);
    heap_free(heap, taken);
    vec_free(heap, &found);
}

const char *series_kind_name(enum series_kind kind)
{
    static const char *const names[] = {[SERIES_SLOWER] = "slower",
                                        [SERIES_CREEPS_UP] = "creeps up",
                                        [SERIES_FASTER] = "faster",
                                        [SERIES_CREEPS_DOWN] = "creeps down",
                                        [SERIES_GONE] = "changed and went back"};
    return names[kind];
}
