/*
 * run_variance: see run_variance.h.
 */
#include "compare/run_variance.h"

#include <math.h>
#include <stdlib.h>

#include "compare/stats.h"

enum { SAMPLES_TO_LEARN = 20, FUNCTIONS_TO_LEARN = 3 };

static double run_variance(const struct run_variance_scale *scale, size_t r, double weight)
{
    double factor = scale->factor[r], unit = scale->set->runs.at[r].unit;
    if (!scale->shares)
        return factor * factor * unit * weight;
    double share = weight * factor;
    return share < 1 ? share * (1 - share) * unit * factor : 0;
}

struct run_variance_seen run_variance_look(const struct run_variance_scale *scale, enum side side,
                                           const double *weights)
{
    const struct run_set *set = scale->set;
    struct run_variance_seen seen = {.n = (double)set->count[side]};
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].side == side) {
            seen.mean += weights[r] * scale->factor[r] / seen.n;
            seen.counting += run_variance(scale, r, weights[r]) / seen.n;
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

static double freedom_to_learn(const struct run_set *set)
{
    return (double)(set->runs.n - 2);
}

/* Variances of the share of one function: its own, and that of counting. */
struct lesson {
    double own, counting;
};

/* False when the function is too rare to learn from. */
static bool learn_function(const struct run_variance_scale *shares, const double *weights,
                           bool counted, struct lesson *lesson)
{
    /* The result is a median, and the median of s^2 is below its mean. */
    double median = pow(1 - 2 / (9 * freedom_to_learn(shares->set)), 3);
    double over = 0, mean = 0, counting = 0, squares = 0;
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        struct run_variance_seen seen = run_variance_look(shares, side, weights);
        double weight = fmax(0, seen.n - 1);
        over += weight * (seen.squares / median - seen.counting);
        squares += weight * seen.mean * seen.mean;
        mean += seen.mean * seen.n / (double)shares->set->runs.n;
        counting += seen.counting * seen.n / (double)shares->set->runs.n;
    }
    lesson->own = squares > 0 ? over / squares : 0;
    lesson->counting = mean > 0 ? counting / (mean * mean) : 0;
    /* mean^2 / counting is roughly the number of samples of a run */
    return counted ? mean * mean >= SAMPLES_TO_LEARN * counting && counting > 0 : mean >= 0.01;
}

static int compare_lessons(const void *a, const void *b)
{
    const struct lesson *x = a, *y = b;
    return x->own < y->own ? -1 : x->own > y->own;
}

/* Degrees of freedom of the median. The variance of counting is subtracted from the s^2 of each
 * function, but its uncertainty remains: a function counts by the part that its own variance is of
 * both. A median of s^2 is as good as the mean of about a third of the values. If all functions
 * counted in full, 218 of 20,000 comparisons of two runs a side would raise an alarm; the level
 * allows 200. This way it is 167. */
static double freedom_of_median(const struct lesson *lessons, size_t n, double median,
                                double freedom)
{
    double functions = 0;
    for (size_t i = 0; i < n && median > 0; i++)
        functions += median / (median + lessons[i].counting);
    return freedom * fmax(1, functions / 6);
}

static void learn_functions(struct run_variance *between, const struct run_variance_scale *shares,
                            const double *selves, bool counted)
{
    const struct run_set *set = shares->set;
    uint32_t names = frames_count(&set->tree.frames);
    struct lesson *lessons = heap_alloc(set->heap, names, sizeof *lessons);
    size_t n = 0;
    for (uint32_t i = 0; i < names; i++)
        n += learn_function(shares, selves + i * set->runs.n, counted, &lessons[n]);
    qsort(lessons, n, sizeof *lessons, compare_lessons);
    between->own = n >= FUNCTIONS_TO_LEARN ? fmax(0, lessons[n / 2].own) : 0;
    between->own_freedom = freedom_of_median(lessons, n, between->own, freedom_to_learn(set));
    heap_free(set->heap, lessons);
}

/* The variances of counting and of functions are part of it. They are not subtracted: with so few
 * runs the rest could be 0 by chance. */
