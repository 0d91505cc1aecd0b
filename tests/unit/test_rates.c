/* SPDX-License-Identifier: MIT */
/*
 * test_rates: how often flamediff's verdicts are wrong and how often they find what is there, over
 * simulated recordings of known truth (simulate.h). test_rates COMPARISONS: so many for each line;
 * `make check` makes 100, `make check-long` the 1,000 that the numbers in the man page are from.
 * test_rates COMPARISONS runs: only runs that differ, where alarms come nearest to the level; it
 * takes 20,000 to tell one rate from the other. test_rates COMPARISONS power prints the table of
 * doc/statistics.md. The environment variable SEED gives other random numbers.
 */
#include "simulate.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define LEVEL 0.01

struct outcome {
    unsigned with_alarm, unknown, found, first;
    double false_share; /* of calls that are false, mean over comparisons */
};

static struct outcome play(struct simulate s, unsigned comparisons)
{
    struct outcome outcome = {0};
    uint64_t state = dice_seed();
    s.confidence = 1 - LEVEL;
    for (unsigned i = 0; i < comparisons; i++) {
        struct simulate_result result = simulate_once(&s, &state);
        outcome.with_alarm += result.alarms > 0;
        outcome.unknown += result.unknown;
        if (result.calls > 0)
            outcome.false_share += (double)result.alarms / result.calls / comparisons;
        outcome.found += result.found;
        outcome.first += result.ranked_first;
    }
    return outcome;
}

/* Nothing changed: whoever calls anything is wrong. At the level, 1,000 comparisons have 10 with an
 * alarm; few comparisons may have some more by chance (three standard deviations). */
static void nothing(const char *what, struct simulate s, unsigned comparisons)
{
    s.changed = -1;
    struct outcome outcome = play(s, comparisons);
    double expected = LEVEL * comparisons;
    double room = comparisons >= 1000 ? 0 : 3 * sqrt(expected);
    ok(outcome.with_alarm <= expected + room, "%s: %u of %u comparisons raise an alarm", what,
       outcome.with_alarm, comparisons);
}

/* Leaf `changed` costs more. Alarms on others are at most as often as promised: the level is that
 * of false ones among all calls. */
static void something(const char *what, struct simulate s, unsigned comparisons, unsigned percent)
{
    struct outcome outcome = play(s, comparisons);
    ok(outcome.found * 100 >= percent * comparisons, "%s: found in %.0f %% (at least %u)", what,
       100.0 * outcome.found / comparisons, percent);
    ok(outcome.first * 100 >= outcome.found * 95, "%s: ranked first in %.0f %% of those", what,
       100.0 * outcome.first / outcome.found);
    /* Where one share grows, the others do shrink. */
    if (s.scale == CHANGE_SHARES)
        return;
    ok(outcome.false_share <= LEVEL * (comparisons >= 1000 ? 1 : 3),
       "%s: %.2f %% of the calls are false", what, outcome.false_share * 100);
}

/* Counts of samples that come in bursts, or no counts at all: the data show it. */
static void untold(const char *what, struct simulate s, unsigned comparisons, double most_alarms)
{
    s.changed = -1;
    s.assumed = true;
    struct outcome outcome = play(s, comparisons);
    ok(outcome.unknown >= (1 - most_alarms) * 0.95 * comparisons &&
           outcome.with_alarm <= most_alarms * comparisons + (comparisons >= 1000 ? 0 : 3),
       "%s: %u of %u comparisons say that noise is not known, %u raise an alarm", what,
       outcome.unknown, comparisons, outcome.with_alarm);
}

static void test_nothing(unsigned comparisons)
{
    struct simulate s = {.samples = {2000, 2000}, .runs = {1, 1}, .scale = CHANGE_SHARES};
    nothing("one run a side, shares", s, comparisons);
    s.scale = CHANGE_WEIGHTS;
    nothing("one run a side, weights", s, comparisons);
    s.uneven = true;
    nothing("uneven periods, weights", s, comparisons);
    s.uneven = false;
    s.runs[0] = s.runs[1] = 3;
    s.spread = 0.1;
    nothing("three runs a side that differ by 10 % a function, weights", s, comparisons);
    s.runs[0] = s.runs[1] = 2;
    s.unequal = true;
    nothing("two runs a side whose functions differ by 0 to 30 %, weights", s, comparisons);
    s = (struct simulate){.samples = {2000, 2000}, .runs = {1, 1}, .scale = CHANGE_WEIGHTS};
    s.by_leaf = true;
    nothing("periods that depend on the function, weights", s, comparisons);
    s.scale = CHANGE_SHARES;
    nothing("the same, shares", s, comparisons);
    s = (struct simulate){.samples = {20000, 20000}, .runs = {1, 1}, .burst = 10};
    untold("samples in bursts of ten", s, comparisons, LEVEL);
    s.burst = 150;
    s.samples[0] = s.samples[1] = 300000;
    untold("spans of 150 ms", s, comparisons / 10, LEVEL);
    s.leaves = 9; /* few functions may agree by chance */
    untold("spans of 150 ms, nine functions", s, comparisons / 10, 0.05);
    s.leaves = 5;
    untold("spans of 150 ms, five functions", s, comparisons / 10, 0.2);
}

