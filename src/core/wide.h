/* SPDX-License-Identifier: MIT */
/*
 * wide: unsigned integers of 128 bits, for products and sums of 64-bit integers. wide_product() and
 * wide_divide() use the compiler's 128-bit type or, without one, two 64-bit halves. Both give the
 * same results. No other file may use the compiler's type.
 */
#ifndef FLAMETREE_CORE_WIDE_H
#define FLAMETREE_CORE_WIDE_H

#include "core/num.h"

struct wide {
    uint64_t high, low;
};

#define WIDE_MOST ((struct wide){UINT64_MAX, UINT64_MAX})

static inline struct wide wide_of(uint64_t value)
{
    return (struct wide){0, value};
}

static inline bool wide_is_zero(struct wide value)
{
    return (value.high | value.low) == 0;
}

static inline bool wide_is_less(struct wide a, struct wide b)
{
    return a.high != b.high ? a.high < b.high : a.low < b.low;
}

/* Modulo 2^128. */
static inline struct wide wide_add(struct wide a, struct wide b)
{
    uint64_t low = a.low + b.low;
    return (struct wide){a.high + b.high + (low < a.low), low};
}

/* Saturates. */
static inline struct wide wide_add_most(struct wide a, struct wide b)
{
    struct wide sum = wide_add(a, b);
    return wide_is_less(sum, a) ? WIDE_MOST : sum;
}

/* Adds up four products of 32-bit halves. */
static inline struct wide wide_product_of_halves(uint64_t a, uint64_t b)
{
    const uint64_t half = UINT32_MAX;
    uint64_t low = (a & half) * (b & half), high = (a >> 32) * (b >> 32);
    uint64_t one = (a >> 32) * (b & half) + (low >> 32); /* at most 2^64 - 2^32 */
    uint64_t other = (a & half) * (b >> 32) + (one & half);
    return (struct wide){high + (one >> 32) + (other >> 32), other << 32 | (low & half)};
}

/* Long division in base 2. */
struct wide wide_divide_by_steps(struct wide value, struct wide by, struct wide *rest);

#if HAVE_INT128
__extension__ typedef unsigned __int128 wide_native;

static inline wide_native wide_to_native(struct wide value)
{
    return (wide_native)value.high << 64 | value.low;
}

static inline struct wide wide_of_native(wide_native value)
{
    return (struct wide){(uint64_t)(value >> 64), (uint64_t)value};
}

static inline struct wide wide_product(uint64_t a, uint64_t b)
{
    return wide_of_native((wide_native)a * b);
}

/* `by` is not 0. */
static inline struct wide wide_divide(struct wide value, struct wide by, struct wide *rest)
{
    wide_native n = wide_to_native(value), d = wide_to_native(by);
    *rest = wide_of_native(n % d);
    return wide_of_native(n / d);
}
#else
static inline struct wide wide_product(uint64_t a, uint64_t b)
{
    return wide_product_of_halves(a, b);
}

static inline struct wide wide_divide(struct wide value, struct wide by, struct wide *rest)
{
    return wide_divide_by_steps(value, by, rest);
}
#endif

/* The nearest double, ties to even. */
double wide_to_double(struct wide value);

/* False unless `s` consists of decimal digits and fits. */
bool wide_parse(str s, struct wide *value);

/* Like num_put_u64(): up to 39 digits. */
size_t wide_put(char *to, struct wide value);

#endif
