/* SPDX-License-Identifier: MIT */
/*
 * page_timeline: the total weight over time, as an SVG in a page.
 *
 *      deploy 41 ▾          ▾ deploy 42        marks
 *      5 s ─────▄▄▄▄▄───────────────────       bars: the weight of the windows of a step
 *      ▄▄▄▄▄▄▄▄▄█████▄▄▄    ▄▄▄▄▄▄▄▄▄▄▄▄       a place without a bar: nothing was stored
 *      ────────────────████─────────────       gaps: a source failed
 *      09:00      10:00      11:00
 *
 * Places are percentages of the width, so the picture fits any window without script.
 */
#ifndef FLAMETREE_STORE_PAGE_TIMELINE_H
#define FLAMETREE_STORE_PAGE_TIMELINE_H

#include <time.h>

#include "store/store.h"

struct timeline_range {
    int64_t from, until; /* equal: no range */
};

struct timeline {
    int64_t from, until; /* what is shown */
    const struct store_timeline *weights;
    const struct store_events *gaps, *marks;
    struct timeline_range after, before; /* the chosen ranges */
};

/* The step for bars or ticks: the shortest round time of which `most` cover the range from `from`
 * to `until`. */
int64_t timeline_step(int64_t from, int64_t until, int64_t most);

/* Make the step longer, if windows are so far apart that most steps would have none. */
void timeline_widen(struct store_timeline *weights, struct heap *heap);

/* "4.43 s" of the timeline's value type. */
void timeline_put_weight(const struct store_timeline *weights, double units, struct sink *sink);

void timeline_write(const struct timeline *timeline, struct sink *sink);

/* ---- times for people, in the time zone of the server: page_times.c ---- */

struct tm page_local_time(int64_t ms);

/* "29 Nov", or without the day "Nov 2026" */
void put_date(const struct tm *tm, bool year, struct sink *sink);

/* "18:05", or with seconds "18:05:00" */
void put_clock_of(const struct tm *tm, bool seconds, struct sink *sink);

/* "2026-11-29T18:05:00", which the fields of the page take, too. */
void put_time(int64_t ms, struct sink *sink);

/* "18:05", with seconds if there are any. */
void put_clock(int64_t ms, struct sink *sink);

/* "2026-11-29 18:05 to 19:05" */
void put_range(const struct timeline_range *range, struct sink *sink);

/* "30 s", "1.5 min", "2 h", "3 d" */
void put_duration(int64_t ms, struct sink *sink);

#endif
