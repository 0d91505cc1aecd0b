/* SPDX-License-Identifier: MIT */
/*
 * rows: a flame graph in columns. Over random trees and widths, every rule of rows.h holds.
 */
#include <math.h>

#include "dice.h"
#include "heaps.h"
#include "picture/rows.h"
#include "stacks.h"
#include "tap.h"

enum { TREES = 300, DEEPEST = 12 };

/* Weights from 1 to about 2^60, so that many frames are narrower than a column. */
static void plant(struct tree *tree, struct heap *heap, uint64_t *seed)
{
    char stack[4 * DEEPEST];
    tree_init(tree, heap, 1);
    for (size_t n = 1 + dice_below(seed, 60); n-- > 0;) {
        size_t depth = 1 + dice_below(seed, DEEPEST), at = 0;
        for (size_t i = 0; i < depth; i++) {
            stack[at++] = (char)('a' + dice_below(seed, 4));
            stack[at++] = i + 1 < depth ? ';' : '\0';
        }
        stacks_add(tree, stack, 1 + (dice(seed) >> (6 + dice_below(seed, 58))));
    }
}

/* The running sum of weights to the left of each node. */
static uint64_t *find_starts(const struct tree *tree, const struct sibling_order *order,
                             const uint64_t *totals)
{
    uint64_t *starts = heap_zero(tree->heap, tree->n, sizeof *starts);
    for (uint32_t node = TREE_ROOT; node != TREE_NONE;
         node = sibling_order_next(order, tree, node)) {
        uint64_t at = starts[node] + tree->weight[0][node];
        for (uint32_t child = order->first[node]; child != TREE_NONE; child = order->next[child]) {
            starts[child] = at;
            at += totals[child];
        }
    }
    return starts;
}

static const struct row_box no_box = {.node = TREE_NONE};

/* The box of a row that covers the column, or no_box. */
static const struct row_box *box_at(const struct rows *rows, uint32_t row, uint32_t column)
{
    if (row >= rows->n)
        return &no_box;
    for (size_t i = rows->first.at[row]; i < rows->first.at[row + 1]; i++) {
        const struct row_box *box = &rows->boxes.at[i];
        if (box->start <= column && column < box->end)
            return box;
    }
    return &no_box;
}

static bool box_is_right(const struct rows *rows, const struct tree *tree, const uint64_t *totals,
                         const uint64_t *starts, size_t i, uint32_t width)
{
    const struct row_box *box = &rows->boxes.at[i];
    double scale = width / (double)totals[TREE_ROOT];
    double ideal = (double)totals[box->node] * scale, left = (double)starts[box->node] * scale;
    double shown = box->end - box->start;
    bool right = box->start < box->end && box->end <= width && fabs(shown - ideal) < 1 + 1e-9 &&
                 fabs(box->start - left) < 1 + 1e-9;
    if (box->row == 0)
        return right && box->start == 0 && box->end == width;
    const struct row_box *below = box_at(rows, box->row - 1, box->start);
    return right && below->node == tree->parent[box->node] && box->end <= below->end;
}

/* Equal offsets are equal columns, wherever they are. */
static bool edges_agree(const struct rows *rows, const uint64_t *totals, const uint64_t *starts)
{
    for (size_t i = 0; i < rows->boxes.n; i++)
        for (size_t k = 0; k < i; k++) {
            const struct row_box *a = &rows->boxes.at[i], *b = &rows->boxes.at[k];
            uint64_t a_end = starts[a->node] + totals[a->node];
            uint64_t b_end = starts[b->node] + totals[b->node];
            if ((starts[a->node] == starts[b->node] && a->start != b->start) ||
                (a_end == b_end && a->end != b->end) ||
                (a_end == starts[b->node] && a->end != b->start))
                return false;
        }
    return true;
}

