/* SPDX-License-Identifier: MIT */
/*
 * num: conversion between numbers and text, without locale, allocation or printf.
 */
#ifndef FLAMETREE_CORE_NUM_H
#define FLAMETREE_CORE_NUM_H

#include "core/str.h"

enum { NUM_ROOM = 48 }; /* enough for each num_put_*() and for wide_put() */

/* False unless `s` consists of decimal digits and fits. */
bool num_parse_u64(str s, uint64_t *value);

/* False unless `s` is [+-]digits[.digits][e[+-]digits]. */
bool num_parse_double(str s, double *value);

/* A decimal as an integer in units of 10^-decimals: "12.5e1" is 125 with 0 decimals. It has at most
 * 9 decimals; further digits are rounded. False when malformed, negative or too large. */
struct num_decimal {
    uint64_t units;
    unsigned decimals;
    bool negative, large; /* why a well-formed number was refused */
    bool vanished;        /* it is not zero, but rounds to it */
    bool rounded;         /* rounding changed it by more than a thousandth */
};
bool num_parse_decimal(str s, struct num_decimal *value);

/* "1,929.25" times 10^power, rounded: commas separate thousands. Refused when malformed, negative
 * or above 2^63-1. NUM_ROUNDED: rounding changed it by more than a thousandth. */
enum num_scaled { NUM_REFUSED, NUM_TAKEN, NUM_ROUNDED };
enum num_scaled num_parse_scaled(str s, unsigned power, int64_t *value);

/* Greatest common divisor; if one number is 0, the other one. */
uint64_t num_common_divisor(uint64_t a, uint64_t b);

/* x * 10^power for power 0..19; false when it does not fit. */
bool num_scale10(uint64_t x, unsigned power, uint64_t *value);

static inline bool num_add_u64(uint64_t a, uint64_t b, uint64_t *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}

/* Saturates, so that the order of additions does not matter. */
static inline void num_add_most(uint64_t *sum, uint64_t more)
{
    if (!num_add_u64(*sum, more, sum))
        *sum = UINT64_MAX;
}

/* `units` x 10^-decimals, for decimals 0..19. */
double num_of_units(uint64_t units, unsigned decimals);

/* These write up to NUM_ROOM bytes at `to`, without NUL, and return their number. */
size_t num_put_u64(char *to, uint64_t value);
size_t num_put_commas(char *to, uint64_t value);

/* Like printf's %.*f for decimals 0..3 and |value| < 1e15, but zero has no sign. Larger values have
 * no decimals and saturate at 2^64-1, as does NaN. */
size_t num_put_fixed(char *to, double value, unsigned decimals);

/* `units` x 10^-decimals without trailing zeros: 1250, 2 is "12.5". */
size_t num_put_decimal(char *to, uint64_t units, unsigned decimals);

/* value rounded to `decimals`, as num_put_fixed() prints it. */
double num_round(double value, unsigned decimals);

#endif
