/* SPDX-License-Identifier: MIT */
/*
 * test_gates: how often a gate is wrong, over simulated recordings of known truth (simulate.h), and
 * what it says of data that gets worse. test_gates COMPARISONS: so many for each line; `make check`
 * makes 60, `make check-long` 1,000. The environment variable SEED gives other random numbers.
 */
#include "simulate.h"

#include <stdlib.h>
#include <string.h>

#include "compare/gate.h"
#include "tap.h"

#define LEVEL 0.01

struct tally {
    unsigned of[3];  /* by enum gate_result, of the worst gate of each comparison */
    unsigned missed; /* intervals of the leaf that do not hold the truth */
};

static double share_of_leaf(int leaf)
{
    double all = 0;
    for (int i = 0; i < SIMULATE_LEAVES; i++)
        all += 1.0 / (i + 2);
    return 1.0 / (leaf + 2) / all;
}

static bool misses(const struct comparison *comparison, const struct simulate *s)
{
    char name[24];
    snprintf(name, sizeof name, "leaf_%d", s->changed);
    double truth = s->samples[SIDE_BEFORE] * share_of_leaf(s->changed) * s->change;
    for (uint32_t i = 0; i < comparison->functions.n; i++) {
        const struct function_change *function = &comparison->functions.at[i];
        if (str_equal(function_name(&comparison->judge, function), str_from_c(name)))
            return truth < function->total.low || truth > function->total.high;
    }
    return true;
}

static enum gate_result worst_of(const struct comparison *comparison, const char *const *texts)
{
    static const int order[] = {[GATE_FINE] = 0, [GATE_TOO_LITTLE] = 1, [GATE_REGRESSION] = 2};
    enum gate_result worst = GATE_FINE;
    struct gate_options options = {.gates = 0};
    while (texts[(int)options.gates])
        options.gates++;
    for (int i = 0; texts[i]; i++) {
        struct gate gate;
        struct err err = {0};
        if (!gate_parse(&gate, str_from_c(texts[i]), &err))
            abort();
        gate_judge(&gate, comparison, &options);
        if (order[gate.result] > order[worst])
            worst = gate.result;
    }
    return worst;
}

static struct tally play(const struct simulate *s, const char *const *gates, unsigned comparisons)
{
    struct tally tally = {{0}, 0};
    uint64_t state = dice_seed();
    for (unsigned i = 0; i < comparisons; i++) {
        struct heap heap;
        struct run_set set;
        struct comparison comparison;
        struct comparison_options options = {
            .normalize = NORMALIZE_NONE, .confidence = 1 - LEVEL, .gated = true};
        heap_init(&heap, NULL, NULL, 0);
        simulate_set(s, &heap, &set, &state);
        comparison_make(&comparison, &set, &options);
        tally.of[worst_of(&comparison, gates)]++;
        tally.missed += misses(&comparison, s);
        heap_end(&heap);
    }
    return tally;
}

/* At the level, with three standard deviations where comparisons are few. */
static unsigned most_at_level(unsigned comparisons)
{
    double expected = LEVEL * comparisons;
    return (unsigned)(expected + (comparisons >= 1000 ? 0 : 3 * sqrt(expected)));
}

struct world {
    const char *name;
    unsigned before, after;
    double spread;
    bool unequal;
};

static const struct world worlds[] = {
    {"one run a side", 1, 1, 0, false},
    {"two runs a side", 2, 2, 0, false},
    {"three runs a side that differ by 5 %", 3, 3, 0.05, false},
    {"five runs a side whose functions differ by 0 to 9 %", 5, 5, 0.03, true},
    {"eight runs a side", 8, 8, 0, false},
    {"eight kept runs and a new one", 8, 1, 0.03, false},
};

/* Leaf 2 has 7.5 % of the run and gets 2 % or 4 % of it slower: exactly the limit, so that a gate
 * that fails is wrong. Beyond the limit, one that passes is. */
static void test_limit(const struct world *w, unsigned comparisons)
{
    static const char *const any[] = {"any>2%", NULL}, *const one[] = {"leaf_2>2%", NULL};
    static const char *const factor[] = {"leaf_2>1.3x", NULL};
    struct simulate s = {.samples = {5000, 5000},
                         .runs = {w->before, w->after},
                         .spread = w->spread,
                         .unequal = w->unequal,
                         .scale = CHANGE_WEIGHTS,
                         .changed = 2};
    s.change = 0.02 / share_of_leaf(2);
    struct tally at = play(&s, any, comparisons);
    ok(at.of[GATE_REGRESSION] <= most_at_level(comparisons),
       "%s: any>2%% fails at +2 %% in %u of %u", w->name, at.of[GATE_REGRESSION], comparisons);
    /* An interval of 99 % misses one of a hundred: more by chance are three standard deviations. */
    double expected = LEVEL * comparisons;
    ok(at.missed <= expected + 3 * sqrt(expected), "%s: %u of %u intervals miss the truth", w->name,
       at.missed, comparisons);
    at = play(&s, one, comparisons);
    ok(at.of[GATE_REGRESSION] <= most_at_level(comparisons) &&
           at.of[GATE_FINE] <= most_at_level(comparisons),
       "%s: leaf_2>2%% fails at +2 %% in %u, and passes in %u", w->name, at.of[GATE_REGRESSION],
       at.of[GATE_FINE]);
    s.change = 0.3;
    at = play(&s, factor, comparisons);
    ok(at.of[GATE_REGRESSION] <= most_at_level(comparisons) &&
           at.of[GATE_FINE] <= most_at_level(comparisons),
       "%s: leaf_2>1.3x fails at 1.3 in %u, and passes in %u", w->name, at.of[GATE_REGRESSION],
       at.of[GATE_FINE]);
    s.change = 0.03 / share_of_leaf(2);
    at = play(&s, any, comparisons);
    ok(at.of[GATE_FINE] <= most_at_level(comparisons), "%s: any>2%% passes at +3 %% in %u of %u",
       w->name, at.of[GATE_FINE], comparisons);
}