/* What has no box has less than a column, and boxes of a row are in order. */
static bool rows_are_complete(const struct rows *rows, const struct tree *tree,
                              const uint64_t *totals, uint32_t width)
{
    bool *shown = heap_zero(tree->heap, tree->n, sizeof *shown);
    bool complete = rows->first.at[rows->n] == rows->boxes.n;
    for (size_t i = 0; i < rows->boxes.n; i++) {
        const struct row_box *box = &rows->boxes.at[i];
        shown[box->node] = true;
        complete &= i >= rows->first.at[box->row] && i < rows->first.at[box->row + 1];
        complete &= i == 0 || box[-1].row < box->row || box[-1].end <= box->start;
    }
    for (uint32_t node = 0; node < tree->n; node++)
        complete &= shown[node] || (double)totals[node] * width / (double)totals[0] < 1 + 1e-9;
    heap_free(tree->heap, shown);
    return complete;
}

static bool test_rules(struct heap *heap, void *arg)
{
    uint64_t seed = 7;
    size_t wrong = 0, boxes = 0;
    (void)arg;
    for (unsigned i = 0; i < TREES; i++) {
        struct tree tree;
        struct sibling_order order;
        struct rows rows = {0};
        uint32_t width = 20 + (uint32_t)dice_below(&seed, 380);
        plant(&tree, heap, &seed);
        uint64_t *totals = tree_totals(&tree, 0);
        sibling_order_make(&order, &tree, ORDER_NAME, totals);
        struct rows_source source = {.tree = &tree, .order = &order, .totals = &totals};
        uint64_t *starts = find_starts(&tree, &order, totals);
        rows_make(&rows, &source, TREE_ROOT, width);
        for (size_t k = 0; k < rows.boxes.n; k++)
            wrong += !box_is_right(&rows, &tree, totals, starts, k, width);
        wrong += !edges_agree(&rows, totals, starts);
        wrong += !rows_are_complete(&rows, &tree, totals, width);
        boxes += rows.boxes.n;
        rows_end(&rows);
        heap_free(heap, starts);
        heap_free(heap, totals);
        sibling_order_end(&order, heap);
        tree_end(&tree);
    }
    is_u64(wrong, 0, "rules that are broken");
    ok(boxes > 10 * TREES, "%zu boxes in %d trees", boxes, TREES);
    return true;
}

/* A part of the tree, and the same rows again in the same memory. */
static bool test_part(struct heap *heap, void *arg)
{
    struct tree tree;
    struct sibling_order order;
    struct rows rows = {0};
    (void)arg;
    tree_init(&tree, heap, 1);
    stacks_add(&tree, "a;b", 10);
    stacks_add(&tree, "a;c;d", 30);
    stacks_add(&tree, "e", 60);
    uint64_t *totals = tree_totals(&tree, 0);
    sibling_order_make(&order, &tree, ORDER_NAME, totals);
    struct rows_source source = {.tree = &tree, .order = &order, .totals = &totals};
    rows_make(&rows, &source, TREE_ROOT, 10);
    is_u64(rows.n, 4, "rows of all");
    uint32_t a = box_at(&rows, 1, 0)->node;
    is_u64(box_at(&rows, 1, 3)->end, 4, "a ends at column 4");
    is_u64(box_at(&rows, 1, 4)->start, 4, "e starts there");
    ok(box_at(&rows, 2, 4) == &no_box, "nothing is above e");
    ok(box_at(&rows, 9, 0) == &no_box, "no such row");
    rows_make(&rows, &source, a, 40);
    is_u64(rows.n, 3, "rows of a");
    is_u64(box_at(&rows, 1, 10)->start, 10, "b has 10 of 40 columns");
    is_u64(box_at(&rows, 2, 39)->end, 40, "d ends with a");
    rows_end(&rows);
    sibling_order_end(&order, heap);
    heap_free(heap, totals);
    tree_end(&tree);
    return true;
}

int main(void)
{
    ok(heaps_run(test_rules, NULL), "rules");
    ok(heaps_run(test_part, NULL), "part");
    return done_testing();
}
