/*
 * quantity: the units that scale, and how many digits are shown.
 */
#include "profile/quantity.h"

#include <math.h>

struct scale {
    double size; /* of one, in the smallest of its kind */
    str name;
};

static const struct scale times[] = {
    {1, STR_INIT("ns")}, {1e3, STR_INIT("us")}, {1e6, STR_INIT("ms")}, {1e9, STR_INIT("s")}};
static const struct scale sizes[] = {{1, STR_INIT("bytes")},
                                     {1024, STR_INIT("KiB")},
                                     {1048576, STR_INIT("MiB")},
                                     {1073741824, STR_INIT("GiB")},
                                     {1099511627776, STR_INIT("TiB")}};
static const struct scale counts[] = {
    {1, STR_INIT("")}, {1e6, STR_INIT(" M")}, {1e9, STR_INIT(" G")}, {1e12, STR_INIT(" T")}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    str name, known;
} others[] = {
    {STR_INIT("nanoseconds"), STR_INIT("ns")},  {STR_INIT("microseconds"), STR_INIT("us")},
    {STR_INIT("milliseconds"), STR_INIT("ms")}, {STR_INIT("seconds"), STR_INIT("s")},
    {STR_INIT("byte"), STR_INIT("bytes")},      {STR_INIT("B"), STR_INIT("bytes")},
};

str quantity_unit(str unit)
{
    for (size_t i = 0; i < COUNT(others); i++)
        if (str_equal(unit, others[i].name))
            return others[i].known;
    return unit;
}

static const struct scale *find_scale(const struct scale *scales, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(scales[i].name, name))
            return &scales[i];
    return NULL;
}

/* The largest of which `value` has at least one. */
static const struct scale *fitting_scale(const struct scale *scales, size_t n, double value)
{
    while (n > 1 && fabs(value) < scales[n - 1].size)
        n--;
    return &scales[n - 1];
}

static void put_text(struct quantity *q, str text)
{
    memcpy(q->number + q->n, text.p, text.n);
    q->n += text.n;
}

/* Thousands in groups, and decimals. */
static void put_value(struct quantity *q, double value, unsigned decimals)
{
    char digits[NUM_ROOM];
    double shown = num_round(fabs(value), decimals);
    if (value < 0 && shown > 0)
        put_text(q, STR("-"));
    if (!(shown < 1e15)) {
        put_text(q, str_of(digits, num_put_fixed(digits, shown, 0)));
        return;
    }
    put_text(q, str_of(digits, num_put_commas(digits, (uint64_t)shown)));
    if (decimals == 0)
        return;
    str fixed = str_of(digits, num_put_fixed(digits, shown, decimals));
    put_text(q, str_skip(fixed, str_find(fixed, '.', 0)));
}

static unsigned three_digits(double value)
{
    return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

struct quantity quantity_of(double value, str unit)
{
    struct quantity q = {.n = 0, .name = quantity_unit(unit)};
    const struct scale *from = find_scale(times, COUNT(times), q.name), *to;
    if (from) {
        to = fitting_scale(times, COUNT(times), value * from->size);
    } else if ((from = find_scale(sizes, COUNT(sizes), q.name))) {
        to = fitting_scale(sizes, COUNT(sizes), value * from->size);
    } else {
        to = fitting_scale(counts, COUNT(counts), value);
        bool whole = to == counts && value == floor(value);
        value /= to->size;
        put_value(&q, value, whole ? 0 : to == counts ? 2 : three_digits(fabs(value)));
        put_text(&q, to->name);
        return q;
    }
    value *= from->size / to->size;
    put_value(&q, value, to->size > 1 || value != floor(value) ? 2 : 0);
    q.name = to->name;
    return q;
}
