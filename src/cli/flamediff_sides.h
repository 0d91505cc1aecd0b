/*
 * flamediff_sides: from the file names of flamediff to the profiles of two sides.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_SIDES_H
#define FLAMETREE_CLI_FLAMEDIFF_SIDES_H

#include "cli/flamediff_options.h"
#include "pipeline/run_unit.h"

/* A profile as it was read; the filters come later. */
struct flamediff_run {
    const char *file;
    enum side side;
    struct tree tree;
    double unit;            /* weight of a sample; 0: not known */
    struct run_unit counts; /* what its weights count */
    double *classes;        /* weights by class, once filtered */
    bool has_comm;          /* the first frame is a process name */
};

struct flamediff_sides {
    struct program *program;
    const struct flamediff_options *options;
    struct arena arena;
    VEC(struct flamediff_run) runs; /* those before first */
    size_t count[SIDES];
    str unit;             /* of weights */
    VEC(str) class_names; /* once filtered */
};

/* Read all of them; names are folded as asked for. */
bool flamediff_sides_read(struct flamediff_sides *sides);

/* Filter each run by itself, and weigh the classes. What one run lacks is no error, what all lack
 * is. */
bool flamediff_sides_filter(struct flamediff_sides *sides);

/* All runs of a side in one tree: that of the only run, else one that is made in *room. */
const struct tree *flamediff_sides_merge(const struct flamediff_sides *sides, enum side side,
                                         struct tree *room);

bool flamediff_sides_have_comm(const struct flamediff_sides *sides);

#endif
