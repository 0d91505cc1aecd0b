/* SPDX-License-Identifier: MIT */
/*
 * sibling_order: one counting sort puts all nodes with siblings into a list by the rank of their
 * name. Then each node, from the last one of the list on, is linked to the front of its parent's
 * children. This is linear in nodes; only the distinct names are sorted by comparison. Nodes
 * without siblings, which are most nodes of a profile, are not sorted.
 */
#include "profile/sibling_order.h"

#include <stdlib.h>

/* A name for sorting: its first 8 bytes decide most comparisons. */
struct name_key {
    uint64_t start; /* big-endian, padded with zeros */
    str name;
    uint32_t id;
};

static int compare_name_keys(const void *left, const void *right)
{
    const struct name_key *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return str_compare(a->name, b->name);
}

/* "a;" sorts before `name`, which does not sort before "a". */
static bool ends_before(str a, str name)
{
    return !str_starts(name, a) || (unsigned char)name.p[a.n] >= ';';
}

static struct name_key *sort_names(const struct intern *names, struct heap *heap)
{
    uint32_t count = intern_count(names);
    struct name_key *keys = heap_alloc(heap, count, sizeof *keys);
    for (uint32_t id = 0; id < count; id++) {
        str name = intern_name(names, id);
        uint64_t start = 0;
        for (size_t i = 0; i < 8; i++)
            start = start << 8 | (i < name.n ? (unsigned char)name.p[i] : 0);
        keys[id] = (struct name_key){start, name, id};
    }
    qsort(keys, count, sizeof *keys, compare_name_keys);
    return keys;
}

uint32_t *sibling_order_sort_names(const struct intern *names, struct heap *heap)
{
    uint32_t count = intern_count(names);
    struct name_key *keys = sort_names(names, heap);
    uint32_t *sorted = heap_alloc(heap, count, sizeof *sorted);
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = keys[i].id;
    heap_free(heap, keys);
    return sorted;
}

/* After sorting, "a;" comes after all names that start with "a" and continue with a byte
 * below ';'. So names wait on a stack, each a prefix of the one above it, until a name comes that
 * sorts after them with their ';'. */
uint32_t *sibling_order_rank_names(const struct intern *names, struct heap *heap)
{
    uint32_t count = intern_count(names);
    struct name_key *keys = sort_names(names, heap);
    uint32_t *rank = heap_alloc(heap, (size_t)count * 2, sizeof *rank);
    uint32_t *waiting = heap_alloc(heap, count, sizeof *waiting);
    uint32_t next = 0, n = 0;
    for (uint32_t i = 0; i < count; i++) {
        while (n > 0 && ends_before(keys[waiting[n - 1]].name, keys[i].name))
            rank[keys[waiting[--n]].id * 2 + 1] = next++;
        rank[keys[i].id * 2] = next++;
        waiting[n++] = i;
    }
    while (n > 0)
        rank[keys[waiting[--n]].id * 2 + 1] = next++;
    heap_free(heap, waiting);
    heap_free(heap, keys);
    return rank;
}

/* Put the nodes with siblings into `list`, by number, and link the others to their parents. Returns
 * the number of the former. */
static uint32_t list_siblings(struct sibling_order *order, const struct tree *tree, uint32_t *list)
{
    uint32_t n = 0;
    memset(order->first, 0xff, tree->n * sizeof *order->first);
    memset(order->next, 0xff, tree->n * sizeof *order->next);
    for (uint32_t node = 1; node < tree->n; node++) {
        if (tree_has_siblings(tree, node))
            list[n++] = node;
        else
            order->first[tree->parent[node]] = node;
    }
    return n;
}

/* Gaps sort first. */
static uint32_t rank_of_node(const struct tree *tree, const uint32_t *rank, uint32_t node)
{
    uint32_t name = tree->frame[node];
    return name == TREE_GAP ? 0 : rank[name * 2 + 1] + 1;
}

/* A stable counting sort by the rank of the name. */
static void sort_by_name(const struct tree *tree, const uint32_t *rank, uint32_t *list, uint32_t n)
{
    uint32_t count = frames_count(&tree->frames);
    uint32_t *from = heap_alloc(tree->heap, n, sizeof *from);
    uint32_t *starts = heap_zero(tree->heap, (size_t)count * 2 + 2, sizeof *starts);
    for (uint32_t i = 0; i < n; i++)
        starts[rank_of_node(tree, rank, list[i]) + 1]++;
    for (uint32_t i = 1; i < count * 2 + 2; i++)
        starts[i] += starts[i - 1];
    memcpy(from, list, n * sizeof *from);
    for (uint32_t i = 0; i < n; i++)
        list[starts[rank_of_node(tree, rank, from[i])]++] = from[i];
    heap_free(tree->heap, starts);
    heap_free(tree->heap, from);
}

struct weighed_node {
    uint64_t weight;
    uint32_t place, node; /* place in the order by name */
};

static int compare_sibling_weights(const void *left, const void *right)
{
    const struct weighed_node *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void sort_by_weight(const struct tree *tree, const uint64_t *totals, uint32_t *list,
                           uint32_t n)
{
    struct weighed_node *weighed = heap_alloc(tree->heap, n, sizeof *weighed);
    for (uint32_t i = 0; i < n; i++)
        weighed[i] = (struct weighed_node){totals[list[i]], i, list[i]};
    qsort(weighed, n, sizeof *weighed, compare_sibling_weights);
    for (uint32_t i = 0; i < n; i++)
        list[i] = weighed[i].node;
    heap_free(tree->heap, weighed);
}

void sibling_order_make(struct sibling_order *order, const struct tree *tree,
                        enum sibling_order_by by, const uint64_t *totals)
{
    struct heap *heap = tree->heap;
    uint32_t *list = heap_alloc(heap, tree->n, sizeof *list);
    order->first = heap_alloc(heap, tree->n, sizeof *order->first);
    order->next = heap_alloc(heap, tree->n, sizeof *order->next);
    order->rank = by == ORDER_INPUT ? NULL : sibling_order_rank_names(&tree->frames.texts, heap);
    uint32_t n = list_siblings(order, tree, list);
    if (by != ORDER_INPUT)
        sort_by_name(tree, order->rank, list, n);
    if (by == ORDER_WEIGHT)
        sort_by_weight(tree, totals, list, n);
    for (uint32_t i = n; i-- > 0;) {
        uint32_t parent = tree->parent[list[i]];
        order->next[list[i]] = order->first[parent];
        order->first[parent] = list[i];
    }
    heap_free(heap, list);
}

void sibling_order_end(struct sibling_order *order, struct heap *heap)
{
    heap_free(heap, order->first);
    heap_free(heap, order->next);
    heap_free(heap, order->rank);
    *order = (struct sibling_order){0};
}
