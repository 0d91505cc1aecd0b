/*
 * significance: see significance.h.
 *
 * This file asks whether counting samples explains a difference; run_variance.h is about how runs
 * differ. Two or three runs of one function prove little: s^2 of two values is wrong by a factor of
 * four one time in three. So that room learns from all functions together.
 */
#include "compare/significance.h"

#include <math.h>
#include <stdlib.h>

#include "compare/stats.h"

#define POWER_Z 0.84162123357291441 /* four times out of five */

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

static struct stats_interval find_side_interval(const struct judge *judge, double samples,
                                                double known)
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
        a, find_side_interval(judge, change->samples[SIDE_BEFORE], known_a), b,
        find_side_interval(judge, change->samples[SIDE_AFTER], known_b));
    change->low = both.low;
    change->high = both.high;
}

/* If nothing had changed, the samples of both sides, at least one, would be in proportion. */
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
    size_t before = judge->set->count[SIDE_BEFORE], after = judge->set->count[SIDE_AFTER];
    if (judge->counted)
        return before + after > 2 && before > 0 && after > 0;
    return before > 1 && after > 1;
}

static void judge_runs(const struct judge *judge, const struct run_variance_seen seen[SIDES],
                       struct change *change)
{
    struct run_variance_result runs = run_variance_judge(&judge->between, seen);
    double difference = change->after - change->before;
    if (runs.error <= 0) /* all runs agree exactly: so few values prove nothing */
        return;
    change->p = fmax(judge->counted ? change->p : 0, runs.p);
    change->low = fmin(judge->counted ? change->low : INFINITY, difference - runs.half);
    change->high = fmax(judge->counted ? change->high : -INFINITY, difference + runs.half);
    change->error = fmax(judge->counted ? change->error : 0, runs.error);
}

/* ---- the judge ---- */

static struct run_variance_scale make_run_scale(const struct judge *judge)
{
    return (struct run_variance_scale){judge->set, judge->factor, judge->scale == CHANGE_SHARES};
}

static double find_run_factor(const struct run_set *set, const struct run *run,
                              const struct judge_options *options)
{
    switch (options->scale) {
    case CHANGE_SHARES: return run->total > 0 ? 1 / run->total : 0;
    case CHANGE_WORK: return (double)set->count[run->side] / options->work[run->side];
    case CHANGE_WEIGHTS: break;
    }
    return 1;
}

static void measure_sides(struct judge *judge, const struct judge_options *options)
{
    const struct run_set *set = judge->set;
    double whole[SIDES] = {0, 0};
    for (size_t r = 0; r < set->runs.n; r++) {
        const struct run *run = &set->runs.at[r];
        double factor = find_run_factor(set, run, options);
        judge->factor[r] = factor;
        judge->counted &= run->unit > 0;
        judge->known[run->side] += factor * run->unit > 0 ? 1 / (factor * run->unit) : 0;
        whole[run->side] += run->total * factor / (double)set->count[run->side];
    }
    judge->whole = whole[SIDE_BEFORE] > 0 ? whole[SIDE_BEFORE] : whole[SIDE_AFTER];
}

void judge_init(struct judge *judge, const struct run_set *set, const struct judge_options *options,
                const double *selves)
{
    *judge = (struct judge){.set = set,
                            .scale = options->scale,
                            .level = 1 - options->confidence,
                            .least = options->least,
                            .counted = true};
    judge->z = stats_normal_quantile(judge->level / 2);
    judge->factor = heap_alloc(set->heap, set->runs.n, sizeof *judge->factor);
    measure_sides(judge, options);
    struct run_variance_scale scale = make_run_scale(judge);
    if (has_runs(judge))
        run_variance_learn(&judge->between, &scale, selves, judge->counted, judge->level);
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
    const struct run_set *set = judge->set;
    struct run_variance_scale scale = make_run_scale(judge);
    struct run_variance_seen seen[SIDES] = {run_variance_look(&scale, SIDE_BEFORE, weights),
                                            run_variance_look(&scale, SIDE_AFTER, weights)};
    *change = (struct change){.before = seen[SIDE_BEFORE].mean,
                              .after = seen[SIDE_AFTER].mean,
                              .low = -INFINITY,
                              .high = INFINITY,
                              .p = 1,
                              .error = INFINITY};
    if (judge->counted) {
        for (size_t r = 0; r < set->runs.n; r++)
            if (weights[r] > 0)
                change->samples[set->runs.at[r].side] += weights[r] / set->runs.at[r].unit;
        judge_counting(judge, change);
        change->error = counting_error(judge, change);
    }
    if (has_runs(judge))
        judge_runs(judge, seen, change);
    change->q = change->p;
    judge_call(judge, change);
}

/* Even if all samples were on one side, it could be chance. */
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
    struct heap *heap = judge->set->heap;
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

void judge_frames(const struct judge *judge, bool self, struct change *changes)
{
    const struct run_set *set = judge->set;
    uint32_t n = set->tree.n;
    double *weights = heap_alloc(set->heap, set->runs.n, sizeof *weights);
    for (uint32_t i = 0; i < n; i++) {
        for (size_t r = 0; r < set->runs.n; r++)
            weights[r] = run_set_weight(set,
                                        self ? set->tree.weight[r][i] : set->runs.at[r].whole[i]);
        judge_one(judge, weights, &changes[i]);
    }
    judge_together(judge, changes, n);
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
