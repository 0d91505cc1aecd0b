/* SPDX-License-Identifier: MIT */
/*
 * stack_quality: see stack_quality.h.
 */
#include "transform/stack_quality.h"

/* First functions of complete stacks: of programs, threads, the idle task and kernel threads, and
 * entries into the kernel where the user code has no stack. Names start with one of these. */
static const char entries[] =
    "_start|main|__libc_start|start_thread|clone|__clone|thread_start|_dl_start|"
    "runtime.goexit|runtime.mstart|runtime.rt0_go|runtime.mcall|JavaMain|java_start|"
    "common_startup|secondary_startup|start_secondary|x86_64_start|cpu_startup_entry|"
    "ret_from_fork|kthread|entry_SYSCALL|asm_|system_call|el0|ret_to_user";

/* "[unknown]", "[libx.so]", "[libx.so <7f12>]". */
static bool is_unresolved(str name)
{
    return name.n > 2 && name.p[0] == '[' && name.p[name.n - 1] == ']';
}

void stack_quality_examine(struct stack_quality *health, const struct tree *tree, bool has_comm)
{
    uint32_t first = has_comm ? 2 : 1; /* the depth where functions begin */
    uint32_t *depth = heap_zero(tree->heap, tree->n, sizeof *depth);
    bool *rooted = heap_zero(tree->heap, tree->n, sizeof *rooted);
    const uint64_t *own = tree->weight[tree_after(tree)];
    *health = (struct stack_quality){0};
    for (uint32_t i = 1; i < tree->n; i++) {
        uint32_t parent = tree->parent[i];
        uint64_t weight = own[i];
        depth[i] = depth[parent] + 1;
        rooted[i] = rooted[parent] ||
                    (depth[i] == first && str_starts_any(tree_text(tree, i), entries));
        health->deepest = depth[i] > health->deepest ? depth[i] : health->deepest;
        health->total += weight;
        if (depth[i] >= first && is_unresolved(tree_text(tree, i)))
            health->unresolved += weight;
        if (depth[i] >= first && !rooted[i])
            health->rootless += weight;
    }
    heap_free(tree->heap, rooted);
    heap_free(tree->heap, depth);
}
