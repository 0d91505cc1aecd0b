/*
 * comparison: see comparison.h.
 */
#include "compare/comparison.h"

#include <math.h>

#define FAR_APART 0.1

static double find_mean_total(const struct run_set *set, enum side side)
{
    double sum = 0;
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].side == side)
            sum += set->runs.at[r].total;
    return set->count[side] > 0 ? sum / (double)set->count[side] : 0;
}

static bool totals_are_far_apart(double before, double after)
{
    return before > 0 && after > 0 && fabs(after - before) > FAR_APART * before;
}

enum normalize comparison_choose(const struct comparison_options *options, double before,
                                 double after)
{
    if (options->normalize != NORMALIZE_AUTO)
        return options->normalize;
    if (options->work[SIDE_BEFORE] > 0)
        return NORMALIZE_WORK;
    return !options->gated && totals_are_far_apart(before, after) ? NORMALIZE_TOTAL
                                                                  : NORMALIZE_NONE;
}

static void choose_normalization(struct comparison *comparison,
                                 const struct comparison_options *options)
{
    double before = find_mean_total(comparison->set, SIDE_BEFORE);
    double after = find_mean_total(comparison->set, SIDE_AFTER);
    comparison->apart = before > 0 ? after / before - 1 : 0;
    comparison->far_apart = totals_are_far_apart(before, after);
    comparison->by_itself = options->normalize == NORMALIZE_AUTO;
    comparison->normalize = comparison_choose(options, before, after);
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

static void judge_whole(struct comparison *comparison, const struct judge_options *options)
{
    struct run_set *set = comparison->set;
    struct judge_options plain = *options;
    double *totals = heap_alloc(set->heap, set->runs.n, sizeof *totals);
    double *selves = run_set_function_selves(set);
    if (plain.scale == CHANGE_SHARES)
        plain.scale = plain.work[SIDE_BEFORE] > 0 ? CHANGE_WORK : CHANGE_WEIGHTS;
    judge_init(&comparison->plain, set, &plain, selves);
    for (size_t r = 0; r < set->runs.n; r++)
        totals[r] = set->runs.at[r].total;
    judge_one(&comparison->plain, totals, &comparison->whole);
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
    *comparison = (struct comparison){
        .set = set, .work = {options->work[SIDE_BEFORE], options->work[SIDE_AFTER]}};
    choose_normalization(comparison, options);
    struct judge_options judge = {.scale = scales[comparison->normalize],
                                  .work = {options->work[SIDE_BEFORE], options->work[SIDE_AFTER]},
                                  .confidence = options->confidence,
                                  .least = options->least};
    function_changes_make(&comparison->functions, &comparison->judge, set, &judge);
    judge_whole(comparison, &judge);
    weigh_one_sided(comparison);
}

void comparison_add_class(struct comparison *comparison, str name, const double *weights)
{
    struct comparison_class class = {.name = name};
    judge_one(&comparison->judge, weights, &class.change);
    vec_push(comparison->set->heap, &comparison->classes, class);
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
