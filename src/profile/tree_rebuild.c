/*
 * tree_rebuild: weights are taken in the order of their nodes, which for a tree in input order is
 * the order of time.
 */
#include "profile/tree_rebuild.h"

#include "profile/tree_map.h"

struct builder {
    const struct tree_rebuild *rebuild;
    const struct tree *from;
    struct tree *into;
    uint32_t *place;       /* by node of `from`: its node in `into`, TREE_NONE before it has one */
    uint32_t *name;        /* by name of `from` */
    VEC(uint32_t) waiting; /* nodes on the way to a place, leaf first */
    /* Trees in input order: the frames that the last weight went through, by depth, and the depth
     * of each node of `into`. A place that is not among them lies in the past. */
    VEC(uint32_t) current;
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

static uint32_t name_of(struct builder *b, uint32_t node)
{
    uint32_t id = b->from->frame[node];
    if (b->name[id] == INTERN_NONE)
        b->name[id] = frames_add_copy(&b->into->frames, &b->from->frames, id,
                                      b->rebuild->names ? b->rebuild->names[id]
                                                        : frames_text(&b->from->frames, id));
    return b->name[id];
}

static bool has_place(const struct builder *b, uint32_t node)
{
    uint32_t place = b->place[node];
    if (place == TREE_NONE || !b->into->in_order)
        return place != TREE_NONE;
    uint32_t depth = b->depth.at[place];
    return depth < b->current.n && b->current.at[depth] == place;
}

/* The last weight went through `node`, which is at that depth, and not deeper. */
static void set_current(struct builder *b, uint32_t node, uint32_t depth)
{
    struct heap *heap = b->into->heap;
    while (b->depth.n < b->into->n)
        vec_push(heap, &b->depth, depth);
    b->current.n = depth;
    vec_push(heap, &b->current, node);
}

static uint32_t make_place(struct builder *b, uint32_t node)
{
    b->waiting.n = 0;
    while (!has_place(b, node)) {
        vec_push(b->into->heap, &b->waiting, node);
        node = b->rebuild->above[node];
    }
    uint32_t place = b->place[node];
    while (b->waiting.n > 0) {
        node = b->waiting.at[--b->waiting.n];
        uint32_t parent = place;
        place = b->place[node] = tree_child(b->into, parent, name_of(b, node));
        if (b->into->in_order)
            set_current(b, place, b->depth.at[parent] + 1);
    }
    return place;
}

/* The weight comes next: what is deeper than its place is past then. */
static uint32_t place_weight(void *context, uint32_t node)
{
    struct builder *b = context;
    uint32_t lands = b->rebuild->lands[node];
    uint32_t frame = b->from->frame[node] == TREE_GAP ? b->from->parent[node] : node;
    if (lands == TREE_NONE || (lands == TREE_ROOT && frame != TREE_ROOT))
        return TREE_NONE;
    uint32_t place = make_place(b, lands);
    if (b->into->in_order)
        set_current(b, place, b->depth.at[place]);
    return place;
}

void tree_rebuild_make(const struct tree_rebuild *rebuild, struct tree *into,
                       const struct tree *from)
{
    struct heap *heap = from->heap;
    struct builder b = {.rebuild = rebuild, .from = from, .into = into};
    struct tree_mapping mapping = {.place = place_weight, .context = &b};
    tree_init_like(into, from);
    b.place = heap_alloc(heap, from->n, sizeof *b.place);
    memset(b.place, 0xff, from->n * sizeof *b.place);
    b.name = heap_alloc(heap, frames_count(&from->frames), sizeof *b.name);
    memset(b.name, 0xff, frames_count(&from->frames) * sizeof *b.name);
    b.place[TREE_ROOT] = TREE_ROOT;
    set_current(&b, TREE_ROOT, 0);
    tree_map(into, from, &mapping);
    heap_free(heap, b.place);
    heap_free(heap, b.name);
    vec_free(heap, &b.waiting);
    vec_free(heap, &b.current);
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
