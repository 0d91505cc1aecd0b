/* SPDX-License-Identifier: MIT */
/*
 * series: find the places in a row of many runs, such as those of each build, where a cost changed.
 *
 *      cost     o o  o                     a step: the runs from `at` on cost more
 *        |            o o o  o o o
 *        |  ---------------------
 *        |  0  1  2  3  4  5 ...  run
 *
 *      step      the mean changes between two runs, and stays
 *      bump      it changes, and after some runs it goes back
 *      creep     every run costs a little more than the one before; no two neighbors differ
 *
 * Each row of numbers is tested for three shapes: how much of its variance is explained by the best
 * step, by the best bump, and by the line through all runs? The answers are compared with those for
 * the runs in random orders. All rows are put into the same random order, and an answer must exceed
 * the largest answer of any row (Westfall and Young 1993, single-step maxT): if no row has changed,
 * the chance that anything is reported for any row is at most the level, however the rows depend on
 * each other and however they are distributed. The three tests share the level: half of it for
 * steps, a quarter each for bumps and creeps (Bonferroni). Fewer than 14 runs, or 17 for bumps,
 * have too few orders for that at 99 %; shape_test.h says what is assumed then.
 *
 * A row that has changed is cut at the best step or bump, and each piece is tested again alone
 * (binary segmentation, Scott and Knott 1974, Vostrikova 1981; with bumps as in Olshen et al.
 * 2004), at the level. A line instead of steps is chosen by Schwarz's criterion (BIC).
 */
#ifndef FLAMETREE_COMPARE_SERIES_H
#define FLAMETREE_COMPARE_SERIES_H

#include "core/heap.h"

/* The least number of runs on each side of a step, and inside and on each side of a bump. Where the
 * test assumes that costs vary normally (shape_test.h), a step and the inside of a bump have at
 * least four runs and a third of all: three outliers are sometimes neighbors. */
enum { SERIES_PIECE = 3, SERIES_PIECE_NORMAL = 4, SERIES_LEAST_RUNS = 7 };

/* Of --confidence: more would take too many random orders. */
#define SERIES_CONFIDENCE_MOST 0.9999

enum series_subject { SERIES_TOTAL, SERIES_CLASS, SERIES_FUNCTION, SERIES_SELF };
enum series_shape { SERIES_STEP, SERIES_CREEP };

struct series_change {
    enum series_shape shape;
    size_t at;            /* the first run after the change; of a creep 0 */
    size_t end;           /* the run after the last one of the new level; of a creep all runs */
    bool gone;            /* at `end` the cost went back to about its level before */
    double before, after; /* mean costs; of a creep the ends of the line */
    double p; /* of the test that found it, corrected over all rows if it is the first */
};

struct series_row {
    enum series_subject subject;
    str name;
    const double *values; /* by run */
    bool alone;           /* it is the cost of a function without all that it calls */
    /* Set by series_judge(): */
    VEC(struct series_change) changes; /* in the order of runs */
    double *fit;                       /* by run: levels, or the line; NULL if nothing changed */
    bool judged;                       /* it varies between runs by enough to be tested */
    double p; /* the smallest of its tests, corrected over all rows; only if judged */
};

struct series_options {
    double confidence; /* 0.99 */
    double least;      /* smaller changes do not count; in the unit of the rows */
};

struct series_result {
    size_t judged;       /* rows that were tested */
    size_t permutations; /* random orders */
    bool too_few;        /* runs, so that no step can be found at this confidence */
    bool normal; /* too few random orders: steps or bumps are tested as if costs varied normally */
};

/* All memory is of the heap and stays until that ends. runs > 0. */
struct series_result series_judge(struct series_row *rows, size_t count, size_t runs,
                                  const struct series_options *options, struct heap *heap);

#endif
