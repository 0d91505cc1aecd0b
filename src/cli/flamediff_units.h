/*
 * flamediff_units: what the weights of a profile count, and whether two profiles count the same.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_UNITS_H
#define FLAMETREE_CLI_FLAMEDIFF_UNITS_H

#include "core/err.h"
#include "stack/profile.h"

struct flamediff_unit {
    const char *file;
    str event;     /* as recorded: "cycles:ppp"; n == 0: the input names none */
    str name;      /* "ns", "cycles", or the count name of a picture; n == 0: not known */
    double factor; /* a weight times this is in units of that name */
    bool picture;
};

/* The texts are copied into the arena. */
struct flamediff_unit flamediff_unit_of(const struct profile *profile, const char *file,
                                        struct arena *arena);

/* False with ERR_INPUT, which names both, when the weights of the two count different things. What
 * is not known of one is not compared: folded stacks go with everything. */
bool flamediff_units_check(const struct flamediff_unit *a, const struct flamediff_unit *b,
                           struct err *err);

#endif
