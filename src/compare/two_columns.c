/*
 * two_columns: see two_columns.h. Weights are scaled in whole numbers.
 */
#include "compare/two_columns.h"

#include "core/num.h"
#include "profile/tree_map.h"

enum { SCALED_DECIMALS = 6 };
#define SCALED_MOST UINT64_C(1000000000) /* larger totals need no decimals */

/* Of a differential, add the side after. */
static void add_side(struct tree *into, enum side side, const struct tree *from,
                     struct tree_scale scale)
{
    unsigned columns[SIDES] = {tree_has_sides(from) ? TREE_NONE : side, side};
    struct tree_mapping mapping = {.columns = columns, .scale = scale};
    tree_map(into, from, &mapping);
}

/* Scale the total before to the total after. Decimals are added while the result is small enough to
 * need them. */
static struct tree_scale make_scale(uint64_t before, uint64_t after, unsigned after_decimals)
{
    struct tree_scale scale = {after, before, after_decimals};
    uint64_t finer;
    while (scale.decimals < SCALED_DECIMALS && num_scale10(scale.up, 1, &finer) &&
           finer <= SCALED_MOST) {
        scale.up = finer;
        scale.decimals++;
    }
    return scale;
}

/* The same for a factor. */
static struct tree_scale make_factor(uint64_t before, unsigned decimals,
                                     const struct two_columns_options *options)
{
    struct tree_scale scale = {options->up, options->down, decimals};
    double total = (double)before * (double)scale.up / (double)scale.down;
    uint64_t finer;
    while (scale.decimals < SCALED_DECIMALS && num_scale10(scale.up, 1, &finer) &&
           (total *= 10) <= (double)SCALED_MOST) {
        scale.up = finer;
        scale.decimals++;
    }
    return scale;
}

/* With an empty side there is nothing to scale to. */
static struct tree_scale choose_scale(const struct tree *before, const struct tree *after,
                                      const struct two_columns_options *options)
{
    uint64_t total_before = tree_sum(before, tree_after(before));
    if (!options->normalize)
        return make_factor(total_before, before->decimals, options);
    uint64_t total_after = tree_sum(after, tree_after(after));
    if (total_before == 0 || total_after == 0)
        return (struct tree_scale){0};
    return make_scale(total_before, total_after, after->decimals);
}

void two_columns_make(struct tree *into, const struct tree *before, const struct tree *after,
                      const struct two_columns_options *options)
{
    struct tree_scale scale = {0};
    if (options->normalize || options->up != options->down)
        scale = choose_scale(before, after, options);
    tree_set_sides(into);
    add_side(into, SIDE_BEFORE, before, scale);
    add_side(into, SIDE_AFTER, after, (struct tree_scale){0});
}
