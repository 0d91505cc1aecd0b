/* SPDX-License-Identifier: MIT */
/*
 * rows: see rows.h.
 */
#include "picture/rows.h"

#include "core/num.h"

struct edges {
    uint64_t total;
    uint32_t width;
};

/* The column never falls as the offset grows, and the offset of the total is the full width. */
static uint32_t row_column_of(const struct edges *edges, uint64_t offset)
{
    if (offset >= edges->total)
        return edges->width;
    double column = (double)offset * edges->width / (double)edges->total;
    return column < edges->width ? (uint32_t)column : edges->width;
}

/* Collect boxes in pre-order. A frame that is called by one without a column has none either. */
static void collect_boxes(struct rows *rows, const struct rows_source *source, uint32_t top,
                          const struct edges *edges)
{
    const struct tree *tree = source->tree;
    const struct sibling_order *order = source->order;
    uint32_t node = top, row = 0, start = 0; /* start: the column of `at` */
    uint64_t at = 0;
    while (node != TREE_NONE) {
        uint64_t end = at;
        num_add_most(&end, (*source->totals)[node]);
        struct row_box box = {node, row, start, row_column_of(edges, end)};
        if (box.start < box.end && tree->frame[node] != TREE_GAP) {
            vec_push(rows->heap, &rows->boxes, box);
            if (row >= rows->n)
                rows->n = row + 1;
            if (source->open)
                source->open(source->context, node);
            if (order->first[node] != TREE_NONE) {
                if (tree->weight[source->column][node] > 0) {
                    num_add_most(&at, tree->weight[source->column][node]);
                    start = row_column_of(edges, at);
                }
                node = order->first[node];
                row++;
                continue;
            }
        }
        at = end;
        start = box.end;
        node = sibling_order_leave(order, tree, node, top, &row);
    }
}

/* Sort the boxes from pre-order into rows, by counting. Within a row, pre-order is left to
 * right. */
static void sort_by_row(struct rows *rows)
{
    struct heap *heap = rows->heap;
    size_t n = rows->boxes.n;
    struct row_box *sorted = heap_alloc(heap, n, sizeof *sorted);
    rows->first.n = 0;
    for (uint32_t row = 0; row <= rows->n + 1; row++)
        vec_push(heap, &rows->first, (size_t)0);
    size_t *first = rows->first.at;
    for (size_t i = 0; i < n; i++)
        first[rows->boxes.at[i].row + 2]++;
    for (uint32_t row = 2; row <= rows->n + 1; row++)
        first[row] += first[row - 1];
    for (size_t i = 0; i < n; i++)
        sorted[first[rows->boxes.at[i].row + 1]++] = rows->boxes.at[i];
    memcpy(rows->boxes.at, sorted, n * sizeof *sorted);
    heap_free(heap, sorted);
}

void rows_make(struct rows *rows, const struct rows_source *source, uint32_t top, uint32_t width)
{
    struct edges edges = {(*source->totals)[top], width};
    rows->heap = source->tree->heap;
    rows->boxes.n = 0;
    rows->n = 0;
    if (width > 0 && edges.total > 0)
        collect_boxes(rows, source, top, &edges);
    sort_by_row(rows);
}

void rows_end(struct rows *rows)
{
    vec_free(rows->heap, &rows->boxes);
    vec_free(rows->heap, &rows->first);
}
