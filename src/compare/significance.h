/*
 * significance: what became of a weight between two sides, how sure that is, and what to call it.
 *
 * A weight is given for each run; the judge brings it to one scale, the mean of each side:
 *
 *      CHANGE_SHARES    share of the run           0.08
 *      CHANGE_WEIGHTS   weight a run               184,000,000
 *      CHANGE_WORK      weight per unit of work    16,200
 *
 * A difference counts as real when two questions say so. Could counting samples alone have made it?
 * Fisher's test of shares, the exact test of Poisson counts otherwise, all runs of a side together.
 * Could runs that differ by themselves have made it? Welch's t over the runs, when there are
 * several; its variances are at least what counting and the usual difference between runs give
 * (between.h). The larger p of the two stands, and Benjamini and Hochberg's method brings many
 * tests together.
 *
 * With one run a side nothing is known about how runs differ: only the first question is asked.
 */
#ifndef FLAMETREE_COMPARE_SIGNIFICANCE_H
#define FLAMETREE_COMPARE_SIGNIFICANCE_H

#include "compare/run_set.h"
#include "compare/run_variance.h"

enum change_scale { CHANGE_SHARES, CHANGE_WEIGHTS, CHANGE_WORK };

enum change_verdict {
    CHANGE_NOISE,
    CHANGE_SLOWER,
    CHANGE_FASTER,
    CHANGE_NEW,
    CHANGE_VANISHED,
    CHANGE_UNKNOWN, /* the number of samples is not known, and there are no runs to compare */
};

struct change {
    double before, after;
    double low, high; /* of after - before, at the judge's confidence */
    double p, q;      /* q: among all that were judged together; p alone before that */
    double error;     /* standard error of the difference if nothing had changed */
    double samples[SIDES];
    enum change_verdict verdict;
};

struct judge {
    const struct run_set *set;
    enum change_scale scale;
    double level; /* 1 - confidence */
    double least; /* changes smaller than that part of the whole are noise */
    /* private */
    double *factor;      /* by run: weight times factor is on the scale */
    double known[SIDES]; /* samples that a value of 1 on the scale makes, all runs together */
    struct run_variance between; /* how runs differ; all 0 with one run a side */
    double z;
    bool counted; /* the number of samples is known */
    double whole; /* of the side before, or after when that is empty: 100 % */
};

struct judge_options {
    enum change_scale scale;
    double work[SIDES]; /* CHANGE_WORK: units of a side, all runs together; > 0 */
    double confidence;  /* 0.99 */
    double least;       /* 0.01: changes below 1 % of the whole are noise */
};

/* selves: as run_set_function_selves(), to learn how runs of a side differ. sides must outlive the
 * judge. */
void judge_init(struct judge *judge, const struct run_set *set, const struct judge_options *options,
                const double *selves);

/* One weight of its own; `weights` is by run. The verdict is at the judge's level. */
void judge_one(const struct judge *judge, const double *weights, struct change *change);

/* Set the verdict from q and the size of the change. */
void judge_call(const struct judge *judge, struct change *change);

/* Many together: q and verdicts anew. What is so rare that no split of it could be called does not
 * count as a test (Tarone 1990). Returns how many do. */
size_t judge_together(const struct judge *judge, struct change *changes, size_t n);

/* The frames of the sides' tree, judged together: a change for each node. self: by their own
 * weights, else with all below them. */
void judge_frames(const struct judge *judge, bool self, struct change *changes);

/* Neither noise nor unknown. */
static inline bool change_is_real(const struct change *change)
{
    return change->verdict != CHANGE_NOISE && change->verdict != CHANGE_UNKNOWN;
}

/* after - before, as a part of the whole before. */
double change_effect(const struct judge *judge, const struct change *change);

/* The same of the end of the interval that is nearer to 0, which is what is sure of the change; 0
 * when the interval holds 0. What to rank by. */
double change_sure(const struct judge *judge, const struct change *change);

/* The smallest change, as a part of the whole, that would have been seen four times out of five, if
 * it were judged together with `tests` others. INFINITY when nothing could have been. */
double change_visible(const struct judge *judge, const struct change *change, size_t tests);

/* "slower" */
const char *change_verdict_name(enum change_verdict verdict);

#endif
