/* SPDX-License-Identifier: MIT */
/*
 * series_events: the changes of all rows of a series, brought together: when a function gets
 * slower, so do all that call it, at the same run.
 *
 *      parse     at run 18  +0.11 s ──┐
 *      stage_two at run 18  +0.11 s ──┼──► an event: run 18, led by parse
 *      main      at run 19  +0.12 s ──┘
 */
#ifndef FLAMETREE_COMPARE_SERIES_EVENTS_H
#define FLAMETREE_COMPARE_SERIES_EVENTS_H

#include "compare/series.h"

struct series_member {
    size_t row, change; /* places in the rows and in the changes of the row */
};

enum series_kind {
    SERIES_SLOWER,
    SERIES_CREEPS_UP,
    SERIES_FASTER,
    SERIES_CREEPS_DOWN,
    SERIES_GONE
};

struct series_event {
    enum series_kind kind;
    size_t at, end;                    /* of the leader */
    size_t since;                      /* the first run of the level before */
    double size;                       /* the largest change */
    VEC(struct series_member) members; /* the leader, then the others, the largest first */
};

struct series_events {
    VEC(struct series_event) list; /* by kind; of one kind, the largest first */
};

/* The rows are judged and outlive the events. */
void series_events_make(struct series_events *events, const struct series_row *rows, size_t count,
                        struct heap *heap);

static inline const struct series_change *series_change_of(const struct series_row *rows,
                                                           const struct series_member *member)
{
    return &rows[member->row].changes.at[member->change];
}

/* "slower", "creeps up"... */
const char *series_kind_name(enum series_kind kind);

#endif
