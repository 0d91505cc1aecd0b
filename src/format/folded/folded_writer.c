/* SPDX-License-Identifier: MIT */
/*
 * folded_writer: the nodes in the order of their lines. Each node is up to two entries in the list
 * of its parent: the stack that ends there, which sorts as the bare name, and the stacks that
 * continue below, which sort as name + ';'.
 *
 *      a 1                entries of the root:  a (ends)   a(b) (ends)   a; (continues)
 *      a(b) 2
 *      a;c 3
 *
 * An only child needs no list. In a large profile three of four nodes are only children, and lists
 * of all nodes took half of the time that collapse waits for memory.
 */
#include "format/folded/folded.h"

#include "core/heap.h"
#include "core/num.h"
#include "profile/sibling_order.h"
#include "profile/tree_map.h"

/* ---- names ---- */

/*
 * Some names would be read as something else. One blank becomes '_', in all places where the name
 * occurs, so that a function keeps one name:
 *
 *      # worker;main 5         a comment; written as #_worker;main 5
 *      main;version 2 5        two columns, if all lines are like that; written as main;version_2 5
 */

/* A line that begins with `name` and the character after it would be a comment. *at: the position
 * of the blank, which can be the end of the name. */
static bool makes_comment(str name, char follows, size_t *at)
{
    str text = str_trim_left(name);
    *at = name.n - text.n + 1;
    return str_starts(text, STR("# ")) || (str_equal(text, STR("#")) && follows == ' ');
}

/* The position of the blank before a count at the end of `name`; name.n: there is no count. */
static size_t find_count_blank(str name, bool has_parent)
{
    struct num_decimal count;
    str before = name;
    bool found = folded_cut_count(&before, &count) && (before.n > 0 || has_parent);
    return found ? before.n : name.n;
}

/* The node whose name is the last one in the line of `node`. */
static uint32_t last_in_line(const struct tree *tree, uint32_t node)
{
    return tree->frame[node] == TREE_GAP ? tree->parent[node] : node;
}

/* All lines would end in two counts. */
static bool has_two_counts(const struct tree *tree)
{
    bool any = false;
    for (uint32_t i = 1; i < tree->n; i++) {
        uint32_t node = last_in_line(tree, i);
        str name = tree_text(tree, node);
        if (tree->weight[0][i] == 0)
            continue;
        if (find_count_blank(name, tree->parent[node] != TREE_ROOT) == name.n)
            return false;
        any = true;
    }
    return any;
}

static bool has_comments(const struct tree *tree)
{
    size_t at;
    uint32_t node = tree->last_child[TREE_ROOT];
    for (; node != TREE_NONE; node = tree->elder[node])
        if (makes_comment(tree_text(tree, node), tree_has_weight(tree, node) ? ' ' : ';', &at))
            return true;
    return false;
}

/* `name` with a '_' at `at`, which can be its end. */
static str replace_blank(struct arena *arena, str name, size_t at)
{
    size_t n = at < name.n ? name.n : at + 1;
    char *copy = arena_new(arena, char, n);
    memcpy(copy, name.p, name.n);
    copy[at] = '_';
    return str_of(copy, n);
}

/* names: by frame. */
static void choose_names(const struct tree *tree, bool two_counts, str *names, struct arena *arena)
{
    for (uint32_t id = 0; id < frames_count(&tree->frames); id++) {
        names[id] = frames_text(&tree->frames, id);
        size_t at;
        if (makes_comment(names[id], ' ', &at))
            names[id] = replace_blank(arena, names[id], at);
    }
    for (uint32_t i = 1; two_counts && i < tree->n; i++) {
        uint32_t node = last_in_line(tree, i);
        if (tree->weight[0][i] == 0)
            continue;
        str *name = &names[tree->frame[node]];
        size_t at = find_count_blank(*name, tree->parent[node] != TREE_ROOT);
        if (at < name->n)
            *name = replace_blank(arena, *name, at);
    }
}

/* Make `into`, the same tree with such names replaced. False if there are none, which is usual. */
static bool replace_names(const struct tree *tree, struct tree *into)
{
    struct arena arena;
    bool two_counts = !tree_has_sides(tree) && has_two_counts(tree);
    if (!two_counts && !has_comments(tree))
        return false;
    str *names = heap_alloc(tree->heap, frames_count(&tree->frames), sizeof *names);
    arena_init(&arena, tree->heap);
    choose_names(tree, two_counts, names, &arena);
    tree_rebuild_names(into, tree, names);
    arena_end(&arena);
    heap_free(tree->heap, names);
    return true;
}

/* ---- lines ---- */

#define NO_ENTRY UINT32_MAX

/* A list that is being written: the next entry, and the length of the path of the parent. */
struct folded_family {
    uint32_t entry;
    size_t path;
};

