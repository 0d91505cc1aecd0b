/* SPDX-License-Identifier: MIT */
/*
 * quantity: see profile.h.
 */
#include <math.h>

#include "core/num.h"
#include "profile/profile.h"

struct unit {
    double size; /* of one, in the smallest unit of the array */
    str name;
};

static const struct unit times[] = {
    {1, STR_INIT("ns")}, {1e3, STR_INIT("us")}, {1e6, STR_INIT("ms")}, {1e9, STR_INIT("s")}};
static const struct unit sizes[] = {{1, STR_INIT("bytes")},
                                    {1024, STR_INIT("KiB")},
                                    {1048576, STR_INIT("MiB")},
                                    {1073741824, STR_INIT("GiB")},
                                    {1099511627776, STR_INIT("TiB")}};
static const struct unit counts[] = {
    {1, STR_INIT("")}, {1e6, STR_INIT(" M")}, {1e9, STR_INIT(" G")}, {1e12, STR_INIT(" T")}};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
    str name, known;
} other_names[] = {
    {STR_INIT("nanoseconds"), STR_INIT("ns")},  {STR_INIT("microseconds"), STR_INIT("us")},
    {STR_INIT("milliseconds"), STR_INIT("ms")}, {STR_INIT("seconds"), STR_INIT("s")},
    {STR_INIT("byte"), STR_INIT("bytes")},      {STR_INIT("B"), STR_INIT("bytes")},
};

str quantity_unit(str unit)
{
    for (size_t i = 0; i < COUNT(other_names); i++)
        if (str_equal(unit, other_names[i].name))
            return other_names[i].known;
    return unit;
}

static const struct unit *find_quantity_unit(const struct unit *units, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_equal(units[i].name, name))
            return &units[i];
    return NULL;
}

double quantity_ns(str unit)
{
    const struct unit *time = find_quantity_unit(times, COUNT(times), unit);
    return time ? time->size : 0;
}

uint64_t quantity_scale(str shown, str *smallest)
{
    str name = quantity_unit(shown);
    const struct unit *unit = find_quantity_unit(times, COUNT(times), name);
    *smallest = times[0].name;
    if (!unit) {
        unit = find_quantity_unit(sizes, COUNT(sizes), name);
        *smallest = sizes[0].name;
    }
    if (unit)
        return (uint64_t)unit->size;
    size_t blank = str_find(name, ' ', 0);
    str prefix = str_head(name, blank);
    for (size_t i = 1; i < COUNT(counts); i++)
        if (str_equal(prefix, str_skip(counts[i].name, 1))) {
            *smallest = str_skip(name, blank < name.n ? blank + 1 : blank);
            return (uint64_t)counts[i].size;
        }
    *smallest = name;
    return 1;
}

/* The largest unit that is not above `value`. */
static const struct unit *fitting_unit(const struct unit *units, size_t n, double value)
{
    while (n > 1 && fabs(value) < units[n - 1].size)
        n--;
    return &units[n - 1];
}

static void append_number(struct quantity *q, str text)
{
    memcpy(q->number + q->n, text.p, text.n);
    q->n += text.n;
}

/* Append the value with thousands separators. */
static void append_value(struct quantity *q, double value, unsigned decimals)
{
    char digits[NUM_ROOM];
    double shown = num_round(fabs(value), decimals);
    if (value < 0 && shown > 0)
        append_number(q, STR("-"));
    if (!(shown < 1e15)) {
        append_number(q, str_of(digits, num_put_fixed(digits, shown, 0)));
        return;
    }
    append_number(q, str_of(digits, num_put_commas(digits, (uint64_t)shown)));
    if (decimals == 0)
        return;
    str fixed = str_of(digits, num_put_fixed(digits, shown, decimals));
    append_number(q, str_skip(fixed, str_find(fixed, '.', 0)));
}

struct quantity quantity_of(double value, str unit)
{
    struct quantity q = {.n = 0, .name = quantity_unit(unit)};
    const struct unit *from = find_quantity_unit(times, COUNT(times), q.name), *to;
    if (from) {
        to = fitting_unit(times, COUNT(times), value * from->size);
    } else if ((from = find_quantity_unit(sizes, COUNT(sizes), q.name))) {
        to = fitting_unit(sizes, COUNT(sizes), value * from->size);
    } else {
        to = fitting_unit(counts, COUNT(counts), value);
        bool whole = to == counts && value == floor(value);
        value /= to->size;
        unsigned three_digits = fabs(value) < 9.995 ? 2 : fabs(value) < 99.95 ? 1 : 0;
        append_value(&q, value, whole ? 0 : to == counts ? 2 : three_digits);
        append_number(&q, to->name);
        return q;
    }
    value *= from->size / to->size;
    append_value(&q, value, to->size > 1 || value != floor(value) ? 2 : 0);
    q.name = to->name;
    return q;
}
