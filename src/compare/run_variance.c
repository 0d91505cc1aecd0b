/* SPDX-License-Identifier: MIT */
/*
 * run_variance: see run_variance.h.
 */
#include "compare/run_variance.h"

#include <math.h>
#include <stdlib.h>

#include "compare/stats.h"

enum { SAMPLES_TO_LEARN = 20, FUNCTIONS_TO_LEARN = 3 };

static double count_variance(const struct run_variance_scale *scale, size_t r, double weight,
                             double square)
{
    double factor = scale->factor[r], total = scale->set->runs.at[r].total;
    double left = scale->shares && total > 0 ? fmax(0, 1 - weight / total) : 1;
    return factor * factor * square * left;
}

struct run_variance_seen run_variance_look(const struct run_variance_scale *scale, enum side side,
                                           const double *weights, const double *squares)
{
    const struct run_set *set = scale->set;
    struct run_variance_seen seen = {.n = (double)set->count[side]};
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].side == side) {
            double square = squares ? squares[r] : scale->unit[r] * weights[r];
            seen.mean += weights[r] * scale->factor[r] / seen.n;
            seen.counting += count_variance(scale, r, weights[r], square) / seen.n;
            if (set->runs.at[r].total > 0)
                seen.share += weights[r] / set->runs.at[r].total / seen.n;
        }
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].side == side && seen.n > 1) {
            double off = weights[r] * scale->factor[r] - seen.mean;
            seen.squares += off * off / (seen.n - 1);
        }
    return seen;
}

/* ---- learning ---- */

/* The variances of the share of one function: its own and that of counting. */
struct lesson {
    double own, counting;
};

/* False when the function is too rare to learn from. */
static bool learn_function(const struct run_variance_scale *shares, const double *weights,
                           const double *squares, bool counted, struct lesson *lesson)
{
    double over = 0, mean = 0, counting = 0, squared = 0;
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        struct run_variance_seen seen = run_variance_look(shares, side, weights, squares);
        double weight = fmax(0, seen.n - 1);
        over += weight * (seen.squares - seen.counting);
        squared += weight * seen.mean * seen.mean;
        mean += seen.mean * seen.n / (double)shares->set->runs.n;
        counting += seen.counting * seen.n / (double)shares->set->runs.n;
    }
    lesson->own = squared > 0 ? over / squared : 0;
    lesson->counting = mean > 0 ? counting / (mean * mean) : 0;
    /* mean^2 / counting is roughly the number of samples of a run */
    return counted ? mean * mean >= SAMPLES_TO_LEARN * counting && counting > 0 : mean >= 0.01;
}

static int compare_lessons(const void *a, const void *b)
{
    const struct lesson *x = a, *y = b;
    if (x->own != y->own)
        return x->own < y->own ? -1 : 1;
    return x->counting < y->counting ? -1 : x->counting > y->counting;
}

/* The median of s^2 is below its mean; the lessons are sorted. */
static double median_own(const struct lesson *lessons, size_t n, double freedom)
{
    double median = pow(1 - 2 / (9 * freedom), 3);
    const struct lesson *middle = &lessons[n / 2];
    return fmax(0, (middle->own + middle->counting) / median - middle->counting);
}

/* The usual variance is a weighted mean of the estimates of all functions. An estimate has itself a
 * variance: 2 * variance^2 / degrees of freedom. The weight of a function is the inverse of that.
 *
 * The estimates differ more than this explains. The rest is how much functions really differ: a
 * squared coefficient of variation of 2 / prior. It is raised by the standard error that it would
 * have if all functions were alike. Few runs estimate `prior` poorly, so it is reduced: to a third
 * with two runs on each side. The factors are from up to 6,000 simulated comparisons, whose
 * functions vary by 0 to 3 times as much. */
