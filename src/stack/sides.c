/*
 * sides: see sides.h.
 */
#include "stack/sides.h"

#include <math.h>
#include <stdlib.h>

#include "stack/order.h"

/* Common divisors that are believed: no count of samples has one so large by chance, and where
 * there are many stacks the rarest have one sample or a few. */
enum { LARGE_DIVISOR = 100000, MANY_STACKS = 20, FEW_SAMPLES = 3 };
/* A smaller total is taken for samples; a larger one that no rare stack is seen in is not. */
enum { LARGE_TOTAL = 1000000, RARE_STACK = 100 };

void sides_init(struct sides *sides, struct heap *heap, uint64_t seed)
{
    *sides = (struct sides){.heap = heap};
    tree_init(&sides->tree, heap, seed);
    tree_set_two_sided(&sides->tree);
}

/* A gap of a tree in input order is its parent again. */
static uint32_t *map_nodes(struct tree *into, const struct tree *from)
{
    struct heap *heap = into->heap;
    uint32_t *to = heap_alloc(heap, from->n, sizeof *to);
    uint32_t *names = heap_alloc(heap, frames_count(&from->frames), sizeof *names);
    uint32_t *sorted = order_sort_names(&from->frames.texts, heap);
    for (uint32_t i = 0; i < frames_count(&from->frames); i++)
        names[sorted[i]] = frames_add_copy(&into->frames, &from->frames, sorted[i],
                                           frames_text(&from->frames, sorted[i]));
    heap_free(heap, sorted);
    to[TREE_ROOT] = TREE_ROOT;
    for (uint32_t i = 1; i < from->n; i++) {
        uint32_t parent = to[from->parent[i]];
        to[i] = from->frame[i] == TREE_GAP ? parent
                                           : tree_child(into, parent, names[from->frame[i]]);
    }
    heap_free(heap, names);
    return to;
}

void sides_add(struct sides *sides, enum side side, const struct tree *tree, double unit)
{
    struct run run = {.side = side, .unit = unit, .decimals = tree->decimals, .from = tree};
    struct tree *into = &sides->tree;
    run.to = map_nodes(into, tree);
    for (uint32_t i = 0; i < tree->n; i++) {
        if (tree->self[i] == 0)
            continue;
        if (side == SIDE_BEFORE)
            tree_add_before(into, run.to[i], tree->self[i], tree->decimals);
        else
            tree_add(into, run.to[i], tree->self[i], tree->decimals);
    }
    into->overflow |= tree->overflow;
    vec_push(sides->heap, &sides->runs, run);
    sides->count[side]++;
}

static void finish_run(struct run *run, const struct tree *tree)
{
    const struct tree *from = run->from;
    run->self = heap_zero(tree->heap, tree->n, sizeof *run->self);
    run->whole = heap_alloc(tree->heap, tree->n, sizeof *run->whole);
    for (uint32_t i = 0; i < from->n; i++)
        num_add_most(&run->self[run->to[i]], from->self[i]);
    memcpy(run->whole, run->self, tree->n * sizeof *run->whole);
    for (uint32_t i = tree->n; i-- > 1;)
        num_add_most(&run->whole[tree->parent[i]], run->whole[i]);
    run->total = run_weight(run, run->whole[TREE_ROOT]);
    heap_free(tree->heap, run->to);
    run->to = NULL;
}

/* One walk along the stacks, with how often each name is on the stack. */
static void find_outermost(struct sides *sides)
{
    const struct tree *tree = &sides->tree;
    struct order order;
    uint32_t *on_stack = heap_zero(sides->heap, frames_count(&tree->frames), sizeof *on_stack);
    sides->outermost = heap_zero(sides->heap, tree->n, sizeof *sides->outermost);
    order_make(&order, tree, ORDER_INPUT, NULL);
    on_stack[tree->frame[TREE_ROOT]]--; /* a frame without name is not the root once more */
    for (uint32_t node = TREE_ROOT; node != TREE_NONE;) {
        sides->outermost[node] = on_stack[tree->frame[node]]++ == 0;
        if (order.first[node] != TREE_NONE) {
            node = order.first[node];
            continue;
        }
        while (node != TREE_ROOT && order.next[node] == TREE_NONE) {
            on_stack[tree->frame[node]]--;
            node = tree->parent[node];
        }
        on_stack[tree->frame[node]]--;
        node = node == TREE_ROOT ? TREE_NONE : order.next[node];
    }
    order_end(&order, sides->heap);
    heap_free(sides->heap, on_stack);
}

