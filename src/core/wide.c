/* SPDX-License-Identifier: MIT */
/*
 * wide: division, conversion and decimal text.
 */
#include "core/wide.h"

#include <math.h>

/* The number of bits without leading zeros. */
static unsigned count_wide_bits(struct wide value)
{
    if (value.high != 0)
        return 128 - (unsigned)__builtin_clzll(value.high);
    return value.low != 0 ? 64 - (unsigned)__builtin_clzll(value.low) : 0;
}

static struct wide wide_shift_left(struct wide value, unsigned by)
{
    if (by >= 64)
        return (struct wide){value.low << (by - 64), 0};
    if (by == 0)
        return value;
    return (struct wide){value.high << by | value.low >> (64 - by), value.low << by};
}

struct wide wide_divide_by_steps(struct wide value, struct wide by, struct wide *rest)
{
    struct wide quotient = wide_of(0);
    unsigned value_bits = count_wide_bits(value), by_bits = count_wide_bits(by);
    unsigned steps = value_bits < by_bits ? 0 : value_bits - by_bits + 1;
    while (steps-- > 0) {
        struct wide part = wide_shift_left(by, steps);
        if (wide_is_less(value, part))
            continue;
        value = (struct wide){value.high - part.high - (value.low < part.low),
                              value.low - part.low};
        quotient = wide_add(quotient, wide_shift_left(wide_of(1), steps));
    }
    *rest = value;
    return quotient;
}

/* Converts the 64 highest bits. Their last bit is set if any lower bit is, so that the conversion
 * rounds only once, like a conversion of all 128 bits. */
double wide_to_double(struct wide value)
{
    unsigned n = count_wide_bits(value);
    if (n <= 64)
        return (double)value.low;
    struct wide top = wide_shift_left(value, 128 - n);
    return ldexp((double)(top.high | (top.low != 0)), (int)n - 64);
}

bool wide_parse(str s, struct wide *value)
{
    *value = wide_of(0);
    for (size_t i = 0; i < s.n; i++) {
        struct wide low = wide_product(value->low, 10), high = wide_product(value->high, 10);
        if (!is_digit(s.p[i]) || high.high != 0 || low.high > UINT64_MAX - high.low)
            return false;
        struct wide shifted = {high.low + low.high, low.low};
        *value = wide_add(shifted, wide_of((uint64_t)(s.p[i] - '0')));
        if (wide_is_less(*value, shifted))
            return false;
    }
    return s.n > 0;
}

size_t wide_put(char *to, struct wide value)
{
    char digits[NUM_ROOM];
    size_t n = 0;
    do {
        struct wide digit;
        value = wide_divide(value, wide_of(10), &digit);
        digits[n++] = (char)('0' + digit.low);
    } while (!wide_is_zero(value));
    for (size_t i = 0; i < n; i++)
        to[i] = digits[n - 1 - i];
    return n;
}