static void learn_own(struct run_variance *between, const struct lesson *lessons, size_t n)
{
    double guess = median_own(lessons, n, between->freedom), weights = 0, own = 0, over = 0;
    double functions = 0;
    for (size_t i = 0; i < n; i++) {
        double weight = 1 / pow(guess + lessons[i].counting, 2);
        weights += weight;
        own += weight * lessons[i].own;
    }
    own = weights > 0 ? fmax(0, own / weights) : 0;
    for (size_t i = 0; i < n && own > 0; i++) {
        double weight = 1 / pow(guess + lessons[i].counting, 2);
        double chance = 2 * pow(own + lessons[i].counting, 2) / between->freedom;
        over += weight / weights * (pow(lessons[i].own - own, 2) - chance);
        functions += own / (own + lessons[i].counting);
    }
    double part = 2 / between->freedom, differ = own > 0 ? over / (own * own * (1 + part)) : 0;
    double unsure = part * sqrt((2 + 6 * part) / fmax(1, functions)) / (1 + part);
    between->own = own;
    between->own_freedom = between->freedom * fmax(1, functions / 6);
    double prior = 2 / (fmax(0, differ) + unsure) * between->freedom / (between->freedom + 4);
    between->prior = fmin(prior, between->own_freedom);
}

static void learn_functions(struct run_variance *between, const struct run_variance_scale *shares,
                            const double *selves, const double *squares, bool counted)
{
    const struct run_set *set = shares->set;
    uint32_t names = frames_count(&set->tree.frames);
    struct lesson *lessons = heap_alloc(set->heap, names, sizeof *lessons);
    size_t n = 0;
    for (uint32_t i = 0; i < names; i++)
        n += learn_function(shares, selves + i * set->runs.n,
                            squares ? squares + i * set->runs.n : NULL, counted, &lessons[n]);
    qsort(lessons, n, sizeof *lessons, compare_lessons);
    if (n >= FUNCTIONS_TO_LEARN)
        learn_own(between, lessons, n);
    heap_free(set->heap, lessons);
}

/* The variance of totals between runs. It includes the variances of counting and of functions,
 * which are not subtracted: with so few runs the rest could be 0 by chance. */
static double learn_totals(const struct run_variance_scale *scale, const double *totals)
{
    double over = 0, squares = 0;
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        struct run_variance_seen seen = run_variance_look(scale, side, totals, NULL);
        over += fmax(0, seen.n - 1) * seen.squares;
        squares += fmax(0, seen.n - 1) * seen.mean * seen.mean;
    }
    return squares > 0 ? over / squares : 0;
}

void run_variance_learn(struct run_variance *between, const struct run_variance_scale *scale,
                        const double *selves, const double *squares, bool counted)
{
    const struct run_set *set = scale->set;
    double *totals = heap_alloc(set->heap, set->runs.n, sizeof *totals);
    double *to_share = heap_alloc(set->heap, set->runs.n, sizeof *to_share);
    struct run_variance_scale shares = {set, to_share, scale->unit, true};
    for (size_t r = 0; r < set->runs.n; r++) {
        totals[r] = set->runs.at[r].total;
        to_share[r] = totals[r] > 0 ? 1 / totals[r] : 0;
    }
    *between = (struct run_variance){.freedom = (double)set->runs.n - 2, .shift = INFINITY};
    learn_functions(between, &shares, selves, squares, counted);
    for (enum side side = SIDE_BEFORE; side < SIDES && !scale->shares; side++)
        between->common[side] = learn_totals(scale, totals) / (double)set->count[side];
    heap_free(set->heap, to_share);
    heap_free(set->heap, totals);
}

/* ---- judging ---- */

/* The variance of this function over the usual variance, and its degrees of freedom. */
static double own_variance_ratio(const struct run_variance *between,
                                 const struct run_variance_seen seen[SIDES], double *freedom)
{
    double over = 0, usual = 0, other = 0;
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        const struct run_variance_seen *s = &seen[side];
        double weight = fmax(0, s->n - 1), squared = s->mean * s->mean;
        double rest = s->counting + between->common[side] * s->n * squared;
        over += weight * (s->squares - rest);
        other += weight * rest;
        usual += weight * between->own * fmax(0, 1 - s->share * s->share) * squared;
    }
    double known = usual + other > 0 ? usual / (usual + other) : 0;
    double data = between->freedom * known * known;
    *freedom = between->prior + data;
    return usual > 0 ? fmax(1, (between->prior + data * over / usual) / *freedom) : 1;
}

