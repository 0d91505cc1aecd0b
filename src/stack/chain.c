/*
 * chain: see chain.h.
 */
#include "stack/chain.h"

static bool is_separator(const struct tree *tree, uint32_t node)
{
    return str_equal(tree_text(tree, node), STR("--"));
}

/* The children of `node` stand behind a "--" that has a stack before it. */
static bool starts_wakers(const struct tree *tree, uint32_t node)
{
    return node != TREE_ROOT && tree->parent[node] != TREE_ROOT && is_separator(tree, node);
}

/* The whole text becomes a name: a frame that has a mark gets a second one. */
static uint32_t waker_frame(struct tree *into, const struct tree *from, uint32_t node)
{
    struct frame frame = frames_get(&from->frames, from->frame[node]);
    frame.name = frame.text;
    frame.kind = FRAME_WAKER;
    frame.marked = true;
    return frames_add(&into->frames, &frame);
}

/* Parents come before their children, and in an ordered tree earlier frames before later ones, so
 * that going through the nodes by number keeps both. */
void chain_mark_wakers(struct tree *into, const struct tree *from)
{
    struct heap *heap = from->heap;
    uint32_t *twin = heap_alloc(heap, from->n, sizeof *twin);
    bool *waker = heap_zero(heap, from->n, sizeof *waker);
    if (from->two_sided)
        tree_set_two_sided(into);
    into->overflow |= from->overflow;
    for (uint32_t node = 0; node < from->n; node++) {
        uint32_t parent = from->parent[node];
        if (node == TREE_ROOT) {
            twin[node] = TREE_ROOT;
        } else if (from->frame[node] == TREE_GAP) {
            twin[node] = twin[parent];
        } else {
            waker[node] = waker[parent] || starts_wakers(from, parent);
            uint32_t frame = waker[node] && !is_separator(from, node)
                                 ? waker_frame(into, from, node)
                                 : tree_copy_frame(into, from, node);
            twin[node] = tree_child(into, twin[parent], frame);
        }
        uint32_t to = tree_add(into, twin[node], from->self[node], from->decimals);
        if (from->two_sided)
            tree_add_before(into, to, from->before[node], from->decimals);
    }
    heap_free(heap, waker);
    heap_free(heap, twin);
}
