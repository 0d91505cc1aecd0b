/* SPDX-License-Identifier: MIT */
/*
 * flamestore: the program; each command is a function in a file of its own.
 */
#ifndef FLAMETREE_CLI_FLAMESTORE_H
#define FLAMETREE_CLI_FLAMESTORE_H

#include "cli/input.h"
#include "store/store.h"

/* Of `get`. */
#define FLAMESTORE_OUTPUTS (OUTPUT_FOLDED | OUTPUT_STACKS)

struct flamestore {
    struct program program;
    struct option_common common;
    const char *path; /* of the store */
    struct input_options input;
    struct option_list tags;
    /* of collect */
    const char *every, *timeout, *sources, *forward;
    uint64_t max_answer;
    bool once, counts;
    /* of a range */
    const char *from, *until, *by, *source;
    const char *before, *after, *each_tag, *runs;
    const char *output, *output_format;
    /* of the time that windows are kept */
    const char *keep_minutes, *keep_hours;
    /* of serve */
    const char *listen, *token_file;

    /* set by flamestore.c, for the commands */
    struct arena arena;
    const char *const *arguments; /* after the command */
    size_t argument_count;
    size_t before_dashes; /* how many of them come before "--" */
    struct store *store;
    int64_t now;
};

/* Open the store of --store. */
bool flamestore_open(struct flamestore *f, enum store_mode mode);

/* The labels of --tag. False: one is not KEY=VALUE. */
struct flamestore_labels {
    VEC(struct store_label) at;
};
bool flamestore_tags(struct flamestore *f, struct flamestore_labels *labels);

/* *time is `otherwise` without the option. */
bool flamestore_time(struct flamestore *f, const char *option, const char *text, int64_t otherwise,
                     int64_t *time);

/* A length of time; 0 without the option, and for "forever" if `forever`. */
bool flamestore_length(struct flamestore *f, const char *option, const char *text, bool forever,
                       int64_t *length);

/* Delete windows that are older than --keep-minutes and --keep-hours say. */
bool flamestore_apply_expiry(struct flamestore *f);

/* The commands. */
bool flamestore_collect(struct flamestore *f);
bool flamestore_add(struct flamestore *f);
bool flamestore_mark(struct flamestore *f);
bool flamestore_get(struct flamestore *f);
bool flamestore_list_labels(struct flamestore *f);
bool flamestore_compare(struct flamestore *f);
bool flamestore_expire(struct flamestore *f);
bool flamestore_serve(struct flamestore *f);
bool flamestore_check(struct flamestore *f);
bool flamestore_size(struct flamestore *f);

#endif
