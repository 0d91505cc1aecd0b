/*
 * functions: see functions.h.
 */
#include "profile/functions.h"

#include <stdlib.h>

#include "core/num.h"
#include "profile/sibling_order.h"

/* One walk over the stacks, which counts how often each frame is on the current stack. */
bool *functions_outermost(const struct tree *tree)
{
    struct heap *heap = tree->heap;
    struct sibling_order order;
    uint32_t *on_stack = heap_zero(heap, frames_count(&tree->frames), sizeof *on_stack);
    bool *outermost = heap_zero(heap, tree->n, sizeof *outermost);
    sibling_order_make(&order, tree, ORDER_INPUT, NULL);
    on_stack[tree->frame[TREE_ROOT]]--; /* a frame without a name does not count as the root */
    for (uint32_t node = TREE_ROOT; node != TREE_NONE;) {
        uint32_t frame = tree->frame[node];
        if (frame != TREE_GAP)
            outermost[node] = on_stack[frame]++ == 0;
        if (order.first[node] != TREE_NONE) {
            node = order.first[node];
            continue;
        }
        while (node != TREE_ROOT && order.next[node] == TREE_NONE) {
            if (tree->frame[node] != TREE_GAP)
                on_stack[tree->frame[node]]--;
            node = tree->parent[node];
        }
        if (tree->frame[node] != TREE_GAP)
            on_stack[tree->frame[node]]--;
        node = node == TREE_ROOT ? TREE_NONE : order.next[node];
    }
    sibling_order_end(&order, heap);
    heap_free(heap, on_stack);
    return outermost;
}

/* ---- functions ---- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_selves(const void *a, const void *b)
{
    const struct function_row *x = a, *y = b;
    if (x->self != y->self)
        return compare_numbers(y->self, x->self);
    if (x->total != y->total)
        return compare_numbers(y->total, x->total);
    return compare_numbers(x->rank, y->rank);
}

static int compare_totals(const void *a, const void *b)
{
    const struct function_row *x = a, *y = b;
    return x->total != y->total ? compare_numbers(y->total, x->total) : compare_selves(a, b);
}

static int compare_ranks(const void *a, const void *b)
{
    const struct function_row *x = a, *y = b;
    return compare_numbers(x->rank, y->rank);
}

static uint32_t *rank_names(const struct tree *tree)
{
    uint32_t count = frames_count(&tree->frames);
    uint32_t *sorted = sibling_order_sort_names(&tree->frames.texts, tree->heap);
    uint32_t *rank = heap_alloc(tree->heap, count, sizeof *rank);
    for (uint32_t i = 0; i < count; i++)
        rank[sorted[i]] = i;
    heap_free(tree->heap, sorted);
    return rank;
}

void functions_make(struct functions *functions, const struct tree *tree, unsigned column,
                    const uint64_t *totals, const bool *outermost, enum functions_by by)
{
    static int (*const compare[])(const void *, const void *) = {compare_selves, compare_totals,
                                                                 compare_ranks};
    uint32_t count = frames_count(&tree->frames);
    uint32_t *rank = rank_names(tree);
    *functions = (struct functions){.heap = tree->heap};
    functions->at = heap_zero(tree->heap, count, sizeof *functions->at);
    for (uint32_t node = 1; node < tree->n; node++) {
        if (tree->frame[node] == TREE_GAP || totals[node] == 0)
            continue;
        struct function_row *row = &functions->at[tree->frame[node]];
        row->places++;
        num_add_most(&row->self, tree->weight[column][node]);
        if (outermost[node])
            num_add_most(&row->total, totals[node]);
    }
    for (uint32_t frame = 0; frame < count; frame++) {
        struct function_row row = functions->at[frame];
        row.frame = frame;
        row.rank = rank[frame];
        if (row.places > 0)
            functions->at[functions->n++] = row;
    }
    heap_free(tree->heap, rank);
    if (functions->n > 0)
        qsort(functions->at, functions->n, sizeof *functions->at, compare[by]);
}

void functions_end(struct functions *functions)
{
    heap_free(functions->heap, functions->at);
}

/* ---- links ---- */

/* Equal links are neighbors then. */
static int compare_links(const void *a, const void *b)
{
    const struct function_link *x = a, *y = b;
    if (x->function != y->function)
        return compare_numbers(x->function, y->function);
    if (x->callee != y->callee)
        return x->callee ? 1 : -1;
    return compare_numbers(x->rank, y->rank);
}

static int compare_link_weights(const void *a, const void *b)
{
    const struct function_link *x = a, *y = b;
    if (x->function != y->function || x->callee != y->callee || x->weight == y->weight)
        return compare_links(a, b);
    return compare_numbers(y->weight, x->weight);
}

static void add_link(struct function_links *links, struct function_link link)
{
    if (link.weight > 0 && link.neighbor != TREE_GAP)
        vec_push(links->heap, &links->list, link);
}

static void merge_links(struct function_links *links)
{
    size_t n = 0;
    struct function_link *at = links->list.at;
    for (size_t i = 0; i < links->list.n; i++)
        if (n > 0 && compare_links(&at[n - 1], &at[i]) == 0)
            num_add_most(&at[n - 1].weight, at[i].weight);
        else
            at[n++] = at[i];
    links->list.n = n;
}

void function_links_make(struct function_links *links, const struct tree *tree,
                         const uint64_t *totals, const bool *outermost, const bool *wanted)
{
    const uint32_t *frame = tree->frame;
    uint32_t *rank = rank_names(tree);
    *links = (struct function_links){.heap = tree->heap};
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node];
        if (outermost[node] && wanted[frame[node]])
            add_link(links, (struct function_link){frame[node], frame[parent], false, totals[node],
                                                   rank[frame[parent]]});
        if (parent != TREE_ROOT && outermost[parent] && wanted[frame[parent]] &&
            frame[node] != TREE_GAP)
            add_link(links, (struct function_link){frame[parent], frame[node], true, totals[node],
                                                   rank[frame[node]]});
    }
    heap_free(tree->heap, rank);
    if (links->list.n == 0)
        return;
    qsort(links->list.at, links->list.n, sizeof *links->list.at, compare_links);
    merge_links(links);
    qsort(links->list.at, links->list.n, sizeof *links->list.at, compare_link_weights);
}

void function_links_end(struct function_links *links)
{
    vec_free(links->heap, &links->list);
}
