/*
 * significance: how a weight changed between two sides, how certain that is, and its verdict.
 *
 * A weight is given for each run; the judge brings it to one scale, the mean of each side:
 *
 *      CHANGE_SHARES    share of the run           0.08
 *      CHANGE_WEIGHTS   weight a run               184,000,000
 *      CHANGE_WORK      weight per unit of work    16,200
 *
 * A difference counts as real when neither of two causes explains it:
 *
 *      counting samples    all runs of a side together: Fisher's test of shares, else the exact
 * test
 *                          of Poisson counts
 *      different runs      with several runs: Welch's t, whose variances are at least those of
 *                          counting and of the usual difference between runs (run_variance.h)
 *
 * The larger p of the two counts. The method of Benjamini and Hochberg corrects for many tests.
 * With one run a side, nothing is known about how runs differ, and only the first cause is tested.
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
    double low, high; /* of after - before, at the confidence of the judge */
    double p, q;      /* q: among all changes that were judged together; before that, p */
    double error;     /* standard error of the difference if nothing had changed */
    double samples[SIDES];
    enum change_verdict verdict;
};

struct judge {
    const struct run_set *set;
    enum change_scale scale;
    double level; /* 1 - confidence */
    double least; /* smaller changes, as parts of the whole, are noise */
    /* private */
    double *factor;      /* by run: weight times factor is on the scale */
    double known[SIDES]; /* how many samples a value of 1 on the scale has, all runs together */
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

/* selves: as of run_set_function_selves(), to learn how runs of a side differ. `set` outlives the
 * judge. */
void judge_init(struct judge *judge, const struct run_set *set, const struct judge_options *options,
                const double *selves);

/* Judge one weight alone. `weights` is by run. */
void judge_one(const struct judge *judge, const double *weights, struct change *change);

/* Set the verdict from q and the size of the change. */
void judge_call(const struct judge *judge, struct change *change);

/* Judge many changes together: set q and the verdicts. A change that is too rare to ever count as
 * real is not a test (Tarone 1990). Returns the number of tests. */
size_t judge_together(const struct judge *judge, struct change *changes, size_t n);

/* Judge the frames of the tree together: a change for each node. self: by their own weights, else
 * by their totals. */
void judge_frames(const struct judge *judge, bool self, struct change *changes);

/* Neither noise nor unknown. */
static inline bool change_is_real(const struct change *change)
{
    return change->verdict != CHANGE_NOISE && change->verdict != CHANGE_UNKNOWN;
}

/* after - before, as a part of the whole before. */
double change_effect(const struct judge *judge, const struct change *change);

/* The same for the end of the interval that is nearer to 0: the part of the change that is certain.
 * 0 when the interval contains 0. Changes are ranked by it. */
double change_sure(const struct judge *judge, const struct change *change);

/* The smallest change, as a part of the whole, that would have been found four times out of five,
 * if it were judged together with `tests` others. INFINITY: none would. */
double change_visible(const struct judge *judge, const struct change *change, size_t tests);

/* "slower" */
const char *change_verdict_name(enum change_verdict verdict);

#endif
