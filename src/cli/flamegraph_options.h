/*
 * flamegraph_options: what can be asked of flamegraph, and what it means for the picture.
 */
#ifndef FLAMETREE_CLI_FLAMEGRAPH_OPTIONS_H
#define FLAMETREE_CLI_FLAMEGRAPH_OPTIONS_H

#include "cli/filter_options.h"
#include "cli/input.h"
#include "cli/picture_file.h"
#include "render/renderer.h"

enum { FLAMEGRAPH_VIEWER, FLAMEGRAPH_NO_SCRIPT };
enum { FLAMEGRAPH_LOW_COUNT = 100 }; /* a sum below it is worth a warning */

struct flamegraph_options {
    struct option_common common;
    struct filter_options filter;
    /* texts */
    const char *title, *subtitle, *countname, *unit, *nametype, *notes, *fonttype, *encoding;
    /* geometry */
    struct option_number width, height, minwidth, fontsize, fontwidth, factor;
    const char *total;
    bool inverted, reverse, flamechart;
    unsigned sort;
    /* colours */
    const char *colors, *bgcolors, *palette_file;
    bool hash, random, cp, negate;
    struct option_list color_rules;
    uint64_t seed;
    unsigned delta;
    /* document */
    const char *nameattr, *search, *id_prefix, *input_format;
    uint64_t threads;
    struct picture_file_options file;
    const char *css, *templates; /* a file, a directory; NULL: none */
    unsigned script, theme;
    bool fragment, no_metadata, info, unsafe_links;
    bool print_csp_hash;
    /* set by flamegraph_options_check() */
    const struct renderer *renderer;
};

extern const struct option_table flamegraph_option_table;
extern const struct flamegraph_options flamegraph_option_defaults;

/* Look at what was asked for, and fill *wanted. False: ERR_USAGE. seed: for --random without
 * --seed. */
bool flamegraph_options_check(struct flamegraph_options *options, uint64_t seed,
                              struct picture_options *wanted, struct err *err);

#endif
