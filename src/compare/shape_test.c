/* SPDX-License-Identifier: MIT */
/*
 * shape_test: see shape_test.h.
 */
#include "compare/shape_test.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "compare/series.h"
#include "compare/stats.h"

#define SEED UINT64_C(0x5e71e5) /* any number: the same series gives the same result */

enum { SCALE_ORDERS = 499 };
#define LEAST_WIDTH 0.05
#define OUTLIER     12 /* in MAD: 8 standard deviations of a normal distribution */

const double shape_shares[QUESTIONS] = {2, 4, 4};

/* ---- questions ---- */

void asking_init(struct asking *asking, size_t most, struct heap *heap)
{
    *asking = (struct asking){.heap = heap, .state = SEED};
    asking->sums = heap_alloc(heap, most + 1, sizeof *asking->sums);
    asking->order = heap_alloc(heap, most, sizeof *asking->order);
    asking->values = heap_alloc(heap, most, sizeof *asking->values);
    asking->sorted = heap_alloc(heap, most, sizeof *asking->sorted);
}

/* The part of all orders of n runs in which `length` given runs are together at one of `places`. */
static double chance_together(size_t n, size_t length, double places)
{
    for (size_t i = 0; i < length; i++)
        places *= (double)(i + 1) / (double)(n - i);
    return places;
}

/* The places of a bump of this length, with at least `margin` runs on each side. */
static double count_places(size_t n, size_t length, size_t margin)
{
    return n >= length + 2 * margin ? (double)(n - length - 2 * margin + 1) : 0;
}

/* The places that normal_p() corrects for. */
static double count_all_places(const struct asking *asking, enum question question, size_t n)
{
    double places = 0;
    if (question == ASK_STEP)
        return count_places(n, 0, asking->least_step);
    for (size_t length = asking->least_bump; length < n; length++)
        places += count_places(n, length, SERIES_PIECE);
    return places;
}

/* The p of what a step or bump explains if the costs vary normally; above 0. */
static double normal_p(const struct asking *asking, enum question question, double part, size_t n)
{
    double df = (double)n - 2, places = count_all_places(asking, question, n);
    double tail = stats_beta(1 - fmin(part, 1), df / 2, 0.5);
    return places > 0 ? fmin(1, fmax(places * tail, DBL_MIN)) : 1;
}

/* The length of the shortest step or bump whose p in random orders can reach the level. *by_normal
 * is set if none of up to three tenths of the runs can: then it is tested by normal_p(). */
static size_t find_least_length(size_t n, double level, enum question question, double share,
                                bool *by_normal)
{
    *by_normal = false;
    for (size_t length = SERIES_PIECE; length <= 3 * n / 10; length++) {
        double places = question == ASK_STEP ? 2 : count_places(n, length, SERIES_PIECE);
        if (places > 0 && share * chance_together(n, length, places) <= level)
            return length;
    }
    *by_normal = true;
    return n / 3 > SERIES_PIECE_NORMAL ? n / 3 : SERIES_PIECE_NORMAL;
}

void asking_aim(struct asking *asking, size_t n, double level, const double share[QUESTIONS])
{
    bool *by_normal = asking->by_normal;
    asking->least_step = find_least_length(n, level, ASK_STEP, share[ASK_STEP],
                                           &by_normal[ASK_STEP]);
    asking->least_bump = find_least_length(n, level, ASK_BUMP, share[ASK_BUMP],
                                           &by_normal[ASK_BUMP]);
    asking->length_count = 0;
    for (size_t length = asking->least_bump; length < n && asking->length_count < LENGTHS_MOST;
         length += length / 6 + 1)
        asking->lengths[asking->length_count++] = length;
}

void asking_end(struct asking *asking)
{
    heap_free(asking->heap, asking->sums);
    heap_free(asking->heap, asking->order);
    heap_free(asking->heap, asking->values);
    heap_free(asking->heap, asking->sorted);
}

