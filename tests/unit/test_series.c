/* SPDX-License-Identifier: MIT */
/*
 * test_series: how often a series of runs raises a false alarm and how often it finds what is
 * there, over simulated series of known truth. test_series SERIES: so many for each line; `make
 * check` makes 60, or 120 where nothing changes, `make check-long` 1,000. The environment variable
 * SEED gives other random numbers.
 *
 * A series has the total, one function that may change, its caller, and functions that never do:
 * some common, some rare, some that only few runs have.
 */
#include "compare/series.h"

#include <math.h>
#include <stdlib.h>

#include "simulate.h"
#include "tap.h"

enum { ROWS = 40, RUNS_MOST = 120, CHANGED = 1, CALLER = 2 };

#define LEVEL 0.01

struct scene {
    const char *what;
    size_t runs;
    double spread;   /* of each function between runs, relative */
    double common;   /* of all functions of a run together */
    double drift;    /* the changed function grows by this part over the series */
    double change;   /* or by this part at once */
    size_t at, back; /* from run to run; back 0: to the end */
    bool heavy;      /* one run in fifteen takes much longer */
};

struct played {
    unsigned alarms; /* series with a change that is not there */
    unsigned found;  /* with the change, at its place (one run off at most) */
    unsigned creeps; /* told as a creep */
    unsigned gone;   /* told to have gone away */
    unsigned extra;  /* more changes of the function than there are */
    double size;     /* of the change, mean over those found, relative */
};

static double draw_cost(const struct scene *scene, size_t row, size_t run, uint64_t *state)
{
    double share = row == CHANGED ? 0.1 : 0.5 / (double)(row + 1);
    double cost = share * (1 + scene->spread * simulate_normal(state));
    if (row % 10 == 9) /* few runs have it */
        return dice_below(state, 12) == 0 ? 0.02 * (1 + simulate_uniform(state)) : 0;
    if (scene->heavy && dice_below(state, 15) == 0)
        cost *= 1.5;
    if (row != CHANGED)
        return cost;
    size_t back = scene->back ? scene->back : scene->runs;
    if (scene->change != 0 && run >= scene->at && run < back)
        cost *= 1 + scene->change;
    return cost * (1 + scene->drift * (double)run / (double)(scene->runs - 1));
}

static void draw_series(const struct scene *scene, double *values, uint64_t *state)
{
    for (size_t run = 0; run < scene->runs; run++) {
        double common = 1 + scene->common * simulate_normal(state), total = 0;
        for (size_t row = 1; row < ROWS; row++) {
            double *value = &values[row * scene->runs + run];
            *value = row == CALLER ? values[CHANGED * scene->runs + run] * 1.3
                                   : draw_cost(scene, row, run, state) * common;
            total += row == CALLER ? 0 : *value;
        }
        values[run] = total;
    }
}

static bool is_near(size_t a, size_t b)
{
    return a + 1 >= b && b + 1 >= a;
}

static void count_changes(const struct scene *scene, const struct series_row *row,
                          struct played *played)
{
    bool found = false;
    for (size_t i = 0; i < row->changes.n; i++) {
        const struct series_change *change = &row->changes.at[i];
        double size = change->after / change->before - 1;
        bool creep = change->shape == SERIES_CREEP;
        if (found || !(scene->drift != 0 ? creep : !creep && is_near(change->at, scene->at)))
            continue;
        found = true;
        played->creeps += creep;
        played->gone += change->gone && is_near(change->end, scene->back);
        played->size += size;
    }
    played->found += found;
    played->extra += row->changes.n > 1;
}

static struct played play(const struct scene *scene, unsigned series)
{
    struct played played = {0};
    uint64_t state = dice_seed();
    for (unsigned s = 0; s < series; s++) {
        struct heap heap;
        static double values[ROWS * RUNS_MOST];
        struct series_row rows[ROWS];
        struct series_options options = {1 - LEVEL, 0.005};
        heap_init(&heap, NULL, NULL, 0);
        draw_series(scene, values, &state);
        for (size_t r = 0; r < ROWS; r++)
            rows[r] = (struct series_row){.subject = r == 0 ? SERIES_TOTAL : SERIES_FUNCTION,
                                          .values = values + r * scene->runs};
        series_judge(rows, ROWS, scene->runs, &options, &heap);
        bool alarm = false, changes = scene->change != 0 || scene->drift != 0;
        for (size_t r = 0; r < ROWS; r++)
            alarm |= rows[r].changes.n > 0 && (!changes || r > CALLER);
        played.alarms += alarm;
        if (changes)
            count_changes(scene, &rows[CHANGED], &played);
        heap_end(&heap);
    }
    played.size /= played.found > 0 ? played.found : 1;
    return played;
}

