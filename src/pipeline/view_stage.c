/* SPDX-License-Identifier: MIT */
/*
 * view_stage: see view_stage.h.
 */
#include "pipeline/view_stage.h"

#include <stdlib.h>

#include "core/num.h"

enum { ROOM_FIRST = 1024 };

/* ---- nodes ---- */

static bool has_sides(const struct view_stage *stage)
{
    return stage->from->totals_before != NULL;
}

/* Set the arrays of the delta again, after they have moved. */
static void set_delta(struct view_stage *stage)
{
    struct picture *picture = &stage->picture;
    bool self = picture->options.delta == DELTA_SELF;
    picture->delta.before = self ? stage->tree.weight[SIDE_BEFORE] : picture->totals_before;
    picture->delta.after = self ? stage->tree.weight[stage->options.column] : picture->totals;
}

static void grow_stage_nodes(struct view_stage *stage)
{
    struct tree *tree = &stage->tree;
    struct heap *heap = tree->heap;
    struct picture *picture = &stage->picture;
    uint32_t room = stage->room = stage->room > 0 ? 4 * stage->room : ROOM_FIRST;
    tree->parent = heap_resize(heap, tree->parent, room, sizeof *tree->parent);
    tree->frame = heap_resize(heap, tree->frame, room, sizeof *tree->frame);
    for (unsigned c = 0; c < tree->columns; c++)
        tree->weight[c] = heap_resize(heap, tree->weight[c], room, sizeof *tree->weight[c]);
    picture->totals = heap_resize(heap, picture->totals, room, sizeof *picture->totals);
    picture->order.first = heap_resize(heap, picture->order.first, room,
                                       sizeof *picture->order.first);
    picture->order.next = heap_resize(heap, picture->order.next, room, sizeof *picture->order.next);
    stage->places_of = heap_resize(heap, stage->places_of, room, sizeof *stage->places_of);
    if (!has_sides(stage))
        return;
    picture->totals_before = heap_resize(heap, picture->totals_before, room,
                                         sizeof *picture->totals_before);
    set_delta(stage);
}

static uint32_t add_stage_node(struct view_stage *stage, uint32_t parent, uint32_t frame)
{
    struct tree *tree = &stage->tree;
    struct picture *picture = &stage->picture;
    if (tree->n == stage->room)
        grow_stage_nodes(stage);
    uint32_t node = tree->n++;
    tree->parent[node] = parent;
    tree->frame[node] = frame;
    for (unsigned c = 0; c < tree->columns; c++)
        tree->weight[c][node] = 0;
    picture->totals[node] = 0;
    if (picture->totals_before)
        picture->totals_before[node] = 0;
    picture->order.first[node] = picture->order.next[node] = TREE_NONE;
    stage->places_of[node] = (struct view_places){.n = 0};
    return node;
}

static void add_stage_weight(struct view_stage *stage, uint32_t node, uint32_t origin)
{
    for (unsigned c = 0; c < stage->tree.columns; c++)
        num_add_most(&stage->tree.weight[c][node], stage->weight[c][origin]);
}

/* Add the total of a place to the node. Downward, add its self weight, too; upward, that is known
 * only when the node is opened. */
static void add_total(struct view_stage *stage, uint32_t node, struct view_place place)
{
    const struct cut_tree *from = stage->from;
    struct picture *picture = &stage->picture;
    bool up = stage->options.up;
    const uint64_t *after = up ? stage->weight[stage->options.column] : from->totals;
    const uint64_t *before = up ? stage->weight[SIDE_BEFORE] : from->totals_before;
    uint32_t at = up ? place.origin : place.at;
    num_add_most(&picture->totals[node], after[at]);
    if (picture->totals_before)
        num_add_most(&picture->totals_before[node], before[at]);
    if (!up)
        add_stage_weight(stage, node, at);
}

/* ---- children ---- */

/* A tree in input order keeps equal frames apart, so that time runs from left to right. */
static bool merges_frames(const struct view_stage *stage)
{
    return stage->options.up || !stage->tree.in_order;
}

/* Add a place to the child that has this frame; it is made if needed. The nodes from `first` on are
 * the children of the node that is being opened. */
static void add_child_place(struct view_stage *stage, uint32_t parent, uint32_t first,
                            uint32_t frame, struct view_place place)
{
    struct heap *heap = stage->tree.heap;
    enum sibling_order_by by = stage->picture.options.order;
    bool merges = frame != TREE_GAP && merges_frames(stage);
    uint32_t child = merges ? stage->child_of[frame] : TREE_ROOT;
    if (child < first || child >= stage->tree.n) {
        child = add_stage_node(stage, parent, frame);
        uint32_t rank = frame == TREE_GAP ? 0 : stage->options.rank[2 * frame + 1] + 1;
        vec_push(heap, &stage->children,
                 ((struct view_child){0, by == ORDER_INPUT ? place.at : rank, child}));
        if (merges)
            stage->child_of[frame] = child;
    }
    struct view_child *known = &stage->children.at[child - first];
    if (by == ORDER_INPUT && place.at < known->rank)
        known->rank = place.at;
    stage->places_of[child].n++;
    add_total(stage, child, place);
    vec_push(heap, &stage->found, ((struct view_found){child, place}));
}

