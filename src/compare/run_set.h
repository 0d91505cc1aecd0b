/* SPDX-License-Identifier: MIT */
/*
 * run_set: several profiles before and several after, brought together over one tree.
 *
 *      before: A1 A2 A3 ──┐                     tree             every stack of every profile
 *                         ├──► one tree ──►     tree.weight[r]   those of profile r
 *      after:  B1 B2    ──┘                     runs[r]          facts about profile r
 *
 * In this room a profile is called a run, and each run is a column. Sums are of whole numbers, and
 * names have ids in the order in which they sort: the same profiles give the same numbers to the
 * last bit, in whatever order they were read. Weights are sums of periods, so 5,025,125 may be one
 * sample: the weight of one sample (`unit`) decides how certain the weights of a run are.
 */
#ifndef FLAMETREE_COMPARE_RUN_SET_H
#define FLAMETREE_COMPARE_RUN_SET_H

#include "profile/profile.h"

struct run {
    enum side side;
    double total;    /* its whole weight */
    double unit;     /* the weight that counts as one sample; 0: not known */
    bool assumed;    /* nothing says that these are samples */
    double seconds;  /* that the recording took; 0: not known */
    double cpus;     /* of the machine; 0: not known */
    double work;     /* units of work that the run did; 0: only that of its side is known */
    uint64_t *whole; /* by node, with all below it; NULL before run_set_finish() */
    /* By node, with all below it: the squares of the weights of single samples; NULL: not known */
    double *squares;
};

/* Of the nodes that the tree had after this run. */
struct run_squares {
    struct wide *own; /* NULL: not known */
    uint32_t n;
};

struct run_set {
    struct heap *heap;
    struct tree tree; /* column r is runs[r] */
    VEC(struct run) runs;
    VEC(struct run_squares) squares; /* of each run */
    size_t count[SIDES];
    bool *outermost;    /* by node: no caller of it has the same name */
    bool process_first; /* the first frame of each stack is a process */
};

/* All memory is of the heap, and stays until that ends. */
void run_set_init(struct run_set *set, struct heap *heap, uint64_t seed);

/* `tree` has one column, and may have the squares of single samples. `unit` is the weight of a
 * struct run_sample, from before any part was left out. */
void run_set_add(struct run_set *set, enum side side, const struct tree *tree, double unit);

/* Whether the squares of the tree are those of single samples: they sum up to those that the reader
 * counted. */
bool run_set_sees_samples(const struct profile *profile);

/* After the last one. */
void run_set_finish(struct run_set *set);

/* A weight of a run as a number. */
static inline double run_set_weight(const struct run_set *set, uint64_t units)
{
    return num_of_units(units, set->tree.decimals);
}

/* A node's own weight in all runs of a side together. Saturates. */
uint64_t run_set_sum(const struct run_set *set, enum side side, uint32_t node);

/* The weight of one sample. If the reader saw single samples, it is the sum of the squares of their
 * weights over the sum of their weights: the total over that is Kish's effective number of samples.
 * In aggregated input it is the greatest common divisor of the weights of stacks of all inputs if
 * it is plausible; else 1 for small totals whose unit is not known or is samples. 0: not known,
 * because times or bytes or periods that differ were added up. */
enum run_sample_kind { RUN_SAMPLE_COUNTS, RUN_SAMPLE_TIMES, RUN_SAMPLE_BYTES, RUN_SAMPLE_EVENTS };

struct run_sample {
    double weight; /* 0: not known */
    bool assumed;  /* nothing in the input says that it counts samples */
    /* private: of aggregated input */
    enum run_sample_kind kind;
    uint64_t divisor, rare; /* of the weights of stacks: common divisor, and that of a rare one */
    uint32_t stacks;
    unsigned decimals;
    double total;
};

/* unit: of the weights; n == 0: not known. */
void run_sample_look(struct run_sample *sample, const struct profile *profile, str unit);

/* Another unit of the weights than the profile has, as the user says. */
void run_sample_set_unit(struct run_sample *sample, str unit);

/* For all inputs together: set the weights that run_sample_look() did not find. */
void run_samples_settle(struct run_sample *const *samples, size_t n);

/* The duration of the recording and the number of processors of the machine; 0: not known. */
double run_set_seconds(const struct profile *profile);
double run_set_cpus(const struct profile *profile);

/* A row for each frame of set->tree: a weight for each run, at [frame * runs.n + run]. It is the
 * sum of the own weights of all nodes, or of the totals of the outermost nodes, which count each
 * stack once even where the function is on it several times. The caller frees it from the heap. */
double *run_set_functions(const struct run_set *set, bool self);

/* The same of the squares of single samples; NULL when they are not known in all runs. */
double *run_set_function_squares(const struct run_set *set, bool self);

#endif
