/* SPDX-License-Identifier: MIT */
/*
 * run_ranges: see run_ranges.h.
 */
#include "store/run_ranges.h"

enum {
    BLOCKS_MOST = 8,
    BLOCK_TIMES = 4, /* the length of a block, in correlation times */
    POINTS_WANTED = 240,
};

struct finding {
    struct store *store;
    const struct store_query *sides;
    struct heap *heap;
    struct run_ranges *ranges;
    struct err *err;
};

/* ---- hosts ---- */

/* The values of the label are the runs of the side. *rest: there is weight without this label. */
static bool find_values(struct finding *f, enum side side, str key, bool *empty, bool *rest)
{
    const struct store_query *query = &f->sides[side];
    struct label_sums sums;
    uint64_t total, found = 0;
    f->ranges->sides[side].n = 0;
    if (!store_read_labels(f->store, query, f->heap, &sums, &total, f->err))
        return false;
    for (size_t i = 0; i < sums.sums.n; i++) {
        const struct label_sum *sum = &sums.sums.at[i];
        if (sum->whole || sum->weight == 0 || !str_equal(intern_name(&sums.keys, sum->key), key))
            continue;
        struct run_range range = {query->from, query->until, {key, sum->value}};
        vec_push(f->heap, &f->ranges->sides[side], range);
        num_add_most(&found, sum->weight);
    }
    *empty |= total == 0;
    *rest |= found < total;
    return true;
}

/* ---- blocks ---- */

struct block_points {
    VEC(int64_t) busy; /* the points of a timeline that have windows */
    double correlation;
};

/* The number of points that depend on each other: 1 + 2 times the sum of the correlations up to the
 * first one that is not more than chance. */
static double correlation_of(const uint64_t *x, size_t n)
{
    double mean = 0, variance = 0, sum = 1;
    for (size_t i = 0; i < n; i++)
        mean += (double)x[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        variance += ((double)x[i] - mean) * ((double)x[i] - mean);
    for (size_t lag = 1; variance > 0 && lag < n / 2; lag++) {
        double product = 0;
        for (size_t i = 0; i + lag < n; i++)
            product += ((double)x[i] - mean) * ((double)x[i + lag] - mean);
        double correlation = product / variance;
        if (correlation <= 0 || correlation * correlation * (double)n < 1)
            break;
        sum += 2 * correlation;
    }
    return sum;
}

/* A timeline in steps that are no shorter than most windows. */
static bool read_points(struct finding *f, enum side side, struct block_points *points)
{
    const struct store_query *query = &f->sides[side];
    struct store_timeline timeline;
    VEC(uint64_t) totals = {0};
    int64_t step = (query->until - query->from) / POINTS_WANTED + 1;
    step = (step + STORE_MINUTE - 1) / STORE_MINUTE * STORE_MINUTE;
    *points = (struct block_points){0};
    if (!store_read_timeline(f->store, query, step, f->heap, &timeline, f->err))
        return false;
    for (size_t i = 0; i < timeline.points.n; i++)
        if (timeline.points.at[i].windows > 0) {
            vec_push(f->heap, &points->busy, timeline.from + (int64_t)i * step);
            vec_push(f->heap, &totals, timeline.points.at[i].total);
        }
    points->correlation = correlation_of(totals.at, totals.n);
    return true;
}

static void make_blocks(struct finding *f, enum side side, const struct block_points *points)
{
    const struct store_query *query = &f->sides[side];
    size_t n = points->busy.n, length = (size_t)(f->ranges->correlation * BLOCK_TIMES + 0.999);
    size_t blocks = n / (length > 0 ? length : 1);
    blocks = blocks > BLOCKS_MOST ? BLOCKS_MOST : blocks < 1 ? 1 : blocks;
    f->ranges->sides[side].n = 0;
    for (size_t b = 0; b < blocks && n > 0; b++) {
        struct run_range range = {.from = points->busy.at[n * b / blocks], .until = query->until};
        if (range.from < query->from)
            range.from = query->from;
        if (b + 1 < blocks)
            range.until = points->busy.at[n * (b + 1) / blocks];
        vec_push(f->heap, &f->ranges->sides[side], range);
    }
}

static bool find_blocks(struct finding *f)
{
    struct block_points points[SIDES];
    if (!read_points(f, SIDE_BEFORE, &points[SIDE_BEFORE]) ||
        !read_points(f, SIDE_AFTER, &points[SIDE_AFTER]))
        return false;
    double before = points[SIDE_BEFORE].correlation, after = points[SIDE_AFTER].correlation;
    f->ranges->blocks = true;
    f->ranges->correlation = before > after ? before : after;
    make_blocks(f, SIDE_BEFORE, &points[SIDE_BEFORE]);
    make_blocks(f, SIDE_AFTER, &points[SIDE_AFTER]);
    return true;
}

/* ---- all ---- */

bool run_ranges_find(struct store *store, const struct store_query *sides, str key,
                     struct heap *heap, struct run_ranges *ranges, struct err *err)
{
    struct finding finding = {store, sides, heap, ranges, err};
    str keys[] = {key.n > 0 ? key : STR("host"), STR(STORE_SOURCE)};
    *ranges = (struct run_ranges){0};
    for (unsigned attempt = 0; attempt < (key.n > 0 ? 1 : 2); attempt++) {
        bool empty = false, rest = false;
        for (unsigned side = 0; side < SIDES; side++)
            if (!find_values(&finding, (enum side)side, keys[attempt], &empty, &rest))
                return false;
        size_t before = ranges->sides[SIDE_BEFORE].n, after = ranges->sides[SIDE_AFTER].n;
        if (empty || (before > 1 && after > 1 && (key.n > 0 || !rest)))
            return true;
        if (before + after > 0)
            break;
    }
    return find_blocks(&finding);
}

struct store_query run_range_query(const struct store_query *side, const struct run_range *range,
                                   struct heap *heap)
{
    struct store_query query = *side;
    struct store_label *labels = heap_alloc(heap, query.label_count + 1, sizeof *labels);
    size_t n = 0;
    for (size_t i = 0; i < query.label_count; i++)
        if (range->label.key.n == 0 || !str_equal(query.labels[i].key, range->label.key))
            labels[n++] = query.labels[i];
    if (range->label.key.n > 0)
        labels[n++] = range->label;
    query.labels = labels;
    query.label_count = n;
    query.from = range->from;
    query.until = range->until;
    return query;
}
