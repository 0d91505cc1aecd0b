/*
 * change: see change.h.
 *
 * Variance of a run's value v, all on the judge's scale:
 *
 *      counting      share: v (1 - v) / n          weight: v / samples that a value of 1 makes
 *      between runs  spread x v^2                  learned from all functions together, below
 *      seen          s^2 of the runs of a side     when there are several
 *
 * Welch takes max(counting + between runs, seen). Two or three runs alone say little: s^2 of two is
 * off by a factor of four one time in three, and a t with one degree of freedom calls nothing. What
 * all functions share is known better, so only what s^2 has beyond it counts as known from few
 * runs.
 */
#include "stack/change.h"

#include <math.h>
#include <stdlib.h>

#include "stack/stats.h"

enum { SAMPLES_TO_LEARN = 20, FUNCTIONS_TO_LEARN = 3 };
#define POWER_Z 0.84162123357291441 /* four times out of five */

/* What the runs of one side say about one weight. */
struct seen {
    double n, mean;
    double counting; /* mean variance of a run from counting */
    double squares;  /* s^2; 0 with one run */
};

static double run_variance(const struct judge *judge, size_t r, double weight)
{
    const struct run *run = &judge->sides->runs.at[r];
    double factor = judge->factor[r], unit = run->unit;
    if (judge->scale != CHANGE_SHARES)
        return factor * factor * unit * weight;
    double share = weight * factor;
    return share < 1 ? share * (1 - share) * unit * factor : 0;
}

static struct seen look(const struct judge *judge, enum side side, const double *weights)
{
    const struct sides *sides = judge->sides;
    struct seen seen = {.n = (double)sides->count[side]};
    for (size_t r = 0; r < sides->runs.n; r++)
        if (sides->runs.at[r].side == side) {
            seen.mean += weights[r] * judge->factor[r] / seen.n;
            seen.counting += run_variance(judge, r, weights[r]) / seen.n;
        }
    for (size_t r = 0; r < sides->runs.n; r++)
        if (sides->runs.at[r].side == side && seen.n > 1) {
            double off = weights[r] * judge->factor[r] - seen.mean;
            seen.squares += off * off / (seen.n - 1);
        }
    return seen;
}

/* ---- counting ---- */

static bool sides_are_there(const struct judge *judge)
{
    return judge->known[SIDE_BEFORE] > 0 && judge->known[SIDE_AFTER] > 0;
}

static double test_counting(const struct judge *judge, const struct change *change)
{
    double a = change->samples[SIDE_BEFORE], b = change->samples[SIDE_AFTER];
    double all_a = judge->known[SIDE_BEFORE], all_b = judge->known[SIDE_AFTER];
    if (!sides_are_there(judge))
        return 1;
    if (judge->scale == CHANGE_SHARES)
        return stats_test_shares(a, all_a, b, all_b);
    return stats_test_counts(a, b, all_b / (all_a + all_b));
}

static struct stats_interval one_side(const struct judge *judge, double samples, double known)
{
    if (judge->scale == CHANGE_SHARES)
        return stats_wilson(fmin(1, samples / known), known, judge->z);
    struct stats_interval counts = stats_poisson(samples, judge->z);
    return (struct stats_interval){counts.low / known, counts.high / known};
}

static void judge_counting(const struct judge *judge, struct change *change)
{
    double known_a = judge->known[SIDE_BEFORE], known_b = judge->known[SIDE_AFTER];
    double a = change->samples[SIDE_BEFORE] / known_a, b = change->samples[SIDE_AFTER] / known_b;
    change->p = test_counting(judge, change);
    if (!sides_are_there(judge))
        return;
    if (judge->scale == CHANGE_SHARES) {
        a = fmin(1, a);
        b = fmin(1, b);
    }
    struct stats_interval both = stats_difference(
        a, one_side(judge, change->samples[SIDE_BEFORE], known_a), b,
        one_side(judge, change->samples[SIDE_AFTER], known_b));
    change->low = both.low;
    change->high = both.high;
}

/* If nothing had changed, both sides would have the samples in proportion; at least one. */
static double counting_error(const struct judge *judge, const struct change *change)
{
    double a = judge->known[SIDE_BEFORE], b = judge->known[SIDE_AFTER];
    double samples = fmax(1, change->samples[SIDE_BEFORE] + change->samples[SIDE_AFTER]);
    double value = samples / (a + b);
    double left = judge->scale == CHANGE_SHARES ? fmax(0, 1 - value) : 1;
    return sides_are_there(judge) ? sqrt(value * left * (1 / a + 1 / b)) : INFINITY;
}

/* ---- between runs ---- */

static bool has_runs(const struct judge *judge)
{
    size_t before = judge->sides->count[SIDE_BEFORE], after = judge->sides->count[SIDE_AFTER];
    if (judge->counted)
        return before + after > 2 && before > 0 && after > 0;
    return before > 1 && after > 1;
}

