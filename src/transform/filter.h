/*
 * filter: what a person wants to see of a profile, one implementation for every program. A working
 * tree goes in, a working tree comes out; each stage is one pass over the nodes and one match per
 * distinct name.
 *
 * The stages stand in the order in which they apply, whatever the order of the options: names are
 * changed first, so that every pattern means the names that are shown; then samples are chosen by
 * their whole stacks; then stacks are shortened. Classes are counted before the picture is cut at a
 * depth. Patterns of one stage count as one pattern that matches where any of them does.
 */
#ifndef FLAMETREE_TRANSFORM_FILTER_H
#define FLAMETREE_TRANSFORM_FILTER_H

#include "core/substitution.h"
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

/* What a stage did. Weights are sums of both sides, in units of the tree. */
struct filter_step {
    enum filter_stage stage;
    uint64_t had, kept;
};

/* A pattern that no frame matched. */
struct filter_unused {
    const char *option;
    str text;
};

struct filter_rewrite {
    struct substitution *rewrite;
    bool hit; /* it changed a name */
};

struct filter {
    struct heap *heap;
    struct pattern_set patterns[FILTER_STAGES]; /* of the stages that have patterns */
    VEC(struct filter_rewrite) rewrites;        /* applied one after the other */
    struct class_weights shares;
    bool merge_recursion;
    uint64_t max_depth; /* frames; 0: any */
    bool process_first; /* the first frame is a process name: skip-after keeps it */
    /* What filter_apply() tells: */
    VEC(struct filter_step) steps;
    VEC(struct filter_unused) unused;
};

/* The texts given to filter_add() outlive the filter. */
void filter_init(struct filter *filter, struct heap *heap);

/* A pattern for a stage that has some. False: ERR_USAGE. */
bool filter_add(struct filter *filter, enum filter_stage stage, str text, struct err *err);

/* Put the filtered tree in the place of *tree, once for each filter. False when a pattern ran away,
 * or when a stage leaves no weight: *err says which and how much there was. *tree is a tree in
 * either case. */
bool filter_apply(struct filter *filter, struct tree *tree, struct err *err);

/* Some weight was left out. */
bool filter_dropped_weight(const struct filter *filter);

/* filter_apply() failed because no weight was left. */
bool filter_left_nothing(const struct filter *filter);

/* "--focus". */
const char *filter_option(enum filter_stage stage);

void filter_end(struct filter *filter);

#endif