/* splitmix64 (Steele, Lea and Flood 2014) */
static uint64_t draw_permutation(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A random order of 0..n-1 (Fisher and Yates). */
static void shuffle(struct asking *asking, size_t n)
{
    uint32_t *order = asking->order;
    for (size_t i = 0; i < n; i++)
        order[i] = (uint32_t)i;
    for (size_t i = n - 1; i > 0; i--) {
        size_t k = (size_t)((draw_permutation(&asking->state) >> 32) * (i + 1) >> 32);
        uint32_t keep = order[i];
        order[i] = order[k];
        order[k] = keep;
    }
}

/* order NULL: as they are. */
void add_up(double *sums, const double *values, const uint32_t *order, size_t n)
{
    sums[0] = 0;
    for (size_t i = 0; i < n; i++)
        sums[i + 1] = sums[i] + values[order ? order[i] : i];
}

static double explained_part_of(double sum, size_t length, size_t n)
{
    return sum * sum * (double)n / ((double)length * (double)(n - length));
}

double ask_step(const double *sums, size_t n, size_t least, size_t *at)
{
    double most = 0;
    for (size_t k = least; k + least <= n; k++) {
        double part = explained_part_of(sums[k], k, n);
        if (part > most && at)
            *at = k;
        most = fmax(most, part);
    }
    return most;
}

static double ask_bump(const struct asking *asking, size_t n)
{
    double most = 0;
    for (size_t l = 0; l < asking->length_count; l++) {
        size_t length = asking->lengths[l];
        double highest = 0;
        for (size_t i = SERIES_PIECE; i + length + SERIES_PIECE <= n; i++)
            highest = fmax(highest, fabs(asking->sums[i + length] - asking->sums[i]));
        if (highest > 0)
            most = fmax(most, explained_part_of(highest, length, n));
    }
    return most;
}

/* Of all bumps, whatever their lengths. */
double find_bump(const struct asking *asking, size_t n, size_t *from, size_t *to)
{
    double most = 0;
    for (size_t i = SERIES_PIECE; i + asking->least_bump + SERIES_PIECE <= n; i++)
        for (size_t j = i + asking->least_bump; j + SERIES_PIECE <= n; j++) {
            double part = explained_part_of(asking->sums[j] - asking->sums[i], j - i, n);
            if (part <= most)
                continue;
            most = part;
            *from = i;
            *to = j;
        }
    return most;
}

/* The sum of all running sums is that of (n - i) v_i, and the sum of v_i is 0. */
static double ask_line(const double *sums, size_t n)
{
    double slope = 0, size = (double)n;
    for (size_t i = 0; i <= n; i++)
        slope += sums[i];
    return slope * slope * 12 / (size * (size * size - 1));
}

static struct answers ask_questions(struct asking *asking, const double *values,
                                    const uint32_t *order, size_t n)
{
    add_up(asking->sums, values, order, n);
    return (struct answers){{[ASK_STEP] = ask_step(asking->sums, n, asking->least_step, NULL),
                             [ASK_BUMP] = ask_bump(asking, n),
                             [ASK_LINE] = ask_line(asking->sums, n)}};
}

static int compare_shape_values(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double find_median(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_shape_values);
    return (values[(n - 1) / 2] + values[n / 2]) / 2;
}

/* Limit outliers. Median and MAD do not depend on them. If most values are the same, there are no
 * outliers. */
static void limit_outliers(struct asking *asking, double *values, size_t n)
{
    double *sorted = asking->sorted;
    memcpy(sorted, values, n * sizeof *values);
    double median = find_median(sorted, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = fabs(values[i] - median);
    double most = OUTLIER * find_median(sorted, n);
    for (size_t i = 0; i < n && most > 0; i++)
        values[i] = fmin(fmax(values[i], median - most), median + most);
}

bool standardize(struct asking *asking, double *to, const double *values, size_t n)
{
    double mean = 0, squares = 0;
    memcpy(to, values, n * sizeof *values);
    limit_outliers(asking, to, n);
    for (size_t i = 0; i < n; i++)
        mean += to[i] / (double)n;
    for (size_t i = 0; i < n; i++) {
        to[i] -= mean;
        squares += to[i] * to[i];
    }
    if (!(squares > 1e-20 * mean * mean))
        return false;
    for (size_t i = 0; i < n; i++)
        to[i] /= sqrt(squares);
    return true;
}

/* ---- all rows together ---- */

/* The answers of a row in random orders. They depend on the values, but not on the order in which
 * they came. All rows get the same orders, so that equal rows have equal answers. */
static struct scale measure_scale(struct asking *asking, const double *values, size_t n)
{
    double seen[QUESTIONS][SCALE_ORDERS];
    struct scale scale;
    asking->state = SEED;
    for (size_t o = 0; o < SCALE_ORDERS; o++) {
        shuffle(asking, n);
        struct answers answers = ask_questions(asking, values, asking->order, n);
        for (unsigned q = 0; q < QUESTIONS; q++)
            seen[q][o] = answers.at[q];
    }
    for (unsigned q = 0; q < QUESTIONS; q++) {
        qsort(seen[q], SCALE_ORDERS, sizeof seen[q][0], compare_shape_values);
        double middle = seen[q][SCALE_ORDERS / 2], high = seen[q][SCALE_ORDERS * 99 / 100];
        scale.middle.at[q] = middle;
        scale.width.at[q] = fmax(high - middle, LEAST_WIDTH);
    }
    return scale;
}

static struct answers ask_scaled(const struct family *family, size_t row, const uint32_t *order)
{
    const struct scale *scale = &family->scales[row];
    struct answers answers = ask_questions(family->asking, family->values + row * family->runs,
                                           order, family->runs);
    for (unsigned q = 0; q < QUESTIONS; q++)
        answers.at[q] = (answers.at[q] - scale->middle.at[q]) / scale->width.at[q];
    return answers;
}

void shape_test_family(struct family *family)
{
    struct asking *asking = family->asking;
    for (size_t r = 0; r < family->count; r++) {
        family->scales[r] = measure_scale(asking, family->values + r * family->runs, family->runs);
        family->answers[r] = ask_scaled(family, r, NULL);
    }
    for (size_t o = 0; o < family->orders; o++) {
        struct answers *largest = &family->largest[o];
        *largest = (struct answers){{-INFINITY, -INFINITY, -INFINITY}};
        shuffle(asking, family->runs);
        for (size_t r = 0; r < family->count; r++) {
            struct answers answers = ask_scaled(family, r, asking->order);
            for (unsigned q = 0; q < QUESTIONS; q++)
                largest->at[q] = fmax(largest->at[q], answers.at[q]);
        }
    }
}

static double order_p(const struct family *family, size_t row, enum question q)
{
    size_t as_large = 1;
    for (size_t o = 0; o < family->orders; o++)
        as_large += family->largest[o].at[q] >= family->answers[row].at[q] - SHAPE_SAME;
    return (double)as_large / (double)(family->orders + 1);
}

struct answers shape_test_row(const struct family *family, size_t row, bool always)
{
    struct asking *asking = family->asking;
    size_t n = family->runs;
    struct answers p, parts = ask_questions(asking, family->values + row * n, NULL, n);
    for (enum question q = 0; q < QUESTIONS; q++) {
        bool by_normal = always && asking->by_normal[q];
        double one = by_normal ? normal_p(asking, q, parts.at[q], n) * (double)family->count
                               : order_p(family, row, q);
        p.at[q] = fmin(1, shape_shares[q] * one);
    }
    return p;
}

/* ---- one piece ---- */

struct answers shape_test_alone(struct asking *asking, size_t n, size_t orders, double level,
                                bool always)
{
    struct answers seen = ask_questions(asking, asking->values, NULL, n), p = {{1, 1, 1}};
    size_t as_large[2] = {1, 1}, o = 0;
    double most = level * (double)(orders + 1) / 2;
    bool can_be_below = true;
    asking->state = SEED;
    for (; o < orders && can_be_below; o++) {
        shuffle(asking, n);
        add_up(asking->sums, asking->values, asking->order, n);
        as_large[ASK_STEP] += ask_step(asking->sums, n, asking->least_step, NULL) >=
                              seen.at[ASK_STEP] - SHAPE_SAME;
        as_large[ASK_BUMP] += ask_bump(asking, n) >= seen.at[ASK_BUMP] - SHAPE_SAME;
        can_be_below = (double)as_large[ASK_STEP] <= most || (double)as_large[ASK_BUMP] <= most;
    }
    for (enum question q = ASK_STEP; q <= ASK_BUMP; q++)
        if (always && asking->by_normal[q])
            p.at[q] = fmin(1, 2 * normal_p(asking, q, seen.at[q], n));
        else if (o == orders)
            p.at[q] = 2 * (double)as_large[q] / (double)(orders + 1);
    return p;
}
