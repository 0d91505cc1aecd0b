/* SPDX-License-Identifier: MIT */
/*
 * comparison: see comparison.h.
 */
#include "compare/comparison.h"

#include <math.h>

#define ALIKE 0.1

enum { RATIO_LEAST = 2 };

static double find_mean_total(const struct run_set *set, enum side side)
{
    double sum = 0;
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].side == side)
            sum += set->runs.at[r].total;
    return set->count[side] > 0 ? sum / (double)set->count[side] : 0;
}

bool comparison_are_alike(double before, double after)
{
    return before > 0 && after > 0 && fabs(after - before) <= ALIKE * before;
}

/* CPU time that was available during a recording, mean of the runs of a side; 0: not known. */
static double find_mean_capacity(const struct run_set *set, enum side side)
{
    double sum = 0;
    bool cpus = true;
    for (size_t r = 0; r < set->runs.n; r++)
        cpus &= set->runs.at[r].cpus > 0;
    for (size_t r = 0; r < set->runs.n; r++) {
        const struct run *run = &set->runs.at[r];
        if (run->side != side)
            continue;
        if (run->seconds <= 0)
            return 0;
        sum += run->seconds * (cpus ? run->cpus : 1);
    }
    return set->count[side] > 0 ? sum / (double)set->count[side] : 0;
}

/* Both sides did the same work if about as much CPU time was available to their recordings, or if
 * their totals or most functions are alike. */
static bool are_comparable(const struct comparison *comparison, double before, double after)
{
    const struct run_set *set = comparison->set;
    double *selves = run_set_functions(set, true);
    struct common_ratio ratio = judge_common_ratio(&comparison->plain, selves, NULL, RATIO_LEAST);
    heap_free(set->heap, selves);
    return comparison_are_alike(find_mean_capacity(set, SIDE_BEFORE),
                                find_mean_capacity(set, SIDE_AFTER)) ||
           comparison_are_alike(before, after) || comparison_are_alike(before, after * ratio.ratio);
}

enum normalize comparison_choose(const struct comparison_options *options, bool comparable)
{
    if (options->normalize != NORMALIZE_AUTO)
        return options->normalize;
    if (options->work[SIDE_BEFORE] > 0)
        return NORMALIZE_WORK;
    return options->gated || comparable ? NORMALIZE_NONE : NORMALIZE_TOTAL;
}

static void choose_normalization(struct comparison *comparison,
                                 const struct comparison_options *options)
{
    double before = find_mean_total(comparison->set, SIDE_BEFORE);
    double after = find_mean_total(comparison->set, SIDE_AFTER);
    comparison->apart = before > 0 ? after / before - 1 : 0;
    comparison->comparable = options->normalize == NORMALIZE_NONE ||
                             options->work[SIDE_BEFORE] > 0 || before <= 0 || after <= 0 ||
                             are_comparable(comparison, before, after);
    comparison->normalize = comparison_choose(options, comparison->comparable);
    comparison->undecided = options->normalize == NORMALIZE_AUTO && !comparison->comparable;
}

/* Stacks that one side lacks. */
static void weigh_one_sided(struct comparison *comparison)
{
    const struct run_set *set = comparison->set;
    double all[SIDES] = {0, 0}, alone[SIDES] = {0, 0};
    for (uint32_t i = 0; i < set->tree.n; i++) {
        uint64_t before = run_set_sum(set, SIDE_BEFORE, i), after = run_set_sum(set, SIDE_AFTER, i);
        all[SIDE_BEFORE] += (double)before;
        all[SIDE_AFTER] += (double)after;
        alone[SIDE_BEFORE] += after == 0 ? (double)before : 0;
        alone[SIDE_AFTER] += before == 0 ? (double)after : 0;
    }
    comparison->gone = all[SIDE_BEFORE] > 0 ? alone[SIDE_BEFORE] / all[SIDE_BEFORE] : 0;
    comparison->fresh = all[SIDE_AFTER] > 0 ? alone[SIDE_AFTER] / all[SIDE_AFTER] : 0;
}

/* The total is compared per unit of work or as it is: its share is always 100 %. */
static void judge_whole(struct comparison *comparison, const struct judge_options *options)
{
    struct run_set *set = comparison->set;
    struct judge_options plain = *options;
    double *totals = heap_alloc(set->heap, set->runs.n, sizeof *totals);
    double *selves = run_set_functions(set, true);
    plain.scale = plain.work[SIDE_BEFORE] > 0 ? CHANGE_WORK : CHANGE_WEIGHTS;
    judge_init(&comparison->plain, set, &plain, selves, NULL);
    comparison->plain.between.shift = INFINITY; /* here the common change is the question */
    for (size_t r = 0; r < set->runs.n; r++)
        totals[r] = set->runs.at[r].total;
    judge_one(&comparison->plain, totals, NULL, &comparison->whole);
    heap_free(set->heap, selves);
    heap_free(set->heap, totals);
}

void comparison_make(struct comparison *comparison, struct run_set *set,
                     const struct comparison_options *options)
{
    static const enum change_scale scales[] = {[NORMALIZE_AUTO] = CHANGE_WEIGHTS,
                                               [NORMALIZE_TOTAL] = CHANGE_SHARES,
                                               [NORMALIZE_WORK] = CHANGE_WORK,
                                               [NORMALIZE_NONE] = CHANGE_WEIGHTS};
    struct judge_options judge = {.work = {options->work[SIDE_BEFORE], options->work[SIDE_AFTER]},
                                  .confidence = options->confidence,
                                  .least = options->least};
    *comparison = (struct comparison){
        .set = set, .work = {options->work[SIDE_BEFORE], options->work[SIDE_AFTER]}};
    judge_whole(comparison, &judge);
    choose_normalization(comparison, options);
    judge.scale = scales[comparison->normalize];
    function_changes_make(&comparison->functions, &comparison->judge, set, &judge);
    weigh_one_sided(comparison);
}

void comparison_add_class(struct comparison *comparison, str name, const double *weights)
{
    struct comparison_class class = {.name = name};
    judge_one(&comparison->judge, weights, NULL, &class.change);
    vec_push(comparison->set->heap, &comparison->classes, class);
}

void comparison_add_value(struct comparison *comparison, str value, const double *weights)
{
    struct comparison_class class = {.name = value};
    judge_one(&comparison->judge, weights, NULL, &class.change);
    vec_push(comparison->set->heap, &comparison->values, class);
}

void comparison_judge_values(struct comparison *comparison, str tag)
{
    struct heap *heap = comparison->set->heap;
    size_t n = comparison->values.n;
    struct change *changes = heap_alloc(heap, n, sizeof *changes);
    for (size_t i = 0; i < n; i++)
        changes[i] = comparison->values.at[i].change;
    judge_together(&comparison->judge, changes, n);
    for (size_t i = 0; i < n; i++)
        comparison->values.at[i].change = changes[i];
    comparison->tag = tag;
    heap_free(heap, changes);
}

double comparison_samples(const struct comparison *comparison, enum side side)
{
    const struct run_set *set = comparison->set;
    double samples = 0;
    for (size_t r = 0; r < set->runs.n; r++) {
        if (set->runs.at[r].unit <= 0)
            return 0;
        if (set->runs.at[r].side == side)
            samples += set->runs.at[r].total / set->runs.at[r].unit;
    }
    return samples;
}

double comparison_weight(const struct comparison *comparison, enum side side)
{
    return find_mean_total(comparison->set, side) * (double)comparison->set->count[side];
}