/* Entry 2 * node: the stack ends at the node; 2 * node + 1: it continues. */
struct folded_writer {
    const struct tree *tree;
    struct sink *sink;
    unsigned char *shapes;
    uint32_t *first; /* by node: the first entry, for families */
    uint32_t *next;  /* by entry, in lists */
    uint32_t *list;
    uint32_t n;
    VEC(struct folded_family) families; /* nested */
    VEC(char) path;
};

static uint32_t sort_key(const struct folded_writer *w, const uint32_t *rank, uint32_t entry)
{
    uint32_t name = w->tree->frame[entry / 2];
    if (w->tree->in_order)
        return entry / 2;
    return rank[name * 2 + (entry & 1)];
}

/* Counting sort of the entries into `list`. */
static void sort_folded_entries(struct folded_writer *w, const uint32_t *entries,
                                const uint32_t *rank)
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

static void list_entries(struct folded_writer *w)
{
    const struct tree *tree = w->tree;
    struct heap *heap = tree->heap;
    uint32_t *entries = heap_alloc(heap, (size_t)tree->n * 2, sizeof *entries);
    for (uint32_t i = 1; i < tree->n; i++) {
        if (!tree_has_siblings(tree, i))
            continue;
        if (w->shapes[i] & NODE_FLAGS_WEIGHT)
            entries[w->n++] = i * 2;
        if (w->shapes[i] & NODE_FLAGS_INNER) /* below it something has weight */
            entries[w->n++] = i * 2 + 1;
    }
    uint32_t *rank = tree->in_order ? NULL : sibling_order_rank_names(&tree->frames.texts, heap);
    w->list = heap_alloc(heap, w->n, sizeof *w->list);
    sort_folded_entries(w, entries, rank);
    heap_free(heap, rank);
    heap_free(heap, entries);
}

static void link_folded_entries(struct folded_writer *w)
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

static void put_folded_line(struct folded_writer *w, uint32_t node)
{
    const struct tree *tree = w->tree;
    str name = tree_text(tree, node);
    bool gap = tree->frame[node] == TREE_GAP;
    size_t length = w->path.n;
    if (gap && length > 0)
        length--; /* without the ';' after the parent */
    sink_bytes(w->sink, str_of(w->path.at, length));
    if (!gap)
        sink_bytes(w->sink, name);
    for (unsigned column = 0; column < tree->columns; column++) {
        sink_byte(w->sink, ' ');
        sink_decimal(w->sink, tree->weight[column][node], tree->decimals);
    }
    sink_byte(w->sink, '\n');
}

static void push_name(struct folded_writer *w, uint32_t node)
{
    str name = tree_text(w->tree, node);
    vec_reserve(w->tree->heap, &w->path, name.n + 1);
    memcpy(w->path.at + w->path.n, name.p, name.n);
    w->path.n += name.n + 1;
    w->path.at[w->path.n - 1] = ';';
}

/* Write the only children below a node whose path is set, down to a family or a leaf. */
static void write_chain(struct folded_writer *w, uint32_t node)
{
    while (!(w->shapes[node] & NODE_FLAGS_FAMILY)) {
        node = w->shapes[node] & NODE_FLAGS_STRAIGHT ? node + 1 : w->tree->last_child[node];
        if (w->shapes[node] & NODE_FLAGS_WEIGHT)
            put_folded_line(w, node);
        if (!(w->shapes[node] & NODE_FLAGS_INNER))
            return;
        push_name(w, node);
    }
    struct folded_family family = {w->first[node], w->path.n};
    vec_push(w->tree->heap, &w->families, family);
}

/* Fetch the data of the entries from `one` on into the cache. */
static void prefetch_entries(const struct folded_writer *w, uint32_t one)
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

static void write_lines(struct folded_writer *w)
{
    write_chain(w, TREE_ROOT);
    while (w->families.n > 0) {
        struct folded_family *family = &w->families.at[w->families.n - 1];
        uint32_t entry = family->entry;
        if (entry == NO_ENTRY) {
            w->families.n--;
            continue;
        }
        w->path.n = family->path;
        family->entry = w->next[entry];
        prefetch_entries(w, family->entry);
        if (entry & 1) {
            push_name(w, entry / 2);
            write_chain(w, entry / 2);
        } else {
            put_folded_line(w, entry / 2);
        }
    }
}

static void write_tree(const struct tree *tree, struct sink *sink)
{
    struct folded_writer w = {.tree = tree, .sink = sink};
    w.shapes = node_flags_make(tree);
    list_entries(&w);
    link_folded_entries(&w);
    if (w.shapes[TREE_ROOT] & NODE_FLAGS_WEIGHT) /* a stack without frames comes first */
        put_folded_line(&w, TREE_ROOT);
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
    bool replaced = replace_names(tree, &other);
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
