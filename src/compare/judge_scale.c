/* SPDX-License-Identifier: MIT */
/*
 * judge_scale: the estimates that the judge needs: the factors of the runs, the weight of a sample,
 * how runs differ, and the ratio of most functions.
 */
#include <math.h>
#include <stdlib.h>

#include "compare/significance.h"

#define HALF_PI       1.57079632679489662
#define SQUARE_MEDIAN 0.45493642311957283 /* of the square of a standard normal */

enum {
    RATIO_FUNCTIONS = 3,
    SHIFT_FUNCTIONS = 5,
    DISPERSION_FUNCTIONS = 5,
    MANY_FUNCTIONS = 10,
    DISPERSION_SAMPLES = 20,
    SPREAD_MOST = 9
};

/* ---- the ratio of most functions ---- */

struct function_ratio {
    double log, weight;
    uint32_t name; /* of equal ratios, the order */
};

static int compare_ratios(const void *a, const void *b)
{
    const struct function_ratio *x = a, *y = b;
    if (x->log != y->log)
        return x->log < y->log ? -1 : 1;
    return x->name < y->name ? -1 : x->name > y->name;
}

/* False when a side lacks the function. */
static bool measure_ratio(const struct judge *judge, const double *weights, const double *squares,
                          struct function_ratio *ratio)
{
    const struct run_set *set = judge->set;
    double share[SIDES] = {0, 0}, variance = 0;
    for (size_t r = 0; r < set->runs.n; r++) {
        const struct run *run = &set->runs.at[r];
        double n = (double)set->count[run->side];
        share[run->side] += run->total > 0 ? weights[r] / run->total / n : 0;
    }
    if (share[SIDE_BEFORE] <= 0 || share[SIDE_AFTER] <= 0)
        return false;
    for (size_t r = 0; r < set->runs.n; r++) {
        const struct run *run = &set->runs.at[r];
        double n = (double)set->count[run->side], mean = share[run->side];
        double square = squares ? squares[r] : judge->unit[r] * weights[r];
        if (judge->counted && run->total > 0)
            variance += square / (run->total * run->total) / (n * n * mean * mean);
        variance += judge->between.own / (n * n);
    }
    if (variance <= 0)
        variance = 1 / share[SIDE_BEFORE] + 1 / share[SIDE_AFTER];
    ratio->log = log(share[SIDE_AFTER] / share[SIDE_BEFORE]);
    ratio->weight = 1 / sqrt(variance);
    return true;
}

/* The variance of the ratios over the expected one; at least 1. From the median distance, which
 * does not depend on a few functions that changed. Overwrites the logarithms. */
static double measure_spread(struct function_ratio *ratios, size_t n, double middle)
{
    for (size_t i = 0; i < n; i++)
        ratios[i].log = fabs(ratios[i].log - middle) * ratios[i].weight;
    qsort(ratios, n, sizeof *ratios, compare_ratios);
    return fmax(1, ratios[n / 2].log * ratios[n / 2].log / SQUARE_MEDIAN);
}

struct common_ratio judge_common_ratio(const struct judge *judge, const double *selves,
                                       const double *squares, size_t least)
{
    const struct run_set *set = judge->set;
    uint32_t names = frames_count(&set->tree.frames);
    struct function_ratio *ratios = heap_alloc(set->heap, names, sizeof *ratios);
    struct common_ratio common = {.ratio = 1};
    double weights = 0, precision = 0, sum = 0;
    size_t n = 0, runs = set->runs.n;
    for (uint32_t i = 0; i < names; i++)
        if (measure_ratio(judge, selves + i * runs, squares ? squares + i * runs : NULL,
                          &ratios[n])) {
            ratios[n].name = i;
            weights += ratios[n].weight;
            precision += ratios[n].weight * ratios[n].weight;
            n++;
        }
    qsort(ratios, n, sizeof *ratios, compare_ratios);
    common.functions = n;
    double middle = 0;
    for (size_t i = 0; i < n && n >= least && sum < weights / 2; i++) {
        sum += ratios[i].weight;
        middle = ratios[i].log;
    }
    common.ratio = exp(middle);
    common.spread = n > 0 ? measure_spread(ratios, n, middle) : 1;
    if (n >= least && judge_knows_noise(judge))
        common.variance = HALF_PI / precision * common.spread;
    heap_free(set->heap, ratios);
    return common;
}

/* ---- factors and samples ---- */

static double find_run_factor(const struct run_set *set, const struct run *run,
                              const struct judge_options *options)
{
    switch (options->scale) {
    case CHANGE_SHARES: return run->total > 0 ? 1 / run->total : 0;
    case CHANGE_WORK:
        return run->work > 0 ? 1 / run->work
                             : (double)set->count[run->side] / options->work[run->side];
    case CHANGE_WEIGHTS: break;
    }
    return 1;
}