/* Variance of the mean of a side, and what Satterthwaite's formula for the degrees of freedom wants
 * to know of it. */
static double mean_variance(const struct judge *judge, const struct seen *seen, double *excess,
                            double *learned)
{
    *learned = judge->spread * seen->mean * seen->mean / seen->n;
    double usual = seen->counting / seen->n + *learned;
    double own = seen->n > 1 ? seen->squares / seen->n : 0;
    *excess = fmax(0, own - usual);
    return usual + *excess;
}

static double freedom_to_learn(const struct judge *judge)
{
    return (double)(judge->sides->runs.n - 2);
}

static double welch_freedom(const struct judge *judge, const struct seen seen[SIDES],
                            const double excess[SIDES], double learned, double variance)
{
    double sum = learned * learned / freedom_to_learn(judge);
    for (enum side side = SIDE_BEFORE; side < SIDES; side++)
        if (seen[side].n > 1)
            sum += excess[side] * excess[side] / (seen[side].n - 1);
    return sum > 0 ? fmax(1, variance * variance / sum) : INFINITY;
}

static void judge_runs(const struct judge *judge, const struct seen seen[SIDES],
                       struct change *change)
{
    double excess[SIDES], learned[SIDES];
    double variance = mean_variance(judge, &seen[SIDE_BEFORE], &excess[SIDE_BEFORE],
                                    &learned[SIDE_BEFORE]) +
                      mean_variance(judge, &seen[SIDE_AFTER], &excess[SIDE_AFTER],
                                    &learned[SIDE_AFTER]);
    double freedom = welch_freedom(judge, seen, excess, learned[SIDE_BEFORE] + learned[SIDE_AFTER],
                                   variance);
    double difference = change->after - change->before, error = sqrt(variance);
    if (variance <= 0) /* all runs agree to the last digit: so few values prove nothing */
        return;
    double half = error * stats_t_quantile(judge->level, freedom);
    change->p = fmax(judge->counted ? change->p : 0,
                     stats_t_two_sided(difference / error, freedom));
    change->low = fmin(judge->counted ? change->low : INFINITY, difference - half);
    change->high = fmax(judge->counted ? change->high : -INFINITY, difference + half);
    change->error = fmax(judge->counted ? change->error : 0, error);
}

/* ---- the judge ---- */

/* Variance between runs beyond counting, relative to the mean squared, of one function. */
static bool learn_from(const struct judge *judge, const double *weights, double *spread)
{
    const struct sides *sides = judge->sides;
    double freedom = freedom_to_learn(judge);
    /* The median of many is taken, and the median of s^2 is below its mean. */
    double median = pow(1 - 2 / (9 * freedom), 3);
    double over = 0, mean = 0, counting = 0, squares = 0;
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        struct seen seen = look(judge, side, weights);
        double weight = fmax(0, seen.n - 1);
        over += weight * (seen.squares / median - seen.counting);
        squares += weight * seen.mean * seen.mean;
        mean += seen.mean * seen.n / (double)sides->runs.n;
        counting += seen.counting * seen.n / (double)sides->runs.n;
    }
    *spread = squares > 0 ? over / squares : 0;
    /* mean^2 / counting is about the number of samples of a run. */
    return judge->counted ? mean * mean >= SAMPLES_TO_LEARN * counting && counting > 0
                          : mean >= judge->whole / 100;
}

