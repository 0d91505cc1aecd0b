/*
 * function_changes: what changed, function by function, and which change is whose.
 *
 * When delta gets slower, so do its callers. A caller whose change is that of one of the functions
 * it calls, the rest being noise, is explained by it, and stands behind it, unless most of the
 * callee's change is elsewhere:
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
    uint32_t name;             /* in the tree of the sides */
    struct change total, self; /* with all that it calls; alone */
    uint32_t cause;            /* place of the function that explains it, or FUNCTION_NONE */
};

struct function_changes {
    struct heap *heap;
    struct function_change *at; /* by name id, those with weight */
    uint32_t n;
    size_t tests;                 /* how many changes were judged together */
    uint32_t *by_total, *by_self; /* places, what changed most for sure first; noise last */
};

/* judge is initialised here, from `selves`: how runs differ is learned from the functions. */
void function_changes_make(struct function_changes *functions, struct judge *judge,
                           const struct run_set *set, const struct judge_options *options);

/* What it is called. */
str function_name(const struct judge *judge, const struct function_change *function);

#endif
