/* SPDX-License-Identifier: MIT */
/*
 * simulate: recordings of a program whose truth is known. Forty leaf functions under eight stages
 * under main; the cost of leaf i falls as 1/(i + 2), so that some are common and most are rare.
 * Samples come as a Poisson process does; the cost of each function may differ from run to run, and
 * that of all together.
 */
#ifndef FLAMETREE_TESTS_SIMULATE_H
#define FLAMETREE_TESTS_SIMULATE_H

#include <math.h>
#include <stdio.h>

#include "compare/comparison.h"
#include "dice.h"

enum { SIMULATE_LEAVES = 40, SIMULATE_STAGES = 8 };

struct simulate {
    double samples[SIDES]; /* expected in a run */
    unsigned runs[SIDES];
    double spread;  /* of a function's cost between runs, relative */
    double common;  /* of the cost of all functions of a run together */
    int changed;    /* the leaf whose cost changes; -1: none */
    double change;  /* by so much: 0.3 is +30 % */
    bool unequal;   /* functions vary by 0 to 3 times the spread */
    bool uneven;    /* periods differ by as much as a factor of nine */
    bool by_leaf;   /* periods depend on the function */
    unsigned burst; /* samples come so many at a time; 0: one */
    int leaves;     /* so many of the functions have any cost; 0: all */
    bool assumed;   /* nothing says that weights count samples */
    enum change_scale scale;
    double confidence;
};

static inline double simulate_uniform(uint64_t *dice_state)
{
    return ((double)(dice(dice_state) >> 11) + 0.5) * 0x1p-53;
}

/* About normal: the sum of twelve. Never below -6. */
static inline double simulate_normal(uint64_t *dice_state)
{
    double sum = -6;
    for (int i = 0; i < 12; i++)
        sum += simulate_uniform(dice_state);
    return sum;
}

struct simulate_costs {
    double up_to[SIMULATE_LEAVES]; /* running sums */
};

static inline struct simulate_costs simulate_costs(const struct simulate *s, enum side side,
                                                   uint64_t *state)
{
    struct simulate_costs costs;
    double sum = 0, all = 0;
    for (int i = 0; i < SIMULATE_LEAVES; i++)
        all += 1.0 / (i + 2);
    double common = fmax(0.01, 1 + s->common * simulate_normal(state));
    for (int i = 0; i < SIMULATE_LEAVES; i++) {
        static const double times[] = {0, 1, 0.3, 3};
        double cost = 1.0 / (i + 2) / all * common;
        double spread = s->spread * (s->unequal ? times[i / 2 % 4] : 1);
        cost *= fmax(0.01, 1 + spread * simulate_normal(state));
        cost *= s->leaves == 0 || i < s->leaves;
        sum += i == s->changed && side == SIDE_AFTER ? cost * (1 + s->change) : cost;
        costs.up_to[i] = sum;
    }
    return costs;
}

static inline uint32_t simulate_leaf(const struct simulate_costs *costs, uint64_t *state)
{
    double at = simulate_uniform(state) * costs->up_to[SIMULATE_LEAVES - 1];
    uint32_t i = 0;
    while (i < SIMULATE_LEAVES - 1 && costs->up_to[i] < at)
        i++;
    return i;
}

/* main;stage_K;leaf_I */
static inline void simulate_nodes(struct tree *tree, uint32_t nodes[SIMULATE_LEAVES])
{
    uint32_t top = tree_child(tree, TREE_ROOT, tree_frame(tree, STR("main")));
    for (unsigned i = 0; i < SIMULATE_LEAVES; i++) {
        char name[24];
        snprintf(name, sizeof name, "stage_%u", i % SIMULATE_STAGES);
        uint32_t stage = tree_child(tree, top, tree_frame(tree, str_from_c(name)));
        snprintf(name, sizeof name, "leaf_%u", i);
        nodes[i] = tree_child(tree, stage, tree_frame(tree, str_from_c(name)));
    }
}

