/*
 * folded: writing. Each node is up to two entries in the list of its parent: the stack that ends
 * there, which sorts as its bare name, and the stacks that go on below, which sort as name + ';'.
 *
 *      a 1                entries of the root:  a (ends)   a(b) (ends)   a; (goes on)
 *      a(b) 2
 *      a;c 3
 *
 * An only child needs no list: its parent knows it. Three of four nodes of a large profile are one,
 * and lists of all took half of what the whole of collapse waits for memory.
 */
#include "stack/folded.h"

#include "core/vec.h"
#include "stack/order.h"

#define NO_ENTRY UINT32_MAX

/* Entry 2 * node: the stack ends at node; 2 * node + 1: it goes on. */
struct writer {
    const struct tree *tree;
    struct sink *sink;
    bool *listed;    /* by node: it has several children, which are in a list; */
    uint32_t *first; /* by node: the first entry, for those */
    uint32_t *next;  /* by entry, in lists */
    bool *inner;     /* by node: something below it has weight */
    uint32_t *list;
    uint32_t n;
    VEC(char) path;
};

static bool has_weight(const struct tree *tree, uint32_t node)
{
    return tree->self[node] != 0 || (tree->two_sided && tree->before[node] != 0);
}

static uint32_t sort_key(const struct writer *w, const uint32_t *rank, uint32_t entry)
{
    uint32_t name = w->tree->name[entry / 2];
    if (w->tree->in_order)
        return entry / 2;
    return rank[name * 2 + (entry & 1)];
}

/* Put the entries into `list` by their keys, by counting. */
static void sort_entries(struct writer *w, const uint32_t *entries, const uint32_t *rank)
{
    struct heap *heap = w->tree->heap;
    uint32_t names = intern_count(&w->tree->names) * 2;
    size_t keys = w->tree->in_order ? w->tree->n : names;
    uint32_t *starts = heap_zero(heap, keys + 1, sizeof *starts);
    for (uint32_t i = 0; i < w->n; i++)
        starts[sort_key(w, rank, entries[i]) + 1]++;
    for (size_t i = 1; i <= keys; i++)
        starts[i] += starts[i - 1];
    for (uint32_t i = 0; i < w->n; i++)
        w->list[starts[sort_key(w, rank, entries[i])]++] = entries[i];
    heap_free(heap, starts);
}

static void mark_nodes(struct writer *w)
{
    const struct tree *tree = w->tree;
    w->inner = heap_zero(tree->heap, tree->n, sizeof *w->inner);
    w->listed = heap_zero(tree->heap, tree->n, sizeof *w->listed);
    for (uint32_t i = tree->n; i-- > 1;) {
        if (w->inner[i] || has_weight(tree, i))
            w->inner[tree->parent[i]] = true; /* what goes on without weight would be a dead end */
        if (tree->elder[i] != TREE_NONE)
            w->listed[tree->parent[i]] = true;
    }
}

static void list_entries(struct writer *w)
{
    const struct tree *tree = w->tree;
    struct heap *heap = tree->heap;
    uint32_t *entries = heap_alloc(heap, (size_t)tree->n * 2, sizeof *entries);
    for (uint32_t i = 1; i < tree->n; i++) {
        if (!w->listed[tree->parent[i]])
            continue;
        if (has_weight(tree, i))
            entries[w->n++] = i * 2;
        if (w->inner[i])
            entries[w->n++] = i * 2 + 1;
    }
    uint32_t *rank = tree->in_order ? NULL : order_rank_names(&tree->names, heap);
    w->list = heap_alloc(heap, w->n, sizeof *w->list);
    sort_entries(w, entries, rank);
    heap_free(heap, rank);
    heap_free(heap, entries);
}

static void deal_entries(struct writer *w)
{
    const struct tree *tree = w->tree;
    w->first = heap_alloc(tree->heap, tree->n, sizeof *w->first);
    w->next = heap_alloc(tree->heap, (size_t)tree->n * 2, sizeof *w->next);
    for (uint32_t i = 0; i < w->n; i++)
        w->first[tree->parent[w->list[i] / 2]] = NO_ENTRY;
    for (uint32_t i = w->n; i-- > 0;) {
        uint32_t entry = w->list[i];
        uint32_t parent = tree->parent[entry / 2];
        w->next[entry] = w->first[parent];
        w->first[parent] = entry;
    }
    heap_free(tree->heap, w->list);
    w->list = NULL;
}

/* Of a node that is inner. */
static uint32_t first_entry(const struct writer *w, uint32_t node)
{
    if (w->listed[node])
        return w->first[node];
    uint32_t child = w->tree->last_child[node];
    return child * 2 + !has_weight(w->tree, child);
}

static uint32_t next_entry(const struct writer *w, uint32_t entry)
{
    uint32_t node = entry / 2;
    if (w->listed[w->tree->parent[node]])
        return w->next[entry];
    return !(entry & 1) && w->inner[node] ? entry + 1 : NO_ENTRY;
}

static void put_line(struct writer *w, uint32_t node, bool gap)
{
    const struct tree *tree = w->tree;
    str name = tree_name(tree, node);
    size_t length = w->path.n;
    if (gap && length > 0)
        length--; /* the path ends in the ';' behind the gap's parent */
    sink_bytes(w->sink, str_of(w->path.at, length));
    if (!gap)
        sink_bytes(w->sink, name);
    sink_byte(w->sink, ' ');
    if (tree->two_sided) {
        sink_decimal(w->sink, tree->before[node], tree->decimals);
        sink_byte(w->sink, ' ');
    }
    sink_decimal(w->sink, tree->self[node], tree->decimals);
    sink_byte(w->sink, '\n');
}

static void enter(struct writer *w, uint32_t node)
{
    str name = tree_name(w->tree, node);
    vec_reserve(w->tree->heap, &w->path, name.n + 1);
    memcpy(w->path.at + w->path.n, name.p, name.n);
    w->path.n += name.n + 1;
    w->path.at[w->path.n - 1] = ';';
}

/* The entry after `entry` and all below it; leaves the paths that end on the way. */
static uint32_t climb(struct writer *w, uint32_t entry)
{
    uint32_t next;
    while ((next = next_entry(w, entry)) == NO_ENTRY) {
        uint32_t parent = w->tree->parent[entry / 2];
        if (parent == TREE_ROOT)
            return NO_ENTRY;
        w->path.n -= tree_name(w->tree, parent).n + 1;
        entry = parent * 2 + 1;
    }
    return next;
}

void folded_write(const struct tree *tree, struct sink *sink)
{
    struct writer w = {.tree = tree, .sink = sink};
    mark_nodes(&w);
    list_entries(&w);
    deal_entries(&w);
    uint32_t entry = w.inner[TREE_ROOT] ? first_entry(&w, TREE_ROOT) : NO_ENTRY;
    while (entry != NO_ENTRY) {
        uint32_t node = entry / 2;
        if (entry & 1) {
            enter(&w, node);
            entry = first_entry(&w, node);
            continue;
        }
        put_line(&w, node, tree->name[node] == TREE_GAP);
        entry = climb(&w, entry);
    }
    heap_free(tree->heap, w.listed);
    heap_free(tree->heap, w.inner);
    heap_free(tree->heap, w.first);
    heap_free(tree->heap, w.next);
    vec_free(tree->heap, &w.path);
}
