/* SPDX-License-Identifier: MIT */
/*
 * functions: see functions.h.
 */
#include "profile/functions.h"

#include <stdlib.h>

#include "core/num.h"
#include "profile/sibling_order.h"

/* One walk over the stacks, which counts how often each function is on the current stack. */
bool *functions_outermost(const struct tree *tree, const uint32_t *of)
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
            outermost[node] = on_stack[of ? of[frame] : frame]++ == 0;
        if (order.first[node] != TREE_NONE) {
            node = order.first[node];
            continue;
        }
        for (;; node = tree->parent[node]) {
            frame = tree->frame[node];
            if (frame != TREE_GAP)
                on_stack[of ? of[frame] : frame]--;
            if (node == TREE_ROOT || order.next[node] != TREE_NONE)
                break;
        }
        node = node == TREE_ROOT ? TREE_NONE : order.next[node];
    }
    sibling_order_end(&order, heap);
    heap_free(heap, on_stack);
    return outermost;
}

/* ---- functions ---- */

static int compare_function_numbers(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_selves(const void *a, const void *b)
{
    const struct function_row *x = a, *y = b;
    if (x->self != y->self)
        return compare_function_numbers(y->self, x->self);
    if (x->total != y->total)
        return compare_function_numbers(y->total, x->total);
    return compare_function_numbers(x->rank, y->rank);
}

static int compare_totals(const void *a, const void *b)
{
    const struct function_row *x = a, *y = b;
    return x->total != y->total ? compare_function_numbers(y->total, x->total)
                                : compare_selves(a, b);
}

static int compare_function_ranks(const void *a, const void *b)
{
    const struct function_row *x = a, *y = b;
    return compare_function_numbers(x->rank, y->rank);
}

/* Frames in the order of their texts; of two with the same name the first one is known. */
static void find_frames(struct functions *functions, const struct tree *tree)
{
    struct heap *heap = tree->heap;
    uint32_t count = frames_count(&tree->frames);
    uint32_t *sorted = sibling_order_sort_names(&tree->frames.texts, heap);
    uint32_t *known = heap_alloc(heap, count, sizeof *known);
    struct intern names;
    functions->rank = heap_alloc(heap, count, sizeof *functions->rank);
    functions->of = heap_alloc(heap, count, sizeof *functions->of);
    intern_init(&names, heap, tree->seed);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t frame = sorted[i], distinct = intern_count(&names);
        struct frame one = frames_get(&tree->frames, frame);
        uint32_t name = intern_add(&names, one.name.n > 0 ? one.name : one.text);
        if (name == distinct)
            known[name] = frame;
        functions->of[frame] = known[name];
        functions->rank[frame] = i;
    }
    intern_end(&names);
    heap_free(heap, known);
    heap_free(heap, sorted);
}

void functions_make(struct functions *functions, const struct tree *tree, unsigned column,
                    const uint64_t *totals, enum functions_by by)
{
    static int (*const compare[])(const void *, const void *) = {compare_selves, compare_totals,
                                                                 compare_function_ranks};
    uint32_t count = frames_count(&tree->frames);
    *functions = (struct functions){.heap = tree->heap};
    find_frames(functions, tree);
    functions->outermost = functions_outermost(tree, functions->of);
    functions->at = heap_zero(tree->heap, count, sizeof *functions->at);
    for (uint32_t node = 1; node < tree->n; node++) {
        bool gap = tree->frame[node] == TREE_GAP; /* self weight of its parent */
        uint32_t place = gap ? tree->parent[node] : node;
        if (totals[node] == 0 || place == TREE_ROOT)
            continue;
        struct function_row *row = &functions->at[functions->of[tree->frame[place]]];
        row->places += !gap;
        num_add_most(&row->self, tree->weight[column][node]);
        if (!gap && functions->outermost[node])
            num_add_most(&row->total, totals[node]);
    }
    for (uint32_t frame = 0; frame < count; frame++) {
        struct function_row row = functions->at[frame];
        row.frame = frame;
        row.rank = functions->rank[frame];
        if (row.places > 0)
            functions->at[functions->n++] = row;
    }
    if (functions->n > 0)
        qsort(functions->at, functions->n, sizeof *functions->at, compare[by]);
}

void functions_end(struct functions *functions)
{
    heap_free(functions->heap, functions->at);
    heap_free(functions->heap, functions->of);
    heap_free(functions->heap, functions->rank);
    heap_free(functions->heap, functions->outermost);
}

/* ---- links ---- */

/* Equal links are neighbors then. */
static int compare_function_links(const void *a, const void *b)
{
    const struct function_link *x = a, *y = b;
    if (x->function != y->function)
        return compare_function_numbers(x->function, y->function);
    if (x->callee != y->callee)
        return x->callee ? 1 : -1;
    return compare_function_numbers(x->rank, y->rank);
}

static int compare_link_weights(const void *a, const void *b)
{
    const struct function_link *x = a, *y = b;
    if (x->function != y->function || x->callee != y->callee || x->weight == y->weight)
        return compare_function_links(a, b);
    return compare_function_numbers(y->weight, x->weight);
}

static void add_link(struct function_links *links, struct function_link link)
{
    if (link.weight > 0)
        vec_push(links->heap, &links->list, link);
}

static void merge_links(struct function_links *links)
{
    size_t n = 0;
    struct function_link *at = links->list.at;
    for (size_t i = 0; i < links->list.n; i++)
        if (n > 0 && compare_function_links(&at[n - 1], &at[i]) == 0)
            num_add_most(&at[n - 1].weight, at[i].weight);
        else
            at[n++] = at[i];
    links->list.n = n;
}

void function_links_make(struct function_links *links, const struct functions *functions,
                         const struct tree *tree, const uint64_t *totals, bool *wanted)
{
    const bool *outermost = functions->outermost;
    const uint32_t *of = functions->of, *rank = functions->rank, *frame = tree->frame;
    *links = (struct function_links){.heap = tree->heap};
    for (uint32_t i = 0; i < frames_count(&tree->frames); i++)
        wanted[of[i]] |= wanted[i];
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node];
        if (frame[node] == TREE_GAP)
            continue;
        uint32_t callee = of[frame[node]], caller = of[frame[parent]];
        if (outermost[node] && wanted[callee])
            add_link(links,
                     (struct function_link){callee, caller, false, totals[node], rank[caller]});
        if (parent != TREE_ROOT && outermost[parent] && wanted[caller])
            add_link(links,
                     (struct function_link){caller, callee, true, totals[node], rank[callee]});
    }
    if (links->list.n == 0)
        return;
    qsort(links->list.at, links->list.n, sizeof *links->list.at, compare_function_links);
    merge_links(links);
    qsort(links->list.at, links->list.n, sizeof *links->list.at, compare_link_weights);
}

void function_links_end(struct function_links *links)
{
    vec_free(links->heap, &links->list);
}
