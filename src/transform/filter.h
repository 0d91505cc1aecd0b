/* SPDX-License-Identifier: MIT */
/*
 * filter: the options by which a user cuts a profile, the same in every program. A tree goes in, a
 * tree comes out. Each stage is one pass over the nodes, and looks at each distinct name once.
 *
 * The stages apply in the order of the enum, whatever the order of the options. Names change first,
 * so that all patterns see the names that are shown. Then samples are chosen by their whole stacks,
 * and then stacks are shortened. Classes are counted before the picture is cut at a depth. Several
 * patterns of one stage count as one pattern that matches where any of them does.
 */
#ifndef FLAMETREE_TRANSFORM_FILTER_H
#define FLAMETREE_TRANSFORM_FILTER_H

#include "transform/class_weights.h"

/* The words are pprof's, but for skip-after, which is inferno's. */
enum filter_stage {
    FILTER_RENAME,          /* s/REGEX/TEXT/; a frame whose name becomes empty is left out */
    FILTER_FOCUS,           /* keep samples with a frame that matches */
    FILTER_IGNORE,          /* drop samples with a frame that matches */
    FILTER_HIDE,            /* leave out frames that match */
    FILTER_SHOW,            /* leave out frames that do not match */
    FILTER_SHOW_FROM,       /* leave out the callers of the root-most match; drop other samples */
    FILTER_PRUNE_FROM,      /* leave out what the leaf-most match calls */
    FILTER_SKIP_AFTER,      /* leave out the callers of the leaf-most match */
    FILTER_MERGE_RECURSION, /* a frame that calls itself becomes one */
    FILTER_CLASS,           /* count shares; changes nothing */
    FILTER_MAX_DEPTH,       /* leave out frames deeper than that */
    FILTER_STAGES
};

/* The effect of a stage. Weights are sums of both sides, in units of the tree. */
struct filter_step {
    enum filter_stage stage;
    uint64_t had, kept;
};

/* A pattern that no frame matched. */
struct filter_unused {
    const char *option;
    str text;
};

/* All zero but for the heap: a filter that does nothing. */
struct filter {
    struct heap *heap;
    struct name_rules rules[FILTER_STAGES]; /* of the stages that have some */
    struct class_weights shares;
    bool asked; /* the caller may leave out filter_apply() while it is false */
    bool merge_recursion;
    uint64_t max_depth; /* frames; 0: any */
    bool process_first; /* the first frame is a process name: skip-after keeps it */
    /* Results of filter_apply(): */
    VEC(struct filter_step) steps;
    VEC(struct filter_unused) unused;
};

/* A rule for a stage that has some; `text` outlives the filter. False: ERR_USAGE. */
bool filter_add(struct filter *filter, enum filter_stage stage, str text, struct err *err);

/* Replace *tree by the filtered tree. Call it once for each filter. False when a pattern takes too
 * long, or when a stage leaves no weight; then *err names the stage and the weight before it.
 * *tree is a tree in either case. */
bool filter_apply(struct filter *filter, struct tree *tree, struct err *err);

/* Some weight was left out. */
bool filter_dropped_weight(const struct filter *filter);

/* filter_apply() failed because no weight was left. */
bool filter_left_nothing(const struct filter *filter);

/* "--focus". */
const char *filter_option(enum filter_stage stage);

void filter_end(struct filter *filter);

/*
 * Remove the stacks in which a processor or a runtime had nothing to do, from a tree with one
 * column. They are not a cost of the program. Returns their weight in units of the tree; 0: the
 * tree is as it was.
 *
 *      swapper;...    swapper/3;...    swapper-0;...    the idle process of Linux, as first frame
 *      ...;(idle)     ...;[idle]                        frames of runtimes
 */
uint64_t filter_remove_idle(struct tree *tree);

#endif
