/*
 * comparison: all results about two sides, in one place for reports, gates and pictures.
 */
#ifndef FLAMETREE_COMPARE_COMPARISON_H
#define FLAMETREE_COMPARE_COMPARISON_H

#include "compare/function_changes.h"

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
    bool by_itself;           /* it was auto */
    bool far_apart;           /* the totals differ by more than 10 % */
    struct judge judge;
    struct judge plain;  /* by work or not at all: as shares, each total would be 100 % */
    struct change whole; /* of the total, judged by `plain` */
    double apart;        /* how much the total after is larger, as a part of that before */
    double gone, fresh;  /* stacks that one side lacks, as parts of the side that has them */
    double work[SIDES];
    struct function_changes functions;
    VEC(struct comparison_class) classes;
};

/* The scale for sides with these totals, of one run each; never auto. By work when it is given,
 * else by total when the totals are far apart and no gate follows, else none. */
enum normalize comparison_choose(const struct comparison_options *options, double before,
                                 double after);

/* `set` is finished, has weight, and outlives the comparison. All memory is of its heap, and stays
 * until that ends. */
void comparison_make(struct comparison *comparison, struct run_set *set,
                     const struct comparison_options *options);

/* `weights` is by run. The name outlives the comparison. */
void comparison_add_class(struct comparison *comparison, str name, const double *weights);

/* Samples of a side, all its runs together; 0 when not known. */
double comparison_samples(const struct comparison *comparison, enum side side);

/* Weight of a side, all its runs together. */
double comparison_weight(const struct comparison *comparison, enum side side);

#endif