static void test_nothing_long(unsigned comparisons)
{
    struct simulate s = {.samples = {2000, 2000}, .runs = {3, 3}, .spread = 0.1};
    s.scale = CHANGE_SHARES;
    nothing("three runs a side that differ by 10 % a function, shares", s, comparisons);
    s.common = 0.1;
    nothing("and by 10 % all together, shares", s, comparisons);
    s.common = 0.03;
    s.scale = CHANGE_WEIGHTS;
    nothing("by 10 % a function, by 3 % all together, weights", s, comparisons);
    s.spread = 0;
    s.runs[0] = s.runs[1] = 2;
    nothing("two runs a side that differ by 3 % all together, weights", s, comparisons);
    s.common = 0.1;
    nothing("two runs a side that differ by 10 % all together, weights", s, comparisons);
    s.scale = CHANGE_SHARES;
    nothing("the same, shares", s, comparisons);
    s.scale = CHANGE_WEIGHTS;
    s.common = 0;
    s.runs[0] = s.runs[1] = 5;
    nothing("five runs a side, weights", s, comparisons);
    s.runs[0] = 8;
    s.runs[1] = 1;
    nothing("eight runs before, one after, weights", s, comparisons);
    s.samples[0] = s.samples[1] = 10000;
    s.spread = 0.05;
    s.scale = CHANGE_SHARES;
    nothing("10,000 samples, by 5 % a function, shares", s, comparisons);
    s = (struct simulate){.samples = {20000, 2000}, .runs = {1, 1}, .scale = CHANGE_SHARES};
    nothing("ten times as long before, shares", s, comparisons);
    s = (struct simulate){.samples = {100, 100}, .runs = {1, 1}, .scale = CHANGE_SHARES};
    nothing("a hundred samples a side, shares", s, comparisons);
}

static void test_something(unsigned comparisons, bool all)
{
    struct simulate s = {.samples = {10000, 10000},
                         .runs = {1, 1},
                         .scale = CHANGE_WEIGHTS,
                         .changed = 2, /* 7.5 % of the run */
                         .change = 0.3};
    something("+30 % of a function with 7.5 %, 10,000 samples", s, comparisons, 95);
    s.samples[0] = s.samples[1] = 2000;
    s.runs[0] = s.runs[1] = 5;
    s.spread = 0.05;
    something("the same with five runs of 2,000 that differ by 5 %", s, comparisons, 35);
    if (!all)
        return;
    s.spread = 0;
    s.scale = CHANGE_SHARES;
    something("five runs of 2,000, shares", s, comparisons, 65);
    s.runs[0] = s.runs[1] = 1;
    s.samples[0] = s.samples[1] = 50000;
    s.change = 0.1;
    /* 4.2 standard deviations; with 88 tests, 3.9 are needed: 60 % */
    something("+10 % of it with 50,000 samples, shares", s, comparisons, 55);
}

static void test_runs(unsigned comparisons)
{
    static const unsigned runs[] = {2, 3, 5, 8};
    struct simulate s = {.samples = {2000, 2000}, .spread = 0.1};
    for (unsigned i = 0; i < sizeof runs / sizeof runs[0] * 8; i++) {
        char what[140];
        s.runs[SIDE_BEFORE] = s.runs[SIDE_AFTER] = runs[i / 8];
        s.common = i & 1 ? 0.1 : 0;
        s.unequal = i & 2;
        s.scale = i & 4 ? CHANGE_SHARES : CHANGE_WEIGHTS;
        snprintf(what, sizeof what, "%u runs a side that differ by %s %% a function%s, %s",
                 runs[i / 8], s.unequal ? "0 to 30" : "10",
                 s.common > 0 ? " and by 10 % all together" : "", i & 4 ? "shares" : "weights");
        nothing(what, s, comparisons);
    }
}

/* Of how many comparisons of 100 a change is found, by size of the change, of a function with 7.5 %
 * of the run. */
static void print_power(unsigned comparisons)
{
    static const unsigned runs[] = {1, 2, 3, 5, 8};
    static const double changes[] = {0.1, 0.2, 0.3, 0.5, 1};
    printf("| runs a side | functions vary by | +10 %% | +20 %% | +30 %% | +50 %% | +100 %% |\n"
           "| --: | --: | --: | --: | --: | --: | --: |\n");
    for (unsigned i = 0; i < 10; i++) {
        unsigned n = runs[i / 2];
        printf("| %u | %s |", n, i % 2 ? "5 %" : "0");
        for (unsigned k = 0; k < 5; k++) {
            struct simulate s = {.samples = {10000, 10000},
                                 .runs = {n, n},
                                 .spread = i % 2 ? 0.05 : 0,
                                 .scale = CHANGE_WEIGHTS,
                                 .changed = 2,
                                 .change = changes[k]};
            printf(" %.0f |", 100.0 * play(s, comparisons).found / comparisons);
            fflush(stdout);
        }
        printf("\n");
    }
    static const double change = 0.2;
    for (unsigned before = 1; before <= 16; before *= 2) {
        struct simulate s = {.samples = {10000, 10000},
                             .runs = {before, 1},
                             .spread = 0.03,
                             .scale = CHANGE_WEIGHTS,
                             .changed = 2,
                             .change = change};
        if (before > 1)
            printf("%u kept runs, one new: +20 %% found in %.0f %%\n", before,
                   100.0 * play(s, comparisons).found / comparisons);
    }
}

int main(int argc, char **argv)
{
    unsigned comparisons = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 100;
    if (argc > 2 && strcmp(argv[2], "runs") == 0) {
        test_runs(comparisons);
        return done_testing();
    }
    if (argc > 2 && strcmp(argv[2], "power") == 0) {
        print_power(comparisons);
        return 0;
    }
    test_nothing(comparisons);
    if (argc > 1)
        test_nothing_long(comparisons);
    test_something(comparisons, argc > 1);
    return done_testing();
}
