/* SPDX-License-Identifier: MIT */
/*
 * stats: the certainty of a difference. Pure functions of numbers, which know nothing about stacks.
 *
 *      counts            both sides known by counting      score interval, exact test
 *      runs              several runs a side               Welch's t, with a floor
 *      many at once      a test for each of many           Benjamini and Hochberg
 *
 * All results have about nine correct digits up to a million samples, and six at a hundred million.
 * That includes far tails, so that changes can be ranked by a p of 1e-30.
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

/* The regularized incomplete beta function I_x(a, b), a and b > 0. */
double stats_beta(double x, double a, double b);

/* P(|T| > t) of Student's t, and the t that has it. df may be INFINITY: the normal then. */
double stats_t_two_sided(double t, double df);
double stats_t_quantile(double p, double df);

/* ---- one side ---- */

/* The score interval of the mean of a Poisson count; `count` need not be whole. */
struct stats_interval stats_poisson(double count, double z);

/* ---- two sides ---- */

/* The interval of b - a from those of a and of b by square-and-add (Newcombe 1998, method 10, for
 * shares; Zou and Donner 2008 for any two). */
struct stats_interval stats_difference(double a, struct stats_interval of_a, double b,
                                       struct stats_interval of_b);

/* The exact test of two Poisson counts, two-sided: `b` is expected to be the share `expected` of a
 * + b. Counts need not be whole. */
double stats_test_counts(double a, double b, double expected);

/* ---- many tests ---- */

struct stats_test {
    double p, q;
    size_t at; /* what is tested; of equal p, the order */
};

/* Sort the tests by p and set q, the smallest false discovery rate at which a test counts as real.
 * Accepting all tests with q <= level keeps the expected share of false ones among them at the
 * level. When nothing changed, it is the chance that any test is accepted. */
void stats_adjust(struct stats_test *tests, size_t n);

#endif