void run_variance_add_up(const struct run_variance *between,
                         const struct run_variance_seen seen[SIDES],
                         struct run_variance_parts *parts)
{
    double own_freedom = 0, all = 0, unsure = 0, owns = 0;
    double times = own_variance_ratio(between, seen, &own_freedom);
    double a = seen[SIDE_BEFORE].n, b = seen[SIDE_AFTER].n;
    double both = (seen[SIDE_BEFORE].mean * a + seen[SIDE_AFTER].mean * b) / (a + b);
    *parts = (struct run_variance_parts){.freedom = INFINITY};
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        const struct run_variance_seen *s = &seen[side];
        double squared = s->mean * s->mean;
        /* A single run that is low by chance would look certain by its own mean. */
        double mean = 2 * s->n < a + b ? fmax(s->mean, both) : s->mean;
        double own = between->own * fmax(0, 1 - s->share * s->share) * mean * mean / s->n;
        double usual = s->counting / s->n + own * times;
        usual += side == SIDE_AFTER ? between->scale * squared : 0;
        parts->common[side] = between->common[side] * squared;
        parts->mean[side] = s->mean;
        double excess = s->n > 1 ? fmax(0, s->squares / s->n - parts->common[side] - usual) : 0;
        parts->rest[side] = usual + excess;
        owns += own * times;
        all += usual + excess;
        unsure += excess > 0 ? excess * excess / (s->n - 1) : 0;
    }
    unsure += own_freedom > 0 ? owns * owns / own_freedom : 0;
    if (unsure > 0)
        parts->freedom = fmax(1, all * all / unsure);
}

static double t_quantile(double p, double freedom)
{
    return isinf(freedom) ? stats_normal_quantile(p / 2) : stats_t_quantile(p, freedom);
}

static double find_common_half(const struct run_variance *between,
                               const struct run_variance_parts *parts, double times, double level)
{
    double common = parts->common[SIDE_BEFORE] * times * times + parts->common[SIDE_AFTER];
    double part = isinf(between->shift) ? RUN_VARIANCE_COMMON : RUN_VARIANCE_COMMON / 2;
    double t = common > 0 ? t_quantile(part * level, between->freedom) : 0;
    double mean = fmax(parts->mean[SIDE_BEFORE] * times, parts->mean[SIDE_AFTER]);
    return fmin(t * sqrt(common), isinf(between->shift) ? INFINITY : between->shift * mean);
}

double run_variance_half(const struct run_variance *between, const struct run_variance_parts *parts,
                         double times, double level, double tests)
{
    double common = parts->common[SIDE_BEFORE] * times * times + parts->common[SIDE_AFTER];
    double rest = parts->rest[SIDE_BEFORE] * times * times + parts->rest[SIDE_AFTER];
    double left = common > 0 ? (1 - RUN_VARIANCE_COMMON) * level : level;
    if (common + rest <= 0) /* all runs agree exactly, which so few values can do by chance */
        return INFINITY;
    double t = rest > 0 ? t_quantile(left / tests, parts->freedom) : 0;
    double half = find_common_half(between, parts, times, level);
    return sqrt(half * half + t * t * rest);
}

double run_variance_p(const struct run_variance *between, const struct run_variance_parts *parts,
                      double difference, double level)
{
    double common = parts->common[SIDE_BEFORE] + parts->common[SIDE_AFTER];
    double rest = parts->rest[SIDE_BEFORE] + parts->rest[SIDE_AFTER];
    double half = find_common_half(between, parts, 1, level);
    double left = difference * difference - half * half;
    if (common + rest <= 0 || left <= 0)
        return 1;
    if (rest <= 0)
        return 0;
    double p = stats_t_two_sided(sqrt(left / rest), parts->freedom);
    return fmin(1, common > 0 ? p / (1 - RUN_VARIANCE_COMMON) : p);
}
