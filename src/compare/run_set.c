/* SPDX-License-Identifier: MIT */
/*
 * run_set: see run_set.h.
 */
#include "compare/run_set.h"

#include <math.h>
#include <stdlib.h>

#include "profile/functions.h"
#include "profile/sibling_order.h"
#include "profile/tree_map.h"

/* The common divisor of all weights is taken for the weight of one sample if it is so large that
 * counts of samples would not have it by chance, or if there are many stacks and the rarest would
 * then have one to three samples. */
enum { LARGE_DIVISOR = 100000, MANY_STACKS = 20, FEW_SAMPLES = 3 };
/* Numbers with a smaller total are counts of samples. Those with a larger one are not, unless some
 * stacks are rare. */
enum { LARGE_TOTAL = 1000000, RARE_STACK = 100 };

void run_set_init(struct run_set *set, struct heap *heap, uint64_t seed)
{
    *set = (struct run_set){.heap = heap};
    tree_init(&set->tree, heap, seed);
}

/* New frames get ids in the order of their texts. */
static uint32_t *copy_sorted_frames(struct tree *into, const struct tree *from)
{
    struct heap *heap = into->heap;
    uint32_t *frames = heap_alloc(heap, frames_count(&from->frames), sizeof *frames);
    uint32_t *sorted = sibling_order_sort_names(&from->frames.texts, heap);
    for (uint32_t i = 0; i < frames_count(&from->frames); i++)
        frames[sorted[i]] = frames_add_copy(&into->frames, &from->frames, sorted[i],
                                            frames_text(&from->frames, sorted[i]));
    heap_free(heap, sorted);
    return frames;
}

void run_set_add(struct run_set *set, enum side side, const struct tree *tree, double unit)
{
    struct run run = {.side = side, .unit = unit};
    unsigned column = (unsigned)set->runs.n;
    uint32_t *frames = copy_sorted_frames(&set->tree, tree);
    struct tree_mapping mapping = {.frames = frames, .columns = &column};
    tree_set_columns(&set->tree, column + 1);
    if (tree->squares)
        tree_keep_squares(&set->tree);
    tree_map(&set->tree, tree, &mapping);
    struct run_squares squares = {set->tree.squares, set->tree.n};
    vec_push(set->heap, &set->squares, squares);
    set->tree.squares = NULL;
    heap_free(set->heap, frames);
    vec_push(set->heap, &set->runs, run);
    set->count[side]++;
}

/* A run without weight has no samples of its own: it gets the unit of another run. */
static void lend_unit(struct run_set *set)
{
    double unit = 0;
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].total > 0)
            unit = set->runs.at[r].unit;
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].total <= 0)
            set->runs.at[r].unit = unit;
}

/* By node, with all below it. */
static double *sum_squares(const struct run_set *set, const struct run_squares *squares)
{
    double *sums = heap_zero(set->heap, set->tree.n, sizeof *sums);
    for (uint32_t i = set->tree.n; i-- > 0;) {
        sums[i] += i < squares->n ? wide_to_double(squares->own[i]) : 0;
        if (i != TREE_ROOT)
            sums[set->tree.parent[i]] += sums[i];
    }
    return sums;
}

void run_set_finish(struct run_set *set)
{
    for (size_t r = 0; r < set->runs.n; r++) {
        struct run *run = &set->runs.at[r];
        run->whole = tree_totals(&set->tree, (unsigned)r);
        run->total = run_set_weight(set, run->whole[TREE_ROOT]);
    }
    lend_unit(set);
    set->outermost = functions_outermost(&set->tree, NULL);
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->squares.at[r].own)
            set->runs.at[r].squares = sum_squares(set, &set->squares.at[r]);
}

uint64_t run_set_sum(const struct run_set *set, enum side side, uint32_t node)
{
    uint64_t sum = 0;
    for (size_t r = 0; r < set->runs.n; r++)
        if (set->runs.at[r].side == side)
            num_add_most(&sum, set->tree.weight[r][node]);
    return sum;
}

