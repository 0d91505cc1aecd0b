/* SPDX-License-Identifier: MIT */
/*
 * diff: two trees side by side, scaled, and without the hex numbers in their names.
 */
#include "compare/two_columns.h"
#include "transform/renames.h"

#include <math.h>

#include "dice.h"
#include "heaps.h"
#include "stacks.h"
#include "tap.h"

struct pair {
    struct tree before, after, both;
};

static struct pair start(struct heap *heap)
{
    struct pair p;
    tree_init(&p.before, heap, 1);
    tree_init(&p.after, heap, 2);
    tree_init(&p.both, heap, 3);
    return p;
}

static bool test_plain(struct heap *heap, void *arg)
{
    struct pair p = start(heap);
    struct two_columns_options options = {0};
    (void)arg;
    stacks_add(&p.before, "a;b", 3);
    stacks_add(&p.before, "a", 1);
    stacks_add(&p.after, "a;b", 5);
    stacks_add(&p.after, "c", 7);
    two_columns_make(&p.both, &p.before, &p.after, &options);
    is_folded(&p.both, "a 1 0\na;b 3 5\nc 0 7\n", "every stack of either, 0 where one lacks it");
    p = start(heap);
    stacks_add(&p.after, "c", 7);
    options.normalize = true;
    two_columns_make(&p.both, &p.before, &p.after, &options);
    is_folded(&p.both, "c 0 7\n", "an empty side before");
    p = start(heap);
    stacks_add(&p.before, "c", 7);
    two_columns_make(&p.both, &p.before, &p.after, &options);
    is_folded(&p.both, "c 7 0\n", "and after");
    p = start(heap);
    two_columns_make(&p.both, &p.before, &p.after, &options);
    is_folded(&p.both, "", "and both");
    return true;
}

static bool test_hex(struct heap *heap, void *arg)
{
    struct tree tree;
    struct err err = {0};
    (void)arg;
    tree_init(&tree, heap, 1);
    tree_set_sides(&tree);
    stacks_add_pair(&tree, "f;[m 0x1f];x0x", 1, 0);
    stacks_add_pair(&tree, "f;[m 0xABCdef09g];x0x", 2, 0);
    stacks_add_pair(&tree, "f;[m 0x2e];x0x", 0, 4);
    stacks_add_pair(&tree, "0x;0xg;00x1;0x1;0x10x20x3", 0, 8);
    ok(rename_frames(&tree, RENAME_HEX, false, &err), "hex numbers go");
    is_folded(&tree,
              "0x;0xg;00x...;0x...;0x...x20x... 0 8\n"
              "f;[m 0x...];x0x 1 4\nf;[m 0x...g];x0x 2 0\n",
              "0x and its digits become 0x..., and what is then the same is one");
    return true;
}

/* The before side of `stack` times what it should have been. */
static bool scaled_well(struct heap *heap, uint64_t b1, uint64_t b2, unsigned before_decimals,
                        uint64_t a, unsigned after_decimals)
{
    struct pair p = start(heap);
    struct two_columns_options options = {.normalize = true};
    uint32_t x = stacks_node(&p.before, STR("x")), y = stacks_node(&p.before, STR("y"));
    tree_add(&p.before, x, 0, b1, before_decimals);
    tree_add(&p.before, y, 0, b2, before_decimals);
    tree_add(&p.after, stacks_node(&p.after, STR("x")), 0, a, after_decimals);
    two_columns_make(&p.both, &p.before, &p.after, &options);
    uint32_t at = stacks_node(&p.both, STR("x"));
    double want = (double)a / pow(10, after_decimals) * ((double)b1 / ((double)b1 + (double)b2));
    const uint64_t *before = p.both.weight[SIDE_BEFORE];
    double got = (double)before[at] / pow(10, p.both.decimals);
    double total = got + (double)before[stacks_node(&p.both, STR("y"))] / pow(10, p.both.decimals);
    double all = (double)a / pow(10, after_decimals);
    double unit = 1e-6 + all * 1e-8; /* six decimals, fewer from a total of 1000 on */
    bool good = fabs(got - want) <= unit && fabs(total - all) <= 2 * unit;
    bool after = (double)p.both.weight[SIDE_AFTER][at] / pow(10, p.both.decimals) == all;
    if (!good || !after || p.both.overflow)
        diag("%llu + %llu / 10^%u to %llu / 10^%u: %.9g, not %.9g", (unsigned long long)b1,
             (unsigned long long)b2, before_decimals, (unsigned long long)a, after_decimals, got,
             want);
    return good && after && !p.both.overflow;
}

static bool test_scale(struct heap *heap, void *arg)
{
    unsigned wrong = 0;
    uint64_t state = 31;
    (void)arg;
    for (unsigned b = 0; b <= 4; b++)
        for (unsigned a = 0; a <= 4; a++)
            wrong += !scaled_well(heap, 150001, 70007, b, 340009, a);
    is_u64(wrong, 0, "sides with decimals are scaled");
    for (unsigned i = 0; i < 400; i++)
        wrong += !scaled_well(heap, dice(&state) >> (14 + dice_below(&state, 50)),
                              1 + (dice(&state) >> (14 + dice_below(&state, 50))), 0,
                              1 + (dice(&state) >> (14 + dice_below(&state, 50))), 0);
    is_u64(wrong, 0, "so are small and large ones");
    ok(scaled_well(heap, UINT64_MAX / 3, UINT64_MAX / 3, 0, UINT64_MAX / 2, 0), "and the largest");
    return true;
}

static bool test_lines(struct heap *heap, void *arg)
{
    struct pair p = start(heap);
    struct two_columns_options options = {.normalize = true};
    (void)arg;
    stacks_add(&p.before, "a", 1);
    stacks_add(&p.before, "b", 2);
    stacks_add(&p.after, "a", 4);
    two_columns_make(&p.both, &p.before, &p.after, &options);
    is_folded(&p.both, "a 1.333333 4\nb 2.666667 0\n", "fractions are kept to six decimals");
    p = start(heap);
    stacks_add(&p.before, "a", 1);
    stacks_add(&p.before, "b", 1);
    stacks_add(&p.after, "a", 4);
    two_columns_make(&p.both, &p.before, &p.after, &options);
    is_folded(&p.both, "a 2 4\nb 2 0\n", "whole numbers have none");
    return true;
}

int main(void)
{
    heaps_run(test_plain, NULL);
    heaps_run(test_hex, NULL);
    heaps_run(test_scale, NULL);
    heaps_run(test_lines, NULL);
    return done_testing();
}
