/*
 * significance: see significance.h.
 *
 * This file asks whether counting samples explains a difference; run_variance.h is about how runs
 * differ. Two or three runs of one function prove little: s^2 of two values is wrong by a factor of
 * four one time in three. So that file learns from all functions together.
 */
#include "compare/significance.h"

#include <math.h>
#include <stdlib.h>

#define POWER_Z       0.84162123357291441 /* four times out of five */
#define HALF_PI       1.57079632679489662
#define SQUARE_MEDIAN 0.45493642311957283 /* of the square of a standard normal */

enum {
    RATIO_FUNCTIONS = 3,
    SHIFT_FUNCTIONS = 5,
    DISPERSION_FUNCTIONS = 10,
    DISPERSION_SAMPLES = 20
};

/* ---- counting ---- */

static bool sides_are_there(const struct judge *judge)
{
    return judge->known[SIDE_BEFORE] > 0 && judge->known[SIDE_AFTER] > 0;
}

static double test_counting(const struct judge *judge, const struct change *change)
{
    double all_a = judge->known[SIDE_BEFORE], all_b = judge->known[SIDE_AFTER];
    if (!sides_are_there(judge))
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
    if (!sides_are_there(judge))
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
    return sides_are_there(judge) ? sqrt(samples / (a + b) * (1 / a + 1 / b)) : INFINITY;
}

/* ---- between runs ---- */

static bool has_runs(const struct judge *judge)
{
    size_t before = judge->set->count[SIDE_BEFORE], after = judge->set->count[SIDE_AFTER];
    if (judge->counted)
        return before + after > 2 && before > 0 && after > 0;
    return before > 1 && after > 1;
}

/* Counting alone is exact; the parts of run_variance add what it does not know. */
static bool has_parts(const struct judge *judge)
{
    return has_runs(judge) || judge->between.scale > 0;
}

bool judge_knows_noise(const struct judge *judge)
{
    return judge->counted || has_runs(judge);
}

static struct run_variance_scale make_run_scale(const struct judge *judge)
{
    return (struct run_variance_scale){judge->set, judge->factor, judge->unit,
                                       judge->scale == CHANGE_SHARES};
}

/* ---- the judge ---- */

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

static int compare_numbers(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* What weights count as one sample where nothing says it: the variance between runs over the mean,
 * of the median function. */
static double estimate_unit(const struct judge *judge, const double *selves)
{
    const struct run_set *set = judge->set;
    uint32_t names = frames_count(&set->tree.frames);
    double *units = heap_alloc(set->heap, names, sizeof *units), unit = 0;
    double freedom = (double)set->runs.n - 2;
    struct run_variance_scale scale = make_run_scale(judge);
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
    qsort(units, n, sizeof *units, compare_numbers);
    if (n >= DISPERSION_FUNCTIONS)
        unit = units[n / 2] / pow(1 - 2 / (9 * freedom), 3);
    heap_free(set->heap, units);
    return unit;
}

/* On the scale of the judge, and in weights of each run. */
static void estimate_units(struct judge *judge, const double *selves)
{
    double unit = estimate_unit(judge, selves);
    for (size_t r = 0; r < judge->set->runs.n && unit > 0; r++)
        judge->unit[r] = judge->factor[r] > 0 ? unit / judge->factor[r] : 0;
    judge->counted = unit > 0;
}

/* The ratio of values after to those before of most functions. */
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

/* With one run a side, most functions show how far counting goes. */
static void look_at_dispersion(struct judge *judge, const double *selves, const double *squares)
{
    const struct run_set *set = judge->set;
    uint32_t names = frames_count(&set->tree.frames);
    double *off = heap_alloc(set->heap, names, sizeof *off);
    struct run_variance_scale scale = make_run_scale(judge);
    double ratio = find_value_ratio(judge, selves, squares, RATIO_FUNCTIONS).ratio;
    size_t n = 0;
    for (uint32_t i = 0; i < names; i++) {
        const double *w = selves + i * set->runs.n, *s = squares ? squares + i * set->runs.n : NULL;
        struct run_variance_seen a = run_variance_look(&scale, SIDE_BEFORE, w, s);
        struct run_variance_seen b = run_variance_look(&scale, SIDE_AFTER, w, s);
        double variance = a.counting * ratio * ratio + b.counting;
        double mean = a.mean * ratio + b.mean;
        if (mean * mean >= DISPERSION_SAMPLES * variance && variance > 0)
            off[n++] = pow(b.mean - a.mean * ratio, 2) / variance;
    }
    qsort(off, n, sizeof *off, compare_numbers);
    if (n >= DISPERSION_FUNCTIONS) {
        /* Half of the functions are at least so far off. */
        double far = 2 * stats_normal_tail(sqrt(off[n / 2])), half = (double)(n / 2);
        judge->dispersion = off[n / 2] / SQUARE_MEDIAN;
        judge->dispersed = stats_beta(far, (double)n - half, half + 1) < judge->level;
    }
    heap_free(set->heap, off);
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
    if (!judge->counted && has_runs(judge))
        estimate_units(judge, selves);
    struct run_variance_scale scale = make_run_scale(judge);
    if (has_runs(judge))
        run_variance_learn(&judge->between, &scale, selves, squares, judge->counted);
    measure_sides(judge);
    if (set->runs.n == SIDES && judge->counted && sides_are_there(judge))
        look_at_dispersion(judge, selves, squares);
    for (size_t r = 0; r < set->runs.n && judge->dispersed; r++)
        judge->counted &= !set->runs.at[r].assumed;
    if (judge->scale == CHANGE_SHARES)
        scale_shares(judge, selves, squares);
    else if (has_runs(judge))
        limit_shift(judge, selves, squares);
    measure_sides(judge);
}

/* ---- verdicts ---- */

void judge_call(const struct judge *judge, struct change *change)
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

static void count_samples(const struct judge *judge, const double *weights, const double *squares,
                          struct change *change)
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
    struct run_variance_scale scale = make_run_scale(judge);
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
        count_samples(judge, weights, squares, change);
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
    bool exact = judge->counted && isinf(half); /* all runs agree: counting is all that is known */
    if (exact)
        return interval;
    interval.low = judge->counted ? fmin(interval.low, difference - half) : difference - half;
    interval.high = judge->counted ? fmax(interval.high, difference + half) : difference + half;
    return interval;
}

/* Even if all samples were on one side, it could be chance. */
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

/* How many times the variance of the ratios is that which was expected; at least 1. From the median
 * distance, which a few functions that changed do not move. Overwrites the logarithms. */
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
    if (n >= least && judge_knows_noise(judge))
        common.variance = HALF_PI / precision * measure_spread(ratios, n, middle);
    heap_free(set->heap, ratios);
    return common;
}
