/*
 * stack_quality: see stack_quality.h.
 */
#include "transform/stack_quality.h"

/* First functions of complete stacks: of programs, threads, the idle task and kernel threads, and
 * entries into the kernel where the user code has no stack. Names start with one of these. */
static const str entries[] = {
    STR_INIT("_start"),
    STR_INIT("main"),
    STR_INIT("__libc_start"),
    STR_INIT("start_thread"),
    STR_INIT("clone"),
    STR_INIT("__clone"),
    STR_INIT("thread_start"),
    STR_INIT("_dl_start"),
    STR_INIT("runtime.goexit"),
    STR_INIT("runtime.mstart"),
    STR_INIT("runtime.rt0_go"),
    STR_INIT("runtime.mcall"),
    STR_INIT("JavaMain"),
    STR_INIT("java_start"),
    STR_INIT("common_startup"),
    STR_INIT("secondary_startup"),
    STR_INIT("start_secondary"),
    STR_INIT("x86_64_start"),
    STR_INIT("cpu_startup_entry"),
    STR_INIT("ret_from_fork"),
    STR_INIT("kthread"),
    STR_INIT("entry_SYSCALL"),
    STR_INIT("asm_"),
    STR_INIT("system_call"),
    STR_INIT("el0"),
    STR_INIT("ret_to_user"),
};

static bool is_entry(str name)
{
    for (size_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        if (str_starts(name, entries[i]))
            return true;
    return false;
}

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
        rooted[i] = rooted[parent] || (depth[i] == first && is_entry(tree_text(tree, i)));
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