static int compare_doubles(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static double learn_spread(const struct judge *judge, const double *selves)
{
    const struct sides *sides = judge->sides;
    uint32_t names = intern_count(&sides->tree.names);
    double *spreads = heap_alloc(sides->heap, names, sizeof *spreads);
    size_t n = 0;
    if (has_runs(judge))
        for (uint32_t i = 0; i < names; i++)
            n += learn_from(judge, selves + i * sides->runs.n, &spreads[n]);
    qsort(spreads, n, sizeof *spreads, compare_doubles);
    double spread = n >= FUNCTIONS_TO_LEARN ? fmax(0, spreads[n / 2]) : 0;
    heap_free(sides->heap, spreads);
    return spread;
}

static double factor_of(const struct sides *sides, const struct run *run,
                        const struct judge_options *options)
{
    switch (options->scale) {
    case CHANGE_SHARES: return run->total > 0 ? 1 / run->total : 0;
    case CHANGE_WORK: return (double)sides->count[run->side] / options->work[run->side];
    case CHANGE_WEIGHTS: break;
    }
    return 1;
}

static void measure_sides(struct judge *judge, const struct judge_options *options)
{
    const struct sides *sides = judge->sides;
    double whole[SIDES] = {0, 0};
    for (size_t r = 0; r < sides->runs.n; r++) {
        const struct run *run = &sides->runs.at[r];
        double factor = factor_of(sides, run, options);
        judge->factor[r] = factor;
        judge->counted &= run->unit > 0;
        judge->known[run->side] += factor * run->unit > 0 ? 1 / (factor * run->unit) : 0;
        whole[run->side] += run->total * factor / (double)sides->count[run->side];
    }
    judge->whole = whole[SIDE_BEFORE] > 0 ? whole[SIDE_BEFORE] : whole[SIDE_AFTER];
}

void judge_init(struct judge *judge, const struct sides *sides, const struct judge_options *options,
                const double *selves)
{
    *judge = (struct judge){.sides = sides,
                            .scale = options->scale,
                            .level = 1 - options->confidence,
                            .least = options->least,
                            .counted = true};
    judge->z = stats_normal_quantile(judge->level / 2);
    judge->factor = heap_alloc(sides->heap, sides->runs.n, sizeof *judge->factor);
    measure_sides(judge, options);
    judge->spread = learn_spread(judge, selves);
}

void judge_end(struct judge *judge)
{
    heap_free(judge->sides->heap, judge->factor);
    judge->factor = NULL;
}

/* ---- verdicts ---- */

void judge_call(const struct judge *judge, struct change *change)
{
    double effect = change_effect(judge, change);
    change->verdict = CHANGE_NOISE;
    if (!judge->counted && !has_runs(judge))
        change->verdict = CHANGE_UNKNOWN;
    else if (change->q > judge->level || effect == 0 || fabs(effect) < judge->least)
        return;
    else if (effect > 0)
        change->verdict = change->before <= 0 ? CHANGE_NEW : CHANGE_SLOWER;
    else
        change->verdict = change->after <= 0 ? CHANGE_VANISHED : CHANGE_FASTER;
}

void judge_one(const struct judge *judge, const double *weights, struct change *change)
{
    const struct sides *sides = judge->sides;
    struct seen seen[SIDES] = {look(judge, SIDE_BEFORE, weights), look(judge, SIDE_AFTER, weights)};
    *change = (struct change){.before = seen[SIDE_BEFORE].mean,
                              .after = seen[SIDE_AFTER].mean,
                              .low = -INFINITY,
                              .high = INFINITY,
                              .p = 1,
                              .error = INFINITY};
    if (judge->counted) {
        for (size_t r = 0; r < sides->runs.n; r++)
            if (weights[r] > 0)
                change->samples[sides->runs.at[r].side] += weights[r] / sides->runs.at[r].unit;
        judge_counting(judge, change);
        change->error = counting_error(judge, change);
    }
    if (has_runs(judge))
        judge_runs(judge, seen, change);
    change->q = change->p;
    judge_call(judge, change);
}

/* Even if one side had all its samples, chance would not be ruled out. */
static bool is_hopeless(const struct judge *judge, const struct change *change)
{
    double a = judge->known[SIDE_BEFORE], b = judge->known[SIDE_AFTER];
    double samples = change->samples[SIDE_BEFORE] + change->samples[SIDE_AFTER];
    if (!judge->counted)
        return change->before == change->after;
    return 2 * pow(fmin(a, b) / (a + b), samples) > judge->level;
}

size_t judge_together(const struct judge *judge, struct change *changes, size_t n)
{
    struct heap *heap = judge->sides->heap;
    double *p = heap_alloc(heap, n, sizeof *p);
    double *q = heap_alloc(heap, n, sizeof *q);
    struct stats_ranked *room = heap_alloc(heap, n, sizeof *room);
    size_t tests = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        if (!is_hopeless(judge, &changes[i]))
            p[tests++] = changes[i].p;
    stats_adjust(p, q, tests, room);
    for (size_t i = 0; i < n; i++) {
        changes[i].q = is_hopeless(judge, &changes[i]) ? 1 : q[at++];
        judge_call(judge, &changes[i]);
    }
    heap_free(heap, room);
    heap_free(heap, q);
    heap_free(heap, p);
    return tests;
}

double judge_called_p(const struct judge *judge, const struct change *change)
{
    return change->q <= judge->level ? change->p : 0;
}

double change_effect(const struct judge *judge, const struct change *change)
{
    return judge->whole > 0 ? (change->after - change->before) / judge->whole : 0;
}

double change_sure(const struct judge *judge, const struct change *change)
{
    if (judge->whole <= 0 || (change->low <= 0 && change->high >= 0))
        return 0;
    return (change->low > 0 ? change->low : change->high) / judge->whole;
}

double change_visible(const struct judge *judge, const struct change *change, size_t tests)
{
    double level = judge->level / (double)(tests > 0 ? tests : 1);
    if (judge->whole <= 0)
        return INFINITY;
    return (stats_normal_quantile(level / 2) + POWER_Z) * change->error / judge->whole;
}

const char *change_verdict_name(enum change_verdict verdict)
{
    static const char *const names[] = {"noise", "slower", "faster", "new", "vanished", "unknown"};
    return names[verdict];
}
