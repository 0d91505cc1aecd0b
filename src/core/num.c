/* SPDX-License-Identifier: MIT */
/*
 * num: decimals are rounded on the exact integer value x 10^decimals, so that ties round as in
 * printf on every machine.
 */
#include "core/num.h"

#include <math.h>
#include <stdlib.h>

#include "core/wide.h"

static const uint64_t power10[] = {
    1u,
    10u,
    100u,
    1000u,
    10000u,
    100000u,
    1000000u,
    10000000u,
    100000000u,
    1000000000u,
    10000000000u,
    100000000000u,
    1000000000000u,
    10000000000000u,
    100000000000000u,
    1000000000000000u,
    10000000000000000u,
    100000000000000000u,
    1000000000000000000u,
    10000000000000000000u,
};

enum { DECIMALS_MOST = 9 };

bool num_parse_u64(str s, uint64_t *value)
{
    uint64_t v = 0;
    if (s.n == 0)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (!is_digit(s.p[i]))
            return false;
        if (__builtin_mul_overflow(v, 10u, &v) ||
            __builtin_add_overflow(v, (uint64_t)(s.p[i] - '0'), &v))
            return false;
    }
    *value = v;
    return true;
}

uint64_t num_common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool num_scale10(uint64_t x, unsigned power, uint64_t *value)
{
    if (x == 0) {
        *value = 0;
        return true;
    }
    return power < 20 && !__builtin_mul_overflow(x, power10[power], value);
}

double num_of_units(uint64_t units, unsigned decimals)
{
    uint64_t one = 1;
    num_scale10(1, decimals, &one);
    return (double)units / (double)one;
}

/* The parts of [+-]digits[.digits][e[+-]digits]. */
struct decimal_text {
    bool negative;
    str whole, fraction;
    long exponent;
};

static size_t count_digits(str s, size_t from)
{
    size_t at = from;
    while (at < s.n && is_digit(s.p[at]))
        at++;
    return at - from;
}

static bool parse_exponent(str s, size_t at, long *exponent)
{
    bool down = at < s.n && s.p[at] == '-';
    if (at < s.n && (s.p[at] == '-' || s.p[at] == '+'))
        at++;
    size_t digits = count_digits(s, at);
    if (digits == 0 || at + digits != s.n)
        return false;
    long e = 0;
    for (size_t i = at; i < s.n; i++)
        if (e < 100000)
            e = e * 10 + (s.p[i] - '0');
    *exponent = down ? -e : e;
    return true;
}

static bool split_decimal(str s, struct decimal_text *text)
{
    size_t at = 0;
    *text = (struct decimal_text){0};
    if (at < s.n && (s.p[at] == '-' || s.p[at] == '+'))
        text->negative = s.p[at++] == '-';
    size_t digits = count_digits(s, at);
    text->whole = str_cut(s, at, at + digits);
    at += digits;
    if (at < s.n && s.p[at] == '.') {
        digits = count_digits(s, at + 1);
        text->fraction = str_cut(s, at + 1, at + 1 + digits);
        at += 1 + digits;
    }
    if (text->whole.n + text->fraction.n == 0)
        return false;
    if (at < s.n && (s.p[at] == 'e' || s.p[at] == 'E'))
        return parse_exponent(s, at + 1, &text->exponent);
    return at == s.n;
}

bool num_parse_double(str s, double *value)
{
    struct decimal_text parts;
    char text[128];
    if (!split_decimal(s, &parts) || s.n >= sizeof text)
        return false;
    memcpy(text, s.p, s.n);
    text[s.n] = '\0';
    *value = strtod(text, NULL); /* in the "C" locale: nothing calls setlocale() */
    return isfinite(*value);
}

static char digit_at(const struct decimal_text *text, size_t i)
{
    if (i < text->whole.n)
        return text->whole.p[i];
    return i - text->whole.n < text->fraction.n ? text->fraction.p[i - text->whole.n] : '0';
}

/* The general case, digit by digit. */
static bool parse_decimal(str s, struct num_decimal *value)
{
    struct decimal_text text;
    if (!split_decimal(s, &text))
        return false;
    value->negative = text.negative;
    size_t last = text.whole.n + text.fraction.n;
    while (last > 0 && digit_at(&text, last - 1) == '0')
        last--;
    if (last == 0)
        return true; /* zero, whatever its sign or exponent */
    if (text.negative)
        return false;
    /* The decimal point is before digit `point`. The digits before digit `keep` are kept. */
    long point = (long)text.whole.n + text.exponent;
    long decimals = (long)last > point ? (long)last - point : 0;
    if (decimals > DECIMALS_MOST)
        decimals = DECIMALS_MOST;
    long keep = point + decimals;
    uint64_t units = 0;
    for (long i = 0; i < keep; i++) {
        uint64_t digit = (size_t)i < last ? (uint64_t)(digit_at(&text, (size_t)i) - '0') : 0;
        if (__builtin_mul_overflow(units, 10u, &units) ||
            __builtin_add_overflow(units, digit, &units)) {
            value->large = true;
            return false;
        }
        if (units == 0 && (size_t)i >= last)
            break;
    }
    bool up = keep >= 0 && (size_t)keep < last && digit_at(&text, (size_t)keep) >= '5';
    value->large = __builtin_add_overflow(units, (uint64_t)up, &value->units);
    value->decimals = (unsigned)decimals;
    value->vanished = value->units == 0;
    value->rounded = keep < (long)last && value->units < 500;
    return !value->large;
}

