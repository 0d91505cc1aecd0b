/*
 * num: numbers from text and into text, without locale, allocation or printf.
 */
#ifndef FLAMETREE_CORE_NUM_H
#define FLAMETREE_CORE_NUM_H

#include "core/str.h"

enum { NUM_ROOM = 48 }; /* enough for every num_put_* below and wide_put */

/* All of `s` is decimal digits and fits. */
bool num_parse_u64(str s, uint64_t *value);

/* All of `s` is a number as people write it: sign, digits, fraction, exponent. */
bool num_parse_double(str s, double *value);

/* A decimal as a whole number of 10^-decimals: "12.5e1" is 125, 0. At most 9 decimals, what is
 * behind them is rounded; false when malformed, below 0 or too large. */
struct num_decimal {
    uint64_t units;
    unsigned decimals;
    bool negative, large; /* when refused: well-formed, but below 0 or too large */
};
bool num_parse_decimal(str s, struct num_decimal *value);

/* The greatest one; with 0, the other of the two. */
uint64_t num_common_divisor(uint64_t a, uint64_t b);

/* x * 10^power for power 0..19; false when it does not fit. */
bool num_scale10(uint64_t x, unsigned power, uint64_t *value);

static inline bool num_add_u64(uint64_t a, uint64_t b, uint64_t *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}

/* Stays at the greatest number instead of passing it: the same sum in whatever order. */
static inline void num_add_most(uint64_t *sum, uint64_t more)
{
    if (!num_add_u64(*sum, more, sum))
        *sum = UINT64_MAX;
}

/* Units of 10^-decimals as a number, for decimals 0..19. */
double num_of_units(uint64_t units, unsigned decimals);

/* These write at `to`, which has NUM_ROOM bytes, no NUL, and return how many bytes. */
size_t num_put_u64(char *to, uint64_t value);
size_t num_put_commas(char *to, uint64_t value);

/* As printf's %.*f for decimals 0..3 and |value| < 1e15, but a zero has no sign; beyond that, whole
 * digits, at most 2^64-1, which also stands for what is no number. */
size_t num_put_fixed(char *to, double value, unsigned decimals);

/* units of 10^-decimals as a decimal without trailing zeros: 1250, 2 is "12.5". */
size_t num_put_decimal(char *to, uint64_t units, unsigned decimals);

/* value rounded to `decimals`, as num_put_fixed would print it. */
double num_round(double value, unsigned decimals);

#endif