/* At the level; few series may have some more by chance (three standard deviations). */
static double most_alarms(unsigned series)
{
    return LEVEL * series + (series >= 1000 ? 0 : 3 * sqrt(LEVEL * series));
}

static void test_flat(struct scene scene, unsigned series)
{
    struct played played = play(&scene, series);
    ok(played.alarms <= most_alarms(series), "%s: %u of %u series raise an alarm", scene.what,
       played.alarms, series);
}

static void test_changed(struct scene scene, unsigned series, unsigned percent)
{
    struct played played = play(&scene, series);
    double truth = scene.drift != 0 ? scene.drift : scene.change;
    ok(played.found * 100 >= percent * series, "%s: found in %.1f %% (at least %u)", scene.what,
       100.0 * played.found / series, percent);
    ok(fabs(played.size - truth) < 0.2 * fabs(truth), "%s: its mean size is %.3f, really %.3f",
       scene.what, played.size, truth);
    ok(played.alarms <= most_alarms(series), "%s: others raise an alarm in %u", scene.what,
       played.alarms);
    /* A creep may look like several steps. */
    double most = (scene.drift != 0 ? 0.1 : 2 * LEVEL) * series;
    ok(played.extra <= most + 3 * sqrt(most), "%s: further changes in %u", scene.what,
       played.extra);
    if (scene.drift != 0)
        ok(played.creeps == played.found, "%s: it is a creep", scene.what);
    if (scene.back != 0)
        ok(played.gone * 10 >= played.found * 9, "%s: it went away in %u", scene.what, played.gone);
}

/* ---- exact values ---- */

static struct series_row judge_alone(struct heap *heap, const double *values, size_t runs,
                                     struct series_result *result)
{
    struct series_row row = {.values = values};
    struct series_options options = {.confidence = 1 - LEVEL};
    *result = series_judge(&row, 1, runs, &options, heap);
    return row;
}

static void test_exact(void)
{
    struct heap heap;
    struct series_result result;
    double step[20], creep[20], flat[20], bump[20], two[30], rare[8] = {0, 0, 0, 0, 5, 5, 5, 5};
    double new[14] = {0, 0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5};
    heap_init(&heap, NULL, NULL, 0);
    for (size_t i = 0; i < 20; i++) {
        step[i] = i < 12 ? 10 : 12;
        creep[i] = 10 + (double)i / 10;
        flat[i] = 10;
        bump[i] = i >= 6 && i < 12 ? 15 : 10;
    }
    for (size_t i = 0; i < 30; i++)
        two[i] = i < 10 ? 10 : i < 20 ? 12 : 11;
    struct series_row row = judge_alone(&heap, step, 20, &result);
    ok(row.changes.n == 1 && row.changes.at[0].at == 12 && row.changes.at[0].end == 20 &&
           row.changes.at[0].before == 10 && row.changes.at[0].after == 12 &&
           !row.changes.at[0].gone,
       "a step without noise");
    ok(!result.normal, "with twenty runs nothing is assumed");
    row = judge_alone(&heap, creep, 20, &result);
    ok(row.changes.n == 1 && row.changes.at[0].shape == SERIES_CREEP &&
           fabs(row.changes.at[0].before - 10) < 1e-9 &&
           fabs(row.changes.at[0].after - 11.9) < 1e-9,
       "a creep without noise");
    row = judge_alone(&heap, flat, 20, &result);
    ok(row.changes.n == 0 && !row.judged && result.judged == 0, "nothing changes");
    row = judge_alone(&heap, bump, 20, &result);
    ok(row.changes.n == 1 && row.changes.at[0].at == 6 && row.changes.at[0].end == 12 &&
           row.changes.at[0].gone,
       "a change that went away");
    row = judge_alone(&heap, two, 30, &result);
    ok(row.changes.n == 2 && row.changes.at[0].at == 10 && row.changes.at[1].at == 20 &&
           !row.changes.at[0].gone,
       "half of a change went away: two steps");
    row = judge_alone(&heap, step + 6, 12, &result);
    ok(row.changes.n == 1 && !result.too_few, "twelve runs are enough");
    ok(result.normal, "if costs vary normally");
    row = judge_alone(&heap, step + 8, 8, &result);
    ok(row.changes.n == 1 && row.changes.at[0].at == 4 && result.normal && !result.too_few,
       "so are eight");
    row = judge_alone(&heap, step + 9, 7, &result);
    ok(row.changes.n == 0 && result.too_few && !result.normal, "seven are too few");
    row = judge_alone(&heap, rare, 8, &result);
    ok(row.changes.n == 0, "a cost that is in half of eight runs is not normal");
    row = judge_alone(&heap, new, 14, &result);
    ok(row.changes.n == 1 && row.changes.at[0].at == 7, "but in half of fourteen, orders decide");
    row = judge_alone(&heap, step, 1, &result);
    ok(row.changes.n == 0 && result.judged == 0, "one run");
    row = judge_alone(&heap, creep, SERIES_LEAST_RUNS, &result);
    ok(row.changes.n == 1, "a creep over %d runs", SERIES_LEAST_RUNS);
    heap_end(&heap);
}

