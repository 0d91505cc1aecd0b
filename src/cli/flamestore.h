/* SPDX-License-Identifier: MIT */
/*
 * flamestore: the program; each command is a function in a file of its own.
 */
#ifndef FLAMETREE_CLI_FLAMESTORE_H
#define FLAMETREE_CLI_FLAMESTORE_H

#include "cli/program.h"
#include "store/store.h"

struct flamestore {
    struct program program;
    struct option_common common;
    const char *path; /* of the store */
    const char *output, *output_format;
    const char *from, *until;
    struct option_list tags;

    /* private to flamestore.c */
    struct arena arena;
    const char *const *arguments; /* after the command */
    size_t argument_count;
    size_t before_dashes; /* how many of them come before "--" */
    struct store *store;
    int64_t now;
};

/* Open the store of --store. */
bool flamestore_open(struct flamestore *f, enum store_mode mode);

/* The labels of --tag, and room for one more. False: one is not KEY=VALUE. */
bool flamestore_tags(struct flamestore *f, struct store_label **labels, size_t *count);

bool flamestore_check(struct flamestore *f);
bool flamestore_size(struct flamestore *f);

#endif
