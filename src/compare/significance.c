/* SPDX-License-Identifier: MIT */
/*
 * significance: see significance.h.
 *
 * This file asks whether counting samples explains a difference; run_variance.h is about how runs
 * differ. Two or three runs of one function prove little: s^2 of two values is wrong by a factor of
 * four or more two times in five. So that file estimates from all functions together.
 */
#include "compare/significance.h"

#include <math.h>
#include <stdlib.h>

#define POWER_Z 0.84162123357291441 /* four times out of five */

/* ---- counting ---- */

static double test_counting(const struct judge *judge, const struct change *change)
{
    double all_a = judge->known[SIDE_BEFORE], all_b = judge->known[SIDE_AFTER];
    if (!judge_has_sides(judge))
        return 1;
    return stats_test_counts(change->samples[SIDE_BEFORE], change->samples[SIDE_AFTER],
                             all_b / (all_a + all_b));
}

static struct stats_interval find_side_interval(const struct judge *judge,
                                                const struct change *change, enum side side,
                                                double times, double z)
{
    double one = times * change->dispersion / judge->known[side];
    struct stats_interval counts = stats_poisson(change->samples[side], z);
    return (struct stats_interval){counts.low * one, counts.high * one};
}

static struct stats_interval count_interval(const struct judge *judge, const struct change *change,
                                            double times, double z)
{
    if (!judge_has_sides(judge))
        return (struct stats_interval){-INFINITY, INFINITY};
    double dispersion = change->dispersion;
    double a = change->samples[SIDE_BEFORE] * dispersion / judge->known[SIDE_BEFORE];
    double b = change->samples[SIDE_AFTER] * dispersion / judge->known[SIDE_AFTER];
    return stats_difference(times * a, find_side_interval(judge, change, SIDE_BEFORE, times, z), b,
                            find_side_interval(judge, change, SIDE_AFTER, 1, z));
}

/* If nothing had changed, the samples of both sides, at least one, would be in proportion. */
static double counting_error(const struct judge *judge, const struct change *change)
{
    double a = judge->known[SIDE_BEFORE] / change->dispersion;
    double b = judge->known[SIDE_AFTER] / change->dispersion;
    double samples = fmax(1, change->samples[SIDE_BEFORE] + change->samples[SIDE_AFTER]);
    return judge_has_sides(judge) ? sqrt(samples / (a + b) * (1 / a + 1 / b)) : INFINITY;
}

/* ---- between runs ---- */

bool judge_has_runs(const struct judge *judge)
{
    size_t before = judge->set->count[SIDE_BEFORE], after = judge->set->count[SIDE_AFTER];
    if (judge->counted)
        return before + after > 2 && before > 0 && after > 0;
    return before > 1 && after > 1;
}

/* Counting alone is exact; run_variance adds the difference between runs. */
static bool has_parts(const struct judge *judge)
{
    return judge_has_runs(judge) || judge->between.scale > 0;
}

bool judge_knows_noise(const struct judge *judge)
{
    return judge->counted || judge_has_runs(judge);
}

struct run_variance_scale judge_run_scale(const struct judge *judge)
{
    return (struct run_variance_scale){judge->set, judge->factor, judge->unit,
                                       judge->scale == CHANGE_SHARES};
}

/* ---- verdicts ---- */

/* Set the verdict from q and the size of the change. */
static void judge_call(const struct judge *judge, struct change *change)
{
    double effect = change_effect(judge, change);
    change->verdict = CHANGE_NOISE;
    if (!judge_knows_noise(judge))
        change->verdict = CHANGE_UNKNOWN;
    else if (change->q > judge->level || effect == 0 || fabs(effect) < judge->least)
        return;
    else if (effect > 0)
        change->verdict = change->before <= 0 ? CHANGE_NEW : CHANGE_SLOWER;
    else
        change->verdict = change->after <= 0 ? CHANGE_VANISHED : CHANGE_FASTER;
}

static void count_tested_samples(const struct judge *judge, const double *weights,
                                 const double *squares, struct change *change)
{
    const struct run_set *set = judge->set;
    double usual = 0, real = 0;
    for (size_t r = 0; r < set->runs.n; r++) {
        if (weights[r] <= 0)
            continue;
        change->samples[set->runs.at[r].side] += weights[r] / judge->unit[r];
        usual += weights[r] / judge->unit[r];
        real += squares ? squares[r] / (judge->unit[r] * judge->unit[r]) : 0;
    }
    if (squares && usual > 0 && real > 0)
        change->dispersion = real / usual;
    for (enum side side = SIDE_BEFORE; side < SIDES; side++)
        change->samples[side] /= change->dispersion;
}

void judge_one(const struct judge *judge, const double *weights, const double *squares,
               struct change *change)
{
    struct run_variance_scale scale = judge_run_scale(judge);
    struct run_variance_seen seen[SIDES] = {
        run_variance_look(&scale, SIDE_BEFORE, weights, squares),
        run_variance_look(&scale, SIDE_AFTER, weights, squares)};
    *change = (struct change){.before = seen[SIDE_BEFORE].mean,
                              .after = seen[SIDE_AFTER].mean,
                              .p = 1,
                              .error = INFINITY,
                              .dispersion = 1};
    double difference = change->after - change->before;
    if (judge_knows_noise(judge))
        run_variance_add_up(&judge->between, seen, &change->parts);
    if (judge->counted) {
        count_tested_samples(judge, weights, squares, change);
        change->p = test_counting(judge, change);
        change->error = counting_error(judge, change);
    }
    if (has_parts(judge)) {
        const struct run_variance_parts *parts = &change->parts;
        double p = run_variance_p(&judge->between, parts, difference, judge->level);
        double variance = parts->common[SIDE_BEFORE] + parts->common[SIDE_AFTER] +
                          parts->rest[SIDE_BEFORE] + parts->rest[SIDE_AFTER];
        change->p = judge->counted ? fmax(change->p, p) : p;
        if (variance > 0)
            change->error = judge->counted ? fmax(change->error, sqrt(variance)) : sqrt(variance);
    }
    struct stats_interval interval = change_interval(judge, change, 1, judge->level, 1);
    change->low = interval.low;
    change->high = interval.high;
    change->q = change->p;
    judge_call(judge, change);
}

