/* SPDX-License-Identifier: MIT */
/*
 * tree: growing the arrays, finding children, adding weights.
 */
#include "profile/tree.h"

#include "core/hash.h"
#include "core/num.h"

enum { NODES_FIRST = 256, SLOTS_FIRST = 1024, DECIMALS_MOST = 9 };

static void grow_nodes(struct tree *tree)
{
    uint64_t wanted = tree->cap ? (uint64_t)tree->cap + tree->cap / 2 : NODES_FIRST;
    uint32_t cap = wanted < TREE_NONE ? (uint32_t)wanted : TREE_NONE;
    struct heap *heap = tree->heap;
    if (cap == tree->cap) /* node numbers have 32 bits */
        heap_give_up(heap);
    tree->parent = heap_resize(heap, tree->parent, cap, sizeof *tree->parent);
    tree->frame = heap_resize(heap, tree->frame, cap, sizeof *tree->frame);
    for (unsigned i = 0; i < tree->columns; i++)
        tree->weight[i] = heap_resize(heap, tree->weight[i], cap, sizeof *tree->weight[i]);
    if (tree->squares)
        tree->squares = heap_resize(heap, tree->squares, cap, sizeof *tree->squares);
    for (unsigned i = 0; i < tree->columns; i++)
        if (tree->samples[i])
            tree->samples[i] = heap_resize(heap, tree->samples[i], cap, sizeof *tree->samples[i]);
    tree->last_child = heap_resize(heap, tree->last_child, cap, sizeof *tree->last_child);
    tree->elder = heap_resize(heap, tree->elder, cap, sizeof *tree->elder);
    tree->mixed = heap_resize(heap, tree->mixed, cap, sizeof *tree->mixed);
    tree->cap = cap;
}

/* Not inlined: inside append_node() the loop costs readers 1 % more instructions. */
static __attribute__((noinline)) void clear_more_columns(struct tree *tree, uint32_t node)
{
    if (tree->squares)
        tree->squares[node] = wide_of(0);
    for (unsigned i = 1; i < tree->columns; i++)
        tree->weight[i][node] = 0;
    for (unsigned i = 0; tree->counts_samples && i < tree->columns; i++)
        if (tree->samples[i])
            tree->samples[i][node] = 0;
}

static uint32_t append_node(struct tree *tree, uint32_t parent, uint32_t frame)
{
    if (tree->n == tree->cap)
        grow_nodes(tree);
    uint32_t node = tree->n++;
    tree->parent[node] = parent;
    tree->frame[node] = frame;
    tree->weight[0][node] = 0;
    if (tree->columns > 1 || tree->squares || tree->counts_samples)
        clear_more_columns(tree, node);
    tree->last_child[node] = TREE_NONE;
    tree->elder[node] = TREE_NONE;
    tree->mixed[node] = false;
    if (node == TREE_ROOT)
        return node;
    tree->elder[node] = tree->last_child[parent];
    tree->last_child[parent] = node;
    return node;
}

void tree_init(struct tree *tree, struct heap *heap, uint64_t seed)
{
    *tree = (struct tree){.heap = heap, .seed = seed};
    frames_init(&tree->frames, heap, seed);
    tree_set_columns(tree, 1);
    append_node(tree, TREE_NONE, 0);
}

void tree_init_like(struct tree *tree, const struct tree *from)
{
    tree_init(tree, from->heap, from->seed);
    tree->in_order = from->in_order;
    tree->values = from->values;
    tree_set_columns(tree, from->columns);
    tree_set_decimals(tree, from->decimals);
    if (from->squares)
        tree_keep_squares(tree);
    tree->counts_samples = from->counts_samples;
}

static size_t first_slot(const struct tree *tree, uint32_t parent, uint32_t frame)
{
    uint64_t key = (uint64_t)parent << 32 | frame;
    return (size_t)hash_u64(key, tree->seed) & tree->mask;
}

static size_t slot_of(const struct tree *tree, uint32_t parent, uint32_t frame)
{
    size_t at = first_slot(tree, parent, frame);
    while (tree->slots[at].node != TREE_NONE &&
           (tree->slots[at].parent != parent || tree->slots[at].frame != frame))
        at = (at + 1) & tree->mask;
    return at;
}

static void put_slot(struct tree *tree, size_t at, uint32_t node)
{
    tree->slots[at] = (struct tree_slot){tree->parent[node], tree->frame[node], node};
    tree->filled++;
}

/* At least half of the table stays free after `more` children. */
static bool has_slots(const struct tree *tree, size_t more)
{
    return tree->slots && (tree->filled + more) * 2 <= tree->mask;
}

/* Make room for `more`. Old slots are read in sequence and written in two sequential runs. */
static void grow_slots(struct tree *tree, size_t more)
{
    struct tree_slot *old = tree->slots;
    size_t old_count = old ? tree->mask + 1 : 0, count = old ? old_count * 2 : SLOTS_FIRST;
    while ((tree->filled + more) * 2 > count - 1)
        count *= 2;
    tree->slots = heap_alloc(tree->heap, count, sizeof *tree->slots);
    memset(tree->slots, 0xff, count * sizeof *tree->slots);
    tree->mask = count - 1;
    for (size_t i = 0; i < old_count; i++)
        if (old[i].node != TREE_NONE)
            tree->slots[slot_of(tree, old[i].parent, old[i].frame)] = old[i];
    heap_free(tree->heap, old);
}

