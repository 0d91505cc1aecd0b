/*
 * wide: see wide.h.
 */
#include "core/wide.h"

#include <math.h>

/* How many bits the number has without leading zeros. */
static unsigned bits(struct wide value)
{
    if (value.high != 0)
        return 128 - (unsigned)__builtin_clzll(value.high);
    return value.low != 0 ? 64 - (unsigned)__builtin_clzll(value.low) : 0;
}

static struct wide shift_up(struct wide value, unsigned by)
{
    if (by >= 64)
        return (struct wide){value.low << (by - 64), 0};
    if (by == 0)
        return value;
    return (struct wide){value.high << by | value.low >> (64 - by), value.low << by};
}

/* `b` is not greater than `a`. */
static struct wide subtract(struct wide a, struct wide b)
{
    return (struct wide){a.high - b.high - (a.low < b.low), a.low - b.low};
}

struct wide wide_divide_by_steps(struct wide value, struct wide by, struct wide *rest)
{
    struct wide quotient = wide_of(0);
    unsigned value_bits = bits(value), by_bits = bits(by);
    unsigned steps = value_bits < by_bits ? 0 : value_bits - by_bits + 1;
    while (steps-- > 0) {
        struct wide part = shift_up(by, steps);
        if (wide_is_less(value, part))
            continue;
        value = subtract(value, part);
        quotient = wide_add(quotient, shift_up(wide_of(1), steps));
    }
    *rest = value;
    return quotient;
}

/* The 64 highest bits decide, with a last bit that is 1 when any bit below them is: the conversion
 * then rounds once, as one of all 128 bits would. */
double wide_to_double(struct wide value)
{
    unsigned n = bits(value);
    if (n <= 64)
        return (double)value.low;
    struct wide top = shift_up(value, 128 - n);
    return ldexp((double)(top.high | (top.low != 0)), (int)n - 64);
}

/* value * 10 + digit; false when that does not fit. */
static bool append(struct wide *value, unsigned digit)
{
    struct wide low = wide_product(value->low, 10), high = wide_product(value->high, 10);
    if (high.high != 0 || low.high > UINT64_MAX - high.low)
        return false;
    struct wide shifted = {high.low + low.high, low.low};
    *value = wide_add(shifted, wide_of(digit));
    return !wide_is_less(*value, shifted);
}

bool wide_parse(str s, struct wide *value)
{
    *value = wide_of(0);
    for (size_t i = 0; i < s.n; i++)
        if (!is_digit(s.p[i]) || !append(value, (unsigned)(s.p[i] - '0')))
            return false;
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
