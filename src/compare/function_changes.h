/*
 * function_changes: the change of each function, and which change explains which.
 *
 * When delta gets slower, so do its callers. A callee explains the change of a caller when the rest
 * of the caller changed by noise only, unless most of the change of the callee is elsewhere. The
 * report lists the caller after the callee:
 *
 *      main       +185   explained by stage_two          1  delta       +185
 *      stage_two  +186   explained by delta       ──►    2  stage_two   +186
 *      delta      +185                                   3  main        +185
 */
#ifndef FLAMETREE_COMPARE_FUNCTION_CHANGES_H
#define FLAMETREE_COMPARE_FUNCTION_CHANGES_H

#include "compare/significance.h"

#define FUNCTION_NONE UINT32_MAX

struct function_change {
    uint32_t name;             /* a frame of the tree of the runs */
    struct change total, self; /* with all that it calls; alone */
    uint32_t cause;            /* place of the function that explains it, or FUNCTION_NONE */
};

struct function_changes {
    struct heap *heap;
    struct function_change *at; /* by name id, those with weight */
    uint32_t n;
    size_t tests;                 /* how many changes were judged together */
    uint32_t *by_total, *by_self; /* places: the largest certain changes first, noise last */
};

/* `judge` is initialized here, because it learns from all functions how runs differ. */
void function_changes_make(struct function_changes *functions, struct judge *judge,
                           const struct run_set *set, const struct judge_options *options);

/* The name of the function. */
str function_name(const struct judge *judge, const struct function_change *function);

#endif
