/*
 * flamediff: the state that flamediff.c and flamediff_runs.c share.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_H
#define FLAMETREE_CLI_FLAMEDIFF_H

#include "cli/filter_options.h"
#include "cli/input.h"
#include "cli/picture_options.h"
#include "pipeline/comparison_picture.h"

/* One profile, as it was read. */
struct flamediff_run {
    const char *file;
    enum side side;
    struct tree tree;
    struct run_sample sample;
    double seconds, cpus;   /* of the recording; 0: not known */
    struct run_unit counts; /* what its weights count */
    double *classes;        /* weights by class, after filtering */
    bool has_comm;          /* the first frame is a process name */
};

struct flamediff {
    struct program program;
    /* options */
    struct option_common common;
    struct filter_options filter;
    struct input_options input;
    struct read_options read;
    bool all_marks; /* --all */
    struct picture_choices picture;
    bool scale, strip_hex, fold_names; /* scale: -n */
    bool fail_on_moved;
    unsigned normalize; /* enum normalize, or NORMALIZE_UNSET */
    unsigned colors;
    const char *work, *work_unit, *labels, *junit;
    struct option_number confidence, min_delta, sample_weight;
    uint64_t top; /* UINT64_MAX: not given */
    struct option_list fail_on;
    struct option_list widths; /* each is a number of px or a side */
    /* derived from the options */
    const struct output *output; /* NULL: two columns */
    enum differential_width width;
    struct num_decimal units[SIDES]; /* of work; units 0: not given */
    VEC(struct gate) gates;
    bool columns;  /* write two columns */
    bool compares; /* make a comparison */
    /* the profiles */
    struct arena arena;
    VEC(struct flamediff_run) runs; /* those before come first */
    size_t count[SIDES];
    str unit;             /* of the weights */
    VEC(str) class_names; /* after filtering */
    /* the comparison */
    struct run_set set;
    struct comparison comparison;
    struct report report;
    const struct gate *worst; /* the first of the worst gates; NULL: all are fine */
    str sentence;             /* about it */
};

enum { NORMALIZE_UNSET = 99 };

/* Read all profiles, and change names as --strip-hex and --fold-names ask. */
bool flamediff_read_runs(struct flamediff *f);

/* The runs of a side as one tree: that of the only run, or a new one in *merged. */
const struct tree *flamediff_merge_side(struct flamediff *f, enum side side, struct tree *merged);

/* --confidence: in per cent, but a number below 1 without a sign is a part. */
static inline double flamediff_confidence(const struct flamediff *f)
{
    bool part = !f->confidence.percent && f->confidence.value < 1;
    return f->confidence.value / (part ? 1 : 100);
}

struct comparison_options flamediff_comparison_options(const struct flamediff *f);

/* Filter each run by itself, compare the sides, and judge the gates. It is an error if a filter
 * leaves no weight in any run. */
bool flamediff_compare_runs(struct flamediff *f);

#endif
