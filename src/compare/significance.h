/* SPDX-License-Identifier: MIT */
/*
 * significance: the change of a weight between two sides, its certainty, and its verdict.
 *
 * A weight is given for each run; the judge brings it to one scale, the mean of each side:
 *
 *      CHANGE_SHARES    share of the run           0.08
 *      CHANGE_WEIGHTS   weight a run               184,000,000
 *      CHANGE_WORK      weight per unit of work    16,200
 *
 * When one share grows, all others fall. So shares after are divided by the median ratio of
 * functions (Anders and Huber 2010; Robinson and Oshlack 2010), which is right if most functions
 * did not change.
 *
 * A difference counts as real when neither of two causes explains it:
 *
 *      counting samples    all runs of a side together: the exact test of Poisson counts
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
#include "compare/stats.h"

enum change_scale { CHANGE_SHARES, CHANGE_WEIGHTS, CHANGE_WORK };

enum change_verdict {
    CHANGE_NOISE,
    CHANGE_SLOWER,
    CHANGE_FASTER,
    CHANGE_NEW,
    CHANGE_VANISHED,
    CHANGE_UNKNOWN, /* the number of samples is not known, and there are no runs to compare */
    CHANGE_MOVED,   /* another function below the same caller fell or rose by as much */
};

struct change {
    double before, after;
    double low, high;      /* of after - before, at the confidence of the judge */
    double p, q;           /* q: among all changes that were judged together; before that, p */
    double error;          /* standard error of the difference if nothing had changed */
    double samples[SIDES]; /* effective number: below the real one if weights differ */
    double dispersion;     /* the weight of its samples, relative to the mean of the run */
    struct run_variance_parts parts;
    enum change_verdict verdict;
};

struct judge {
    const struct run_set *set;
    enum change_scale scale;
    double level; /* 1 - confidence */
    double least; /* smaller changes, as parts of the whole, are noise */
    double ratio; /* CHANGE_SHARES: shares after were divided by it; else 1 */
    /* With one run a side: the median squared difference of functions over the variance of
     * counting. 0: not known */
    double dispersion;
    bool dispersed; /* it is more than chance */
    /* Nothing says that the weights count samples, and there are too few functions to see it. */
    bool assumed;
    /* private */
    double *factor;      /* by run: weight times factor is on the scale */
    double *unit;        /* by run: the weight of a sample; 0: not known */
    double known[SIDES]; /* how many samples a value of 1 on the scale has, all runs together */
    struct run_variance between; /* how runs differ; all 0 with one run a side */
    double z;                    /* of the level */
    bool counted;                /* the number of samples is known */
    double whole;                /* of the side before, or after when that is empty: 100 % */
};

struct judge_options {
    enum change_scale scale;
    double work[SIDES]; /* CHANGE_WORK: units of a side, all runs together; > 0 */
    double confidence;  /* 0.99 */
    double least;       /* 0.01: changes below 1 % of the whole are noise */
};

/* selves, squares: as of run_set_functions(), to estimate how runs of a side differ. `set` outlives
 * the judge. */
void judge_init(struct judge *judge, const struct run_set *set, const struct judge_options *options,
                const double *selves, const double *squares);

/* Judge one weight alone. `weights` is by run. squares: of single samples, by run; NULL: they are
 * not known, or do not differ. */
void judge_one(const struct judge *judge, const double *weights, const double *squares,
               struct change *change);

/* Judge many changes together: set q and the verdicts. A change that is too rare to ever count as
 * real is not a test (Tarone 1990). Returns the number of tests. */
size_t judge_together(const struct judge *judge, struct change *changes, size_t n);

/* Whether a change is too rare to ever count as real. */
bool judge_is_hopeless(const struct judge *judge, const struct change *change);

/* Judge the frames of the tree together: a change for each node. self: by their own weights, else
 * by their totals. */
void judge_frames(const struct judge *judge, bool self, struct change *changes);

/* Whether the runs of a side show how much they differ. */
bool judge_has_runs(const struct judge *judge);

static inline bool judge_has_sides(const struct judge *judge)
{
    return judge->known[SIDE_BEFORE] > 0 && judge->known[SIDE_AFTER] > 0;
}

struct run_variance_scale judge_run_scale(const struct judge *judge);

/* Whether several runs of a side, or the number of samples, show how much is noise. */
bool judge_knows_noise(const struct judge *judge);

/* Neither noise nor unknown. */
static inline bool change_is_real(const struct change *change)
{
    return change->verdict != CHANGE_NOISE && change->verdict != CHANGE_UNKNOWN;
}

/* The interval of after - times * before at a level, one of `tests` that are right together. */
struct stats_interval change_interval(const struct judge *judge, const struct change *change,
                                      double times, double level, double tests);

/* after - before, as a part of the whole before. */
double change_effect(const struct judge *judge, const struct change *change);

/* The same for the end of the interval that is nearer to 0: the part of the change that is certain.
 * 0 when the interval contains 0. Changes are ranked by it. */
double change_sure(const struct judge *judge, const struct change *change);

/* The smallest change, as a part of the whole, that would have been found four times out of five,
 * if it were judged together with `tests` others. INFINITY: none would. */
double change_visible(const struct judge *judge, const struct change *change, double level,
                      double tests);

/* "slower"; of shares "larger share" */
const char *change_verdict_name(enum change_scale scale, enum change_verdict verdict);

/* The ratio of the shares after to those before of most functions. */
struct common_ratio {
    double ratio, variance; /* variance: of its logarithm */
    double spread;    /* the variance of the ratios over that which was expected; at least 1 */
    size_t functions; /* that have weight on both sides */
};

/* The weighted median of the ratios of functions; the weight of each is the inverse of its standard
 * error, which gives the median the least variance. 1 when there are fewer than `least`
 * functions. */
struct common_ratio judge_common_ratio(const struct judge *judge, const double *selves,
                                       const double *squares, size_t least);

#endif
