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

/* Where a falling function of z passes p, by bisection. */
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

/* With one degree of freedom, t is 6e8 at p = 1e-9. */
double stats_t_quantile(double p, double df)
{
    double high = 1;
    while (high < 1e150 && stats_t_two_sided(high, df) > p)
        high *= 2;
    return solve_falling(stats_t_two_sided, df, p, 0, high);
}

struct stats_interval stats_wilson(double share, double n, double z)
{
    double zz = z * z / n;
    double middle = share + zz / 2;
    double half = z * sqrt(share * (1 - share) / n + zz / (4 * n));
    struct stats_interval interval = {(middle - half) / (1 + zz), (middle + half) / (1 + zz)};
    if (interval.low < 0 || share <= 0)
        interval.low = 0;
    if (interval.high > 1 || share >= 1)
        interval.high = 1;
    return interval;
}

struct stats_interval stats_poisson(double count, double z)
{
    double middle = count + z * z / 2, half = z * sqrt(count + z * z / 4);
    return (struct stats_interval){count <= 0 ? 0 : middle - half, middle + half};
}

struct stats_interval stats_difference(double a, struct stats_interval of_a, double b,
                                       struct stats_interval of_b)
{
    return (struct stats_interval){b - a - hypot(b - of_b.low, of_a.high - a),
                                   b - a + hypot(of_b.high - b, a - of_a.low)};
}

/* P(X >= k) for k white balls among `drawn` from an urn of white and black ones. The terms rise up
 * to the mode and then fall; terms below 1e-17 of the sum do not matter. */
static double find_urn_tail(double k, double white, double black, double drawn)
{
    double most = drawn < white ? drawn : white;
    double log_term = stats_log_gamma(white + 1) - stats_log_gamma(k + 1) -
                      stats_log_gamma(white - k + 1) + stats_log_gamma(black + 1) -
                      stats_log_gamma(drawn - k + 1) - stats_log_gamma(black - drawn + k + 1) -
                      stats_log_gamma(white + black + 1) + stats_log_gamma(drawn + 1) +
                      stats_log_gamma(white + black - drawn + 1);
    double term = 1, sum = 1;
    for (; k < most; k += 1) {
        double ratio = (white - k) * (drawn - k) / ((k + 1) * (black - drawn + k + 1));
        term *= ratio;
        sum += term;
        if (ratio < 1 && term < sum * 1e-17)
            break;
    }
    return exp(log_term + log(sum));
}

double stats_test_shares(double a, double n_a, double b, double n_b)
{
    a = floor(a + 0.5);
    b = floor(b + 0.5);
    n_a = fmax(floor(n_a + 0.5), a);
    n_b = fmax(floor(n_b + 0.5), b);
    double drawn = a + b;
    if (n_a + n_b <= 0 || drawn <= 0)
        return 1;
    bool b_is_more = b * n_a > a * n_b;
    double tail = b_is_more ? find_urn_tail(b, n_b, n_a, drawn) : find_urn_tail(a, n_a, n_b, drawn);
    return fmin(1, 2 * tail);
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

static int compare_ranked(const void *a, const void *b)
{
    const struct stats_ranked *x = a, *y = b;
    if (x->p != y->p)
        return x->p < y->p ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

void stats_adjust(const double *p, double *q, size_t n, struct stats_ranked *room)
{
    double least = 1;
    for (size_t i = 0; i < n; i++)
        room[i] = (struct stats_ranked){p[i], i};
    qsort(room, n, sizeof *room, compare_ranked);
    for (size_t i = n; i-- > 0;) {
        least = fmin(least, room[i].p * (double)n / (double)(i + 1));
        q[room[i].at] = least;
    }
}
