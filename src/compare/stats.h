/*
 * stats: how sure a difference is. Pure functions of numbers; nothing here knows of stacks.
 *
 *      counts            both sides known by counting      score interval, exact test
 *      runs              several runs a side               Welch's t, with a floor
 *      many at once      a test for each of many           Benjamini and Hochberg
 *
 * All are good to about nine digits up to a million samples and to six at a hundred million, far
 * tails included: a p of 1e-30 still ranks.
 */
#ifndef FLAMETREE_COMPARE_STATS_H
#define FLAMETREE_COMPARE_STATS_H

#include <stddef.h>

struct stats_interval {
    double low, high;
};

/* ---- distributions ---- */

/* ln of the gamma function, x > 0. (lgamma() of libm writes to a global.) */
double stats_log_gamma(double x);

/* P(Z > z) of the standard normal, and the z that has it; 0 < p < 1. */
double stats_normal_tail(double z);
double stats_normal_quantile(double p);

/* The regularised incomplete beta function I_x(a, b), a and b > 0. */
double stats_beta(double x, double a, double b);

/* P(|T| > t) of Student's t, and the t that has it. df may be INFINITY: the normal then. */
double stats_t_two_sided(double t, double df);
double stats_t_quantile(double p, double df);

/* ---- one side ---- */

/* Wilson's interval of a share found as `share` among n; n > 0 need not be whole. */
struct stats_interval stats_wilson(double share, double n, double z);

/* The score interval of the mean of a Poisson count; `count` need not be whole. */
struct stats_interval stats_poisson(double count, double z);

/* ---- two sides ---- */

/* The interval of b - a out of those of a and of b by square-and-add (Newcombe 1998, method 10, for
 * shares; Zou and Donner 2008 for any two). */
struct stats_interval stats_difference(double a, struct stats_interval of_a, double b,
                                       struct stats_interval of_b);

/* Fisher's exact test, two-sided: whether `a` of n_a and `b` of n_b come from one share. Counts
 * that are not whole are rounded. The smaller tail is doubled. */
double stats_test_shares(double a, double n_a, double b, double n_b);

/* The exact test of two Poisson counts, two-sided: of a + b, b is expected to be the share
 * `expected`. Counts need not be whole. */
double stats_test_counts(double a, double b, double expected);

/* ---- many tests ---- */

/* p[i] of n tests becomes q[i]: the smallest false discovery rate at which test i is called.
 * Calling all with q <= level keeps the expected share of false calls among the calls at the level;
 * when nothing is there to find, the chance of any call at all. `room` is for n. */
struct stats_ranked {
    double p;
    size_t at;
};
void stats_adjust(const double *p, double *q, size_t n, struct stats_ranked *room);

#endif
