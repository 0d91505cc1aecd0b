/* SPDX-License-Identifier: MIT */
/*
 * filter_options: the filters, which all programs share: the options, and what they do.
 */
#ifndef FLAMETREE_CLI_FILTER_OPTIONS_H
#define FLAMETREE_CLI_FILTER_OPTIONS_H

#include "cli/program.h"
#include "profile/profile.h"
#include "transform/filter.h"

struct filter_options {
    struct option_list rename, focus, ignore, hide, show, show_from, prune_from, skip_after;
    struct option_list classes;
    bool merge_recursion;
    uint64_t max_depth;
    const char *shares; /* a file; NULL: stderr */
};

/* clang-format off */
#define OPTION_FILTER(type, field, name, argument, help)                                          \
    OPTION(type, field, OPTION_LIST, 0, name, argument, help, "filter", NULL)

/* In the order in which they apply. */
#define OPTIONS_FILTER(type, field)                                                               \
    OPTION_FILTER(type, field.rename, "rename", "s/REGEX/TEXT/",                                  \
                  "change the names of frames; $1 is a group; flags i, g"),                       \
    OPTION_FILTER(type, field.focus, "focus", "REGEX", "keep samples with a frame that matches"), \
    OPTION_FILTER(type, field.ignore, "ignore", "REGEX",                                          \
                  "drop samples with a frame that matches"),                                      \
    OPTION_FILTER(type, field.hide, "hide", "REGEX", "leave out frames that match"),              \
    OPTION_FILTER(type, field.show, "show", "REGEX", "leave out frames that do not match"),       \
    OPTION_FILTER(type, field.show_from, "show-from", "REGEX",                                    \
                  "start stacks at their first match, drop the others"),                          \
    OPTION_FILTER(type, field.prune_from, "prune-from", "REGEX",                                  \
                  "end stacks at their last match"),                                              \
    OPTION_FILTER(type, field.skip_after, "skip-after", "REGEX",                                  \
                  "drop the callers of a stack's last match"),                                    \
    OPTION(type, field.merge_recursion, OPTION_FLAG, 0, "merge-recursion", NULL,                  \
           "a function that calls itself becomes one frame", "filter", NULL),                     \
    OPTION_FILTER(type, field.classes, "class", "NAME=REGEX",                                     \
                  "print the share of samples by their last match"),                              \
    OPTION(type, field.shares, OPTION_TEXT, 0, "shares", "FILE",                                  \
           "write the shares of classes to FILE, not to stderr", "filter", NULL),                 \
    OPTION(type, field.max_depth, OPTION_COUNT, 0, "max-depth", "N",                              \
           "leave out frames deeper than N", "filter", NULL)
/* clang-format on */

/* Compile the patterns. Call it before anything is read, so that a mistake shows at once. False
 * with the program's error set. */
bool filter_options_compile(struct program *program, const struct filter_options *options,
                            struct filter *filter);

/* Filter *tree, warn of patterns that matched nothing, and write the shares. process_first: the
 * first frame of each stack is a process name. False with the program's error set. */
bool filter_options_apply(struct program *program, const struct filter_options *options,
                          struct filter *filter, struct tree *tree, bool process_first);

/* The same for a profile. If weight was dropped, it no longer knows its number of samples. */
bool filter_options_apply_to(struct program *program, const struct filter_options *options,
                             struct filter *filter, struct profile *profile);

void filter_options_warn_unused(const struct program *program, const struct filter_unused *unused);

#endif
