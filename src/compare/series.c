/* SPDX-License-Identifier: MIT */
/*
 * series: see series.h.
 */
#include "compare/series.h"

#include <math.h>

#include "compare/shape_test.h"

enum { LEAST_ORDERS = 999, MOST_ORDERS = 99999 };

#define GONE_PART 0.25 /* the part of a change that may remain when it went back */

/* ---- one row: cuts ---- */

struct piece {
    size_t from, to;
};

struct cutting {
    struct asking *asking;
    double level;
    size_t orders;
    const double *values; /* as they are */
    bool always;          /* none of them is 0 */
    size_t runs;
    double *cuts;             /* by run: 0, or the p of the cut before it */
    VEC(struct piece) pieces; /* that are still to be tested */
};

static void push_piece(struct cutting *cutting, size_t from, size_t to)
{
    struct piece piece = {from, to};
    if (to - from >= 2 * SERIES_PIECE)
        vec_push(cutting->asking->heap, &cutting->pieces, piece);
}

/* Schwarz's criterion for a fit with `cuts` cuts that explains this part of the variance. Each cut
 * has two parameters, its place and its size. */
static double judge_cuts(double explained, double cuts, size_t n)
{
    double rest = fmax(1 - explained, 1e-12);
    return (double)n * log(rest) + 2 * cuts * log((double)n);
}

/* asking->values has the values of the piece; `p` has the p of its best step and its best bump. */
static void cut_piece(struct cutting *cutting, struct piece piece, struct answers p)
{
    size_t n = piece.to - piece.from, step = 0, from = 0, to = 0;
    struct asking *asking = cutting->asking;
    add_up(asking->sums, asking->values, NULL, n);
    double by_step = ask_step(asking->sums, n, asking->least_step, &step);
    double by_bump = find_bump(asking, n, &from, &to);
    bool is_step = p.at[ASK_STEP] <= cutting->level && step > 0;
    bool is_bump = p.at[ASK_BUMP] <= cutting->level && to > 0;
    if (!is_step && !is_bump)
        return;
    is_step &= !is_bump || judge_cuts(by_step, 1, n) <= judge_cuts(by_bump, 2, n);
    if (is_step)
        from = to = step;
    double by = p.at[is_step ? ASK_STEP : ASK_BUMP];
    cutting->cuts[piece.from + from] = cutting->cuts[piece.from + to] = by;
    push_piece(cutting, piece.from, piece.from + from);
    push_piece(cutting, piece.from + from, piece.from + to);
    push_piece(cutting, piece.from + to, piece.to);
}

/* Pieces are not tested for a line. */
static const double shares_alone[QUESTIONS] = {2, 2, INFINITY};

static void cut_row(struct cutting *cutting, struct answers p)
{
    struct asking *asking = cutting->asking;
    struct piece whole = {0, cutting->runs};
    if (standardize(asking, asking->values, cutting->values, cutting->runs))
        cut_piece(cutting, whole, p);
    while (cutting->pieces.n > 0) {
        struct piece piece = cutting->pieces.at[--cutting->pieces.n];
        size_t n = piece.to - piece.from;
        if (!standardize(asking, asking->values, cutting->values + piece.from, n))
            continue;
        asking_aim(asking, n, cutting->level, shares_alone);
        struct answers answers = shape_test_alone(asking, n, cutting->orders, cutting->level,
                                                  cutting->always);
        cut_piece(cutting, piece, answers);
    }
}

static size_t next_cut(const double *cuts, size_t at, size_t runs)
{
    do
        at++;
    while (at < runs && cuts[at] <= 0);
    return at;
}

/* Place each cut again, where it explains most between its neighbors: the first cuts were made
 * before the others were known. */
static void move_cuts(struct cutting *cutting)
{
    double *cuts = cutting->cuts;
    size_t before = 0, at = next_cut(cuts, 0, cutting->runs);
    while (at < cutting->runs) {
        size_t after = next_cut(cuts, at, cutting->runs), best = 0, n = after - before;
        if (standardize(cutting->asking, cutting->asking->values, cutting->values + before, n)) {
            double p = cuts[at];
            add_up(cutting->asking->sums, cutting->asking->values, NULL, n);
            ask_step(cutting->asking->sums, n, SERIES_PIECE, &best);
            cuts[at] = 0;
            at = best > 0 ? before + best : at;
            cuts[at] = p;
        }
        before = at;
        at = after;
    }
}