static int compare_run_weights(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Weights of these units may be numbers of samples. Times are not, but may have a common period.
 * Bytes have common divisors for other reasons. */
static enum run_sample_kind kind_of_unit(str unit)
{
    if (unit.n == 0 || str_equal(unit, STR("samples")) || str_equal(unit, STR("sample")) ||
        str_equal(unit, STR("count")) || str_equal(unit, STR("hits")) ||
        str_equal(unit, STR("units")) || str_equal(unit, STR("unknown")))
        return RUN_SAMPLE_COUNTS;
    if (str_equal(unit, STR("bytes")) || str_equal(unit, STR("B")))
        return RUN_SAMPLE_BYTES;
    return quantity_ns(unit) > 0 ? RUN_SAMPLE_TIMES : RUN_SAMPLE_EVENTS;
}

void run_sample_set_unit(struct run_sample *sample, str unit)
{
    sample->kind = kind_of_unit(unit);
}

static void look_at_stacks(const struct tree *tree, struct run_sample *sample)
{
    uint64_t *weights = heap_alloc(tree->heap, tree->n, sizeof *weights);
    const uint64_t *own = tree->weight[tree_after(tree)];
    uint32_t n = 0;
    for (uint32_t i = 0; i < tree->n; i++)
        if (own[i] != 0) {
            weights[n++] = own[i];
            sample->divisor = num_common_divisor(sample->divisor, own[i]);
        }
    qsort(weights, n, sizeof *weights, compare_run_weights);
    sample->stacks = n;
    sample->rare = n > 0 ? weights[n / 10] : 0;
    heap_free(tree->heap, weights);
}

void run_sample_look(struct run_sample *sample, const struct profile *profile, str unit)
{
    const struct tree *tree = &profile->tree;
    *sample = (struct run_sample){.decimals = tree->decimals, .kind = kind_of_unit(unit)};
    sample->total = num_of_units(tree_sum(tree, tree_after(tree)), tree->decimals);
    if (wide_is_zero(profile->squares))
        look_at_stacks(tree, sample);
    else if (sample->total > 0)
        sample->weight = wide_to_double(profile->squares) / sample->total;
}

/* `divisor` is that of all runs. */
static void settle_sample(struct run_sample *sample, uint64_t divisor)
{
    double unit = num_of_units(divisor, sample->decimals);
    uint64_t rare = sample->rare / divisor;
    bool counts = sample->kind == RUN_SAMPLE_COUNTS;
    bool is_common = sample->stacks >= MANY_STACKS && rare <= FEW_SAMPLES;
    if (unit >= LARGE_DIVISOR && sample->kind != RUN_SAMPLE_BYTES)
        sample->weight = unit;
    else if (is_common && (counts || (sample->kind == RUN_SAMPLE_TIMES && divisor > 1)))
        sample->weight = unit;
    else if (counts && sample->total < LARGE_TOTAL)
        sample->weight = 1;
    else if (counts && rare <= RARE_STACK)
        sample->weight = unit;
    sample->assumed = counts && sample->weight > 0 && sample->weight < LARGE_DIVISOR;
}

void run_samples_settle(struct run_sample *const *samples, size_t n)
{
    uint64_t divisor = 0;
    bool alike = true;
    for (size_t i = 0; i < n; i++)
        if (samples[i]->divisor > 0) {
            divisor = num_common_divisor(divisor, samples[i]->divisor);
            alike &= samples[i]->decimals == samples[0]->decimals;
        }
    for (size_t i = 0; i < n; i++)
        if (samples[i]->divisor > 0)
            settle_sample(samples[i], alike ? divisor : samples[i]->divisor);
}

bool run_set_sees_samples(const struct profile *profile)
{
    const struct tree *tree = &profile->tree;
    struct wide sum = wide_of(0), seen = profile->squares;
    for (uint32_t i = 0; i < tree->n && tree->squares; i++)
        sum = wide_add_most(sum, tree->squares[i]);
    return tree->squares && tree->decimals == 0 && !wide_is_zero(seen) &&
           !wide_is_less(sum, seen) && !wide_is_less(seen, sum);
}

double *run_set_function_squares(const struct run_set *set, bool self)
{
    const struct tree *tree = &set->tree;
    uint32_t names = frames_count(&tree->frames);
    size_t runs = set->runs.n;
    for (size_t r = 0; r < runs; r++)
        if (!set->runs.at[r].squares)
            return NULL;
    double *rows = heap_zero(set->heap, names * runs, sizeof *rows);
    for (size_t r = 0; r < runs; r++) {
        const struct run_squares *own = &set->squares.at[r];
        for (uint32_t i = 1; i < tree->n; i++) {
            double *row = &rows[tree->frame[i] * runs + r];
            if (self)
                *row += i < own->n ? wide_to_double(own->own[i]) : 0;
            else if (set->outermost[i])
                *row += set->runs.at[r].squares[i];
        }
    }
    return rows;
}

static str find_fact(const struct profile *profile, str key)
{
    for (size_t i = 0; i < profile->facts.n; i++)
        if (str_equal(profile->facts.at[i].key, key))
            return profile->facts.at[i].value;
    return STR("");
}

double run_set_seconds(const struct profile *profile)
{
    str text = find_fact(profile, STR("duration"));
    size_t blank = str_find(text, ' ', 0);
    double value, ns = quantity_ns(blank < text.n ? str_trim(str_skip(text, blank)) : STR("s"));
    return num_parse_double(str_head(text, blank), &value) && ns > 0 ? value * ns / 1e9 : 0;
}

double run_set_cpus(const struct profile *profile)
{
    double value;
    return num_parse_double(find_fact(profile, STR("cpus")), &value) ? value : 0;
}

double *run_set_functions(const struct run_set *set, bool self)
{
    const struct tree *tree = &set->tree;
    uint32_t names = frames_count(&tree->frames);
    size_t runs = set->runs.n;
    double *rows = heap_alloc(set->heap, names * runs, sizeof *rows);
    uint64_t *sums = heap_alloc(set->heap, names, sizeof *sums);
    for (size_t r = 0; r < runs; r++) {
        const uint64_t *own = tree->weight[r], *whole = set->runs.at[r].whole;
        memset(sums, 0, names * sizeof *sums);
        for (uint32_t i = 1; i < tree->n; i++)
            if (self)
                num_add_most(&sums[tree->frame[i]], own[i]);
            else if (set->outermost[i])
                num_add_most(&sums[tree->frame[i]], whole[i]);
        for (uint32_t i = 0; i < names; i++)
            rows[i * runs + r] = run_set_weight(set, sums[i]);
    }
    heap_free(set->heap, sums);
    return rows;
}