/* Put the children of `parent` into the table. */
static void add_children_to_slots(struct tree *tree, uint32_t parent)
{
    size_t n = 0;
    for (uint32_t node = tree->last_child[parent]; node != TREE_NONE; node = tree->elder[node])
        n++;
    if (!has_slots(tree, n))
        grow_slots(tree, n);
    tree->mixed[parent] = true;
    for (uint32_t node = tree->last_child[parent]; node != TREE_NONE; node = tree->elder[node])
        put_slot(tree, slot_of(tree, parent, tree->frame[node]), node);
}

/* Usually the child is the last one or, in sorted input, sorts after it and so is new. */
uint32_t tree_child(struct tree *tree, uint32_t parent, uint32_t frame)
{
    uint32_t last = tree->last_child[parent];
    if (last == TREE_NONE)
        return append_node(tree, parent, frame);
    if (tree->frame[last] == frame)
        return last;
    if (tree->in_order)
        return append_node(tree, parent, frame);
    if (!tree->mixed[parent]) {
        if (str_compare(tree_text(tree, last), frames_text(&tree->frames, frame)) < 0)
            return append_node(tree, parent, frame);
        add_children_to_slots(tree, parent);
    }
    if (!has_slots(tree, 1))
        grow_slots(tree, 1);
    size_t at = slot_of(tree, parent, frame);
    if (tree->slots[at].node != TREE_NONE)
        return tree->slots[at].node;
    uint32_t node = append_node(tree, parent, frame);
    put_slot(tree, at, node);
    return node;
}

uint32_t tree_peek(const struct tree *tree, uint32_t parent, uint32_t frame)
{
    uint32_t last = tree->last_child[parent];
    if (last == TREE_NONE)
        return TREE_NONE;
    if (!tree->mixed[parent])
        return tree->frame[last] == frame ? last : TREE_NONE;
    __builtin_prefetch(&tree->frame[last]);
    return tree->slots[slot_of(tree, parent, frame)].node;
}

void tree_fetch(const struct tree *tree, uint32_t parent, uint32_t frame)
{
    __builtin_prefetch(&tree->last_child[parent]);
    __builtin_prefetch(&tree->mixed[parent]);
    if (tree->slots)
        __builtin_prefetch(&tree->slots[first_slot(tree, parent, frame)]);
}

void tree_set_columns(struct tree *tree, unsigned columns)
{
    if (columns <= tree->columns)
        return;
    tree->weight = heap_resize(tree->heap, tree->weight, columns, sizeof *tree->weight);
    tree->samples = heap_resize(tree->heap, tree->samples, columns, sizeof *tree->samples);
    for (; tree->columns < columns; tree->columns++) {
        tree->samples[tree->columns] = NULL;
        tree->weight[tree->columns] = heap_zero(tree->heap, tree->cap, sizeof **tree->weight);
    }
}

void tree_keep_squares(struct tree *tree)
{
    tree->squares = heap_zero(tree->heap, tree->cap, sizeof *tree->squares);
}

void tree_forget_squares(struct tree *tree)
{
    heap_free(tree->heap, tree->squares);
    tree->squares = NULL;
}

void tree_add_samples(struct tree *tree, uint32_t node, unsigned column, uint64_t samples)
{
    uint64_t **by_node = &tree->samples[column];
    if (!*by_node)
        *by_node = heap_zero(tree->heap, tree->cap, sizeof **by_node);
    num_add_most(&(*by_node)[node], samples);
}

struct tree_samples tree_find_samples(const struct tree *tree, unsigned column)
{
    const uint64_t *weight = tree->weight[column];
    const uint64_t *samples = tree->lacks_samples ? NULL : tree->samples[column];
    struct tree_samples found = {0};
    bool same = true;
    for (uint32_t i = 0; samples && i < tree->n; i++) {
        if (weight[i] != 0 && samples[i] == 0)
            return (struct tree_samples){0};
        if (samples[i] == 0)
            continue;
        uint64_t each = weight[i] / samples[i];
        if (found.count == 0)
            found.each = each;
        same &= each == found.each && weight[i] == each * samples[i];
        num_add_most(&found.count, samples[i]);
    }
    if (!same)
        found.each = 0;
    return found;
}

void tree_set_sides(struct tree *tree)
{
    tree->clash |= tree->values;
    if (tree_has_sides(tree) || tree->values)
        return;
    tree_set_columns(tree, SIDES);
    uint64_t *only = tree->weight[0];
    tree->weight[SIDE_BEFORE] = tree->weight[SIDE_AFTER];
    tree->weight[SIDE_AFTER] = only;
    uint64_t *counted = tree->samples[0];
    tree->samples[SIDE_BEFORE] = tree->samples[SIDE_AFTER];
    tree->samples[SIDE_AFTER] = counted;
}