/* ---- one row: levels ---- */

/* fit: the mean of each piece. Returns the sum of squares around it. */
static double fit_levels(const double *values, const double *cuts, size_t runs, double *fit)
{
    double squares = 0;
    for (size_t from = 0, to; from < runs; from = to) {
        double mean = 0;
        to = next_cut(cuts, from, runs);
        for (size_t i = from; i < to; i++)
            mean += values[i] / (double)(to - from);
        for (size_t i = from; i < to; i++) {
            fit[i] = mean;
            squares += (values[i] - mean) * (values[i] - mean);
        }
    }
    return squares;
}

/* Remove the smallest step, if it is too small to count. */
static bool drop_cut(double *cuts, const double *fit, size_t runs, double least)
{
    size_t smallest = 0;
    for (size_t i = 1; i < runs; i++)
        if (cuts[i] > 0 &&
            (smallest == 0 || fabs(fit[i] - fit[i - 1]) < fabs(fit[smallest] - fit[smallest - 1])))
            smallest = i;
    if (smallest == 0 || fabs(fit[smallest] - fit[smallest - 1]) >= least)
        return false;
    cuts[smallest] = 0;
    return true;
}

static double fit_line(const double *values, size_t runs, double *fit)
{
    double n = (double)runs, mean = 0, slope = 0, squares = 0;
    for (size_t i = 0; i < runs; i++)
        mean += values[i] / n;
    for (size_t i = 0; i < runs; i++)
        slope += ((double)i - (n - 1) / 2) * values[i] * 12 / (n * (n * n - 1));
    for (size_t i = 0; i < runs; i++) {
        fit[i] = mean + slope * ((double)i - (n - 1) / 2);
        squares += (values[i] - fit[i]) * (values[i] - fit[i]);
    }
    return squares;
}

/* Schwarz's criterion. Parameters: place and size of each step, or the slope of the line. */
static bool line_fits_better(double line, double steps, size_t cuts, size_t runs)
{
    double n = (double)runs, all = line + steps;
    if (cuts == 0 || all <= 0)
        return cuts == 0;
    line = fmax(line, 1e-12 * all);
    steps = fmax(steps, 1e-12 * all);
    return n * log(line / n) + log(n) < n * log(steps / n) + 2 * (double)cuts * log(n);
}

static void add_steps(struct series_row *row, const double *cuts, size_t runs, struct heap *heap)
{
    for (size_t at = next_cut(cuts, 0, runs); at < runs; at = next_cut(cuts, at, runs)) {
        struct series_change change = {
            SERIES_STEP,  at,      next_cut(cuts, at, runs), false, row->fit[at - 1],
            row->fit[at], cuts[at]};
        struct series_change *last = row->changes.n > 0 ? &row->changes.at[row->changes.n - 1]
                                                        : NULL;
        double left = last ? change.after - last->before : 0;
        if (last && !last->gone && last->end == at &&
            fabs(left) <= GONE_PART * fabs(last->after - last->before))
            last->gone = true;
        else
            vec_push(heap, &row->changes, change);
    }
}

static size_t count_cuts(const double *cuts, size_t runs)
{
    size_t n = 0;
    for (size_t at = next_cut(cuts, 0, runs); at < runs; at = next_cut(cuts, at, runs))
        n++;
    return n;
}

/* p: of the questions about the whole row. */
static void find_changes(struct series_row *row, struct cutting *cutting, struct answers p,
                         const struct series_options *options)
{
    size_t runs = cutting->runs;
    struct heap *heap = cutting->asking->heap;
    double *line = heap_alloc(heap, runs, sizeof *line), squares;
    row->fit = heap_alloc(heap, runs, sizeof *row->fit);
    cut_row(cutting, p);
    move_cuts(cutting);
    do
        squares = fit_levels(row->values, cutting->cuts, runs, row->fit);
    while (drop_cut(cutting->cuts, row->fit, runs, options->least));
    double around_line = fit_line(row->values, runs, line);
    size_t cuts = count_cuts(cutting->cuts, runs);
    if (p.at[ASK_LINE] <= cutting->level && fabs(line[runs - 1] - line[0]) >= options->least &&
        line_fits_better(around_line, squares, cuts, runs)) {
        struct series_change creep = {SERIES_CREEP,  0, runs, false, line[0], line[runs - 1],
                                      p.at[ASK_LINE]};
        memcpy(row->fit, line, runs * sizeof *line);
        vec_push(heap, &row->changes, creep);
    } else {
        add_steps(row, cutting->cuts, runs, heap);
    }
    heap_free(heap, line);
}

