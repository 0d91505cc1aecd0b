/* SPDX-License-Identifier: MIT */
/*
 * flamediff: the state that the files flamediff*.c share.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_H
#define FLAMETREE_CLI_FLAMEDIFF_H

#include "cli/filter_options.h"
#include "cli/input.h"
#include "cli/picture_options.h"
#include "cli/run_directory.h"
#include "compare/gate.h"
#include "compare/two_columns.h"
#include "pipeline/comparison_picture.h"
#include "profile/recording.h"

/* The weight of a value of the label of --each-tag. */
struct tag_weight {
    str value;
    double weight;
};

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
    struct recording recording;
    double work; /* units of it; 0: not given */
    double idle; /* weight of the idle stacks that were left out */
    VEC(struct tag_weight) tags;
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
    const char *gates_file, *each_tag;
    bool series;
    const char *baseline;    /* directory of the runs before; NULL: none */
    uint64_t keep;           /* number of runs to keep in it; 0: do not change it */
    bool first_run;          /* the directory has none */
    struct run_files window; /* with the run that is kept */
    struct option_number confidence, min_delta, sample_weight;
    uint64_t top; /* UINT64_MAX: not given */
    struct option_list fail_on;
    struct option_list widths; /* each is a number of px or a side */
    /* derived from the options */
    const struct output *output; /* NULL: two columns */
    enum differential_width width;
    VEC(struct num_decimal) works;   /* of --work: by side, or by run */
    bool has_work;                   /* each run has its work */
    struct num_decimal units[SIDES]; /* of work; units 0: not given */
    struct gate_list gates;
    str tag_start; /* "KEY=" of --each-tag */
    bool columns;  /* write two columns */
    bool compares; /* make a comparison */
    /* the profiles */
    struct arena arena;
    VEC(struct flamediff_run) runs; /* those before come first */
    size_t count[SIDES];
    struct profile sides[SIDES]; /* only the facts of their runs */
    str unit;                    /* of the weights */
    VEC(str) class_names;        /* after filtering */
    /* the comparison */
    struct run_set set;
    struct comparison comparison;
    struct report report;
    const struct gate *worst; /* the first of the worst gates; NULL: all are fine */
    str sentence;             /* about it */
};

enum { NORMALIZE_UNSET = 99 };

/* Read one profile, and add it to the runs. */
bool flamediff_read_run(struct flamediff *f, const char *const *file, enum side side);

/* The numbers of --work. */
bool flamediff_parse_work(struct flamediff *f);

/* When all runs are read: set the unit of the weights, and the work of each run, from --work or the
 * facts of the profiles. False if --work does not fit the runs. */
void flamediff_choose_unit(struct flamediff *f);
bool flamediff_set_work(struct flamediff *f);

/* Filter each run by itself, and weigh its classes. */
bool flamediff_filter_runs(struct flamediff *f);

/* --each-tag: before reading, after reading a run, and after the comparison. */
bool flamediff_prepare_tags(struct flamediff *f);
void flamediff_cut_tags(struct flamediff *f, struct flamediff_run *run);
bool flamediff_add_values(struct flamediff *f);

/* Report how much weight was idle. */
void flamediff_warn_of_idle(struct flamediff *f);

/* --series: check the options; read, compare and report the runs. */
bool flamediff_check_series(struct flamediff *f);
bool flamediff_series(struct flamediff *f);

/* Read all profiles, and change names as --strip-hex and --fold-names ask. */
bool flamediff_read_runs(struct flamediff *f);

/* The runs of a side as one tree: that of the only run, or a new one in *merged. */
const struct tree *flamediff_merge_side(struct flamediff *f, enum side side, struct tree *merged);

/* --confidence: in per cent, but a number below 1 without the sign is a fraction. */
static inline double flamediff_confidence(const struct flamediff *f)
{
    bool part = !f->confidence.percent && f->confidence.value < 1;
    return f->confidence.value / (part ? 1 : 100);
}

/* a / b as a ratio of whole numbers. False if these are too large. */
bool flamediff_set_ratio(struct two_columns_options *diff, struct num_decimal up,
                         struct num_decimal down);

/* The runs in the directory of --baseline, and then the new ones. */
bool flamediff_list_window(struct flamediff *f, struct run_files *files, size_t *before);

/* Close the outputs; with --keep, one of them is the run in the directory of --baseline, if it
 * passed. */
bool flamediff_close_outputs(struct flamediff *f);

/* With --keep: report whether the run is kept, and remove the oldest runs. */
bool flamediff_report_kept(struct flamediff *f);

struct comparison_options flamediff_comparison_options(const struct flamediff *f);

/* Filter each run by itself, compare the sides, and judge the gates. It is an error if a filter
 * leaves no weight in any run. */
bool flamediff_compare_runs(struct flamediff *f);

#endif
