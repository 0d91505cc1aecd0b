/*
 * run_unit: what the weights of a profile count, and whether two profiles count the same.
 */
#ifndef FLAMETREE_PIPELINE_RUN_UNIT_H
#define FLAMETREE_PIPELINE_RUN_UNIT_H

#include "core/err.h"
#include "profile/profile.h"

struct run_unit {
    const char *file;
    str event;     /* as recorded: "cycles:ppp"; n == 0: the input names none */
    str name;      /* "ns", "cycles", or the count name of a picture; n == 0: not known */
    double factor; /* a weight times this is in units of that name */
    bool picture;
};

/* The texts are copied into the arena. */
struct run_unit run_unit_of(const struct profile *profile, const char *file, struct arena *arena);

/* False with ERR_INPUT, which names both, when the weights of the two count different things. What
 * is not known of one is not compared: folded stacks go with everything. */
bool run_units_check(const struct run_unit *a, const struct run_unit *b, struct err *err);

/* The weight of a sample is that of counting samples. */
bool run_unit_is_sample(double sample_weight);

/* What weights are in: the count name, else the unit, else what was counted (n == 0: not known),
 * else samples or units. */
str run_unit_choose(const char *countname, const char *unit, str counted, bool samples);

#endif
