/*
 * chain: see chain.h.
 */
#include "stack/chain.h"

static bool is_separator(const struct tree *tree, uint32_t node)
{
    return str_equal(tree_name(tree, node), STR("--"));
}

/* The children of `node` stand behind a "--" that has a stack before it. */
static bool starts_wakers(const struct tree *tree, uint32_t node)
{
    return node != TREE_ROOT && tree->parent[node] != TREE_ROOT && is_separator(tree, node);
}

static uint32_t marked_name(struct tree *into, const struct tree *from, uint32_t node,
                            struct arena *scratch)
{
    str name = tree_name(from, node);
    return tree_intern(into, arena_join(scratch, name, STR("_[w]")));
}

/* Parents come before their children, and in an ordered tree earlier frames before later ones, so
 * that going through the nodes by number keeps both. */
void chain_mark_wakers(struct tree *into, const struct tree *from)
{
    struct heap *heap = from->heap;
    struct arena scratch;
    uint32_t *twin = heap_alloc(heap, from->n, sizeof *twin);
    bool *waker = heap_zero(heap, from->n, sizeof *waker);
    arena_init(&scratch, heap);
    if (from->two_sided)
        tree_set_two_sided(into);
    into->overflow |= from->overflow;
    for (uint32_t node = 0; node < from->n; node++) {
        uint32_t parent = from->parent[node];
        if (node == TREE_ROOT) {
            twin[node] = TREE_ROOT;
        } else if (from->name[node] == TREE_GAP) {
            twin[node] = twin[parent];
        } else {
            waker[node] = waker[parent] || starts_wakers(from, parent);
            uint32_t name = waker[node] && !is_separator(from, node)
                                ? marked_name(into, from, node, &scratch)
                                : tree_intern(into, tree_name(from, node));
            twin[node] = tree_child(into, twin[parent], name);
        }
        uint32_t to = tree_add(into, twin[node], from->self[node], from->decimals);
        if (from->two_sided)
            tree_add_before(into, to, from->before[node], from->decimals);
    }
    arena_end(&scratch);
    heap_free(heap, waker);
    heap_free(heap, twin);
}
