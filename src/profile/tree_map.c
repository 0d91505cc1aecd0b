/*
 * tree_map: one pass over the nodes by number: frames and places are found, weights added.
 */
#include "profile/tree_map.h"

#include "core/wide.h"

static uint64_t scaled(const struct tree_scale *scale, uint64_t weight)
{
    if (scale->up == 0)
        return weight;
    struct wide product = wide_product(weight, scale->up), rest;
    product = wide_add(product, wide_of(scale->down / 2)); /* to round to the nearest */
    return wide_divide(product, wide_of(scale->down), &rest).low;
}

static void add_columns(struct tree *into, uint32_t to, const struct tree *from, uint32_t node,
                        const struct tree_mapping *mapping)
{
    const struct tree_scale *scale = &mapping->scale;
    for (unsigned i = 0; i < from->columns; i++) {
        uint64_t weight = from->weight[i][node];
        if (weight == 0)
            continue;
        unsigned column = tree_has_sides(from) ? i : tree_after(into);
        if (mapping->columns)
            column = mapping->columns[i];
        if (column != TREE_NONE)
            to = tree_add(into, to, column, scaled(scale, weight),
                          scale->up != 0 ? scale->decimals : from->decimals);
    }
}

static uint32_t *copy_frames(struct tree *into, const struct tree *from)
{
    uint32_t count = frames_count(&from->frames);
    uint32_t *frames = heap_alloc(into->heap, count, sizeof *frames);
    for (uint32_t i = 0; i < count; i++)
        frames[i] = frames_add_copy(&into->frames, &from->frames, i, frames_text(&from->frames, i));
    return frames;
}

/* `to`: where the nodes before this one went. frames: NULL when mapping->frame chooses. */
static uint32_t find_place(struct tree *into, const struct tree *from, uint32_t node,
                           const struct tree_mapping *mapping, const uint32_t *frames,
                           const uint32_t *to)
{
    if (node == TREE_ROOT)
        return TREE_ROOT;
    uint32_t parent = to[from->parent[node]];
    if (from->frame[node] == TREE_GAP)
        return parent;
    return tree_child(into, parent,
                      frames ? frames[from->frame[node]] : mapping->frame(mapping->context, node));
}

static void map_weights(struct tree *into, const struct tree *from,
                        const struct tree_mapping *mapping)
{
    for (uint32_t node = 0; node < from->n; node++) {
        if (!tree_has_weight(from, node))
            continue;
        uint32_t to = mapping->place(mapping->context, node);
        if (to != TREE_NONE)
            add_columns(into, to, from, node, mapping);
    }
}

void tree_map(struct tree *into, const struct tree *from, const struct tree_mapping *mapping)
{
    into->overflow |= from->overflow;
    if (mapping->place) {
        map_weights(into, from, mapping);
        return;
    }
    uint32_t *own = mapping->frames || mapping->frame ? NULL : copy_frames(into, from);
    const uint32_t *frames = own ? own : mapping->frames;
    uint32_t *to = heap_alloc(into->heap, from->n, sizeof *to);
    for (uint32_t node = 0; node < from->n; node++) {
        to[node] = find_place(into, from, node, mapping, frames, to);
        if (tree_has_weight(from, node))
            add_columns(into, to[node], from, node, mapping);
    }
    heap_free(into->heap, to);
    heap_free(into->heap, own);
}

void tree_merge(struct tree *into, const struct tree *from)
{
    struct tree_mapping same = {0};
    if (tree_has_sides(from))
        tree_set_sides(into);
    tree_set_decimals(into, from->decimals);
    tree_map(into, from, &same);
}

struct reversal {
    struct tree *into;
    const struct tree *from;
};

static uint32_t place_reversed(void *context, uint32_t node)
{
    struct reversal *r = context;
    uint32_t to = TREE_ROOT;
    uint32_t at = r->from->frame[node] == TREE_GAP ? r->from->parent[node] : node;
    for (; at != TREE_ROOT; at = r->from->parent[at])
        to = tree_child(r->into, to, tree_copy_frame(r->into, r->from, at));
    return to;
}

void tree_reverse(struct tree *into, const struct tree *from)
{
    struct reversal reversal = {into, from};
    struct tree_mapping mapping = {.place = place_reversed, .context = &reversal};
    tree_init_like(into, from);
    tree_map(into, from, &mapping);
}