static void measure_sides(struct judge *judge)
{
    const struct run_set *set = judge->set;
    double whole[SIDES] = {0, 0};
    judge->known[SIDE_BEFORE] = judge->known[SIDE_AFTER] = 0;
    for (size_t r = 0; r < set->runs.n; r++) {
        const struct run *run = &set->runs.at[r];
        double factor = judge->factor[r];
        judge->known[run->side] += factor * judge->unit[r] > 0 ? 1 / (factor * judge->unit[r]) : 0;
        whole[run->side] += run->total * factor / (double)set->count[run->side];
    }
    judge->whole = whole[SIDE_BEFORE] > 0 ? whole[SIDE_BEFORE] : whole[SIDE_AFTER];
}

static int compare_scale_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Estimate the weight of a sample if the input does not give it: the variance between runs divided
 * by the mean, as the median over functions. 0: there are too few functions. */
static double estimate_unit(const struct judge *judge, const double *selves)
{
    const struct run_set *set = judge->set;
    uint32_t names = frames_count(&set->tree.frames);
    double *units = heap_alloc(set->heap, names, sizeof *units), unit = 0;
    double freedom = (double)set->runs.n - 2;
    struct run_variance_scale scale = judge_run_scale(judge);
    size_t n = 0;
    for (uint32_t i = 0; i < names; i++) {
        double squares = 0, mean = 0;
        for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
            struct run_variance_seen seen = run_variance_look(&scale, side,
                                                              selves + i * set->runs.n, NULL);
            squares += seen.squares * fmax(0, seen.n - 1) / freedom;
            mean += seen.mean * fmax(0, seen.n - 1) / freedom;
        }
        if (mean > 0)
            units[n++] = squares / mean;
    }
    qsort(units, n, sizeof *units, compare_scale_numbers);
    if (n >= MANY_FUNCTIONS)
        unit = units[n / 2] / pow(1 - 2 / (9 * freedom), 3);
    heap_free(set->heap, units);
    return unit;
}

/* Estimate the weight of a sample on the scale of the judge, and convert it for each run. */
static void estimate_units(struct judge *judge, const double *selves)
{
    double unit = estimate_unit(judge, selves);
    for (size_t r = 0; r < judge->set->runs.n && unit > 0; r++)
        judge->unit[r] = judge->factor[r] > 0 ? unit / judge->factor[r] : 0;
    judge->counted = unit > 0;
}

/* The ratio of values after to values before that most functions have in common. */
static struct common_ratio find_value_ratio(const struct judge *judge, const double *selves,
                                            const double *squares, size_t least)
{
    const struct run_set *set = judge->set;
    struct common_ratio common = judge_common_ratio(judge, selves, squares, least);
    double value[SIDES] = {0, 0};
    for (size_t r = 0; r < set->runs.n; r++) {
        enum side side = set->runs.at[r].side;
        value[side] += set->runs.at[r].total * judge->factor[r] / (double)set->count[side];
    }
    if (value[SIDE_BEFORE] > 0 && value[SIDE_AFTER] > 0)
        common.ratio *= value[SIDE_AFTER] / value[SIDE_BEFORE];
    return common;
}

/* The values of a function on both sides, and their variances from counting. */
struct pair {
    double before, after, variance[SIDES];
};

/* The pairs of functions that are frequent enough, and on both sides: a new function is no sign of
 * noise. Returns how many. */
static size_t find_pairs(const struct judge *judge, const double *selves, const double *squares,
                         struct pair *pairs)
{
    const struct run_set *set = judge->set;
    uint32_t names = frames_count(&set->tree.frames);
    struct run_variance_scale scale = judge_run_scale(judge);
    size_t n = 0;
    for (uint32_t i = 0; i < names; i++) {
        const double *w = selves + i * set->runs.n, *s = squares ? squares + i * set->runs.n : NULL;
        struct run_variance_seen a = run_variance_look(&scale, SIDE_BEFORE, w, s);
        struct run_variance_seen b = run_variance_look(&scale, SIDE_AFTER, w, s);
        double variance = a.counting + b.counting, mean = a.mean + b.mean;
        if (a.mean > 0 && b.mean > 0 && mean * mean >= DISPERSION_SAMPLES * variance)
            pairs[n++] = (struct pair){a.mean, b.mean, {a.counting, b.counting}};
    }
    return n;
}

/* The median of the distances of the functions from the ratio: the square of each over its
 * variance. `off` is room for n. */
