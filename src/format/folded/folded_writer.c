/*
 * folded_writer: writing. Each node is up to two entries in the list of its parent: the stack that
 * ends there, which sorts as its bare name, and the stacks that go on below, which sort as name +
 * ';'.
 *
 *      a 1                entries of the root:  a (ends)   a(b) (ends)   a; (goes on)
 *      a(b) 2
 *      a;c 3
 *
 * An only child needs no list: its parent knows it. Three of four nodes of a large profile are one,
 * and lists of all took half of what the whole of collapse waits for memory.
 */
#include "format/folded/folded_writer.h"

#include "core/heap.h"
#include "format/folded/folded_names.h"
#include "profile/sibling_order.h"
#include "profile/tree.h"

#define NO_ENTRY UINT32_MAX

/* A list that is being written: its next entry, and where the path of its parent ends. */
struct family {
    uint32_t entry;
    size_t path;
};

/* Entry 2 * node: the stack ends at node; 2 * node + 1: it goes on. */
struct writer {
    const struct tree *tree;
    struct sink *sink;
    unsigned char *shapes;
    uint32_t *first; /* by node: the first entry, for families */
    uint32_t *next;  /* by entry, in lists */
    uint32_t *list;
    uint32_t n;
    VEC(struct family) families; /* in each other */
    VEC(char) path;
};

static uint32_t sort_key(const struct writer *w, const uint32_t *rank, uint32_t entry)
{
    uint32_t name = w->tree->frame[entry / 2];
    if (w->tree->in_order)
        return entry / 2;
    return rank[name * 2 + (entry & 1)];
}

/* Put the entries into `list` by their keys, by counting. */
static void sort_entries(struct writer *w, const uint32_t *entries, const uint32_t *rank)
{
    struct heap *heap = w->tree->heap;
    uint32_t names = frames_count(&w->tree->frames) * 2;
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

static void list_entries(struct writer *w)
{
    const struct tree *tree = w->tree;
    struct heap *heap = tree->heap;
    uint32_t *entries = heap_alloc(heap, (size_t)tree->n * 2, sizeof *entries);
    for (uint32_t i = 1; i < tree->n; i++) {
        if (!tree_has_siblings(tree, i))
            continue;
        if (w->shapes[i] & NODE_FLAGS_WEIGHT)
            entries[w->n++] = i * 2;
        if (w->shapes[i] & NODE_FLAGS_INNER) /* what goes on without weight would be a dead end */
            entries[w->n++] = i * 2 + 1;
    }
    uint32_t *rank = tree->in_order ? NULL : sibling_order_rank_names(&tree->frames.texts, heap);
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

static void put_line(struct writer *w, uint32_t node)
{
    const struct tree *tree = w->tree;
    str name = tree_text(tree, node);
    bool gap = tree->frame[node] == TREE_GAP;
    size_t length = w->path.n;
    if (gap && length > 0)
        length--; /* the path ends in the ';' behind the gap's parent */
    sink_bytes(w->sink, str_of(w->path.at, length));
    if (!gap)
        sink_bytes(w->sink, name);
    for (unsigned column = 0; column < tree->columns; column++) {
        sink_byte(w->sink, ' ');
        sink_decimal(w->sink, tree->weight[column][node], tree->decimals);
    }
    sink_byte(w->sink, '\n');
}

static void enter(struct writer *w, uint32_t node)
{
    str name = tree_text(w->tree, node);
    vec_reserve(w->tree->heap, &w->path, name.n + 1);
    memcpy(w->path.at + w->path.n, name.p, name.n);
    w->path.n += name.n + 1;
    w->path.at[w->path.n - 1] = ';';
}

/* From a node whose path is entered, and below which something has weight. */
static void go_down(struct writer *w, uint32_t node)
{
    while (!(w->shapes[node] & NODE_FLAGS_FAMILY)) {
        node = w->shapes[node] & NODE_FLAGS_STRAIGHT ? node + 1 : w->tree->last_child[node];
        if (w->shapes[node] & NODE_FLAGS_WEIGHT)
            put_line(w, node);
        if (!(w->shapes[node] & NODE_FLAGS_INNER))
            return;
        enter(w, node);
    }
    struct family family = {w->first[node], w->path.n};
    vec_push(w->tree->heap, &w->families, family);
}

/* What will be asked about the entries from `one` on, so that it is there by then. */
static void look_ahead(const struct writer *w, uint32_t one)
{
    const struct tree *tree = w->tree;
    if (one == NO_ENTRY)
        return;
    __builtin_prefetch(
        &tree->weight[0][one & 1 ? node_flags_chain_end(w->shapes, one / 2) : one / 2]);
    uint32_t two = w->next[one];
    if (two == NO_ENTRY)
        return;
    __builtin_prefetch(&w->next[two]);
    __builtin_prefetch(&w->shapes[two / 2]);
    __builtin_prefetch(&tree->frame[two / 2]);
}

static void write_lines(struct writer *w)
{
    go_down(w, TREE_ROOT);
    while (w->families.n > 0) {
        struct family *family = &w->families.at[w->families.n - 1];
        uint32_t entry = family->entry;
        if (entry == NO_ENTRY) {
            w->families.n--;
            continue;
        }
        w->path.n = family->path;
        family->entry = w->next[entry];
        look_ahead(w, family->entry);
        if (entry & 1) {
            enter(w, entry / 2);
            go_down(w, entry / 2);
        } else {
            put_line(w, entry / 2);
        }
    }
}

static void write_tree(const struct tree *tree, struct sink *sink)
{
    struct writer w = {.tree = tree, .sink = sink};
    w.shapes = node_flags_make(tree);
    list_entries(&w);
    deal_entries(&w);
    if (w.shapes[TREE_ROOT] & NODE_FLAGS_WEIGHT) /* a stack without frames comes first */
        put_line(&w, TREE_ROOT);
    if (w.shapes[TREE_ROOT] & NODE_FLAGS_INNER)
        write_lines(&w);
    heap_free(tree->heap, w.shapes);
    heap_free(tree->heap, w.first);
    heap_free(tree->heap, w.next);
    vec_free(tree->heap, &w.families);
    vec_free(tree->heap, &w.path);
}

void folded_write(const struct tree *tree, struct sink *sink)
{
    struct tree other;
    bool replaced = folded_names_replace(tree, &other);
    write_tree(replaced ? &other : tree, sink);
    if (replaced)
        tree_end(&other);
}

str folded_name(struct arena *arena, str name)
{
    if (str_find(name, ';', 0) == name.n && str_find(name, '\n', 0) == name.n)
        return name;
    char *copy = arena_new(arena, char, name.n);
    for (size_t i = 0; i < name.n; i++)
        copy[i] = name.p[i] == ';' ? ':' : name.p[i] == '\n' ? ' ' : name.p[i];
    return str_of(copy, name.n);
}
