/*
 * order: siblings are put in order without sorting each family: nodes are counted into one long
 * list by the rank of their name, and dealt from its end to the front of their parents' lists.
 * That is linear in nodes; only the distinct names are sorted by comparing.
 */
#include "stack/order.h"

#include <stdlib.h>

/* A name with its ';' or without: compared by the first 8 bytes, then by the rest. */
struct key {
    uint64_t start; /* big-endian, zero-filled */
    const char *p;
    uint32_t n;
    uint32_t tag; /* 2 * name + (ends in ';') */
};

static unsigned byte_at(const struct key *key, size_t i)
{
    if (i < key->n)
        return (unsigned char)key->p[i] + 1u;
    return i == key->n && (key->tag & 1) ? ';' + 1u : 0u;
}

static int compare_keys(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    size_t n = a->n < b->n ? a->n : b->n;
    int order = n > 0 ? memcmp(a->p, b->p, n) : 0;
    for (size_t i = n; order == 0 && i < n + 2; i++) {
        unsigned x = byte_at(a, i), y = byte_at(b, i);
        if (x == 0 && y == 0)
            break;
        order = (x > y) - (x < y);
    }
    return order;
}

static uint64_t first_bytes(str name, bool closed)
{
    uint64_t start = 0;
    for (size_t i = 0; i < 8; i++) {
        unsigned char byte = 0;
        if (i < name.n)
            byte = (unsigned char)name.p[i];
        else if (i == name.n && closed)
            byte = ';';
        start = start << 8 | byte;
    }
    return start;
}

uint32_t *order_rank_names(const struct intern *names, struct heap *heap)
{
    uint32_t count = intern_count(names);
    struct key *keys = heap_alloc(heap, (size_t)count * 2, sizeof *keys);
    for (uint32_t tag = 0; tag < count * 2; tag++) {
        str name = intern_name(names, tag / 2);
        keys[tag] = (struct key){first_bytes(name, tag & 1), name.p, (uint32_t)name.n, tag};
    }
    qsort(keys, (size_t)count * 2, sizeof *keys, compare_keys);
    uint32_t *rank = heap_alloc(heap, (size_t)count * 2, sizeof *rank);
    for (uint32_t i = 0; i < count * 2; i++)
        rank[keys[i].tag] = i;
    heap_free(heap, keys);
    return rank;
}

static void deal(struct order *order, const struct tree *tree, const uint32_t *list, uint32_t n)
{
    memset(order->first, 0xff, tree->n * sizeof *order->first);
    memset(order->next, 0xff, tree->n * sizeof *order->next);
    for (uint32_t i = n; i-- > 0;) {
        uint32_t node = list[i];
        uint32_t parent = tree->parent[node];
        order->next[node] = order->first[parent];
        order->first[parent] = node;
    }
}

/* All nodes but the root, by rank of their name; nodes with one name stay in order. */
static void list_by_name(const struct tree *tree, const uint32_t *rank, uint32_t *list)
{
    uint32_t count = intern_count(&tree->names);
    uint32_t *starts = heap_zero(tree->heap, (size_t)count * 2 + 2, sizeof *starts);
    /* A gap sorts first: it has rank 0, names start at 1. */
    for (uint32_t i = 1; i < tree->n; i++)
        starts[tree->name[i] == TREE_GAP ? 1 : rank[tree->name[i] * 2 + 1] + 2]++;
    for (uint32_t i = 1; i < count * 2 + 2; i++)
        starts[i] += starts[i - 1];
    for (uint32_t i = 1; i < tree->n; i++)
        list[starts[tree->name[i] == TREE_GAP ? 0 : rank[tree->name[i] * 2 + 1] + 1]++] = i;
    heap_free(tree->heap, starts);
}

struct weighed {
    uint64_t weight;
    uint32_t place, node;
};

static int compare_weighed(const void *left, const void *right)
{
    const struct weighed *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static void sort_by_weight(const struct tree *tree, uint32_t *list, const uint64_t *totals)
{
    uint32_t n = tree->n - 1;
    struct weighed *weighed = heap_alloc(tree->heap, n, sizeof *weighed);
    for (uint32_t i = 0; i < n; i++)
        weighed[i] = (struct weighed){totals[list[i]], i, list[i]};
    qsort(weighed, n, sizeof *weighed, compare_weighed);
    for (uint32_t i = 0; i < n; i++)
        list[i] = weighed[i].node;
    heap_free(tree->heap, weighed);
}

void order_make(struct order *order, const struct tree *tree, enum order_by by,
                const uint64_t *totals)
{
    struct heap *heap = tree->heap;
    uint32_t *list = heap_alloc(heap, tree->n, sizeof *list);
    order->first = heap_alloc(heap, tree->n, sizeof *order->first);
    order->next = heap_alloc(heap, tree->n, sizeof *order->next);
    order->rank = NULL;
    if (by == ORDER_INPUT) {
        for (uint32_t i = 1; i < tree->n; i++)
            list[i - 1] = i;
    } else {
        order->rank = order_rank_names(&tree->names, heap);
        list_by_name(tree, order->rank, list);
        if (by == ORDER_WEIGHT)
            sort_by_weight(tree, list, totals);
    }
    deal(order, tree, list, tree->n - 1);
    heap_free(heap, list);
}

void order_end(struct order *order, struct heap *heap)
{
    heap_free(heap, order->first);
    heap_free(heap, order->next);
    heap_free(heap, order->rank);
    *order = (struct order){0};
}
