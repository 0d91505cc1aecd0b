/* SPDX-License-Identifier: MIT */
/*
 * test_stats: the distributions and tests of src/compare/stats.c against values from exact rational
 * arithmetic, printed tables, and the papers that the methods come from.
 */
#include "compare/stats.h"

#include <math.h>
#include <string.h>

#include "tap.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define Z95          1.959963984540054

/* To `digits` decimal digits, relative; absolute where 0 is wanted. */
static bool near(double got, double want, int digits)
{
    double room = pow(10, -digits) * (want == 0 ? 1 : fabs(want));
    bool good = fabs(got - want) <= room;
    if (!good)
        diag("got %.17g, want %.17g", got, want);
    return good;
}

static void test_gamma(void)
{
    static const double table[][2] = {{0.1, 2.2527126517342055},
                                      {3.7, 1.4280723266653883},
                                      {12.5, 18.73434751193645},
                                      {1e6, 12815504.569147611},
                                      {1, 0},
                                      {2, 0}};
    bool good = true;
    for (size_t i = 0; i < COUNT(table); i++)
        good &= near(stats_log_gamma(table[i][0]), table[i][1], 12);
    ok(good, "ln gamma from 0.1 to 1e6");
}

static void test_normal(void)
{
    static const double table[][2] = {{0.5, 0},
                                      {0.1, 1.2815515655446008},
                                      {0.025, 1.9599639845400536},
                                      {0.005, 2.5758293035489},
                                      {1e-6, 4.753424308817089}};
    bool good = near(stats_normal_tail(10), 7.619853024160593e-24, 12);
    for (size_t i = 0; i < COUNT(table); i++)
        good &= near(stats_normal_quantile(table[i][0]), table[i][1], 11);
    ok(good, "the normal distribution, far tail included");
}

static void test_beta(void)
{
    static const double table[][4] = {{0.3, 2, 5, 0.579825},
                                      {0.4, 50, 70, 0.3591346088344945},
                                      {0.5, 300, 200, 3.543480264392538e-06},
                                      {0.25, 1, 1, 0.25},
                                      {0.5, 3000, 2900, 0.09645610109835598}};
    bool good = stats_beta(0, 2, 3) == 0 && stats_beta(1, 2, 3) == 1;
    for (size_t i = 0; i < COUNT(table); i++)
        good &= near(stats_beta(table[i][0], table[i][1], table[i][2]), table[i][3], 10);
    ok(good, "the incomplete beta function against sums of binomials");
    ok(near(stats_beta(0.5, 1e7, 1e7), 0.5, 6), "and with twenty million samples");
}

static void test_t(void)
{
    static const double closed[][3] = {
        {0.5, 2, 0.6666666666666667},     {2, 2, 0.18350341907227385},  {10, 2, 0.0098524570233256},
        {31.6, 2, 0.0009999402536799984}, {0.5, 1, 0.7048327646991335}, {2, 1, 0.2951672353008665},
        {31.6, 1, 0.020139474283506487}};
    static const double printed[][3] = {
        {0.05, 1, 12.706}, {0.05, 5, 2.571}, {0.01, 10, 3.169}, {0.001, 30, 3.646}};
    bool good = true;
    for (size_t i = 0; i < COUNT(closed); i++)
        good &= near(stats_t_two_sided(closed[i][0], closed[i][1]), closed[i][2], 10);
    ok(good, "Student's t against its closed forms for one and two degrees of freedom");
    good = true;
    for (size_t i = 0; i < COUNT(printed); i++)
        good &= near(stats_t_quantile(printed[i][0], printed[i][1]), printed[i][2], 3);
    ok(good, "its quantiles against a printed table");
    ok(near(stats_t_quantile(0.01, INFINITY), 2.5758293035489, 11),
       "with no end of freedom: normal");
    ok(near(stats_t_quantile(1e-9, 1), 2 / 3.14159265358979 * 1e9, 6), "far out with one degree");
}

/* Wilson's interval of a share, for the examples of Newcombe. */
static struct stats_interval wilson(double share, double n, double z)
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

