/*
 * flamediff_options: what can be asked of flamediff.
 */
#ifndef FLAMETREE_CLI_FLAMEDIFF_OPTIONS_H
#define FLAMETREE_CLI_FLAMEDIFF_OPTIONS_H

#include <limits.h>

#include "cli/filter_options.h"
#include "render/report.h"
#include "view/differential.h"

enum { EXIT_REGRESSION = 3, EXIT_TOO_LITTLE = 4 };

#define FLAMEDIFF_UNSAID UINT_MAX

struct flamediff_options {
    struct option_common common;
    struct filter_options filter;
    /* diff */
    bool scale, strip_hex, fold_names; /* scale: -n */
    unsigned normalize;                /* enum normalize, or FLAMEDIFF_UNSAID */
    const char *work, *work_unit, *labels, *countname, *format, *output, *event_filter;
    struct option_number confidence, min_delta, sample_weight;
    uint64_t threads;
    /* report and gate */
    const char *report, *junit;
    /* picture */
    unsigned width, colors, delta;
    uint64_t top;
    struct option_list fail_on;
    /* set by flamediff_options_check() */
    const struct report_format *report_format; /* NULL: none */
    struct num_decimal units[SIDES];           /* of work; units 0: not said */
    VEC(struct gate) gates;
    bool draws;    /* the output is a picture */
    bool compares; /* a comparison is wanted, not only two columns */
};

extern const struct option_table flamediff_option_table;
extern const struct flamediff_options flamediff_option_defaults;

/* Look at what was asked for. False: ERR_USAGE. */
bool flamediff_options_check(struct flamediff_options *options, struct heap *heap,
                             const struct os *os, struct err *err);

#endif
