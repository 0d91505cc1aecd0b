/* SPDX-License-Identifier: MIT */
/*
 * test_sides: runs over one tree, functions counted once a stack, what counts as one sample; the
 * verdicts on a few changes that can be worked out by hand; and the same bits in whatever order
 * the stacks were read.
 */
#include "compare/run_set.h"

#include <math.h>

#include "compare/comparison.h"
#include "dice.h"
#include "heaps.h"
#include "stacks.h"
#include "tap.h"

static double value_of(const struct run_set *set, const double *rows, const char *name, size_t run)
{
    uint32_t id = intern_find(&set->tree.frames.texts, str_from_c(name));
    return id == INTERN_NONE ? -1 : rows[id * set->runs.n + run];
}

static bool test_functions(struct heap *heap, void *arg)
{
    struct tree a, b, c;
    struct run_set set;
    (void)arg;
    tree_init(&a, heap, 1);
    tree_init(&b, heap, 1);
    tree_init(&c, heap, 1);
    stacks_add(&a, "main;f;g;f;g", 3);
    stacks_add(&a, "main;f", 2);
    stacks_add(&b, "main;g;f", 5);
    tree_add(&b, stacks_node(&b, STR("main;;x")), 0, 25, 1);
    stacks_add(&c, "main;new", 7);
    run_set_init(&set, heap, 1);
    run_set_add(&set, SIDE_BEFORE, &a, 1);
    run_set_add(&set, SIDE_BEFORE, &b, 1);
    run_set_add(&set, SIDE_AFTER, &c, 1);
    run_set_finish(&set);
    is_folded(&set.tree,
              "main;;x 0 2.5 0\nmain;f 2 0 0\nmain;f;g;f;g 3 0 0\nmain;g;f 0 5 0\nmain;new 0 0 7\n",
              "the tree has every stack and a column for each run");
    uint32_t x = stacks_node(&set.tree, STR("main;;x"));
    ok(run_set_sum(&set, SIDE_BEFORE, x) == 25 && run_set_sum(&set, SIDE_AFTER, x) == 0,
       "a side's weight is that of its runs");
    double *totals = run_set_functions(&set, false), *selves = run_set_functions(&set, true);
    ok(value_of(&set, totals, "f", 0) == 5 && value_of(&set, totals, "f", 1) == 5 &&
           value_of(&set, totals, "g", 0) == 3 && value_of(&set, totals, "main", 0) == 5,
       "a function's total counts a stack once, recursion or not");
    ok(value_of(&set, selves, "f", 0) == 2 && value_of(&set, selves, "g", 0) == 3 &&
           value_of(&set, selves, "main", 0) == 0,
       "its own weight is that of the leaves");
    ok(value_of(&set, totals, "", 1) == 2.5 && value_of(&set, totals, "x", 1) == 2.5,
       "a frame without name is one of its own, and tenths are tenths");
    ok(value_of(&set, totals, "new", 0) == 0 && value_of(&set, totals, "new", 2) == 7,
       "a run that lacks a function has 0 of it");
    ok(set.runs.at[1].total == 7.5 && set.runs.at[2].total == 7, "each run has its total");
    return true;
}

/* The unit of stacks s0, s1, ... of these weights. */
static double unit_of(struct heap *heap, const uint64_t *weights, unsigned n, uint64_t squares)
{
    struct profile profile;
    profile_init(&profile, heap, 1, false);
    profile.squares = wide_of(squares);
    for (unsigned i = 0; i < n; i++) {
        char name[12];
        snprintf(name, sizeof name, "s%u", i);
        stacks_add(&profile.tree, name, weights[i]);
    }
    struct run_sample sample, *samples[] = {&sample};
    run_sample_look(&sample, &profile, STR(""));
    run_samples_settle(samples, 1);
    double unit = sample.weight;
    profile_end(&profile);
    return unit;
}