/* Each at its limit: that one fails is as rare as with a single gate. */
static void test_together(unsigned comparisons)
{
    static const char *const gates[] = {"leaf_0>0%", "leaf_1>0%", "leaf_2>0%",  "leaf_3>0%",
                                        "leaf_4>0%", "leaf_5>0%", "stage_0>0%", "stage_1>0%",
                                        "total>0%",  "leaf_6>1x", NULL};
    struct simulate s = {
        .samples = {5000, 5000}, .runs = {1, 1}, .scale = CHANGE_WEIGHTS, .changed = 0};
    struct tally at = play(&s, gates, comparisons);
    ok(at.of[GATE_REGRESSION] <= most_at_level(comparisons),
       "ten gates together: one of them fails in %u of %u", at.of[GATE_REGRESSION], comparisons);
}

/* Enough data decides: what is far beyond a limit fails, and what is far below passes. */
static void test_decides(unsigned comparisons)
{
    static const char *const gates[] = {"any>5%", NULL};
    struct simulate s = {
        .samples = {40000, 40000}, .runs = {1, 1}, .scale = CHANGE_WEIGHTS, .changed = 2};
    struct tally at = play(&s, gates, comparisons);
    ok(at.of[GATE_FINE] * 100 >= comparisons * 95, "nothing changed, 40,000 samples: %u of %u pass",
       at.of[GATE_FINE], comparisons);
    s.change = 1.2;
    at = play(&s, gates, comparisons);
    ok(at.of[GATE_REGRESSION] * 100 >= comparisons * 95, "+9 %%, 40,000 samples: %u of %u fail",
       at.of[GATE_REGRESSION], comparisons);
}

/* ---- worse data ---- */

static enum gate_result judge_growth(unsigned growth, unsigned runs, uint64_t scale)
{
    static const unsigned shares[] = {400, 230, 140, 110, 70, 50};
    static const char *const gates[] = {"any>5%", NULL};
    struct heap heap;
    struct run_set set;
    struct comparison comparison;
    struct comparison_options options = {.confidence = 1 - LEVEL, .gated = true};
    heap_init(&heap, NULL, NULL, 0);
    run_set_init(&set, &heap, 1);
    for (unsigned r = 0; r < 2 * runs; r++) {
        struct tree tree;
        tree_init(&tree, &heap, 1);
        uint32_t top = tree_child(&tree, TREE_ROOT, tree_frame(&tree, STR("main")));
        for (unsigned i = 0; i < 6; i++) {
            char name[8];
            snprintf(name, sizeof name, "f%u", i);
            uint64_t weight = shares[i] * scale + (r % runs) * i * scale / 4;
            if (i == 1 && r >= runs)
                weight = weight * (100 + growth) / 100;
            tree_add(&tree, tree_child(&tree, top, tree_frame(&tree, str_from_c(name))), 0, weight,
                     0);
        }
        run_set_add(&set, r < runs ? SIDE_BEFORE : SIDE_AFTER, &tree, 1);
        tree_end(&tree);
    }
    run_set_finish(&set);
    comparison_make(&comparison, &set, &options);
    enum gate_result result = worst_of(&comparison, gates);
    heap_end(&heap);
    return result;
}

/* The results are fine, then too little data, then regression, and never go back. */
static void test_monotone(void)
{
    static const int order[] = {[GATE_FINE] = 0, [GATE_TOO_LITTLE] = 1, [GATE_REGRESSION] = 2};
    for (unsigned runs = 1; runs <= 3; runs++)
        for (uint64_t scale = 1; scale <= 100; scale *= 10) {
            int last = 0;
            unsigned back = 0, seen[3] = {0, 0, 0};
            for (unsigned growth = 0; growth < 400; growth++) {
                int now = order[judge_growth(growth, runs, scale)];
                back += now < last;
                seen[now]++;
                last = now;
            }
            ok(back == 0 && seen[2] > 0,
               "%u runs, %u000 samples: %u pass, %u are undecided, %u fail, in this order", runs,
               (unsigned)scale, seen[0], seen[1], seen[2]);
        }
}

int main(int argc, char **argv)
{
    unsigned comparisons = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 60;
    for (size_t i = 0; i < sizeof worlds / sizeof worlds[0]; i++)
        test_limit(&worlds[i], comparisons);
    test_together(comparisons);
    test_decides(comparisons < 100 ? comparisons : 100);
    test_monotone();
    return done_testing();
}