/* ---- all ---- */

static bool is_in_every_run(const double *values, size_t runs)
{
    for (size_t i = 0; i < runs; i++)
        if (!(values[i] > 0))
            return false;
    return true;
}

static bool varies_enough(const double *values, size_t runs, double least)
{
    double low = values[0], high = values[0];
    for (size_t i = 1; i < runs; i++) {
        low = fmin(low, values[i]);
        high = fmax(high, values[i]);
    }
    return high > low && high - low >= least;
}

static size_t choose_orders(double level)
{
    double orders = ceil(10 / level) - 1;
    return orders < LEAST_ORDERS  ? LEAST_ORDERS
           : orders > MOST_ORDERS ? MOST_ORDERS
                                  : (size_t)orders;
}

static void find_all_changes(const struct family *family, struct series_row *rows, size_t count,
                             const struct series_options *options)
{
    struct heap *heap = family->asking->heap;
    struct cutting cutting = {
        .asking = family->asking,
        .level = 1 - options->confidence + SHAPE_SAME,
        .orders = family->orders,
        .runs = family->runs,
    };
    cutting.cuts = heap_alloc(heap, family->runs, sizeof *cutting.cuts);
    for (size_t r = 0, tested = 0; r < count; r++) {
        if (!rows[r].judged)
            continue;
        cutting.values = rows[r].values;
        cutting.always = is_in_every_run(cutting.values, family->runs);
        asking_aim(cutting.asking, family->runs, cutting.level, shape_shares);
        struct answers p = shape_test_row(family, tested++, cutting.always);
        rows[r].p = fmin(p.at[ASK_STEP], fmin(p.at[ASK_BUMP], p.at[ASK_LINE]));
        if (rows[r].p > cutting.level)
            continue;
        memset(cutting.cuts, 0, family->runs * sizeof *cutting.cuts);
        find_changes(&rows[r], &cutting, p, options);
    }
    heap_free(heap, cutting.cuts);
    vec_free(heap, &cutting.pieces);
}

struct series_result series_judge(struct series_row *rows, size_t count, size_t runs,
                                  const struct series_options *options, struct heap *heap)
{
    double level = 1 - options->confidence;
    struct series_result result = {.permutations = choose_orders(level), .too_few = true};
    struct asking asking;
    struct family family = {.asking = &asking, .runs = runs, .orders = result.permutations};
    if (runs < SERIES_LEAST_RUNS)
        return result;
    asking_init(&asking, runs, heap);
    asking_aim(&asking, runs, level, shape_shares);
    result.too_few = asking.by_normal[ASK_STEP] && runs < 2 * SERIES_PIECE_NORMAL;
    result.normal = !result.too_few && (asking.by_normal[ASK_STEP] || asking.by_normal[ASK_BUMP]);
    family.values = heap_alloc(heap, count * runs, sizeof *family.values);
    for (size_t r = 0; r < count; r++) {
        rows[r].judged = varies_enough(rows[r].values, runs, options->least) &&
                         standardize(&asking, family.values + family.count * runs, rows[r].values,
                                     runs);
        family.count += rows[r].judged;
    }
    family.scales = heap_alloc(heap, family.count, sizeof *family.scales);
    family.answers = heap_alloc(heap, family.count, sizeof *family.answers);
    family.largest = heap_alloc(heap, family.orders, sizeof *family.largest);
    shape_test_family(&family);
    find_all_changes(&family, rows, count, options);
    heap_free(heap, family.values);
    heap_free(heap, family.scales);
    heap_free(heap, family.answers);
    heap_free(heap, family.largest);
    asking_end(&asking);
    result.judged = family.count;
    return result;
}
