/* SPDX-License-Identifier: MIT */
/*
 * run_ranges: how often a comparison of two ranges of one host is wrong, and what it finds, over
 * simulated hosts of known truth. The load of each function, and that of all together, changes
 * slowly from window to window (autoregression of first order). test_run_ranges COMPARISONS prints
 * the table of doc/store.md; without a number it makes a few. SEED gives other random numbers.
 */
#include "tap.h"

#if HAVE_STORE
#include "simulate.h"
#include "store/run_ranges.h"

#define LEVEL 0.01

enum { WINDOWS_MOST = 240 };

struct host {
    const char *name;
    double samples;     /* expected in a window */
    double spread;      /* of the load of each function, relative */
    double common;      /* of that of all functions together */
    bool busy;          /* all the time, so that totals do not differ */
    size_t windows;     /* of each side */
    double correlation; /* of a window with the next one */
    double change;      /* of the function `CHANGED` after */
};

enum { CHANGED = 2 }; /* it has 7.5 % of the run */

struct range {
    double weights[SIMULATE_LEAVES * WINDOWS_MOST];
};

static double count(double mean, uint64_t *state)
{
    double limit = exp(-mean), product = simulate_uniform(state), n = 0;
    if (mean > 50)
        return floor(fmax(0, mean + sqrt(mean) * simulate_normal(state) + 0.5));
    for (; product > limit; n++)
        product *= simulate_uniform(state);
    return n;
}

/* A factor whose mean is 1. */
static double factor(double spread, double load)
{
    return exp(spread * load - spread * spread / 2);
}

static void play_range(const struct host *host, enum side side, struct range *range,
                       uint64_t *state)
{
    double load[SIMULATE_LEAVES + 1], shares = 0;
    double keep = host->correlation, renew = sqrt(1 - keep * keep);
    for (int i = 0; i < SIMULATE_LEAVES; i++)
        shares += 1.0 / (i + 2);
    for (int i = 0; i <= SIMULATE_LEAVES; i++)
        load[i] = simulate_normal(state);
    for (size_t w = 0; w < host->windows; w++) {
        double costs[SIMULATE_LEAVES], sum = 0;
        for (int i = 0; i <= SIMULATE_LEAVES; i++)
            load[i] = keep * load[i] + renew * simulate_normal(state);
        for (int i = 0; i < SIMULATE_LEAVES; i++) {
            costs[i] = 1.0 / (i + 2) / shares * factor(host->spread, load[i]) *
                       factor(host->common, load[SIMULATE_LEAVES]);
            costs[i] *= side == SIDE_AFTER && i == CHANGED ? 1 + host->change : 1;
            sum += costs[i];
        }
        for (size_t i = 0; i < SIMULATE_LEAVES; i++)
            range->weights[i * host->windows + w] = count(
                host->samples * costs[i] / (host->busy ? sum : 1), state);
    }
}

static void add_blocks(struct run_set *set, enum side side, const struct run_points *points,
                       size_t blocks, bool vague)
{
    for (size_t b = 0; b < blocks; b++) {
        struct tree tree;
        uint32_t nodes[SIMULATE_LEAVES];
        tree_init(&tree, set->heap, 1);
        simulate_nodes(&tree, nodes);
        for (size_t w = points->n * b / blocks; w < points->n * (b + 1) / blocks; w++)
            for (size_t i = 0; i < SIMULATE_LEAVES; i++)
                tree_add(&tree, nodes[i], 0, (uint64_t)points->weights[i * points->n + w], 0);
        run_set_add(set, side, &tree, vague ? (double)tree_sum(&tree, 0) : 1);
        tree_end(&tree);
    }
}

struct outcome {
    unsigned alarms, found, vague;
};

static void compare_once(const struct host *host, enum change_scale scale, uint64_t *state,
                         struct outcome *outcome)
{
    static struct range ranges[SIDES];
    struct run_points points[SIDES];
    struct heap heap;
    struct run_set set;
    struct simulate truth = {
        .changed = host->change > 0 ? CHANGED : -1, .scale = scale, .confidence = 1 - LEVEL};
    heap_init(&heap, NULL, NULL, 0);
    run_set_init(&set, &heap, 1);
    for (enum side side = SIDE_BEFORE; side < SIDES; side++) {
        play_range(host, side, &ranges[side], state);
        points[side] = (struct run_points){host->windows, SIMULATE_LEAVES, ranges[side].weights};
    }
    size_t blocks = run_points_blocks(points, run_points_correlation(points, &heap));
    for (enum side side = SIDE_BEFORE; side < SIDES; side++)
        add_blocks(&set, side, &points[side], blocks, blocks == 1);
    run_set_finish(&set);
    struct simulate_result result = simulate_judge(&truth, &set);
    outcome->alarms += result.alarms > 0;
    outcome->found += result.found;
    outcome->vague += blocks == 1;
    heap_end(&heap);
}

