/*
 * wakers: see wakers.h.
 */
#include "transform/wakers.h"

#include "profile/tree_map.h"

static bool is_separator(const struct tree *tree, uint32_t node)
{
    return str_equal(tree_text(tree, node), STR("--"));
}

/* The children of `node` stand behind a "--" that has a stack before it. */
static bool starts_wakers(const struct tree *tree, uint32_t node)
{
    return node != TREE_ROOT && tree->parent[node] != TREE_ROOT && is_separator(tree, node);
}

struct marking {
    struct tree *into;
    const struct tree *from;
    bool *waker; /* by node */
};

/* The whole text becomes a name: a frame that has a mark gets a second one. */
static uint32_t add_waker_frame(struct tree *into, const struct tree *from, uint32_t node)
{
    struct frame frame = frames_get(&from->frames, from->frame[node]);
    frame.name = frame.text;
    frame.kind = FRAME_WAKER;
    frame.marked = true;
    return frames_add(&into->frames, &frame);
}

static uint32_t mark_frame(void *context, uint32_t node)
{
    struct marking *m = context;
    uint32_t parent = m->from->parent[node];
    m->waker[node] = m->waker[parent] || starts_wakers(m->from, parent);
    return m->waker[node] && !is_separator(m->from, node) ? add_waker_frame(m->into, m->from, node)
                                                          : tree_copy_frame(m->into, m->from, node);
}

void wakers_mark(struct tree *into, const struct tree *from)
{
    struct marking marking = {into, from, heap_zero(from->heap, from->n, sizeof(bool))};
    struct tree_mapping mapping = {.frame = mark_frame, .context = &marking};
    tree_init_like(into, from);
    tree_map(into, from, &mapping);
    heap_free(from->heap, marking.waker);
}
