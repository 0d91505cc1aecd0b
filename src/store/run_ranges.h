/* SPDX-License-Identifier: MIT */
/*
 * run_ranges: choose the runs of a comparison of two ranges.
 *
 *      several hosts on both sides    a run for each host
 *      else                           a run for each block of time
 *
 * Neighboring windows are alike, so they are no runs. A block is several times as long as the time
 * over which load depends on what it was before; flamediff estimates how blocks differ. Both sides
 * have the same number of blocks.
 */
#ifndef FLAMETREE_STORE_RUN_RANGES_H
#define FLAMETREE_STORE_RUN_RANGES_H

#include "store/store.h"

struct run_range {
    int64_t from, until;
    struct store_label label; /* key.n == 0: none */
};

struct run_ranges {
    VEC(struct run_range) sides[SIDES]; /* at least one, unless the side has no window */
    bool blocks;
    bool vague; /* one block a side, of several windows: nothing shows how much it could differ */
    double correlation; /* of blocks: how many points of a timeline depend on each other */
};

/* `sides` are the questions about the ranges before and after, which differ in their times. `key`
 * is the label whose values are runs; n == 0: host, or source if no window has a host. False with
 * *err set if the store cannot be read. */
bool run_ranges_find(struct store *store, const struct store_query *sides, str key,
                     struct heap *heap, struct run_ranges *ranges, struct err *err);

/* The question about one run of a side. */
struct store_query run_range_query(const struct store_query *side, const struct run_range *range,
                                   struct heap *heap);

/* Each window or group of windows of a side is a point, with a weight for each function. */
struct run_points {
    size_t n, functions;
    const double *weights; /* [function * n + point] */
};

/* How many neighboring points depend on each other; 1: none. It sees the sum of all functions, and
 * the 16 heaviest together. */
double run_points_correlation(const struct run_points sides[SIDES], struct heap *heap);

/* The number of blocks of each side, 1 to 8. */
size_t run_points_blocks(const struct run_points sides[SIDES], double correlation);

#endif