static struct outcome play(const struct host *host, enum change_scale scale, unsigned comparisons)
{
    struct outcome outcome = {0};
    uint64_t state = dice_seed();
    for (unsigned i = 0; i < comparisons; i++)
        compare_once(host, scale, &state, &outcome);
    return outcome;
}

static const struct host hosts[] = {
    {.name = "load varies much", .samples = 1000, .spread = 0.3, .common = 0.3},
    {.name = "load varies little", .samples = 1000, .spread = 0.1, .common = 0.1},
    {.name = "a busy host", .samples = 1000, .spread = 0.3, .busy = true},
    {.name = "few samples", .samples = 200, .spread = 0.1, .common = 0.1},
};

/* Nothing changed. There may be more alarms by chance: three standard deviations. */
static void nothing(struct host host, enum change_scale scale, unsigned comparisons)
{
    struct outcome outcome = play(&host, scale, comparisons);
    double expected = LEVEL * comparisons;
    ok(outcome.alarms <= expected + 3 * sqrt(expected),
       "%s, %zu windows, correlation %.2f, %s: %u of %u comparisons raise an alarm", host.name,
       host.windows, host.correlation, scale == CHANGE_WEIGHTS ? "weights" : "shares",
       outcome.alarms, comparisons);
}

static void something(struct host host, unsigned comparisons, unsigned percent)
{
    struct outcome outcome = play(&host, CHANGE_WEIGHTS, comparisons);
    ok(outcome.found * 100 >= percent * comparisons,
       "%s, %zu windows, correlation %.2f: +%.0f %% is found in %.0f %% (at least %u)", host.name,
       host.windows, host.correlation, host.change * 100, 100.0 * outcome.found / comparisons,
       percent);
}

static void print_table(unsigned comparisons)
{
    static const size_t windows[] = {30, 60, 120, 240};
    static const double correlations[] = {0, 0.5, 0.8, 0.9, 0.95};
    printf("# host | windows | correlation | alarms: weights | shares | one block | +50 %% found"
           " | +100 %%\n");
    for (size_t h = 0; h < sizeof hosts / sizeof hosts[0]; h++)
        for (size_t i = 0; i < 20; i++) {
            struct host host = hosts[h];
            host.windows = windows[i / 5];
            host.correlation = correlations[i % 5];
            struct outcome weights = play(&host, CHANGE_WEIGHTS, comparisons),
                           shares = play(&host, CHANGE_SHARES, comparisons), half, twice;
            host.change = 0.5;
            half = play(&host, CHANGE_WEIGHTS, comparisons / 5);
            host.change = 1;
            twice = play(&host, CHANGE_WEIGHTS, comparisons / 5);
            double one = comparisons / 100.0, few = comparisons / 5 / 100.0;
            printf("# %s | %zu | %.2f | %.1f %% | %.1f %% | %.0f %% | %.0f %% | %.0f %%\n",
                   host.name, host.windows, host.correlation, weights.alarms / one,
                   shares.alarms / one, weights.vague / one, half.found / few, twice.found / few);
            fflush(stdout);
        }
}
#endif

int main(int argc, char **argv)
{
    (void)argc;
    (void)argv;
#if HAVE_STORE
    unsigned comparisons = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
    static const double correlations[] = {0, 0.5, 0.9};
    if (argc > 1)
        print_table(comparisons);
    for (size_t h = 0; h < sizeof hosts / sizeof hosts[0]; h++)
        for (size_t c = 0; c < 3; c++) {
            struct host host = hosts[h];
            host.windows = 60;
            host.correlation = correlations[c];
            nothing(host, CHANGE_WEIGHTS, comparisons);
            nothing(host, CHANGE_SHARES, comparisons);
        }
    struct host host = hosts[1];
    host.windows = 60;
    host.change = 0.3;
    something(host, comparisons, 80);
    host.correlation = 0.5;
    host.change = 1;
    something(host, comparisons, 50);
#endif
    return done_testing();
}