/* A run without weight has no samples to learn their weight from; those of another do as well. */
static void lend_unit(struct sides *sides)
{
    double unit = 0;
    for (size_t r = 0; r < sides->runs.n; r++)
        if (sides->runs.at[r].total > 0)
            unit = sides->runs.at[r].unit;
    for (size_t r = 0; r < sides->runs.n; r++)
        if (sides->runs.at[r].total <= 0)
            sides->runs.at[r].unit = unit;
}

void sides_finish(struct sides *sides)
{
    for (size_t r = 0; r < sides->runs.n; r++)
        finish_run(&sides->runs.at[r], &sides->tree);
    lend_unit(sides);
    find_outermost(sides);
}

static int compare_weights(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* `weights` are those of n stacks, sorted, and `total` is their sum. */
static double judge_unit(const uint64_t *weights, uint32_t n, uint64_t divisor, unsigned decimals,
                         uint64_t total)
{
    double unit = num_of_units(divisor, decimals);
    uint64_t rare = weights[n / 10] / divisor;
    if (unit >= LARGE_DIVISOR || (n >= MANY_STACKS && rare <= FEW_SAMPLES))
        return unit;
    if (num_of_units(total, decimals) < LARGE_TOTAL)
        return 1;
    return rare <= RARE_STACK ? unit : 0;
}

static double unit_of_stacks(const struct tree *tree)
{
    uint64_t *weights = heap_alloc(tree->heap, tree->n, sizeof *weights);
    uint64_t divisor = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < tree->n; i++)
        if (tree->self[i] != 0) {
            weights[n++] = tree->self[i];
            divisor = num_common_divisor(divisor, tree->self[i]);
        }
    qsort(weights, n, sizeof *weights, compare_weights);
    double unit = 0;
    if (n > 0)
        unit = judge_unit(weights, n, divisor, tree->decimals, tree_sum(tree, tree->self));
    heap_free(tree->heap, weights);
    return unit;
}

double sides_unit(const struct profile *profile)
{
    const struct tree *tree = &profile->tree;
    double total = num_of_units(tree_sum(tree, tree->self), tree->decimals);
    if (profile->squares == 0)
        return unit_of_stacks(tree);
    return total > 0 ? (double)profile->squares / total : 0;
}

/* Own weights of all nodes of a function, or the weights with all below of its outermost ones. */
static double *sum_functions(const struct sides *sides, bool outermost)
{
    const struct tree *tree = &sides->tree;
    uint32_t names = frames_count(&tree->frames);
    size_t runs = sides->runs.n;
    double *rows = heap_alloc(sides->heap, names * runs, sizeof *rows);
    uint64_t *sums = heap_alloc(sides->heap, names, sizeof *sums);
    for (size_t r = 0; r < runs; r++) {
        const struct run *run = &sides->runs.at[r];
        memset(sums, 0, names * sizeof *sums);
        for (uint32_t i = 1; i < tree->n; i++)
            if (!outermost)
                num_add_most(&sums[tree->frame[i]], run->self[i]);
            else if (sides->outermost[i])
                num_add_most(&sums[tree->frame[i]], run->whole[i]);
        for (uint32_t i = 0; i < names; i++)
            rows[i * runs + r] = run_weight(run, sums[i]);
    }
    heap_free(sides->heap, sums);
    return rows;
}

double *sides_function_totals(const struct sides *sides)
{
    return sum_functions(sides, true);
}

double *sides_function_selves(const struct sides *sides)
{
    return sum_functions(sides, false);
}

void sides_end(struct sides *sides)
{
    for (size_t r = 0; r < sides->runs.n; r++) {
        heap_free(sides->heap, sides->runs.at[r].self);
        heap_free(sides->heap, sides->runs.at[r].whole);
        heap_free(sides->heap, sides->runs.at[r].to);
    }
    vec_free(sides->heap, &sides->runs);
    heap_free(sides->heap, sides->outermost);
    tree_end(&sides->tree);
}