/* Returns the unit of the run. */
static inline double simulate_run(const struct simulate *s, enum side side, struct tree *tree,
                                  uint64_t *state)
{
    uint32_t nodes[SIMULATE_LEAVES];
    struct simulate_costs costs = simulate_costs(s, side, state);
    double expected = s->samples[side] * costs.up_to[SIMULATE_LEAVES - 1];
    double squares = 0, sum = 0;
    simulate_nodes(tree, nodes);
    double step = s->burst > 0 ? s->burst : 1;
    for (double at = -log(simulate_uniform(state)) * step; at < expected;
         at -= log(simulate_uniform(state)) * step) {
        uint32_t leaf = simulate_leaf(&costs, state);
        uint64_t weight = s->uneven ? 1 + 8 * (uint64_t)dice_below(state, 2) : 1;
        if (s->by_leaf)
            weight = leaf % 4 == 3 ? 20 : 1;
        tree_add(tree, nodes[leaf], 0, weight * (uint64_t)step, 0);
        squares += (double)(weight * weight) * step;
        sum += (double)weight * step;
    }
    return sum > 0 ? squares / sum : 0;
}

struct simulate_result {
    unsigned calls;    /* of totals and selves */
    unsigned alarms;   /* of them, of functions that did not change */
    bool unknown;      /* noise is not known */
    bool found;        /* the changed leaf was called */
    bool ranked_first; /* and is the most certain change of all totals */
};

static inline bool simulate_is_true(const struct simulate *s, str name)
{
    char leaf[24], stage[24];
    if (s->changed < 0)
        return false;
    snprintf(leaf, sizeof leaf, "leaf_%d", s->changed);
    snprintf(stage, sizeof stage, "stage_%d", s->changed % SIMULATE_STAGES);
    return str_equal(name, str_from_c(leaf)) || str_equal(name, str_from_c(stage)) ||
           str_equal(name, STR("main"));
}

static inline struct simulate_result simulate_judge(const struct simulate *s,
                                                    const struct run_set *set)
{
    struct simulate_result result = {0};
    struct judge judge;
    struct function_changes functions;
    struct judge_options options = {s->scale, {1, 1}, s->confidence, 0};
    function_changes_make(&functions, &judge, set, &options);
    for (uint32_t i = 0; i < functions.n; i++) {
        const struct function_change *function = &functions.at[i];
        str name = function_name(&judge, function);
        bool truth = simulate_is_true(s, name);
        bool total = change_is_real(&function->total), self = change_is_real(&function->self);
        result.calls += (unsigned)total + (unsigned)self;
        result.alarms += truth ? 0 : (unsigned)total + (unsigned)self;
        result.found |= total && truth && name.p[0] == 'l';
    }
    result.unknown = !judge_knows_noise(&judge);
    str first = function_name(&judge, &functions.at[functions.by_total[0]]);
    result.ranked_first = result.found && simulate_is_true(s, first) && first.p[0] == 'l';
    return result;
}

/* All recordings of one comparison. */
static inline void simulate_set(const struct simulate *s, struct heap *heap, struct run_set *set,
                                uint64_t *state)
{
    struct tree tree;
    run_set_init(set, heap, 1);
    for (enum side side = SIDE_BEFORE; side < SIDES; side++)
        for (unsigned r = 0; r < s->runs[side]; r++) {
            tree_init(&tree, heap, 1);
            if (s->by_leaf)
                tree_keep_squares(&tree);
            double unit = simulate_run(s, side, &tree, state);
            run_set_add(set, side, &tree, s->assumed ? 1 : unit);
            set->runs.at[set->runs.n - 1].assumed = s->assumed;
            tree_end(&tree);
        }
    run_set_finish(set);
}

/* One comparison from its recordings to its verdicts. */
static inline struct simulate_result simulate_once(const struct simulate *s, uint64_t *state)
{
    struct heap heap;
    struct run_set set;
    heap_init(&heap, NULL, NULL, 0);
    simulate_set(s, &heap, &set, state);
    struct simulate_result result = simulate_judge(s, &set);
    heap_end(&heap);
    return result;
}

#endif
