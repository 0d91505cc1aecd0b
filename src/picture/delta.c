/*
 * delta: see delta.h.
 */
#include "picture/delta.h"

#include "core/num.h"

static double difference(const struct delta *delta, uint32_t node)
{
    uint64_t before = delta->before[node], after = delta->after[node];
    return after >= before ? (double)(after - before) : -(double)(before - after);
}

void delta_make(struct delta *delta, const struct tree *tree, unsigned column, enum delta_of of,
                const uint64_t *totals, const uint64_t *totals_before)
{
    uint64_t sample = 1;
    *delta = (struct delta){.max = 1};
    if (!tree_has_sides(tree))
        return;
    delta->before = of == DELTA_SELF ? tree->weight[SIDE_BEFORE] : totals_before;
    delta->after = of == DELTA_SELF ? tree->weight[column] : totals;
    if (num_scale10(1, tree->decimals, &sample))
        delta->max = (double)sample;
    /* The root's whole subtree is everything: its change says nothing about a frame. */
    for (uint32_t node = of == DELTA_SELF ? 0 : 1; node < tree->n; node++) {
        double change = difference(delta, node);
        if (change < 0)
            change = -change;
        if (change > delta->max)
            delta->max = change;
    }
}

double delta_change(const struct delta *delta, uint32_t node)
{
    double change = difference(delta, node);
    return delta->negate && change != 0 ? -change : change;
}

rgb delta_color(const struct delta *delta, double change)
{
    double size = change < 0 ? -change : change;
    double left = size > delta->max ? 0 : 210 * (delta->max - size) / delta->max;
    unsigned char other = (unsigned char)left;
    if (change == 0)
        return (rgb){255, 255, 255};
    return change > 0 ? (rgb){255, other, other} : (rgb){other, other, 255};
}
