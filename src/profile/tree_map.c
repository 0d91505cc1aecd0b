/* SPDX-License-Identifier: MIT */
/*
 * tree_map: one pass over the nodes by number, which finds their place and adds their weights.
 */
#include "profile/tree_map.h"

#include "core/wide.h"

static uint64_t scale_mapped_weight(const struct tree_scale *scale, uint64_t weight)
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
        unsigned column = from->columns > 1 ? i : tree_after(into);
        if (mapping->columns)
            column = mapping->columns[i];
        if (column == TREE_NONE)
            continue;
        to = tree_add_sum(into, to, column, scale_mapped_weight(scale, weight),
                          scale->up != 0 ? scale->decimals : from->decimals);
        if (into->counts_samples && from->samples[i])
            tree_count_samples(into, to, column, from->samples[i][node]);
    }
    if (into->squares && from->squares)
        into->squares[to] = wide_add_most(into->squares[to], from->squares[node]);
}

static uint32_t *copy_frames(struct tree *into, const struct tree *from)
{
    uint32_t count = frames_count(&from->frames);
    uint32_t *frames = heap_alloc(into->heap, count, sizeof *frames);
    for (uint32_t i = 0; i < count; i++)
        frames[i] = frames_add_copy(&into->frames, &from->frames, i, frames_text(&from->frames, i));
    return frames;
}

/* `to`: the places of all nodes before this one. frames NULL: mapping->frame() chooses. */
static uint32_t find_mapped_node(struct tree *into, const struct tree *from, uint32_t node,
                                 const struct tree_mapping *mapping, const uint32_t *frames,
                                 const uint32_t *to)
{
    if (node == TREE_ROOT)
        return TREE_ROOT;
    uint32_t parent = to[from->parent[node]];
    if (from->frame[node] == TREE_GAP ||
        (mapping->omit_labels && frames_is_labels(&from->frames, from->frame[node])))
        return parent;
    return tree_child(into, parent,
                      frames ? frames[from->frame[node]] : mapping->frame(mapping->context, node));
}

