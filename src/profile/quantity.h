/*
 * quantity: a weight as a person reads it, in a unit that fits its size.
 *
 *      12660000000 in "ns"       12.66 s
 *      1536 in "bytes"           1.50 KiB
 *      12712345678 in "cycles"   12.7 G cycles
 *      2520 in "samples"         2,520 samples
 */
#ifndef FLAMETREE_PROFILE_QUANTITY_H
#define FLAMETREE_PROFILE_QUANTITY_H

#include "core/num.h"
#include "core/str.h"

struct quantity {
    char number[NUM_ROOM + 4]; /* with its prefix: "12.7 G" */
    size_t n;
    str name; /* "s", "KiB", or the unit that was given */
};

/* `unit` outlives the quantity. Units of time (ns, us, ms, s, and their long names) and bytes scale
 * up; any other word is what is counted. */
struct quantity quantity_of(double value, str unit);

static inline str quantity_number(const struct quantity *quantity)
{
    return str_of(quantity->number, quantity->n);
}

/* The name that is used for a unit: "nanoseconds" is "ns". */
str quantity_unit(str unit);

#endif
