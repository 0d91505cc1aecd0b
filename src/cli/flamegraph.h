/*
 * flamegraph_options: what can be asked of flamegraph, and what it means for the picture.
 */
#ifndef FLAMETREE_CLI_FLAMEGRAPH_H
#define FLAMETREE_CLI_FLAMEGRAPH_H

#include "cli/filter_options.h"
#include "cli/input.h"
#include "cli/picture_options.h"
#include "cli/program.h"
#include "profile/profile.h"

/*
 * flamegraph_options: what can be asked of flamegraph, and what it means for the picture.
 */

/* What flamegraph writes. */
#define FLAMEGRAPH_OUTPUTS (OUTPUT_PICTURE | OUTPUT_FOLDED)

struct flamegraph_options {
    struct option_common common;
    struct filter_options filter;
    struct picture_choices picture;
    const char *countname, *encoding;
    struct option_number width, factor;
    const char *total;
    bool reverse, flamechart;
    /* colors */
    const char *colors, *palette_file;
    bool hash, random, cp, negate;
    struct option_list color_rules;
    uint64_t seed;
    unsigned delta;
    /* data */
    const char *input_format, *format;
    uint64_t threads;
    struct input_samples samples;
    bool info, print_csp_hash;
};

extern const struct option_table flamegraph_option_table;
extern const struct flamegraph_options flamegraph_option_defaults;

/* Fill the request, which has its defaults, and check it. seed: for --random without --seed. False
 * with the program's error: ERR_USAGE. */
bool flamegraph_options_check(struct flamegraph_options *options, struct program *program,
                              const struct attrs_table *attrs, struct request *request);

/*
 * info: --info: what a profile says about itself, for people and for scripts: `key: value`, a line
 * each.
 */

/* To the program's output. False with the program's error. */
bool info_write(struct program *program, struct profile *profile);

#endif