static bool test_units(struct heap *heap, void *arg)
{
    static const uint64_t few[] = {500, 300}, ticks[] = {5025125, 10050250},
                          large[] = {3000000, 4000001};
    uint64_t counts[30], four[30], round[30], periods[30];
    (void)arg;
    for (unsigned i = 0; i < 30; i++) {
        counts[i] = 1 + i * i / 4;
        four[i] = 4 * counts[i];
        round[i] = 1000 + 100 * (i % 5);
        periods[i] = 1003009 * counts[i] + i;
    }
    ok(unit_of(heap, few, 2, 0) == 1, "few stacks: a common divisor may be chance");
    ok(unit_of(heap, round, 30, 0) == 1, "round numbers: a person made them up");
    ok(unit_of(heap, ticks, 2, 0) == 5025125, "a divisor of millions is no chance");
    ok(unit_of(heap, counts, 30, 0) == 1, "counts of samples");
    ok(unit_of(heap, four, 30, 0) == 4, "four milliseconds a sample");
    ok(unit_of(heap, periods, 30, 0) == 0, "uneven periods, summed up: nothing is known");
    ok(unit_of(heap, large, 2, 0) == 0, "nor with few stacks");
    ok(unit_of(heap, four, 2, 4 * 4 * 2) * 8 == 32,
       "single samples were seen: their squares decide");
    ok(unit_of(heap, few, 0, 0) == 0, "no stack at all");
    return true;
}

struct pair {
    const char *stack;
    uint64_t before, after;
};

/* What is said of `name`'s total, one run a side, a weight of 1 a sample. */
static struct change judged(struct heap *heap, const struct pair *pairs, const char *name,
                            const struct judge_options *options, double unit)
{
    struct tree a, b;
    struct run_set set;
    struct judge judge;
    struct change change;
    tree_init(&a, heap, 1);
    tree_init(&b, heap, 1);
    for (; pairs->stack; pairs++) {
        tree_add(&a, stacks_node(&a, str_from_c(pairs->stack)), 0, pairs->before, 0);
        tree_add(&b, stacks_node(&b, str_from_c(pairs->stack)), 0, pairs->after, 0);
    }
    run_set_init(&set, heap, 1);
    run_set_add(&set, SIDE_BEFORE, &a, unit);
    run_set_add(&set, SIDE_AFTER, &b, unit);
    run_set_finish(&set);
    double *totals = run_set_functions(&set, false), *selves = run_set_functions(&set, true);
    judge_init(&judge, &set, options, selves, NULL);
    judge_one(&judge, totals + intern_find(&set.tree.frames.texts, str_from_c(name)) * 2, NULL,
              &change);
    return change;
}

static bool test_verdicts(struct heap *heap, void *arg)
{
    static const struct pair pairs[] = {
        {"m;same", 1000, 1010}, {"m;up", 300, 500}, {"m;down", 400, 100}, {"m;new", 0, 60},
        {"m;gone", 70, 0},      {"m;rare", 1, 4},   {NULL, 0, 0}};
    static const struct pair doubled[] = {{"m;a", 500, 1000}, {"m;b", 500, 1000}, {NULL, 0, 0}};
    struct judge_options weights = {CHANGE_WEIGHTS, {0, 0}, 0.99, 0};
    struct judge_options shares = {CHANGE_SHARES, {0, 0}, 0.99, 0};
    struct judge_options work = {CHANGE_WORK, {10, 20}, 0.99, 0};
    struct judge_options large = {CHANGE_WEIGHTS, {0, 0}, 0.99, 0.15};
    (void)arg;
    ok(judged(heap, pairs, "same", &weights, 1).verdict == CHANGE_NOISE, "1000 and 1010: noise");
    ok(judged(heap, pairs, "up", &weights, 1).verdict == CHANGE_SLOWER, "300 and 500: slower");
    ok(judged(heap, pairs, "down", &weights, 1).verdict == CHANGE_FASTER, "400 and 100: faster");
    ok(judged(heap, pairs, "new", &weights, 1).verdict == CHANGE_NEW, "0 and 60: new");
    ok(judged(heap, pairs, "gone", &weights, 1).verdict == CHANGE_VANISHED, "70 and 0: vanished");
    ok(judged(heap, pairs, "rare", &weights, 1).verdict == CHANGE_NOISE, "1 and 4: noise");
    ok(judged(heap, pairs, "up", &large, 1).verdict == CHANGE_NOISE,
       "11 %% of the whole are below 15 %%");
    ok(judged(heap, pairs, "up", &weights, 0).verdict == CHANGE_UNKNOWN,
       "without a number of samples nothing is called");
    ok(judged(heap, pairs, "up", &weights, 100).verdict == CHANGE_NOISE,
       "three samples and five of a weight of 100 are noise");
    ok(judged(heap, doubled, "a", &weights, 1).verdict == CHANGE_SLOWER,
       "twice the weight: slower");
    ok(judged(heap, doubled, "a", &shares, 1).verdict == CHANGE_NOISE, "the same share: noise");
    ok(judged(heap, doubled, "a", &work, 1).verdict == CHANGE_NOISE, "for twice the work: noise");
    struct change up = judged(heap, pairs, "up", &weights, 1);
    ok(up.before == 300 && up.after == 500 && up.low < 200 && up.high > 200 && up.low > 100,
       "the interval holds the change and not 0");
    return true;
}

