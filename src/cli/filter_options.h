/*
 * filter_options: the options by which a person cuts a profile to what matters, the same in every
 * program, and what they do.
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
    const char *shares; /* NULL: stderr */
};

/* clang-format off */
#define OPTIONS_FILTER_ROW(kind, type, field, name, argument, help) \
    {name, kind, 0, offsetof(type, field), argument, help, "filter", NULL}

/* In the order in which they apply. */
#define OPTIONS_FILTER(type, field)                                                               \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.rename, "rename", "s/REGEX/TEXT/",                \
                       "change the names of frames; $1 is a group; flags i, g"),                  \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.focus, "focus", "REGEX",                          \
                       "keep samples with a frame that matches"),                                 \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.ignore, "ignore", "REGEX",                        \
                       "drop samples with a frame that matches"),                                 \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.hide, "hide", "REGEX",                            \
                       "leave out frames that match"),                                            \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.show, "show", "REGEX",                            \
                       "leave out frames that do not match"),                                     \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.show_from, "show-from", "REGEX",                  \
                       "start stacks at their first match, drop the others"),                     \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.prune_from, "prune-from", "REGEX",                \
                       "end stacks at their last match"),                                         \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.skip_after, "skip-after", "REGEX",                \
                       "drop the callers of a stack's last match"),                               \
    OPTIONS_FILTER_ROW(OPTION_FLAG, type, field.merge_recursion, "merge-recursion", NULL,         \
                       "a function that calls itself becomes one frame"),                         \
    OPTIONS_FILTER_ROW(OPTION_LIST, type, field.classes, "class", "NAME=REGEX",                   \
                       "print the share of samples by their last match"),                         \
    OPTIONS_FILTER_ROW(OPTION_TEXT, type, field.shares, "shares", "FILE",                         \
                       "write the shares of classes to FILE, not to stderr"),                     \
    OPTIONS_FILTER_ROW(OPTION_COUNT, type, field.max_depth, "max-depth", "N",                     \
                       "leave out frames deeper than N")
/* clang-format on */

/* Compile the patterns: before anything is read, so that a mistake shows at once. False with the
 * program's error set. */
bool filter_options_compile(struct program *program, const struct filter_options *options,
                            struct filter *filter);

/* Filter *tree, say which patterns matched nothing, and write the shares. process_first: the first
 * frame of each stack is a process name. False with the program's error set. */
bool filter_options_apply(struct program *program, const struct filter_options *options,
                          struct filter *filter, struct tree *tree, bool process_first);

/* The same for the tree of a profile; where weight goes, the number of samples is not known any
 * more. */
bool filter_options_apply_to(struct program *program, const struct filter_options *options,
                             struct filter *filter, struct profile *profile);

#endif