static void test_one_side(void)
{
    struct stats_interval none = stats_poisson(0, Z95), ten = stats_poisson(10, Z95);
    ok(none.low == 0 && near(none.high, Z95 * Z95, 10), "the interval of no sample starts at 0");
    /* The ends are the means m with (10 - m)^2 = z^2 m. */
    ok(near((10 - ten.low) * (10 - ten.low), Z95 * Z95 * ten.low, 10) &&
           near((10 - ten.high) * (10 - ten.high), Z95 * Z95 * ten.high, 10) && ten.low < 10,
       "the score interval of ten samples solves its equation");
}

static void test_difference(void)
{
    /* Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10; b comes first there. */
    static const double table[][6] = {
        {48, 80, 56, 70, 0.0524, 0.3339}, {3, 10, 9, 10, 0.1705, 0.8090},
        {2, 7, 6, 7, 0.0582, 0.8062},     {0, 29, 5, 56, -0.0381, 0.1926},
        {0, 20, 0, 10, -0.1611, 0.2775},  {0, 10, 0, 10, -0.2775, 0.2775},
        {0, 20, 10, 10, 0.6791, 1.0000},  {0, 10, 10, 10, 0.6075, 1.0000}};
    bool good = true;
    for (size_t i = 0; i < COUNT(table); i++) {
        const double *row = table[i];
        double a = row[0] / row[1], b = row[2] / row[3];
        struct stats_interval got = stats_difference(a, wilson(a, row[1], Z95), b,
                                                     wilson(b, row[3], Z95));
        good &= fabs(got.low - row[4]) < 6e-5 && fabs(got.high - row[5]) < 6e-5;
    }
    ok(good, "the interval of a difference: Newcombe's eight examples");
}

static void test_exact(void)
{
    static const double counts[][4] = {{3, 12, 0.5, 0.03515625},
                                       {12, 3, 0.5, 0.03515625},
                                       {584, 763, 0.5, 1.193348410589294e-06},
                                       {0, 5, 1.0 / 11, 1.2418426461183103e-05},
                                       {100, 400, 0.5, 1.6596294752173932e-43},
                                       {0, 0, 0.5, 1}};
    bool good = true;
    for (size_t i = 0; i < COUNT(counts); i++)
        good &= near(stats_test_counts(counts[i][0], counts[i][1], counts[i][2]), counts[i][3], 9);
    ok(good, "the exact test of two counts against exact arithmetic");
    ok(stats_test_counts(1e8, 1e8, 0.5) == 1 && stats_test_counts(1e8, 1.001e8, 0.5) < 1e-10,
       "many samples are no hindrance");
}

static void test_adjust(void)
{
    /* Benjamini and Hochberg (1995), the fifteen p of their example, out of order. */
    static const double p[] = {0.0201, 0.0001, 0.0004, 0.0019, 0.0095, 0.0278, 0.0298, 0.0344,
                               0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
    static const double want[] = {0.0603,   0.0015,   0.003,    0.0095,   0.035625,
                                  0.063857, 0.063857, 0.0645,   0.0765,   0.486,
                                  0.581182, 0.714875, 0.753231, 0.813214, 1};
    struct stats_test tests[COUNT(p)];
    unsigned called = 0;
    bool good = true;
    for (size_t i = 0; i < COUNT(p); i++)
        tests[i] = (struct stats_test){.p = p[i], .at = i};
    stats_adjust(tests, COUNT(p));
    for (size_t i = 0; i < COUNT(p); i++) {
        good &= fabs(tests[i].q - want[tests[i].at]) < 1e-6;
        called += tests[i].q <= 0.05;
    }
    ok(good, "q of Benjamini and Hochberg's example");
    is_u64(called, 4, "four of them are called at 5 %%, as in the paper");
    stats_adjust(NULL, 0); /* no test at all */
}

int main(void)
{
    test_gamma();
    test_normal();
    test_beta();
    test_t();
    test_one_side();
    test_difference();
    test_exact();
    test_adjust();
    return done_testing();
}