/* Nearly all numbers are up to 19 digits, which need no splitting. */
bool num_parse_decimal(str s, struct num_decimal *value)
{
    uint64_t units = 0;
    size_t at = 0;
    *value = (struct num_decimal){0};
    if (s.n > 19)
        return parse_decimal(s, value);
    for (; at < s.n && is_digit(s.p[at]); at++)
        units = units * 10 + (uint64_t)(s.p[at] - '0');
    if (at < s.n || s.n == 0)
        return parse_decimal(s, value);
    value->units = units;
    return true;
}

enum num_scaled num_parse_scaled(str s, unsigned power, int64_t *value)
{
    char digits[NUM_ROOM];
    struct num_decimal number;
    uint64_t scaled, one = 1, lost = 0;
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (n == sizeof digits)
            return NUM_REFUSED;
        digits[n] = s.p[i];
        n += s.p[i] != ',';
    }
    if (!num_parse_decimal(str_of(digits, n), &number))
        return NUM_REFUSED;
    if (number.decimals > power) {
        num_scale10(1, number.decimals - power, &one);
        uint64_t rest = number.units % one;
        bool up = rest >= one / 2;
        scaled = number.units / one + up;
        lost = up ? one - rest : rest;
    } else if (!num_scale10(number.units, power - number.decimals, &scaled)) {
        return NUM_REFUSED;
    }
    *value = (int64_t)scaled;
    bool rounded = number.rounded || lost > number.units / 1000;
    return scaled > INT64_MAX ? NUM_REFUSED : rounded ? NUM_ROUNDED : NUM_TAKEN;
}

size_t num_put_u64(char *to, uint64_t value)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    size_t n = 1;
    while (n < 20 && value >= power10[n])
        n++;
    size_t at = n;
    for (; value >= 10; value /= 100)
        memcpy(to + (at -= 2), pairs + value % 100 * 2, 2);
    if (at > 0)
        *to = (char)('0' + value);
    return n;
}

size_t num_put_commas(char *to, uint64_t value)
{
    char digits[20];
    size_t n = num_put_u64(digits, value), out = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0)
            to[out++] = ',';
        to[out++] = digits[i];
    }
    return out;
}

/* From here on a double has hardly any decimals. */
static const double fixed_most = 1e15;

/* The implicit first bit of the mantissa of a double. */
#define ONE (UINT64_C(1) << 52)

/* With this many decimals, the product of the 53-bit mantissa and 10^decimals fits in 64 bits. */
enum { QUICK_DECIMALS = 3 };

/* product / 2^down, ties to even. */
static uint64_t divide_by_power2(struct wide product, unsigned down)
{
    struct wide half = {0, UINT64_C(1) << ((down - 1) % 64)}, rest;
    if (down > 118) /* the product is below 2^117 */
        return 0;
    if (down > 64)
        half = (struct wide){half.low, 0};
    struct wide whole = wide_divide(product, wide_add(half, half), &rest);
    if (whole.high != 0)
        return UINT64_MAX;
    bool up = wide_is_less(half, rest) || (!wide_is_less(rest, half) && (whole.low & 1));
    return whole.low == UINT64_MAX ? whole.low : whole.low + up;
}

/* value x 10^decimals as an integer, ties to even. `value` is not negative. It is below fixed_most,
 * unless decimals is 0. */
static uint64_t scale_double(double value, unsigned decimals)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (!(value < 0x1p64)) /* or NaN */
        return UINT64_MAX;
    uint64_t mantissa = (bits & (ONE - 1)) | ONE;
    unsigned exponent = (unsigned)(bits >> 52) & 0x7ff; /* of the mantissa: 2^(exponent - 1075) */
    if (exponent >= 1075)
        return mantissa << (exponent - 1075);
    unsigned down = 1075 - exponent;
    if (decimals > QUICK_DECIMALS)
        return divide_by_power2(wide_product(mantissa, power10[decimals]), down);
    if (down >= 64) /* the product is below 2^63 */
        return 0;
    uint64_t product = mantissa * power10[decimals], whole = product >> down;
    uint64_t rest = product - (whole << down), half = UINT64_C(1) << (down - 1);
    return whole + (rest > half || (rest == half && (whole & 1)));
}

/* units x 10^-decimals with all its decimals. */
static size_t put_units(char *to, uint64_t units, unsigned decimals)
{
    size_t n = num_put_u64(to, units / power10[decimals]);
    if (decimals == 0)
        return n;
    to[n++] = '.';
    uint64_t rest = units % power10[decimals];
    for (unsigned i = decimals; i > 0; i--, rest /= 10)
        to[n + i - 1] = (char)('0' + rest % 10);
    return n + decimals;
}

size_t num_put_fixed(char *to, double value, unsigned decimals)
{
    size_t n = 0;
    if (!(value < fixed_most && value > -fixed_most))
        decimals = 0;
    uint64_t units = scale_double(value < 0 ? -value : value, decimals);
    if (value < 0 && units != 0)
        to[n++] = '-';
    return n + put_units(to + n, units, decimals);
}

size_t num_put_decimal(char *to, uint64_t units, unsigned decimals)
{
    while (decimals > 0 && units % 10 == 0) {
        units /= 10;
        decimals--;
    }
    return put_units(to, units, decimals);
}

double num_round(double value, unsigned decimals)
{
    if (!(value < fixed_most && value > -fixed_most))
        return value;
    uint64_t units = scale_double(value < 0 ? -value : value, decimals);
    if (units >> 53 != 0) /* doubles are further apart than the decimals */
        return value;
    double rounded = (double)units / (double)power10[decimals];
    return value < 0 ? -rounded : rounded;
}
