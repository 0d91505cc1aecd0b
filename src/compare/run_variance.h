/* SPDX-License-Identifier: MIT */
/*
 * run_variance: the differences between runs of the same program beyond those of counting samples,
 * and the interval of a difference between sides that follows from them. Variances are relative to
 * the square of the mean unless stated otherwise.
 *
 * The value of a run is its total times a share, and both vary:
 *
 *      common   The variance of the totals: one error that all functions have in common. It is
 *               learned from the runs: runs - 2 degrees of freedom. Shares do not have it.
 *      own      The variance of the share of a function. One function is as uncertain as the
 *               totals, but the mean over many functions is well known. The larger the share, the
 *               less it varies: the share of everything is 1 in every run.
 *
 * Functions differ in how much they vary. `prior` says how much: it is the degrees of freedom of
 * the inverse chi-squared distribution that their variances have. The variance of one function is
 * the weighted mean of the usual one and its own, by their degrees of freedom (Smyth 2004), but
 * never less than the usual one. With counting it makes Welch's t, with the degrees of freedom of
 * Satterthwaite's formula.
 *
 * The common error must not go into that formula: where it is small by chance, it would be trusted.
 * It has an interval of its own, whose chance to be wrong is RUN_VARIANCE_COMMON of the level; the
 * rest of the level is for the functions. Since the common error is one event, however many
 * functions there are, only the part of the functions is corrected for many tests. The half widths
 * are added as squares (Zou and Donner 2008).
 *
 * Few runs give a poor estimate of the common error. Functions give a better one: a common error
 * changes all functions alike, so it is at most the change of most functions. The smaller of both
 * bounds is used; each has half of the part.
 */
#ifndef FLAMETREE_COMPARE_RUN_VARIANCE_H
#define FLAMETREE_COMPARE_RUN_VARIANCE_H

#include "compare/run_set.h"

#define RUN_VARIANCE_COMMON 0.5 /* part of the level for the common error */

/* The scale of values. */
struct run_variance_scale {
    const struct run_set *set;
    const double *factor; /* by run: weight times factor is the value */
    const double *unit;   /* by run: the weight of a sample; 0: not known */
    bool shares;          /* the values are shares of their runs */
};

/* The values of one weight in the runs of one side. */
struct run_variance_seen {
    double n, mean;
    double share;    /* mean of the shares */
    double counting; /* mean variance of a run from counting */
    double squares;  /* s^2; 0 with one run */
};

/* squares: of the weights of single samples, by run; NULL: the unit times the weight. */
struct run_variance_seen run_variance_look(const struct run_variance_scale *scale, enum side side,
                                           const double *weights, const double *squares);

struct run_variance {
    double own, own_freedom;
    double prior; /* degrees of freedom; see above */
    double common[SIDES];
    double scale;   /* of the ratio that makes shares after comparable */
    double freedom; /* of s^2, and of common: runs - 2 */
    /* The common error, relative, is at most this, because most functions did not change by more;
     * INFINITY: not known. */
    double shift;
};

/* Estimate from all functions. selves, squares: as of run_set_functions(). counted: the weight of a
 * sample is known in all runs. */
void run_variance_learn(struct run_variance *between, const struct run_variance_scale *scale,
                        const double *selves, const double *squares, bool counted);

/* Variances of the means of both sides. */
struct run_variance_parts {
    double common[SIDES], rest[SIDES];
    double mean[SIDES];
    double freedom; /* of the rest */
};

void run_variance_add_up(const struct run_variance *between,
                         const struct run_variance_seen seen[SIDES],
                         struct run_variance_parts *parts);

/* Half of the interval of after - times * before at the level, one of `tests` intervals that are
 * right together. INFINITY: nothing is known. */
double run_variance_half(const struct run_variance *between, const struct run_variance_parts *parts,
                         double times, double level, double tests);

/* Two-sided, of no difference between the sides. level: that of the common part. */
double run_variance_p(const struct run_variance *between, const struct run_variance_parts *parts,
                      double difference, double level);

#endif
