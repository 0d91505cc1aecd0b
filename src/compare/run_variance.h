/*
 * run_variance: how runs of the same program differ from each other, beyond what counting samples
 * explains, and how wide that makes the interval of a difference between sides. All variances are
 * relative to the mean squared unless it says otherwise.
 *
 * A run's value is the run's total times a share of it, and both differ:
 *
 *      common   the totals. Known from the runs alone: runs - 2 degrees of freedom. Shares have
 *               nothing of it.
 *      own      a function's share. One function says as little as the totals do, but the median
 *               over many functions is known well. The share of all is 1 in every run: the more of
 *               the run a function is, the less its share differs.
 *      excess   what one function differs by beyond both; known from the runs of a side.
 *
 * The last two make Welch's t, with the degrees of freedom that Satterthwaite's formula gives. It
 * must not be given the first: where that came out small by chance, it would be trusted (two runs a
 * side whose totals differ by 10 %: 47 false alarms in 1,000 comparisons instead of 10). So the
 * totals have an interval of their own, and the half widths are added as squares (Zou and Donner
 * 2008): 1 in 1,000.
 */
#ifndef FLAMETREE_COMPARE_RUN_VARIANCE_H
#define FLAMETREE_COMPARE_RUN_VARIANCE_H

#include "compare/run_set.h"

/* What makes values of weights. */
struct run_variance_scale {
    const struct run_set *set;
    const double *factor; /* by run: weight times factor is the value */
    bool shares;          /* the values are shares of their runs */
};

/* What the runs of one side say about one weight, in values. */
struct run_variance_seen {
    double n, mean;
    double share;    /* mean of the shares */
    double counting; /* mean variance of a run from counting */
    double squares;  /* s^2; 0 with one run */
};

struct run_variance_seen run_variance_look(const struct run_variance_scale *scale, enum side side,
                                           const double *weights);

enum { RUN_VARIANCE_STEPS = 48 };

struct run_variance {
    double own, common;
    /* private */
    double own_freedom, common_freedom, level;
    double common_t[RUN_VARIANCE_STEPS]; /* quantiles at p = 1/2, 1/4, 1/8... */
};

/* From all functions; selves: as run_set_function_selves(). counted: the number of samples is known
 * in all runs. level: that of the intervals. */
void run_variance_learn(struct run_variance *between, const struct run_variance_scale *scale,
                        const double *selves, bool counted, double level);

/* A difference between the means of both sides. */
struct run_variance_result {
    double error; /* standard error; 0: all runs agree to the last digit, which proves nothing */
    double half;  /* half of the interval at the level */
    double p;     /* that of no difference, two-sided; only an upper bound below 1e-13 */
};

struct run_variance_result run_variance_judge(const struct run_variance *between,
                                              const struct run_variance_seen seen[SIDES]);

#endif