/* What make check plays, and with `more` what only make check-long does. */
struct act {
    struct scene scene;
    unsigned percent; /* to be found; 0: nothing changes */
    bool more;
};

#define RUNS(n, noise) .runs = (n), .spread = (noise)

static const struct act acts[] = {
    {{"30 runs, noise of 3 %", RUNS(30, 0.03)}, 0, false},
    {{"30 runs, noise of 3 %, of all together 5 %", RUNS(30, 0.03), .common = 0.05}, 0, false},
    {{"16 runs with outliers", RUNS(16, 0.02), .heavy = true}, 0, false},
    {{"8 runs, noise of 3 %", RUNS(8, 0.03)}, 0, false},
    {{"+19 % little by little over 30 runs", RUNS(30, 0.03), .drift = 0.19}, 90, false},
    {{"+10 % at run 20 of 30", RUNS(30, 0.03), .change = 0.1, .at = 20}, 90, false},
    {{"+30 % from run 10 to run 15 of 30", RUNS(30, 0.03), .change = 0.3, .at = 10, .back = 15},
     80,
     false},
    {{"+20 % at run 4 of 8", RUNS(8, 0.02), .change = 0.2, .at = 4}, 80, false},
    {{"+30 % from run 4 to run 8 of 12", RUNS(12, 0.03), .change = 0.3, .at = 4, .back = 8},
     80,
     false},
    {{"100 runs, noise of 3 %", RUNS(100, 0.03)}, 0, true},
    {{"9 runs, noise of 3 %", RUNS(9, 0.03)}, 0, true},
    {{"10 runs, noise of 3 %, of all together 5 %", RUNS(10, 0.03), .common = 0.05}, 0, true},
    {{"11 runs, noise of 3 %", RUNS(11, 0.03)}, 0, true},
    {{"12 runs, noise of 10 %", RUNS(12, 0.1)}, 0, true},
    {{"14 runs, noise of 3 %", RUNS(14, 0.03)}, 0, true},
    {{"8 runs with outliers", RUNS(8, 0.02), .heavy = true}, 0, true},
    {{"13 runs with outliers", RUNS(13, 0.02), .heavy = true}, 0, true},
    {{"+20 % at run 27 of 30", RUNS(30, 0.03), .change = 0.2, .at = 27}, 90, true},
    {{"-10 % at run 8 of 16", RUNS(16, 0.02), .change = -0.1, .at = 8}, 80, true},
    {{"+30 % at run 20 of 30 with outliers", RUNS(30, 0.02), .heavy = true, .change = 0.3,
      .at = 20},
     50,
     true},
    {{"+20 % with 5 % of all together", RUNS(30, 0.02), .common = 0.05, .change = 0.2, .at = 15},
     90,
     true},
};

int main(int argc, char **argv)
{
    unsigned series = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 60;
    test_exact();
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        const struct act *act = &acts[i];
        unsigned some = act->scene.runs < 100 ? series : series / 4;
        if (act->more && argc == 1)
            continue;
        if (act->percent == 0)
            test_flat(act->scene, argc == 1 ? 2 * some : some); /* alarms are rare */
        else
            test_changed(act->scene, some, act->percent);
    }
    return done_testing();
}