static double learn_totals(const struct run_variance_scale *scale, const double *totals)
{
    double over = 0, squares = 0;
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        struct run_variance_seen seen = run_variance_look(scale, side, totals);
        over += fmax(0, seen.n - 1) * seen.squares;
        squares += fmax(0, seen.n - 1) * seen.mean * seen.mean;
    }
    return squares > 0 ? over / squares : 0;
}

void run_variance_learn(struct run_variance *between, const struct run_variance_scale *scale,
                        const double *selves, bool counted, double level)
{
    const struct run_set *set = scale->set;
    double *totals = heap_alloc(set->heap, set->runs.n, sizeof *totals);
    double *to_share = heap_alloc(set->heap, set->runs.n, sizeof *to_share);
    struct run_variance_scale shares = {.set = set, .factor = to_share, .shares = true};
    for (size_t r = 0; r < set->runs.n; r++) {
        totals[r] = set->runs.at[r].total;
        to_share[r] = totals[r] > 0 ? 1 / totals[r] : 0;
    }
    learn_functions(between, &shares, selves, counted);
    between->common = scale->shares ? 0 : learn_totals(scale, totals);
    between->level = level;
    between->common_freedom = freedom_to_learn(set);
    for (int step = 0; step < RUN_VARIANCE_STEPS && between->common > 0; step++)
        between->common_t[step] = stats_t_quantile(ldexp(1, -1 - step), between->common_freedom);
    heap_free(set->heap, to_share);
    heap_free(set->heap, totals);
}

/* ---- judging ---- */

/* Variances of the difference of two means. */
struct parts {
    double common, rest;
    double freedom; /* of the rest */
};

static struct parts add_up_variances(const struct run_variance *between,
                                     const struct run_variance_seen seen[SIDES])
{
    struct parts parts = {0};
    double owns = 0, unsure = 0;
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        const struct run_variance_seen *s = &seen[side];
        double squared = s->mean * s->mean / s->n;
        double common = between->common * squared;
        double own = between->own * fmax(0, 1 - s->share * s->share) * squared;
        double usual = s->counting / s->n + own;
        double excess = s->n > 1 ? fmax(0, s->squares / s->n - common - usual) : 0;
        parts.common += common;
        parts.rest += usual + excess;
        owns += own;
        unsure += excess > 0 ? excess * excess / (s->n - 1) : 0;
    }
    unsure += owns * owns / between->own_freedom;
    parts.freedom = unsure > 0 ? fmax(1, parts.rest * parts.rest / unsure) : INFINITY;
    return parts;
}

static double find_half_width(const struct parts *parts, double p, double common_t)
{
    double t = parts->rest > 0 ? stats_t_quantile(p, parts->freedom) : 0;
    return sqrt(parts->rest * t * t + parts->common * common_t * common_t);
}

/* The half width grows as p falls. Find the two steps between which it equals the difference. */
static double find_p(const struct run_variance *between, const struct parts *parts,
                     double difference)
{
    int low = 0, high = RUN_VARIANCE_STEPS;
    double below = 0, above = INFINITY; /* half widths at p = 2^-low, 2^-high */
    while (high - low > 1) {
        int middle = (low + high) / 2;
        double half = find_half_width(parts, ldexp(1, -middle), between->common_t[middle - 1]);
        *(half > difference ? &high : &low) = middle;
        *(half > difference ? &above : &below) = half;
    }
    return isinf(above) ? ldexp(1, -low) : exp2(-low - (difference - below) / (above - below));
}

struct run_variance_result run_variance_judge(const struct run_variance *between,
                                              const struct run_variance_seen seen[SIDES])
{
    struct parts parts = add_up_variances(between, seen);
    double difference = fabs(seen[SIDE_AFTER].mean - seen[SIDE_BEFORE].mean);
    double error = sqrt(parts.common + parts.rest);
    struct run_variance_result result = {.error = error, .p = 1};
    if (error <= 0)
        return result;
    double t = parts.common > 0 ? stats_t_quantile(between->level, between->common_freedom) : 0;
    result.half = find_half_width(&parts, between->level, t);
    /* No part is more certain than the normal distribution, so neither is the whole */
    result.p = stats_t_two_sided(difference / error, parts.common > 0 ? INFINITY : parts.freedom);
    if (parts.common > 0 && result.p <= between->level)
        result.p = find_p(between, &parts, difference);
    return result;
}