/* The places of an open node are not needed any more. The first loop has several reads of memory
 * under way at once: 15 % less time for all callers of 290,000 frames. */
static void find_callers(struct view_stage *stage, uint32_t node, uint32_t first)
{
    const struct tree *from = &stage->from->tree;
    const struct view_places places = stage->places_of[node];
    struct view_place *at = places.n > 0 ? stage->places.at + places.start : NULL;
    for (size_t i = 0; i < places.n && node != TREE_ROOT; i++) {
        at[i].at = from->parent[at[i].at];
        __builtin_prefetch(&from->frame[at[i].at]);
    }
    for (size_t i = 0; i < places.n; i++) {
        struct view_place place = at[i];
        if (place.at == TREE_ROOT)
            add_stage_weight(stage, node, place.origin);
        else
            add_child_place(stage, node, first, from->frame[place.at], place);
    }
}

static void find_callees(struct view_stage *stage, uint32_t node, uint32_t first)
{
    const struct tree *from = &stage->from->tree;
    const struct view_places places = stage->places_of[node];
    for (size_t i = places.start; i < places.start + places.n; i++) {
        uint32_t at = from->last_child[stage->places.at[i].at];
        for (; at != TREE_NONE; at = from->elder[at])
            if (stage->from->totals[at] > 0)
                add_child_place(stage, node, first, from->frame[at], (struct view_place){at, at});
    }
}

/* Put the places that were found into the order of their nodes. */
static void keep_places(struct view_stage *stage, uint32_t first)
{
    struct heap *heap = stage->tree.heap;
    size_t start = stage->places.n;
    vec_reserve(heap, &stage->places, stage->found.n);
    stage->places.n += stage->found.n;
    for (uint32_t child = first; child < stage->tree.n; child++) {
        stage->places_of[child].start = start;
        start += stage->places_of[child].n;
        stage->places_of[child].n = 0;
    }
    for (size_t i = 0; i < stage->found.n; i++) {
        struct view_places *places = &stage->places_of[stage->found.at[i].child];
        stage->places.at[places->start + places->n++] = stage->found.at[i].place;
    }
}

static int compare_children(const void *left, const void *right)
{
    const struct view_child *a = left, *b = right;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    return (a->rank > b->rank) - (a->rank < b->rank);
}

static void order_children(struct view_stage *stage, uint32_t node)
{
    struct sibling_order *order = &stage->picture.order;
    struct view_child *at = stage->children.at;
    size_t n = stage->children.n;
    for (size_t i = 0; stage->picture.options.order == ORDER_WEIGHT && i < n; i++)
        at[i].weight = stage->picture.totals[at[i].node];
    if (n > 1)
        qsort(at, n, sizeof *at, compare_children);
    for (size_t i = n; i-- > 0;) {
        order->next[at[i].node] = order->first[node];
        order->first[node] = at[i].node;
    }
}

void view_stage_open(struct view_stage *stage, uint32_t node)
{
    uint32_t first = stage->tree.n;
    if (stage->places_of[node].open)
        return;
    stage->places_of[node].open = true;
    stage->found.n = stage->children.n = 0;
    if (stage->options.up)
        find_callers(stage, node, first);
    else
        find_callees(stage, node, first);
    keep_places(stage, first);
    order_children(stage, node);
}

static void open_node(void *context, uint32_t node)
{
    view_stage_open(context, node);
}

void view_stage_rows(struct view_stage *stage, struct rows *rows, uint32_t top, uint32_t width)
{
    struct rows_source source = {
        .tree = &stage->tree,
        .column = stage->options.column,
        .order = &stage->picture.order,
        .totals = &stage->picture.totals,
        .open = open_node,
        .context = stage,
    };
    rows_make(rows, &source, top, width);
}

/* ---- the root ---- */

static void init_stage(struct view_stage *stage, const struct cut_tree *from,
                       const struct view_stage_options *options)
{
    const struct tree *base = &from->tree;
    struct heap *heap = base->heap;
    uint32_t count = frames_count(&base->frames);
    *stage = (struct view_stage){.options = *options, .from = from, .weight = base->weight};
    stage->tree = (struct tree){
        .heap = heap,
        .frames = base->frames,
        .columns = base->columns,
        .decimals = base->decimals,
        .in_order = base->in_order,
        .values = base->values,
    };
    stage->tree.weight = heap_zero(heap, base->columns, sizeof *stage->tree.weight);
    stage->child_of = heap_zero(heap, count, sizeof *stage->child_of);
    stage->picture = (struct picture){
        .options = options->picture,
        .tree = &stage->tree,
        .colors = options->colors,
        .layout = {.total = from->totals[TREE_ROOT]},
    };
    if (has_sides(stage)) {
        delta_make(&stage->picture.delta, base, options->column, options->picture.delta,
                   from->totals, from->totals_before);
        stage->picture.delta.negate = options->picture.negate;
    }
    add_stage_node(stage, TREE_NONE, 0);
}