enum { STACKS = 400, RUNS_MIXED = 4 };

/* The same stacks, with weights that differ by run, from the first or from the last on. */
static void add_mixed(struct tree *tree, unsigned run, bool backward)
{
    for (unsigned i = 0; i < STACKS; i++) {
        unsigned stack = backward ? STACKS - 1 - i : i;
        uint64_t state = stack, weight = 1 + dice(&state) % UINT64_C(1000000000000000);
        state += run;
        weight += weight / 100 * dice_below(&state, stack % 7 == 0 ? 90 : 9);
        char text[60];
        snprintf(text, sizeof text, "main;f%u;g%u;f%u", stack % 20, stack % 33, stack % 50);
        tree_add(tree, stacks_node(tree, str_from_c(text)), 0, weight, 3);
    }
}

static void compare_mixed(struct heap *heap, bool backward, struct comparison *comparison)
{
    static const struct comparison_options options = {.normalize = NORMALIZE_TOTAL,
                                                      .confidence = 0.99};
    struct run_set *set = heap_zero(heap, 1, sizeof *set);
    struct tree trees[RUNS_MIXED];
    run_set_init(set, heap, backward);
    for (unsigned r = 0; r < RUNS_MIXED; r++) {
        tree_init(&trees[r], heap, backward);
        add_mixed(&trees[r], r, backward);
        run_set_add(set, r < 2 ? SIDE_BEFORE : SIDE_AFTER, &trees[r], 1e9);
    }
    run_set_finish(set);
    comparison_make(comparison, set, &options);
}

static bool same_change(const struct change *a, const struct change *b)
{
    return a->before == b->before && a->after == b->after && a->low == b->low &&
           a->high == b->high && a->p == b->p && a->verdict == b->verdict;
}

static bool test_order(struct heap *heap, void *arg)
{
    struct comparison forth, back;
    unsigned other = 0;
    (void)arg;
    compare_mixed(heap, false, &forth);
    compare_mixed(heap, true, &back);
    ok(forth.functions.n > 50 && forth.functions.n == back.functions.n, "functions");
    for (uint32_t i = 0; i < forth.functions.n; i++) {
        const struct function_change *a = &forth.functions.at[i], *b = &back.functions.at[i];
        if (a->name != b->name || a->cause != b->cause || !same_change(&a->total, &b->total) ||
            !same_change(&a->self, &b->self))
            other++;
    }
    is_u64(other, 0, "functions whose numbers depend on the order of stacks, to the last bit");
    ok(forth.judge.between.own == back.judge.between.own && forth.judge.between.own > 0 &&
           forth.judge.between.own_freedom == back.judge.between.own_freedom,
       "what is learnt between runs does not depend on it");
    return true;
}

int main(void)
{
    heaps_run(test_order, NULL);
    heaps_run(test_functions, NULL);
    heaps_run(test_units, NULL);
    heaps_run(test_verdicts, NULL);
    return done_testing();
}
