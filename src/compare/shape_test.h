/* SPDX-License-Identifier: MIT */
/*
 * shape_test: the part of the variance of a row of numbers that a shape explains, and how often it
 * explains as much of them in a random order.
 *
 * The values are centered and scaled, so that their squares sum to 1. Then the part of the variance
 * that a shape explains is a square of sums:
 *
 *      step at k        S_k^2 n / (k (n - k)), where S_k = v_0 + ... + v_(k-1)
 *      bump from i to j (S_j - S_i)^2 n / (l (n - l)), where l = j - i
 *      line             (sum of (i - (n - 1) / 2) v_i)^2 12 / (n (n^2 - 1))
 *
 * Few runs have few orders: of those of 8 runs, one in 35 separates the four smallest from the four
 * largest. Steps up to 13 runs and bumps up to 16 (at 99 %) are tested as if costs varied
 * normally: the part that a step or bump at a given place explains then has the beta distribution
 * with 1/2 and (n - 2) / 2, and the p is multiplied by the number of places (Bonferroni).
 */
#ifndef FLAMETREE_COMPARE_SHAPE_TEST_H
#define FLAMETREE_COMPARE_SHAPE_TEST_H

#include "core/heap.h"

enum question { ASK_STEP, ASK_BUMP, ASK_LINE, QUESTIONS };

#define SHAPE_SAME 1e-7 /* answers that differ by rounding only */

/* The part of the level that a question has is 1 / share. */
extern const double shape_shares[QUESTIONS];

/* One number for each question: the explained part of the variance, or a p. */
struct answers {
    double at[QUESTIONS];
};

enum { LENGTHS_MOST = 80 };

/* Room for the computations. */
struct asking {
    struct heap *heap;
    double *sums; /* running sums */
    uint32_t *order;
    double *values; /* of a piece */
    double *sorted;
    uint64_t state;                /* of the random numbers */
    size_t least_step, least_bump; /* see asking_aim() */
    bool by_normal[QUESTIONS];     /* too few orders: as if costs varied normally */
    size_t lengths[LENGTHS_MOST];  /* of bumps that are tried; the longer, the fewer */
    size_t length_count;
};

/* For at most `most` runs. */
void asking_init(struct asking *asking, size_t most, struct heap *heap);
void asking_end(struct asking *asking);

/* Set up tests of n runs. Steps and bumps that are so short that their p could never be below level
 * / share are left out, because they would only hide others. If none are left, by_normal is set. */
void asking_aim(struct asking *asking, size_t n, double level, const double share[QUESTIONS]);

/* Limit outliers, center and scale. False: they are all the same. */
bool standardize(struct asking *asking, double *to, const double *values, size_t n);

/* sums: n + 1 running sums of the values; order NULL: as they are. */
void add_up(double *sums, const double *values, const uint32_t *order, size_t n);

/* The best step with at least so many runs on each side, and its place unless at is NULL. *at is
 * unchanged if there is none. */
double ask_step(const double *sums, size_t n, size_t least, size_t *at);

/* The best bump in asking->sums, of any length: runs *from to *to. They are unchanged if there is
 * none. */
double find_bump(const struct asking *asking, size_t n, size_t *from, size_t *to);

/* The answers of a row when its numbers are in random order: the median, and its distance to the
 * 99th percentile. A row that only a few runs have is often explained well by chance; without the
 * scale it would hide the changes of all others. */
struct scale {
    struct answers middle, width;
};

/* Rows that are tested together. */
struct family {
    struct asking *asking;
    size_t runs, count;
    double *values;          /* standardized; of row r at [r * runs] */
    struct scale *scales;    /* by row */
    struct answers *answers; /* by row */
    size_t orders;
    struct answers *largest; /* by order: of all rows */
};

void shape_test_family(struct family *family);

/* The p of each question about a row, corrected over all rows and multiplied by its share. always:
 * every run has some of it; other costs are not normal, and only random orders judge them. */
struct answers shape_test_row(const struct family *family, size_t row, bool always);

/* The p of a step and of a bump in asking->values, each of half of the level. Stops early when
 * neither can be below the level: then both are 1. */
struct answers shape_test_alone(struct asking *asking, size_t n, size_t orders, double level,
                                bool always);

#endif