struct stats_interval change_interval(const struct judge *judge, const struct change *change,
                                      double times, double level, double tests)
{
    struct stats_interval interval = {-INFINITY, INFINITY};
    double difference = change->after - times * change->before;
    if (judge->counted)
        interval = count_interval(judge, change, times,
                                  tests == 1 && level == judge->level
                                      ? judge->z
                                      : stats_normal_quantile(level / tests / 2));
    if (!has_parts(judge))
        return interval;
    double half = run_variance_half(&judge->between, &change->parts, times, level, tests);
    bool exact = judge->counted && isinf(half); /* all runs agree: only counting is known */
    if (exact)
        return interval;
    interval.low = judge->counted ? fmin(interval.low, difference - half) : difference - half;
    interval.high = judge->counted ? fmax(interval.high, difference + half) : difference + half;
    return interval;
}

/* Whether the samples are so few that it could be chance even if all were on one side. */
bool judge_is_hopeless(const struct judge *judge, const struct change *change)
{
    double a = judge->known[SIDE_BEFORE], b = judge->known[SIDE_AFTER];
    double samples = change->samples[SIDE_BEFORE] + change->samples[SIDE_AFTER];
    if (!judge->counted)
        return change->before == change->after;
    return 2 * pow(fmin(a, b) / (a + b), samples) > judge->level;
}

size_t judge_together(const struct judge *judge, struct change *changes, size_t n)
{
    struct stats_test *tests = heap_alloc(judge->set->heap, n, sizeof *tests);
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        if (!judge_is_hopeless(judge, &changes[i]))
            tests[count++] = (struct stats_test){.p = changes[i].p, .at = i};
        changes[i].q = 1;
    }
    stats_adjust(tests, count);
    for (size_t i = 0; i < count; i++)
        changes[tests[i].at].q = tests[i].q;
    for (size_t i = 0; i < n; i++)
        judge_call(judge, &changes[i]);
    heap_free(judge->set->heap, tests);
    return count;
}

void judge_frames(const struct judge *judge, bool self, struct change *changes)
{
    const struct run_set *set = judge->set;
    uint32_t n = set->tree.n;
    double *weights = heap_alloc(set->heap, set->runs.n, sizeof *weights);
    double *squares = heap_alloc(set->heap, set->runs.n, sizeof *squares);
    for (uint32_t i = 0; i < n; i++) {
        bool known = true;
        for (size_t r = 0; r < set->runs.n; r++) {
            const struct run *run = &set->runs.at[r];
            const struct run_squares *own = &set->squares.at[r];
            weights[r] = run_set_weight(set, self ? set->tree.weight[r][i] : run->whole[i]);
            known &= run->squares != NULL;
            if (known && self)
                squares[r] = i < own->n ? wide_to_double(own->own[i]) : 0;
            else if (known)
                squares[r] = run->squares[i];
        }
        judge_one(judge, weights, known ? squares : NULL, &changes[i]);
    }
    judge_together(judge, changes, n);
    heap_free(set->heap, squares);
    heap_free(set->heap, weights);
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

/* The degrees of freedom of the whole error. */
static double find_freedom(const struct judge *judge, const struct run_variance_parts *parts)
{
    double common = parts->common[SIDE_BEFORE] + parts->common[SIDE_AFTER];
    double rest = parts->rest[SIDE_BEFORE] + parts->rest[SIDE_AFTER];
    double unsure = rest * rest / parts->freedom;
    if (common > 0)
        unsure += common * common / judge->between.freedom;
    return unsure > 0 ? (common + rest) * (common + rest) / unsure : INFINITY;
}

/* The power of a t test is about that of a normal variable: t times the estimated error, which
 * itself varies (Johnson and Welch 1940). */
double change_visible(const struct judge *judge, const struct change *change, double level,
                      double tests)
{
    if (judge->whole <= 0 || isinf(change->error))
        return INFINITY;
    double t = stats_normal_quantile(level / tests / 2), freedom = INFINITY;
    if (has_parts(judge)) {
        double half = run_variance_half(&judge->between, &change->parts, 1, level, tests);
        t = isinf(half) ? t : fmax(t, half / change->error);
        freedom = find_freedom(judge, &change->parts);
    }
    double shift = t * (1 - 1 / (4 * freedom)) + POWER_Z * sqrt(1 + t * t / (2 * freedom));
    return shift * change->error / judge->whole;
}

const char *change_verdict_name(enum change_scale scale, enum change_verdict verdict)
{
    static const char *const names[] = {"noise",    "slower",  "faster", "new",
                                        "vanished", "unknown", "moved"};
    if (scale == CHANGE_SHARES && verdict == CHANGE_SLOWER)
        return "larger share";
    if (scale == CHANGE_SHARES && verdict == CHANGE_FASTER)
        return "smaller share";
    return names[verdict];
}
