/* SPDX-License-Identifier: MIT */
/*
 * two_columns: see two_columns.h. Weights are scaled in whole numbers.
 */
#include "compare/two_columns.h"

#include "core/num.h"
#include "profile/tree_map.h"

enum { SCALED_DECIMALS = 6 };
#define SCALED_MOST 1e9 /* larger totals need no decimals */

/* Add the weights of `from` to a side. If `from` has two sides itself, its side after is added. */
static void add_to_side(struct tree *into, enum side side, const struct tree *from,
                        struct tree_scale scale)
{
    unsigned columns[SIDES] = {tree_has_sides(from) ? TREE_NONE : side, side};
    struct tree_mapping mapping = {.columns = columns, .scale = scale};
    tree_map(into, from, &mapping);
}

/* Decimals are added while the scaled total is small enough to need them. */
static struct tree_scale choose_side_scale(const struct tree *before, const struct tree *after,
                                           const struct two_columns_options *options)
{
    struct tree_scale scale = {options->up, options->down, before->decimals};
    uint64_t sum = tree_sum(before, tree_after(before)), finer;
    if (options->normalize) {
        scale = (struct tree_scale){tree_sum(after, tree_after(after)), sum, after->decimals};
        if (scale.up == 0 || scale.down == 0) /* nothing to scale to */
            return (struct tree_scale){0};
    }
    double total = (double)scale.up * ((double)sum / (double)scale.down);
    while (scale.decimals < SCALED_DECIMALS && num_scale10(scale.up, 1, &finer) &&
           (total *= 10) <= SCALED_MOST) {
        scale.up = finer;
        scale.decimals++;
    }
    return scale;
}

void two_columns_make(struct tree *into, const struct tree *before, const struct tree *after,
                      const struct two_columns_options *options)
{
    struct tree_scale scale = {0};
    if (options->normalize || options->up != options->down)
        scale = choose_side_scale(before, after, options);
    tree_set_sides(into);
    add_to_side(into, SIDE_BEFORE, before, scale);
    add_to_side(into, SIDE_AFTER, after, (struct tree_scale){0});
}
