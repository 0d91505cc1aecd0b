/*
 * flamediff_options: what can be asked of flamediff.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_H
#define FLAMETREE_CLI_FLAMEDIFF_H

#include <limits.h>

#include "cli/filter_options.h"
#include "cli/picture_options.h"
#include "pipeline/comparison_picture.h"

/*
 * flamediff_sides: from the file names of flamediff to the profiles of two sides.
 */

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

/*
 * flamediff_report: what flamediff says about two sides, and the exit status that follows.
 */

struct flamediff_report {
    struct run_set set;
    struct comparison comparison;
    struct report report;
    const struct gate *worst; /* of those that are not fine, NULL: all are */
    str sentence;             /* about it */
};

/* What the options mean for a comparison. */
struct comparison_options flamediff_comparison_options(const struct flamediff_options *options);

/* Compare, and judge the gates of the options. The sides are filtered. */
bool flamediff_report_make(struct flamediff_report *report, struct flamediff_sides *from,
                           struct flamediff_options *options);

/* Write the gates as JUnit XML, for the caller to close; nothing when path is NULL. */
bool flamediff_report_write_junit(const struct flamediff_report *report, struct program *program,
                                  const char *path);

/* Set the program's verdict, and say why if it is a bad one. */
void flamediff_report_tell(const struct flamediff_report *report, struct program *program);

/* "A1.perf and 2 more", or what --labels says. */
str flamediff_label(const struct flamediff_sides *sides, enum side side);

/*
 * flamediff_options: what can be asked of flamediff.
 */

enum { EXIT_REGRESSION = 3, EXIT_TOO_LITTLE = 4 };

#define FLAMEDIFF_UNSAID UINT_MAX

struct flamediff_options {
    struct option_common common;
    struct filter_options filter;
    /* diff */
    bool scale, strip_hex, fold_names; /* scale: -n */
    unsigned normalize;                /* enum normalize, or FLAMEDIFF_UNSAID */
    const char *work, *work_unit, *labels, *countname, *input_format, *event_filter;
    struct option_number confidence, min_delta, sample_weight;
    uint64_t threads;
    /* report and gate */
    const char *report, *junit;
    uint64_t top;
    struct option_list fail_on;
    /* picture */
    struct picture_choices picture;
    struct option_list widths; /* each a number of px or a side */
    unsigned colors, delta;
    /* set by flamediff_options_check() */
    const struct output *output; /* NULL: two columns */
    enum differential_width width;
    struct num_decimal units[SIDES]; /* of work; units 0: not said */
    VEC(struct gate) gates;
    bool compares; /* a comparison is wanted, not only two columns */
    bool columns;  /* two columns are wanted */
};

extern const struct option_table flamediff_option_table;
extern const struct flamediff_options flamediff_option_defaults;

/* Fill the request, which has its defaults, and check everything. False with the program's error:
 * ERR_USAGE. */
bool flamediff_options_check(struct flamediff_options *options, struct program *program,
                             const struct attrs_table *attrs, struct request *request);

#endif