static void add_stage_place(struct view_stage *stage, uint32_t node, struct view_place place)
{
    vec_push(stage->tree.heap, &stage->places, place);
    stage->places_of[node].n++;
    add_total(stage, node, place);
}

/* A gap is weight of its parent. */
static struct view_place place_of_stack(const struct tree *from, uint32_t node)
{
    return (struct view_place){node, from->frame[node] == TREE_GAP ? from->parent[node] : node};
}

static bool has_stage_weight(const struct view_stage *stage, uint32_t node)
{
    return stage->from->tree.weight[stage->options.column][node] > 0;
}

void view_stage_make(struct view_stage *stage, const struct cut_tree *from,
                     const struct view_stage_options *options)
{
    init_stage(stage, from, options);
    if (!options->up) {
        add_stage_place(stage, TREE_ROOT, (struct view_place){TREE_ROOT, TREE_ROOT});
        return;
    }
    for (uint32_t node = 0; node < from->tree.n; node++)
        if (has_stage_weight(stage, node))
            add_stage_place(stage, TREE_ROOT, place_of_stack(&from->tree, node));
}

/* By node of the cut tree: the node itself or its nearest caller that has one of the frames; else
 * the root. */
static uint32_t *find_inner(const struct tree *tree, const bool *frames)
{
    uint32_t *inner = heap_alloc(tree->heap, tree->n, sizeof *inner);
    inner[TREE_ROOT] = TREE_ROOT;
    for (uint32_t node = 1; node < tree->n; node++) {
        bool here = tree->frame[node] != TREE_GAP && frames[tree->frame[node]];
        inner[node] = here ? node : inner[tree->parent[node]];
    }
    return inner;
}

/* Upward, all stacks that have their innermost place in common start there. */
static void weigh_origins(struct view_stage *stage, const uint32_t *inner)
{
    const struct tree *from = &stage->from->tree;
    stage->weight = heap_alloc(from->heap, from->columns, sizeof *stage->weight);
    for (unsigned c = 0; c < from->columns; c++) {
        stage->weight[c] = heap_zero(from->heap, from->n, sizeof *stage->weight[c]);
        for (uint32_t node = 1; node < from->n; node++)
            num_add_most(&stage->weight[c][inner[node]], from->weight[c][node]);
    }
}

void view_stage_make_of(struct view_stage *stage, const struct cut_tree *from, const bool *frames,
                        const struct view_stage_options *options)
{
    const struct tree *tree = &from->tree;
    uint32_t *inner = find_inner(tree, frames);
    uint32_t frame = 0;
    while (!frames[frame])
        frame++;
    init_stage(stage, from, options);
    if (options->up)
        weigh_origins(stage, inner);
    uint32_t middle = add_stage_node(stage, TREE_ROOT, frame);
    for (uint32_t node = 1; node < tree->n; node++) {
        bool outer = inner[tree->parent[node]] == TREE_ROOT;
        uint64_t weight = options->up ? stage->weight[options->column][node] : from->totals[node];
        if (inner[node] == node && (options->up || outer) && weight > 0)
            add_stage_place(stage, middle, (struct view_place){node, node});
    }
    stage->picture.totals[TREE_ROOT] = stage->picture.totals[middle];
    stage->picture.order.first[TREE_ROOT] = middle;
    stage->places_of[TREE_ROOT].open = true;
    heap_free(tree->heap, inner);
}

void view_stage_end(struct view_stage *stage)
{
    struct tree *tree = &stage->tree;
    struct heap *heap = tree->heap;
    if (!heap)
        return;
    heap_free(heap, tree->parent);
    heap_free(heap, tree->frame);
    for (unsigned c = 0; c < tree->columns; c++)
        heap_free(heap, tree->weight[c]);
    heap_free(heap, tree->weight);
    for (unsigned c = 0; stage->weight != stage->from->tree.weight && c < tree->columns; c++)
        heap_free(heap, stage->weight[c]);
    if (stage->weight != stage->from->tree.weight)
        heap_free(heap, stage->weight);
    heap_free(heap, stage->picture.totals);
    heap_free(heap, stage->picture.totals_before);
    heap_free(heap, stage->picture.order.first);
    heap_free(heap, stage->picture.order.next);
    heap_free(heap, stage->places_of);
    heap_free(heap, stage->child_of);
    vec_free(heap, &stage->places);
    vec_free(heap, &stage->found);
    vec_free(heap, &stage->children);
    *stage = (struct view_stage){.room = 0};
}