static uint64_t scale_units(struct tree *tree, uint64_t units, unsigned power)
{
    uint64_t scaled;
    if (power == 0)
        return units;
    if (num_scale10(units, power, &scaled))
        return scaled;
    tree->overflow = true;
    return UINT64_MAX;
}

void tree_set_decimals(struct tree *tree, unsigned decimals)
{
    decimals = decimals < DECIMALS_MOST ? decimals : DECIMALS_MOST;
    if (decimals <= tree->decimals)
        return;
    unsigned power = decimals - tree->decimals;
    for (unsigned column = 0; column < tree->columns; column++) {
        uint64_t *weight = tree->weight[column];
        for (uint32_t i = 0; i < tree->n; i++)
            weight[i] = scale_units(tree, weight[i], power);
    }
    tree->decimals = decimals;
}

uint32_t tree_add(struct tree *tree, uint32_t node, unsigned column, uint64_t units,
                  unsigned decimals)
{
    node = tree_add_sum(tree, node, column, units, decimals);
    if (tree->squares)
        tree->squares[node] = wide_add_most(tree->squares[node], wide_product(units, units));
    return node;
}

uint32_t tree_add_sum(struct tree *tree, uint32_t node, unsigned column, uint64_t units,
                      unsigned decimals)
{
    if (decimals > tree->decimals)
        tree_set_decimals(tree, decimals);
    if (tree->in_order && tree->last_child[node] != TREE_NONE)
        node = tree_child(tree, node, TREE_GAP);
    uint64_t *sum = &tree->weight[column][node];
    units = scale_units(tree, units, tree->decimals - decimals);
    if (__builtin_add_overflow(*sum, units, sum)) {
        *sum = UINT64_MAX;
        tree->overflow = true;
    }
    return node;
}

uint64_t tree_sum(const struct tree *tree, unsigned column)
{
    const uint64_t *weight = tree->weight[column];
    uint64_t sum = 0;
    for (uint32_t i = 0; i < tree->n; i++)
        num_add_most(&sum, weight[i]);
    return sum;
}

uint64_t tree_find_unit(const struct tree *tree, unsigned first, unsigned end)
{
    uint64_t unit = 0;
    for (unsigned column = first; column < end; column++)
        for (uint32_t i = 0; i < tree->n && unit != 1; i++)
            unit = num_common_divisor(tree->weight[column][i], unit);
    return unit > 0 ? unit : 1;
}

bool tree_fits(const struct tree *tree)
{
    for (unsigned column = 0; column < tree->columns; column++) {
        uint64_t sum = 0;
        for (uint32_t i = 0; i < tree->n; i++)
            if (!num_add_u64(sum, tree->weight[column][i], &sum))
                return false;
    }
    return !tree->overflow;
}

uint64_t *tree_totals(const struct tree *tree, unsigned column)
{
    uint64_t *total = heap_alloc(tree->heap, tree->n, sizeof *total);
    memcpy(total, tree->weight[column], tree->n * sizeof *total);
    for (uint32_t i = tree->n; i-- > 1;)
        num_add_most(&total[tree->parent[i]], total[i]);
    return total;
}

void tree_end(struct tree *tree)
{
    heap_free(tree->heap, tree->parent);
    heap_free(tree->heap, tree->frame);
    for (unsigned i = 0; i < tree->columns; i++) {
        heap_free(tree->heap, tree->weight[i]);
        heap_free(tree->heap, tree->samples[i]);
    }
    heap_free(tree->heap, tree->weight);
    heap_free(tree->heap, tree->samples);
    heap_free(tree->heap, tree->squares);
    heap_free(tree->heap, tree->last_child);
    heap_free(tree->heap, tree->elder);
    heap_free(tree->heap, tree->mixed);
    heap_free(tree->heap, tree->slots);
    frames_end(&tree->frames);
}

/* ---- node flags ---- */

static unsigned flags_of_children(const struct tree *tree, uint32_t node)
{
    uint32_t last = tree->last_child[node];
    if (last == TREE_NONE)
        return NODE_FLAGS_LEAF;
    if (tree->elder[last] != TREE_NONE)
        return NODE_FLAGS_FAMILY;
    return last == node + 1 ? NODE_FLAGS_STRAIGHT : 0;
}

unsigned char *node_flags_make(const struct tree *tree)
{
    unsigned char *flags = heap_zero(tree->heap, tree->n, sizeof *flags);
    for (unsigned column = 0; column < tree->columns; column++)
        for (uint32_t node = 0; node < tree->n; node++)
            flags[node] = (unsigned char)(flags[node] |
                                          (tree->weight[column][node] ? NODE_FLAGS_WEIGHT : 0));
    for (uint32_t node = tree->n; node-- > 0;) {
        flags[node] |= (unsigned char)flags_of_children(tree, node);
        if (node != TREE_ROOT && (flags[node] & (NODE_FLAGS_WEIGHT | NODE_FLAGS_INNER)))
            flags[tree->parent[node]] |= NODE_FLAGS_INNER;
    }
    return flags;
}
