/* SPDX-License-Identifier: MIT */
/*
 * run_ranges: see run_ranges.h.
 */
#include "store/run_ranges.h"

enum {
    BLOCKS_MOST = 8,
    BLOCK_TIMES = 3, /* the length of a block, in correlation times */
    FUNCTIONS_SEEN = 16,
    POINTS_WANTED = 120,
    STEP_MOST = 10 * STORE_MINUTE, /* a longer one is of hours, whose sums the store has */
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

/* The sum over both sides of products of deviations from the mean, `lag` points apart. `at` is
 * the function. */
static double covariance(const struct run_points sides[SIDES], size_t at, size_t lag)
{
    double sum = 0;
    for (unsigned side = 0; side < SIDES; side++) {
        size_t n = sides[side].n;
        if (at >= sides[side].functions || n == 0)
            continue;
        const double *x = sides[side].weights + at * n;
        double mean = 0;
        for (size_t i = 0; i < n; i++)
            mean += x[i] / (double)n;
        for (size_t i = 0; i + lag < n; i++)
            sum += (x[i] - mean) * (x[i + lag] - mean);
    }
    return sum;
}

/* The correlation time of these functions together: 1 + 2 times the sum of the autocorrelations,
 * each divided by that of lag 1, up to one that may be chance. Noise of counting lowers all
 * autocorrelations alike, so it does not change these ratios. */
static double correlation_of(const struct run_points sides[SIDES], const size_t *functions,
                             size_t count)
{
    size_t points = sides[SIDE_BEFORE].n > sides[SIDE_AFTER].n ? sides[SIDE_BEFORE].n
                                                               : sides[SIDE_AFTER].n;
    double variance = 0, first = 0, sum = 0;
    for (size_t lag = 0; lag < points / 2; lag++) {
        double product = 0;
        for (size_t i = 0; i < count; i++)
            product += covariance(sides, functions[i], lag);
        if (lag == 0) {
            variance = product;
            continue;
        }
        if (product <= 0 || product * product * (double)points < variance * variance)
            break;
        first = lag == 1 ? product : first;
        sum += product;
    }
    return first > 0 ? 1 + 2 * sum / first : 1;
}

static double weight_of_range(const struct run_points sides[SIDES], size_t at)
{
    double sum = 0;
    for (unsigned side = 0; side < SIDES; side++)
        for (size_t i = 0; i < sides[side].n && at < sides[side].functions; i++)
            sum += sides[side].weights[at * sides[side].n + i];
    return sum;
}

/* The heaviest first. */
static size_t choose_functions(const struct run_points sides[SIDES], size_t chosen[FUNCTIONS_SEEN])
{
    double weights[FUNCTIONS_SEEN];
    size_t n = 0, all = sides[SIDE_BEFORE].functions;
    if (sides[SIDE_AFTER].functions > all)
        all = sides[SIDE_AFTER].functions;
    for (size_t at = 0; at < all; at++) {
        double weight = weight_of_range(sides, at);
        size_t place = n;
        while (place > 0 && weights[place - 1] < weight)
            place--;
        if (place == FUNCTIONS_SEEN)
            continue;
        n += n < FUNCTIONS_SEEN;
        for (size_t i = n - 1; i > place; i--) {
            weights[i] = weights[i - 1];
            chosen[i] = chosen[i - 1];
        }
        weights[place] = weight;
        chosen[place] = at;
    }
    return n;
}

double run_points_correlation(const struct run_points sides[SIDES], struct heap *heap)
{
    static const size_t only = 0;
    struct run_points totals[SIDES];
    size_t chosen[FUNCTIONS_SEEN], n = choose_functions(sides, chosen);
    for (unsigned side = 0; side < SIDES; side++) {
        const struct run_points *points = &sides[side];
        double *sums = heap_zero(heap, points->n + 1, sizeof *sums);
        for (size_t at = 0; at < points->functions; at++)
            for (size_t i = 0; i < points->n; i++)
                sums[i] += points->weights[at * points->n + i];
        totals[side] = (struct run_points){points->n, 1, sums};
    }
    double total = correlation_of(totals, &only, 1), functions = correlation_of(sides, chosen, n);
    return total > functions ? total : functions;
}

size_t run_points_blocks(const struct run_points sides[SIDES], double correlation)
{
    size_t before = sides[SIDE_BEFORE].n, after = sides[SIDE_AFTER].n;
    double blocks = (double)(before < after ? before : after) / (correlation * BLOCK_TIMES);
    return blocks > BLOCKS_MOST ? BLOCKS_MOST : blocks < 1 ? 1 : (size_t)blocks;
}

/* ---- points of the store ---- */

struct block_points {
    VEC(int64_t) busy; /* the points of a timeline that have windows */
    uint64_t windows;
    int64_t step;
    VEC(double *) rows; /* by function */
    struct run_points points;
};

/* A timeline in steps that are no shorter than most windows. */
static bool find_points(struct finding *f, enum side side, struct block_points *points)
{
    const struct store_query *query = &f->sides[side];
    struct store_timeline timeline;
    int64_t step = (query->until - query->from) / POINTS_WANTED + 1;
    step = (step + STORE_MINUTE - 1) / STORE_MINUTE * STORE_MINUTE;
    if (step > STEP_MOST)
        step = (step + STORE_HOUR - 1) / STORE_HOUR * STORE_HOUR;
    *points = (struct block_points){.step = step};
    if (!store_read_timeline(f->store, query, step, f->heap, &timeline, f->err))
        return false;
    for (size_t i = 0; i < timeline.points.n; i++)
        if (timeline.points.at[i].windows > 0) {
            vec_push(f->heap, &points->busy, timeline.from + (int64_t)i * step);
            points->windows += timeline.points.at[i].windows;
        }
    points->points.n = points->busy.n;
    return true;
}

static void add_point(struct finding *f, struct block_points *points, size_t at,
                      const struct profile *profile, struct intern *names)
{
    const struct tree *tree = &profile->tree;
    for (uint32_t node = 1; node < tree->n; node++) {
        if (tree->weight[0][node] == 0)
            continue;
        size_t row = intern_add(names, tree_text(tree, node));
        while (points->rows.n <= row)
            vec_push(f->heap, &points->rows,
                     (double *)heap_zero(f->heap, points->busy.n, sizeof(double)));
        points->rows.at[row][at] += num_of_units(tree->weight[0][node], tree->decimals);
    }
}

/* The weight of each function by itself in each point. */
static bool read_points(struct finding *f, enum side side, struct block_points *points,
                        struct intern *names)
{
    struct store_query query = f->sides[side];
    bool done = find_points(f, side, points);
    size_t n = done ? points->busy.n : 0;
    query.by_count = 0;
    for (size_t i = 0; i < n && done; i++) {
        struct heap scratch;
        struct profile profile;
        query.from = points->busy.at[i];
        query.until = query.from + points->step;
        query.from = query.from < f->sides[side].from ? f->sides[side].from : query.from;
        query.until = query.until > f->sides[side].until ? f->sides[side].until : query.until;
        heap_init_under(&scratch, f->heap);
        done = store_read(f->store, &query, &scratch, &profile, f->err);
        if (done)
            add_point(f, points, i, &profile, names);
        heap_end(&scratch);
    }
    double *weights = heap_alloc(f->heap, points->rows.n * n + 1, sizeof *weights);
    for (size_t row = 0; row < points->rows.n; row++)
        memcpy(weights + row * n, points->rows.at[row], n * sizeof *weights);
    points->points = (struct run_points){n, points->rows.n, weights};
    return done;
}

static void make_blocks(struct finding *f, enum side side, const struct block_points *points,
                        size_t blocks)
{
    const struct store_query *query = &f->sides[side];
    size_t n = points->busy.n;
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
    struct intern names;
    struct run_ranges *ranges = f->ranges;
    intern_init(&names, f->heap, 0);
    if (!read_points(f, SIDE_BEFORE, &points[SIDE_BEFORE], &names) ||
        !read_points(f, SIDE_AFTER, &points[SIDE_AFTER], &names))
        return false;
    const struct run_points sides[SIDES] = {points[SIDE_BEFORE].points, points[SIDE_AFTER].points};
    ranges->blocks = true;
    ranges->correlation = run_points_correlation(sides, f->heap);
    size_t blocks = run_points_blocks(sides, ranges->correlation);
    ranges->vague = blocks < 2 && points[SIDE_BEFORE].windows + points[SIDE_AFTER].windows > SIDES;
    make_blocks(f, SIDE_BEFORE, &points[SIDE_BEFORE], blocks);
    make_blocks(f, SIDE_AFTER, &points[SIDE_AFTER], blocks);
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
