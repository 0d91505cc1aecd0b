/* SPDX-License-Identifier: MIT */
/*
 * comparison: all results about two sides, in one place for reports, gates and pictures.
 *
 * When delta gets slower, so do its callers. A callee explains the change of a caller when the rest
 * of the caller changed by noise only, unless most of the change of the callee is elsewhere. The
 * report lists the caller after the callee:
 *
 *      main       +185   explained by stage_two          1  delta       +185
 *      stage_two  +186   explained by delta       ──►    2  stage_two   +186
 *      delta      +185                                   3  main        +185
 */
#ifndef FLAMETREE_COMPARE_COMPARISON_H
#define FLAMETREE_COMPARE_COMPARISON_H

#include "compare/significance.h"

/* ---- functions: function_changes.c ---- */

#define FUNCTION_NONE UINT32_MAX

/* Cost that moved: one function rose, another fell by as much, and their common caller did not
 * change. Not for shares, because every rise of a share is matched by falls. */
struct function_move {
    uint32_t other;  /* place of the function that it came from or went to, or FUNCTION_NONE */
    uint32_t caller; /* the place of the function that calls both */
    bool of_self;    /* the other function lost or got self weight */
    bool renamed;    /* both have the same caller and the same callees */
    double most;     /* the end of the interval of the caller's change */
};

struct function_change {
    uint32_t name;             /* a frame of the tree of the runs */
    struct change total, self; /* with all that it calls; alone */
    uint32_t cause;            /* place of the function that explains it, or FUNCTION_NONE */
    struct function_move move, self_move; /* of total and self, where the verdict is CHANGE_MOVED */
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

/* Give functions whose cost moved that verdict: function_moves.c. */
void function_moves_find(struct function_changes *functions, const struct judge *judge,
                         const double *totals, const double *selves);

/* "[unknown]" and the like: many functions under one name, which explain nothing. */
bool function_is_bucket(const struct judge *judge, const struct function_change *function);

/* The name of the function. */
str function_name(const struct judge *judge, const struct function_change *function);

/* ---- all of it ---- */

enum normalize { NORMALIZE_AUTO, NORMALIZE_TOTAL, NORMALIZE_WORK, NORMALIZE_NONE };

struct comparison_options {
    enum normalize normalize; /* auto: see comparison_choose() */
    double work[SIDES];       /* 0: not given */
    double confidence, least; /* as for the judge */
    bool gated; /* a gate follows: auto never means total, which would hide that all got slower */
};

/* A weight of each run, such as that of a class of frames. */
struct comparison_class {
    str name;
    struct change change;
};

struct comparison {
    struct run_set *set;
    enum normalize normalize; /* never auto */
    bool comparable;          /* both sides seem to have done the same work */
    bool undecided;           /* it was auto, and nothing says that both sides did the same work */
    struct judge judge;
    struct judge plain;  /* by work or not at all: as shares, each total would be 100 % */
    struct change whole; /* of the total, judged by `plain` */
    double apart;        /* how much the total after is larger, as a part of that before */
    double gone, fresh;  /* stacks that one side lacks, as parts of the side that has them */
    double work[SIDES];
    struct function_changes functions;
    VEC(struct comparison_class) classes;
    VEC(struct comparison_class) values; /* of a label, judged together */
    str tag;                             /* the label; n == 0: none */
};

/* The scale; never auto. By work when it is given. Else none when the sides are comparable or a
 * gate follows, else by total. */
enum normalize comparison_choose(const struct comparison_options *options, bool comparable);

/* Whether two totals differ by at most 10 %. */
bool comparison_are_alike(double before, double after);

/* `set` is finished, has weight, and outlives the comparison. All memory is of its heap, and stays
 * until that ends. */
void comparison_make(struct comparison *comparison, struct run_set *set,
                     const struct comparison_options *options);

/* `weights` is by run. The name outlives the comparison. */
void comparison_add_class(struct comparison *comparison, str name, const double *weights);

/* The same for the value of a label. After the last one, judge them together. */
void comparison_add_value(struct comparison *comparison, str value, const double *weights);
void comparison_judge_values(struct comparison *comparison, str tag);

/* Samples of a side, all its runs together; 0 when not known. */
double comparison_samples(const struct comparison *comparison, enum side side);

/* Weight of a side, all its runs together. */
double comparison_weight(const struct comparison *comparison, enum side side);

#endif
