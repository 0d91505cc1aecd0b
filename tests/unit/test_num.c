/* SPDX-License-Identifier: MIT */
/*
 * num: numbers out of text and into text, against printf and strtod.
 */
#include "core/num.h"

#include <math.h>
#include <stdlib.h>

#include "dice.h"
#include "tap.h"

static bool fixed_is_right(double value, unsigned decimals)
{
    char got[NUM_ROOM + 1], want[400];
    size_t n = num_put_fixed(got, value, decimals);
    got[n] = '\0';
    snprintf(want, sizeof want, "%.*f", (int)decimals, value);
    /* A zero has no sign here. */
    const char *shown = want[0] == '-' && strspn(want, "-0.") == strlen(want) ? want + 1 : want;
    if (strcmp(got, shown) != 0)
        diag("%.17g with %u decimals: %s, not %s", value, decimals, got, shown);
    return strcmp(got, shown) == 0;
}

static bool round_is_right(double value, unsigned decimals)
{
    char want[400];
    snprintf(want, sizeof want, "%.*f", (int)decimals, value);
    return num_round(value, decimals) == strtod(want, NULL);
}

static void test_fixed(void)
{
    uint64_t state = 11;
    unsigned wrong = 0, wrong_round = 0;
    for (unsigned i = 0; i < 200000; i++) {
        double spread = pow(10, (double)dice_below(&state, 19) - 4);
        double value = ((double)dice(&state) / 0x1p64 - 0.5) * spread;
        for (unsigned d = 0; d <= 3; d++) {
            wrong += !fixed_is_right(value, d);
            wrong_round += !round_is_right(value, d);
        }
        for (unsigned d = 4; d <= 6; d++)
            wrong += fabs(value) < 1e12 && !fixed_is_right(value, d);
    }
    is_u64(wrong, 0, "800000 random values are printed as printf prints them");
    is_u64(wrong_round, 0, "and rounded to the same");
}

/* Halves, eighths and what lies a bit beside them. */
static void test_ties(void)
{
    static const double steps[] = {0.5, 0.25, 0.125, 0.0625, 0.05, 0.005, 0.0005, 0.1, 0.01};
    unsigned wrong = 0;
    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++)
        for (int i = -3000; i <= 3000; i++)
            for (unsigned d = 0; d <= 6; d++) {
                double value = i * steps[s];
                wrong += !fixed_is_right(value, d);
                wrong += !fixed_is_right(nextafter(value, 1e9), d);
                wrong += !fixed_is_right(nextafter(value, -1e9), d);
                wrong += d <= 3 && !round_is_right(value, d);
            }
    for (int exponent = 40; exponent < 50; exponent++)
        for (unsigned d = 0; d <= 3; d++)
            wrong += !fixed_is_right(ldexp(1, exponent) + 0.5, d) ||
                     !fixed_is_right(ldexp(1, exponent) - 0.125, d);
    is_u64(wrong, 0, "ties and their neighbours fall as printf lets them fall");
}

static void test_far_out(void)
{
    static const double values[] = {1e15, 1e16, 1e17, 1.8e19, 1e20, 1e300, INFINITY};
    char text[NUM_ROOM + 8];
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        for (unsigned d = 0; d <= 3; d++) {
            memset(text, '!', sizeof text);
            size_t n = num_put_fixed(text, -values[i], d);
            ok(n <= NUM_ROOM && text[NUM_ROOM] == '!' && is_digit(text[n - 1]),
               "-%g with %u decimals stays in its room", values[i], d);
        }
    ok(num_put_fixed(text, NAN, 2) <= NUM_ROOM, "so does what is no number");
    double large = 1e18;
    ok(num_round(large, 3) == large && num_round(-INFINITY, 2) < 0, "rounding leaves them alone");
}

static void test_put(void)
{
    uint64_t state = 12;
    unsigned wrong = 0;
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t value = dice(&state) >> dice_below(&state, 64);
        char got[NUM_ROOM], want[64], plain[64];
        str s = {got, num_put_u64(got, value)};
        snprintf(want, sizeof want, "%llu", (unsigned long long)value);
        wrong += !str_equal(s, str_from_c(want));
        uint64_t back = 0;
        wrong += !num_parse_u64(s, &back) || back != value;
        size_t n = num_put_commas(got, value), m = 0;
        for (size_t k = 0; k < n; k++)
            if (got[k] != ',')
                plain[m++] = got[k];
        wrong += m != strlen(want) || memcmp(plain, want, m) != 0;
        for (size_t k = 1; k <= n; k++)
            wrong += (got[n - k] == ',') != (k % 4 == 0);
    }
    is_u64(wrong, 0, "20000 whole numbers, with commas and without, and back");
    char got[NUM_ROOM];
    is_str(str_of(got, num_put_u64(got, UINT64_MAX)), STR("18446744073709551615"), "the largest");
    is_str(str_of(got, num_put_commas(got, UINT64_MAX)), STR("18,446,744,073,709,551,615"),
           "with commas");
    is_str(str_of(got, num_put_commas(got, 999)), STR("999"), "no comma below a thousand");
}

