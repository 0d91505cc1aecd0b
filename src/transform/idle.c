/* SPDX-License-Identifier: MIT */
/*
 * idle: see idle.h.
 */
#include "transform/idle.h"

#include "core/num.h"
#include "profile/tree_map.h"

/* "swapper", "swapper/3", "swapper-0", "swapper-0/0" */
static bool is_idle_process(str name)
{
    static const str swapper = STR_INIT("swapper");
    if (!str_starts(name, swapper))
        return false;
    for (size_t i = swapper.n; i < name.n; i++)
        if (!is_digit(name.p[i]) && name.p[i] != '/' && name.p[i] != '-')
            return false;
    return true;
}

static bool is_idle_frame(const struct tree *tree, uint32_t node)
{
    str name = tree_text(tree, node);
    return str_equal(name, STR("(idle)")) || str_equal(name, STR("[idle]")) ||
           (tree->parent[node] == TREE_ROOT && is_idle_process(name));
}

uint64_t idle_remove(struct tree *tree)
{
    struct tree busy;
    struct tree_rebuild rebuild;
    uint64_t removed = 0;
    bool *idle = heap_zero(tree->heap, tree->n, sizeof *idle);
    tree_rebuild_init(&rebuild, tree);
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node];
        idle[node] = idle[parent] || is_idle_frame(tree, node);
        if (idle[node])
            num_add_most(&removed, tree->weight[0][node]);
        rebuild.lands[node] = idle[node] ? TREE_NONE : node;
        rebuild.above[node] = parent;
    }
    if (removed > 0) {
        tree_rebuild_make(&rebuild, &busy, tree);
        tree_end(tree);
        *tree = busy;
    }
    tree_rebuild_end(&rebuild);
    heap_free(tree->heap, idle);
    return removed;
}
