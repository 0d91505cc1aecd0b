/* SPDX-License-Identifier: MIT */
/*
 * store_summary: the totals of windows without their stacks: a timeline, the shares of labels, the
 * value types.
 */
#include <stdlib.h>

#include "store/store_db.h"

enum { POINTS_MOST = 100000 };

struct summary {
    struct store_scan scan;
    int64_t step;
    struct store_timeline *timeline;
    struct label_sums *sums;
    uint64_t *total;
    struct store_types *types;
};

static bool run_summary(struct summary *s, bool (*summarize)(void *), struct store *store,
                        const struct store_query *query, struct heap *heap, struct err *err)
{
    struct err mine = {0};
    s->scan = (struct store_scan){.store = store, .query = query, .heap = heap, .err = &mine};
    bool done = store_ask(store, heap, summarize, s, &mine);
    if (!done) {
        err_in_file(&mine, store->path, 0);
        if (err)
            *err = mine;
    }
    return done;
}

/* In units of 10^-decimals. */
static uint64_t scale_total(const struct store_scan *scan, const struct store_found *found,
                            unsigned decimals)
{
    uint64_t total;
    return num_scale10(found->total, decimals - scan->series[found->series].decimals, &total)
               ? total
               : UINT64_MAX;
}

static unsigned most_decimals(const struct store_scan *scan)
{
    unsigned decimals = 0;
    for (size_t i = 0; i < scan->windows.n; i++) {
        unsigned one = scan->series[scan->windows.at[i].series].decimals;
        decimals = one > decimals ? one : decimals;
    }
    return decimals;
}

/* ---- timeline ---- */

static bool make_timeline(void *arg)
{
    struct summary *s = arg;
    struct store_scan *scan = &s->scan;
    struct store_timeline *timeline = s->timeline;
    int64_t from = scan->query->from;
    bool hours = s->step % STORE_HOUR == 0 && from % STORE_HOUR == 0;
    if (!store_scan_run(scan, hours, false))
        return false;
    timeline->decimals = most_decimals(scan);
    if (scan->windows.n > 0)
        timeline->type = scan->types.at[scan->type];
    for (size_t i = 0; i < scan->windows.n; i++) {
        const struct store_found *found = &scan->windows.at[i];
        size_t at = (size_t)((found->from - from) / s->step);
        num_add_most(&timeline->points.at[at].total, scale_total(scan, found, timeline->decimals));
        timeline->points.at[at].windows++;
    }
    return true;
}

bool store_read_timeline(struct store *store, const struct store_query *query, int64_t step,
                         struct heap *heap, struct store_timeline *timeline, struct err *err)
{
    struct summary summary = {.step = step, .timeline = timeline};
    uint64_t length = (uint64_t)query->until - (uint64_t)query->from, points;
    *timeline = (struct store_timeline){
        .from = query->from, .step = step, .type = value_type_of(STR(""), STR(""))};
    if (step <= 0 || query->from >= query->until)
        return err_set(err, ERR_USAGE, "a timeline needs a range and a step");
    points = (length - 1) / (uint64_t)step + 1;
    if (points > POINTS_MOST)
        return err_set(err, ERR_USAGE, "a timeline has at most %d points", POINTS_MOST);
    timeline->points.at = heap_zero(heap, (size_t)points, sizeof *timeline->points.at);
    timeline->points.n = timeline->points.cap = (size_t)points;
    return run_summary(&summary, make_timeline, store, query, heap, err);
}

/* ---- labels ---- */

struct series_total {
    uint64_t total;
    bool seen;
};

static bool sum_label_weights(void *arg)
{
    struct summary *s = arg;
    struct store_scan *scan = &s->scan;
    struct store_labels labels = {0};
    if (!store_scan_run(scan, true, false))
        return false;
    unsigned decimals = most_decimals(scan);
    struct series_total *totals = heap_zero(scan->heap, (size_t)scan->series_end, sizeof *totals);
    for (size_t i = 0; i < scan->windows.n; i++) {
        const struct store_found *found = &scan->windows.at[i];
        num_add_most(&totals[found->series].total, scale_total(scan, found, decimals));
        totals[found->series].seen = true;
    }
    for (int64_t id = 1; id < scan->series_end; id++) {
        if (!totals[id].seen)
            continue;
        if (!store_scan_labels(scan, id, &labels))
            return false;
        label_sums_add(s->sums, labels.at.at, labels.at.n, totals[id].total);
        num_add_most(s->total, totals[id].total);
    }
    label_sums_sort(s->sums);
    return true;
}

bool store_read_labels(struct store *store, const struct store_query *query, struct heap *heap,
                       struct label_sums *sums, uint64_t *total, struct err *err)
{
    struct summary summary = {.sums = sums, .total = total};
    *total = 0;
    label_sums_init(sums, heap, 0);
    return run_summary(&summary, sum_label_weights, store, query, heap, err);
}

/* ---- types ---- */

static int compare_types(const void *a, const void *b)
{
    const struct store_type *x = a, *y = b;
    int order = str_compare(x->type.name, y->type.name);
    return order != 0 ? order : str_compare(x->type.unit, y->type.unit);
}

static bool list_types(void *arg)
{
    struct summary *s = arg;
    struct store_scan *scan = &s->scan;
    if (!store_scan_run(scan, true, true))
        return false;
    bool *seen = heap_zero(scan->heap, scan->types.n + 1, sizeof *seen);
    size_t *chosen = heap_zero(scan->heap, scan->types.n + 1, sizeof *chosen);
    for (size_t i = 0; i < scan->windows.n; i++) {
        const struct store_series *series = &scan->series[scan->windows.at[i].series];
        seen[series->type] = true;
        chosen[series->type] += series->chosen;
    }
    for (size_t i = 0; i < scan->types.n; i++)
        if (seen[i])
            vec_push(scan->heap, &s->types->at,
                     ((struct store_type){scan->types.at[i], chosen[i]}));
    if (s->types->at.n > 0)
        qsort(s->types->at.at, s->types->at.n, sizeof *s->types->at.at, compare_types);
    return true;
}

bool store_read_types(struct store *store, const struct store_query *query, struct heap *heap,
                      struct store_types *types, struct err *err)
{
    struct summary summary = {.types = types};
    *types = (struct store_types){0};
    return run_summary(&summary, list_types, store, query, heap, err);
}
