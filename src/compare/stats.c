/* SPDX-License-Identifier: MIT */
/*
 * stats: see stats.h. Small tails are computed directly, never as 1 minus the rest.
 */
#include "compare/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define LN_SQRT_2PI 0.91893853320467274178
#define SQRT_HALF   0.70710678118654752440
#define TINY        1e-300

enum { FRACTION_MOST = 100000, BISECTIONS = 200 };

/* Stirling's series. From 12 on it is exact to 1e-15; smaller x are shifted there. */
double stats_log_gamma(double x)
{
    double product = 1, shift = 0;
    while (x < 12) {
        product *= x;
        x += 1;
        if (product > 1e200) {
            shift -= log(product);
            product = 1;
        }
    }
    double r = 1 / (x * x);
    double series = (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r * (1.0 / 1680 - r / 1188)))) /
                    x;
    return (x - 0.5) * log(x) - x + LN_SQRT_2PI + series + shift - log(product);
}

double stats_normal_tail(double z)
{
    return 0.5 * erfc(z * SQRT_HALF);
}

/* The z at which a falling function passes p, by bisection. */
static double solve_falling(double (*f)(double, double), double with, double p, double low,
                            double high)
{
    for (int i = 0; i < BISECTIONS && high - low > 1e-13 * (1 + fabs(low)); i++) {
        double middle = low + (high - low) / 2;
        if (f(middle, with) > p)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

static double normal_tail_at(double z, double unused)
{
    (void)unused;
    return stats_normal_tail(z);
}

double stats_normal_quantile(double p)
{
    return solve_falling(normal_tail_at, 0, p, -40, 40);
}

/* The continued fraction of the incomplete beta function by Lentz's method, for x below the mean;
 * it needs about sqrt(max(a, b)) steps. */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 - (a + b) * x / (a + 1);
    d = 1 / (fabs(d) < TINY ? TINY : d);
    double h = d;
    for (int m = 1; m < FRACTION_MOST; m++) {
        double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 + even * d;
        c = 1 + even / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        h *= d * c;
        d = 1 + odd * d;
        c = 1 + odd / c;
        d = 1 / (fabs(d) < TINY ? TINY : d);
        c = fabs(c) < TINY ? TINY : c;
        double step = d * c;
        h *= step;
        if (fabs(step - 1) < 1e-15)
            break;
    }
    return h;
}

double stats_beta(double x, double a, double b)
{
    if (x <= 0)
        return 0;
    if (x >= 1)
        return 1;
    double front = exp(stats_log_gamma(a + b) - stats_log_gamma(a) - stats_log_gamma(b) +
                       a * log(x) + b * log1p(-x));
    if (x < (a + 1) / (a + b + 2))
        return front * beta_fraction(x, a, b) / a;
    return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double stats_t_two_sided(double t, double df)
{
    t = fabs(t);
    if (df > 1e10)
        return 2 * stats_normal_tail(t);
    return stats_beta(df / (df + t * t), df / 2, 0.5);
}

/* In the tail, ln p is nearly a straight line over ln t: the secant finds t in a few steps. The
 * value at the end that does not move is halved, so that the other end moves, too (the Illinois
 * method). */
static double solve_t_tail(double p, double df, double low, double high)
{
    double a = log(low), b = log(high), goal = log(p), x = b;
    double above = log(stats_t_two_sided(low, df)) - goal;
    double below = log(stats_t_two_sided(high, df)) - goal;
    int side = 0;
    for (int i = 0; i < BISECTIONS && b - a > 1e-13 * (1 + fabs(a)) && above > below; i++) {
        x = (a * below - b * above) / (below - above);
        double y = log(stats_t_two_sided(exp(x), df)) - goal;
        if (fabs(y) < 1e-14 * fabs(goal))
            break;
        bool is_low = y > 0;
        *(is_low ? &a : &b) = x;
        *(is_low ? &above : &below) = y;
        if (side == (is_low ? 1 : -1))
            *(is_low ? &below : &above) /= 2;
        side = is_low ? 1 : -1;
    }
    return exp(x);
}

/* With one degree of freedom, t is 6e8 at p = 1e-9. */
double stats_t_quantile(double p, double df)
{
    double high = 1, low = 0.5;
    if (df > 1e10)
        return stats_normal_quantile(p / 2);
    while (high < 1e150 && stats_t_two_sided(high, df) > p) {
        low = high;
        high *= 2;
    }
    if (high == 1 || high >= 1e150)
        return solve_falling(stats_t_two_sided, df, p, 0, high);
    return solve_t_tail(p, df, low, high);
}

struct stats_interval stats_poisson(double count, double z)
{
    double middle = count + z * z / 2, half = z * sqrt(count + z * z / 4);
    return (struct stats_interval){count <= 0 ? 0 : middle - half, middle + half};
}

struct stats_interval stats_difference(double a, struct stats_interval of_a, double b,
                                       struct stats_interval of_b)
{
    double fall_b = b - of_b.low, rise_a = of_a.high - a;
    double rise_b = of_b.high - b, fall_a = a - of_a.low;
    return (struct stats_interval){b - a - sqrt(fall_b * fall_b + rise_a * rise_a),
                                   b - a + sqrt(rise_b * rise_b + fall_a * fall_a)};
}

/* P(B >= b) of a binomial of a + b at p is I_p(b, a + 1). */
double stats_test_counts(double a, double b, double expected)
{
    bool b_is_more = b > (a + b) * expected;
    if (a + b <= 0)
        return 1;
    double tail = b_is_more ? stats_beta(expected, b, a + 1) : stats_beta(1 - expected, a, b + 1);
    return a <= 0 && b <= 0 ? 1 : fmin(1, 2 * tail);
}

static int compare_tests(const void *a, const void *b)
{
    const struct stats_test *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

void stats_adjust(struct stats_test *tests, size_t n)
{
    double least = 1;
    if (n > 0)
        qsort(tests, n, sizeof *tests, compare_tests);
    for (size_t i = n; i-- > 0;) {
        least = fmin(least, tests[i].p * (double)n / (double)(i + 1));
        tests[i].q = least;
    }
}