void tree_map(struct tree *into, const struct tree *from, const struct tree_mapping *mapping)
{
    into->overflow |= from->overflow;
    into->lacks_samples |= from->lacks_samples;
    if (mapping->place) {
        for (uint32_t node = 0; node < from->n; node++) {
            if (!tree_has_weight(from, node))
                continue;
            uint32_t place = mapping->place(mapping->context, node);
            if (place != TREE_NONE)
                add_columns(into, place, from, node, mapping);
        }
        return;
    }
    uint32_t *own = mapping->frames || mapping->frame ? NULL : copy_frames(into, from);
    const uint32_t *frames = own ? own : mapping->frames;
    uint32_t *to = heap_alloc(into->heap, from->n, sizeof *to);
    for (uint32_t node = 0; node < from->n; node++) {
        to[node] = find_mapped_node(into, from, node, mapping, frames, to);
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
    if (into->clash)
        return;
    tree_set_columns(into, from->columns);
    tree_set_decimals(into, from->decimals);
    tree_map(into, from, &same);
}

void tree_copy_plain(struct tree *into, const struct tree *from, struct heap *heap)
{
    unsigned *columns = heap_alloc(heap, from->columns, sizeof *columns);
    struct tree_mapping mapping = {.columns = columns, .omit_labels = true};
    for (unsigned i = 0; i < from->columns; i++)
        columns[i] = i == 0 ? 0 : TREE_NONE;
    tree_init(into, heap, from->seed);
    into->in_order = from->in_order;
    into->counts_samples = from->counts_samples;
    tree_set_decimals(into, from->decimals);
    tree_map(into, from, &mapping);
    heap_free(heap, columns);
}

struct reversal {
    struct tree *into;
    const struct tree *from;
};

static uint32_t place_reversed(void *context, uint32_t node)
{
    const struct reversal *r = context;
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

/* ---- tree rebuild ---- */

struct rebuilding {
    const struct tree_rebuild *rebuild;
    const struct tree *from;
    struct tree *into;
    uint32_t *place;       /* by node of `from`: its node in `into`; TREE_NONE: none yet */
    uint32_t *frame;       /* by frame of `from`: its frame in `into`; INTERN_NONE: none yet */
    VEC(uint32_t) waiting; /* nodes to create, leaf first */
    /* For trees in input order: the current path by depth, and the depth of each node of `into`. A
     * node outside this path gets no more weight. */
    VEC(uint32_t) path;
    VEC(uint32_t) depth;
};

void tree_rebuild_init(struct tree_rebuild *rebuild, const struct tree *from)
{
    *rebuild = (struct tree_rebuild){.heap = from->heap};
    rebuild->lands = heap_alloc(from->heap, from->n, sizeof *rebuild->lands);
    rebuild->above = heap_alloc(from->heap, from->n, sizeof *rebuild->above);
    rebuild->lands[TREE_ROOT] = rebuild->above[TREE_ROOT] = TREE_ROOT;
}

void tree_rebuild_end(struct tree_rebuild *rebuild)
{
    heap_free(rebuild->heap, rebuild->lands);
    heap_free(rebuild->heap, rebuild->above);
}

static uint32_t rebuilt_frame(struct rebuilding *b, uint32_t node)
{
    uint32_t id = b->from->frame[node];
    if (b->frame[id] == INTERN_NONE)
        b->frame[id] = frames_add_copy(&b->into->frames, &b->from->frames, id,
                                       b->rebuild->names ? b->rebuild->names[id]
                                                         : frames_text(&b->from->frames, id));
    return b->frame[id];
}

static bool is_reachable(const struct rebuilding *b, uint32_t node)
{
    uint32_t place = b->place[node];
    if (place == TREE_NONE || !b->into->in_order)
        return place != TREE_NONE;
    uint32_t depth = b->depth.at[place];
    return depth < b->path.n && b->path.at[depth] == place;
}

/* End the path with `node`, which is at this depth. */
static void end_path_at(struct rebuilding *b, uint32_t node, uint32_t depth)
{
    struct heap *heap = b->into->heap;
    while (b->depth.n < b->into->n)
        vec_push(heap, &b->depth, depth);
    b->path.n = depth;
    vec_push(heap, &b->path, node);
}

static uint32_t create_path(struct rebuilding *b, uint32_t node)
{
    b->waiting.n = 0;
    while (!is_reachable(b, node)) {
        vec_push(b->into->heap, &b->waiting, node);
        node = b->rebuild->above[node];
    }
    uint32_t place = b->place[node];
    while (b->waiting.n > 0) {
        node = b->waiting.at[--b->waiting.n];
        uint32_t parent = place;
        place = b->place[node] = tree_child(b->into, parent, rebuilt_frame(b, node));
        if (b->into->in_order)
            end_path_at(b, place, b->depth.at[parent] + 1);
    }
    return place;
}

/* The root, and the labels that stacks are below. */
static bool is_top(const struct tree *tree, uint32_t node)
{
    return node == TREE_ROOT || frames_is_labels(&tree->frames, tree->frame[node]);
}

static uint32_t place_rebuilt(void *context, uint32_t node)
{
    struct rebuilding *b = context;
    uint32_t lands = b->rebuild->lands[node];
    uint32_t frame = b->from->frame[node] == TREE_GAP ? b->from->parent[node] : node;
    if (lands == TREE_NONE || (is_top(b->from, lands) && !is_top(b->from, frame)))
        return TREE_NONE;
    uint32_t place = create_path(b, lands);
    if (b->into->in_order)
        end_path_at(b, place, b->depth.at[place]);
    return place;
}

void tree_rebuild_make(const struct tree_rebuild *rebuild, struct tree *into,
                       const struct tree *from)
{
    struct heap *heap = from->heap;
    struct rebuilding b = {.rebuild = rebuild, .from = from, .into = into};
    struct tree_mapping mapping = {.place = place_rebuilt, .context = &b};
    tree_init_like(into, from);
    b.place = heap_alloc(heap, from->n, sizeof *b.place);
    memset(b.place, 0xff, from->n * sizeof *b.place);
    b.frame = heap_alloc(heap, frames_count(&from->frames), sizeof *b.frame);
    memset(b.frame, 0xff, frames_count(&from->frames) * sizeof *b.frame);
    b.place[TREE_ROOT] = TREE_ROOT;
    end_path_at(&b, TREE_ROOT, 0);
    tree_map(into, from, &mapping);
    heap_free(heap, b.place);
    heap_free(heap, b.frame);
    vec_free(heap, &b.waiting);
    vec_free(heap, &b.path);
    vec_free(heap, &b.depth);
}

void tree_rebuild_names(struct tree *into, const struct tree *from, const str *names)
{
    struct tree_rebuild rebuild;
    tree_rebuild_init(&rebuild, from);
    rebuild.names = names;
    for (uint32_t node = 1; node < from->n; node++) {
        rebuild.lands[node] = from->frame[node] == TREE_GAP ? from->parent[node] : node;
        rebuild.above[node] = from->parent[node];
    }
    tree_rebuild_make(&rebuild, into, from);
    tree_rebuild_end(&rebuild);
}