static void test_put_decimal(void)
{
    char to[NUM_ROOM];
    is_str(str_of(to, num_put_decimal(to, 1250, 2)), STR("12.5"), "12.50");
    is_str(str_of(to, num_put_decimal(to, 1200, 2)), STR("12"), "12.00");
    is_str(str_of(to, num_put_decimal(to, 5, 3)), STR("0.005"), "zeros after the point stay");
    is_str(str_of(to, num_put_decimal(to, 0, 9)), STR("0"), "nothing is 0");
    is_str(str_of(to, num_put_decimal(to, UINT64_MAX, 9)), STR("18446744073.709551615"),
           "the largest");
    uint64_t state = 13;
    unsigned wrong = 0;
    for (unsigned i = 0; i < 20000; i++) {
        uint64_t units = dice(&state) >> dice_below(&state, 64), shown;
        unsigned decimals = (unsigned)dice_below(&state, 10);
        struct num_decimal back;
        wrong += !num_parse_decimal(str_of(to, num_put_decimal(to, units, decimals)), &back);
        wrong += back.decimals > decimals ||
                 !num_scale10(back.units, decimals - back.decimals, &shown) || shown != units;
    }
    is_u64(wrong, 0, "20000 decimals come back as they were");
}

static void test_parse_u64(void)
{
    uint64_t v = 77;
    static const char *const bad[] = {"",
                                      " 1",
                                      "1 ",
                                      "+1",
                                      "-1",
                                      "1.0",
                                      "0x1",
                                      "1e",
                                      "a",
                                      "184467440737095516150",
                                      "18446744073709551616"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        ok(!num_parse_u64(str_from_c(bad[i]), &v) && v == 77, "'%s' is no whole number", bad[i]);
    ok(num_parse_u64(STR("18446744073709551615"), &v) && v == UINT64_MAX, "2^64-1 is");
    ok(num_parse_u64(STR("000000000000000000000000000007"), &v) && v == 7, "zeros before it");
}

static void test_parse_double(void)
{
    static const char *const good[] = {"0",     "1.5",      "-1.5",   "+2",    ".5",
                                       "5.",    "1e3",      "1E+3",   "12e-2", "-0",
                                       "1e308", "4.9e-324", "0e99999"};
    static const char *const bad[] = {"",    ".",   "-",     "+-1",  "e5",   "1e",
                                      "1e+", "1 ",  " 1",    "1e5x", "0x10", "inf",
                                      "nan", "NaN", "1e999", "1,5",  "--1",  "1e5.5"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        double v = -77;
        ok(num_parse_double(str_from_c(good[i]), &v) && v == strtod(good[i], NULL),
           "%s is read as strtod reads it", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        double v;
        ok(!num_parse_double(str_from_c(bad[i]), &v), "'%s' is no number", bad[i]);
    }
}

struct decimal_case {
    const char *text;
    uint64_t units;
    unsigned decimals;
};

static void test_parse_decimal(void)
{
    static const struct decimal_case cases[] = {
        {"0", 0, 0},
        {"-0", 0, 0},
        {"-0.000e7", 0, 0},
        {"0e99999999999", 0, 0},
        {"1", 1, 0},
        {"+1", 1, 0},
        {"1.0", 1, 0},
        {"100", 100, 0},
        {"12.5", 125, 1},
        {"12.5e1", 125, 0},
        {"12.5E+2", 1250, 0},
        {"12.5e-1", 125, 2},
        {".5", 5, 1},
        {"5.", 5, 0},
        {"1e19", UINT64_C(10000000000000000000), 0},
        {"18446744073709551615", UINT64_MAX, 0},
        {"1844674407370955161.5e1", UINT64_MAX, 0},
        {"184467440737095516150000e-4", UINT64_MAX, 0},
        {"18446744073.709551615", UINT64_MAX, 9},
        {"0.000000001", 1, 9},
        {"0.0000000014", 1, 9},
        {"0.0000000015", 2, 9},
        {"0.9999999999", 1000000000, 9},
        {"1e-9", 1, 9},
        {"5e-10", 1, 9},
        {"4e-10", 0, 9},
        {"9e-11", 0, 9},
        {"1e-100000", 0, 9},
        {"00000000000000000000000000000000000012", 12, 0},
        {"0.00000000000000000000000000000000000012e38", 12, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct num_decimal got;
        bool good = num_parse_decimal(str_from_c(cases[i].text), &got);
        ok(good && got.units == cases[i].units && got.decimals == cases[i].decimals,
           "%s is %llu / 10^%u", cases[i].text, (unsigned long long)cases[i].units,
           cases[i].decimals);
    }
}

static void test_refuse_decimal(void)
{
    static const char *const malformed[] = {"",      ".",     "-",   "e1",  "1e",
                                            "1e-",   "x",     "1x",  "1 ",  "0x1f",
                                            "1_000", "1,000", "--1", "nan", "inf"};
    static const char *const large[] = {"18446744073709551616",   "1e20",
                                        "1e99999999999999999999", "184467440737.095516159",
                                        "99999999999.999999999",  "18446744073.7095516159"};
    static const char *const negative[] = {"-1", "-0.5", "-1e5", "-1e-30", "-1e99"};
    struct num_decimal got;
    for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++)
        ok(!num_parse_decimal(str_from_c(malformed[i]), &got) && !got.negative && !got.large,
           "'%s' is no decimal", malformed[i]);
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++)
        ok(!num_parse_decimal(str_from_c(large[i]), &got) && !got.negative && got.large,
           "%s is too large", large[i]);
    for (size_t i = 0; i < sizeof negative / sizeof negative[0]; i++)
        ok(!num_parse_decimal(str_from_c(negative[i]), &got) && got.negative, "%s is negative",
           negative[i]);
}

static void test_decimal_against_double(void)
{
    uint64_t state = 14;
    unsigned wrong = 0;
    for (unsigned i = 0; i < 50000; i++) {
        char text[80];
        int n = snprintf(text, sizeof text, "%u.%0*ue%d", (unsigned)dice_below(&state, 100000),
                         1 + (int)dice_below(&state, 6), (unsigned)dice_below(&state, 1000),
                         (int)dice_below(&state, 20) - 12);
        struct num_decimal got;
        double want = strtod(text, NULL);
        if (want > 1e9)
            continue;
        bool good = num_parse_decimal(str_of(text, (size_t)n), &got);
        double value = (double)got.units / pow(10, got.decimals);
        if (!good || fabs(value - want) > 0.5000001e-9 + want * 1e-14) {
            diag("%s: %.17g", text, value);
            wrong++;
        }
    }
    is_u64(wrong, 0, "50000 decimals with exponents are within half a unit of strtod");
}

static void test_scale(void)
{
    uint64_t v;
    ok(num_scale10(0, 99, &v) && v == 0, "0 x 10^99 is 0");
    ok(num_scale10(1, 19, &v) && v == UINT64_C(10000000000000000000), "1 x 10^19 fits");
    ok(!num_scale10(2, 19, &v), "2 x 10^19 does not");
    ok(!num_scale10(1, 20, &v), "nor does 1 x 10^20");
    ok(num_common_divisor(12, 18) == 6 && num_common_divisor(0, 7) == 7, "common divisors");
    ok(num_add_u64(UINT64_MAX, 0, &v) && !num_add_u64(UINT64_MAX, 1, &v), "sums are checked");
}

/* Numbers with commas between thousands, and decimals as whole numbers. */
static void test_scaled(void)
{
    static const struct {
        const char *text;
        unsigned power;
        int64_t value; /* -1: refused */
    } cases[] = {
        {"0", 0, 0},
        {"1,929,216", 0, 1929216},
        {"0.000642", 6, 642},
        {"0.0006425", 6, 643},
        {"0.00064249", 6, 642},
        {"168.572", 9, 168572000000},
        {"50.6", 1, 506},
        {"1e3", 2, 100000},
        {"9,223,372,036,854,775,807", 0, INT64_MAX},
        {"9223372036854775808", 0, -1},
        {"9223372036.854775807", 9, INT64_MAX},
        {"9223372036.854775808", 9, -1},
        {"18446744073709551616", 0, -1},
        {"-1", 0, -1},
        {"", 0, -1},
        {",", 0, -1},
        {"1x", 0, -1},
        {"000000000000000000000000000000000000000000000000000001", 0, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = -1;
        bool good = num_parse_scaled(str_from_c(cases[i].text), cases[i].power, &value);
        ok(good == (cases[i].value >= 0) && (!good || value == cases[i].value),
           "'%s' in units of 10^-%u", cases[i].text, cases[i].power);
    }
}

/* A weight that loses a thousandth of itself is told from one that does not. */
static void test_rounded(void)
{
    static const struct {
        const char *text;
        unsigned power;
        bool rounded;
    } cases[] = {
        {"0", 0, false},         {"0.0", 0, false},          {"0.4", 0, true},
        {"0.5", 0, true},        {"2.5", 0, true},           {"999.4", 0, false},
        {"99.4", 0, true},       {"99.6", 0, true},          {"1e-30", 9, true},
        {"1e-10", 9, true},      {"1.0000000001", 9, false}, {"0.00000000149", 9, true},
        {"54.37", 2, false},     {"0.014", 2, true},         {"0.01003190000000001", 9, false},
        {"12,345.25", 0, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value;
        enum num_scaled how = num_parse_scaled(str_from_c(cases[i].text), cases[i].power, &value);
        ok(how == (cases[i].rounded ? NUM_ROUNDED : NUM_TAKEN), "'%s' in units of 10^-%u %s",
           cases[i].text, cases[i].power, cases[i].rounded ? "is rounded" : "is kept");
    }
}

int main(void)
{
    test_fixed();
    test_ties();
    test_far_out();
    test_put();
    test_put_decimal();
    test_parse_u64();
    test_parse_double();
    test_parse_decimal();
    test_refuse_decimal();
    test_decimal_against_double();
    test_scale();
    test_scaled();
    test_rounded();
    return done_testing();
}
