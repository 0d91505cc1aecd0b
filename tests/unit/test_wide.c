/* SPDX-License-Identifier: MIT */
/*
 * wide: numbers of 128 bits, by the compiler's own type and by two halves: against each other,
 * against known results, and against what must hold for all numbers.
 */
#include "core/wide.h"

#include <math.h>

#include "dice.h"
#include "tap.h"

enum { ROUNDS = 200000 };

#define MOST "340282366920938463463374607431768211455"

/* Of 0 to 64 bits, many of them 0 or 1 in a row, so that carries run far. */
static uint64_t number(uint64_t *state)
{
    uint64_t value = dice(state) >> dice_below(state, 64);
    switch (dice_below(state, 6)) {
    case 0: return 0;
    case 1: return UINT64_MAX >> dice_below(state, 64);
    case 2: return UINT64_MAX << dice_below(state, 64);
    case 3: return UINT64_C(1) << dice_below(state, 64);
    default: return value;
    }
}

static struct wide wide_number(uint64_t *state)
{
    uint64_t high = number(state);
    return (struct wide){dice_below(state, 3) == 0 ? 0 : high, number(state)};
}

static bool is_same(struct wide a, struct wide b)
{
    return a.high == b.high && a.low == b.low;
}

static bool reads(const char *text, struct wide *value)
{
    return wide_parse(str_of(text, strlen(text)), value);
}

static bool writes(struct wide value, const char *want)
{
    char got[NUM_ROOM];
    size_t n = wide_put(got, value);
    if (str_equal(str_of(got, n), str_of(want, strlen(want))))
        return true;
    diag("%.*s, not %s", (int)n, got, want);
    return false;
}

static void test_known(void)
{
    static const struct {
        uint64_t a, b;
        const char *product;
    } known[] = {
        {0, UINT64_MAX, "0"},
        {UINT64_MAX, UINT64_MAX, "340282366920938463426481119284349108225"},
        {UINT64_C(1) << 63, 2, "18446744073709551616"},
        {UINT32_MAX, UINT32_MAX, "18446744065119617025"},
        {UINT64_C(0xffffffff00000001), UINT64_C(0x1ffffffff), "158456324973188442978844147711"},
        {UINT64_C(12345678901234567890), UINT64_C(9876543210987654321),
         "121932631137021795223746380111126352690"},
    };
    unsigned wrong = 0;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        wrong += !writes(wide_product(known[i].a, known[i].b), known[i].product);
        wrong += !writes(wide_product_of_halves(known[i].b, known[i].a), known[i].product);
    }
    is_u64(wrong, 0, "known products");
}

/* The same to the last bit, whether or not the compiler has a type for it. */
static void test_same(void)
{
    uint64_t state = 1;
    unsigned products = 0, quotients = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint64_t a = number(&state), b = number(&state);
        products += !is_same(wide_product(a, b), wide_product_of_halves(a, b));
        struct wide value = wide_number(&state), by = wide_number(&state), rest, other;
        if (wide_is_zero(by))
            continue;
        struct wide quotient = wide_divide(value, by, &rest);
        quotients += !is_same(quotient, wide_divide_by_steps(value, by, &other));
        quotients += !is_same(rest, other);
    }
    is_u64(products, 0, "products");
    is_u64(quotients, 0, "quotients and what is left");
}

#if HAVE_INT128
/* The type of the compiler gives the results that are wanted. */
static void test_native(void)
{
    uint64_t state = 2;
    unsigned wrong = 0, doubles = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct wide a = wide_number(&state), b = wide_number(&state);
        wide_native m = wide_to_native(a), n = wide_to_native(b), sum = m + n;
        wrong += !is_same(wide_add(a, b), wide_of_native(sum));
        wrong += !is_same(wide_add_most(a, b), sum < m ? WIDE_MOST : wide_of_native(sum));
        wrong += wide_is_less(a, b) != (m < n);
        doubles += wide_to_double(a) != (double)m;
    }
    is_u64(wrong, 0, "sums and order");
    is_u64(doubles, 0, "the nearest double");
}
#endif

/* quotient * by + rest is the value again; `by` has few bits, so that nothing is cut off. */
static void test_rules(void)
{
    uint64_t state = 3;
    unsigned wrong = 0, texts = 0;
    for (unsigned i = 0; i < ROUNDS; i++) {
        struct wide value = wide_number(&state), by = wide_of(number(&state)), rest, again;
        if (!wide_is_zero(by)) {
            struct wide quotient = wide_divide(value, by, &rest);
            struct wide high = {wide_product(quotient.high, by.low).low, 0};
            again = wide_add(wide_add(high, wide_product(quotient.low, by.low)), rest);
            wrong += !is_same(again, value) || !wide_is_less(rest, by);
        }
        char text[NUM_ROOM];
        size_t n = wide_put(text, value);
        texts += !wide_parse(str_of(text, n), &again) || !is_same(again, value);
    }
    is_u64(wrong, 0, "quotient times divisor and what is left is the number");
    is_u64(texts, 0, "the text is read as the same number");
}

static void test_text(void)
{
    struct wide value;
    ok(writes(wide_of(0), "0") && writes(WIDE_MOST, MOST), "the least and the most");
    ok(reads("00018446744073709551616", &value) && value.high == 1 && value.low == 0, "2^64");
    ok(reads(MOST, &value) && is_same(value, WIDE_MOST), "the most is read");
    ok(!reads("340282366920938463463374607431768211456", &value), "one more does not fit");
    ok(!reads("3402823669209384634633746074317682114550", &value), "nor ten times as much");
    ok(!reads("", &value) && !reads("-1", &value) && !reads("1.0", &value) && !reads(" 1", &value),
       "digits only");
}

/* Ties, and what lies beside them, where 64 bits are not enough to decide. */
static void test_doubles(void)
{
    struct wide tie = {UINT64_C(1) << 53 | 1, UINT64_C(1) << 63}, odd = tie;
    ok(wide_to_double(wide_of(0)) == 0 && wide_to_double(wide_of(7)) == 7, "small ones");
    ok(wide_to_double(WIDE_MOST) == 0x1p128, "the most");
    odd.high = UINT64_C(1) << 53;
    odd.low = 0;
    ok(wide_to_double(odd) == 0x1p117, "a power of two");
    odd.high |= 1; /* half of the last place */
    ok(wide_to_double(odd) == 0x1p117, "a tie goes to the even one");
    odd.low = 1;
    ok(wide_to_double(odd) == 0x1p117 + 0x1p65, "the last bit of all breaks it");
    tie.high += 2;
    tie.low = 0;
    ok(wide_to_double(tie) == 0x1p117 + 0x1p66, "a tie goes up to the even one");
    ok(fabs(wide_to_double(wide_product(UINT64_MAX, UINT64_MAX)) - 0x1p128) < 0x1p66, "a square");
}

static void test_sums(void)
{
    struct wide near = {UINT64_MAX, UINT64_MAX - 1};
    ok(is_same(wide_add(wide_of(UINT64_MAX), wide_of(1)), (struct wide){1, 0}), "a carry");
    ok(is_same(wide_add_most(near, wide_of(1)), WIDE_MOST), "up to the most");
    ok(is_same(wide_add_most(near, wide_of(2)), WIDE_MOST), "and no further");
    ok(is_same(wide_add_most(WIDE_MOST, WIDE_MOST), WIDE_MOST), "by whatever");
}

int main(void)
{
    test_known();
    test_same();
    test_rules();
    test_text();
    test_doubles();
    test_sums();
#if HAVE_INT128
    test_native();
#endif
    return done_testing();
}