static double find_distance(const struct pair *pairs, size_t n, double ratio, double *off)
{
    for (size_t i = 0; i < n; i++) {
        const struct pair *p = &pairs[i];
        double variance = p->variance[SIDE_BEFORE] * ratio * ratio + p->variance[SIDE_AFTER];
        off[i] = pow(p->after - p->before * ratio, 2) / variance;
    }
    qsort(off, n, sizeof *off, compare_scale_numbers);
    return off[n / 2];
}

/* With one run a side: whether most functions differ by more than counting explains. Among few
 * functions a large one that changed can be the weighted median, so the ratio that fits most of
 * them best is taken (least median of squares, Rousseeuw 1984). */
static void look_at_dispersion(struct judge *judge, const double *selves, const double *squares)
{
    struct heap *heap = judge->set->heap;
    uint32_t names = frames_count(&judge->set->tree.frames);
    struct pair *pairs = heap_alloc(heap, names, sizeof *pairs);
    double *off = heap_alloc(heap, names, sizeof *off);
    size_t n = find_pairs(judge, selves, squares, pairs);
    if (n >= DISPERSION_FUNCTIONS) {
        double ratio = find_value_ratio(judge, selves, squares, RATIO_FUNCTIONS).ratio;
        double distance = find_distance(pairs, n, ratio, off);
        for (size_t i = 0; i < n && n < MANY_FUNCTIONS; i++)
            if (pairs[i].before > 0 && pairs[i].after > 0)
                distance = fmin(distance,
                                find_distance(pairs, n, pairs[i].after / pairs[i].before, off));
        double far = 2 * stats_normal_tail(sqrt(distance)), half = (double)(n / 2);
        judge->dispersion = distance / SQUARE_MEDIAN;
        judge->dispersed = stats_beta(far, (double)n - half, half + 1) < judge->level;
    }
    for (size_t r = 0; r < judge->set->runs.n; r++)
        judge->assumed |= judge->set->runs.at[r].assumed && n < MANY_FUNCTIONS;
    heap_free(heap, off);
    heap_free(heap, pairs);
}

static void limit_shift(struct judge *judge, const double *selves, const double *squares)
{
    struct common_ratio common = find_value_ratio(judge, selves, squares, SHIFT_FUNCTIONS);
    double level = RUN_VARIANCE_COMMON / 2 * judge->level;
    double room = stats_normal_quantile(level / 2) * sqrt(common.variance);
    if (common.functions >= SHIFT_FUNCTIONS)
        judge->between.shift = fabs(log(common.ratio)) + room;
}

static void scale_shares(struct judge *judge, const double *selves, const double *squares)
{
    struct common_ratio common = judge_common_ratio(judge, selves, squares, RATIO_FUNCTIONS);
    if (judge->dispersed || common.spread > SPREAD_MOST) /* no ratio fits most functions */
        return;
    judge->ratio = common.ratio;
    judge->between.scale = common.variance;
    for (size_t r = 0; r < judge->set->runs.n; r++)
        if (judge->set->runs.at[r].side == SIDE_AFTER)
            judge->factor[r] /= common.ratio;
}

void judge_init(struct judge *judge, const struct run_set *set, const struct judge_options *options,
                const double *selves, const double *squares)
{
    *judge = (struct judge){.set = set,
                            .scale = options->scale,
                            .level = 1 - options->confidence,
                            .least = options->least,
                            .ratio = 1,
                            .counted = true};
    judge->z = stats_normal_quantile(judge->level / 2);
    judge->factor = heap_alloc(set->heap, set->runs.n, sizeof *judge->factor);
    judge->unit = heap_alloc(set->heap, set->runs.n, sizeof *judge->unit);
    for (size_t r = 0; r < set->runs.n; r++) {
        judge->factor[r] = find_run_factor(set, &set->runs.at[r], options);
        judge->unit[r] = set->runs.at[r].unit;
        judge->counted &= judge->unit[r] > 0;
    }
    if (!judge->counted && judge_has_runs(judge))
        estimate_units(judge, selves);
    struct run_variance_scale scale = judge_run_scale(judge);
    if (judge_has_runs(judge))
        run_variance_learn(&judge->between, &scale, selves, squares, judge->counted);
    measure_sides(judge);
    if (set->runs.n == SIDES && judge->counted && judge_has_sides(judge))
        look_at_dispersion(judge, selves, squares);
    for (size_t r = 0; r < set->runs.n && judge->dispersed; r++)
        judge->counted &= !set->runs.at[r].assumed;
    if (judge->scale == CHANGE_SHARES)
        scale_shares(judge, selves, squares);
    else if (judge_has_runs(judge))
        limit_shift(judge, selves, squares);
    measure_sides(judge);
}
