/*
 * flamediff_options: what can be asked of flamediff.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_OPTIONS_H
#define FLAMETREE_CLI_FLAMEDIFF_OPTIONS_H

#include <limits.h>

#include "cli/filter_options.h"
#include "cli/picture_options.h"
#include "pipeline/comparison_picture.h"

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
