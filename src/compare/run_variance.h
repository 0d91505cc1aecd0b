/*
 * run_variance: how much runs of the same program differ beyond what counting samples explains, and
 * how wide that makes the interval of a difference between sides. Variances are relative to the
 * square of the mean unless stated otherwise.
 *
 * The value of a run is its total times a share, and both vary:
 *
 *      common   The variance of the totals. It is learned from the runs: runs - 2 degrees of
 *               freedom. Shares do not have it.
 *      own      The variance of the share of a function. One function is as uncertain as the
 * totals,
 *               but the median over many functions is well known. The larger the share, the less it
 *               varies: the share of everything is 1 in every run.
 *      excess   What one function varies beyond both, learned from the runs of a side.
 *
 * The last two make Welch's t, with the degrees of freedom of Satterthwaite's formula. The first
 * must not go into it: where it is small by chance, it would be trusted (two runs a side whose
 * totals differ by 10 %: 47 false alarms in 1,000 comparisons instead of 10). So the totals have an
 * interval of their own, and the half widths are added as squares (Zou and Donner 2008): 1 in
 * 1,000.
 */
#ifndef FLAMETREE_COMPARE_RUN_VARIANCE_H
#define FLAMETREE_COMPARE_RUN_VARIANCE_H

#include "compare/run_set.h"

/* How weights become values. */
struct run_variance_scale {
    const struct run_set *set;
    const double *factor; /* by run: weight times factor is the value */
    bool shares;          /* the values are shares of their runs */
};

/* The values of one weight in the runs of one side. */
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

/* Learn from all functions. selves: as of run_set_function_selves(). counted: the number of samples
 * is known in all runs. level: of the intervals. */
void run_variance_learn(struct run_variance *between, const struct run_variance_scale *scale,
                        const double *selves, bool counted, double level);

/* A difference between the means of both sides. */
struct run_variance_result {
    double error; /* standard error; 0: all runs agree exactly, which proves nothing */
    double half;  /* half of the interval at the level */
    double p;     /* two-sided, of no difference; below 1e-13 only an upper bound */
};

struct run_variance_result run_variance_judge(const struct run_variance *between,
                                              const struct run_variance_seen seen[SIDES]);

#endif
