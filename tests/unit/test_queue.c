/* SPDX-License-Identifier: MIT */
/*
 * queue: what waits comes to the same tree as what does not, in any order of stacks, whatever they
 * share and weigh.
 */
#include "profile/builder.h"

#include "dice.h"
#include "heaps.h"
#include "stacks.h"
#include "tap.h"

enum { STACKS = 20000, DEEPEST = 12, NAMES = 9 };

struct stack {
    uint32_t names[DEEPEST];
    size_t n;
};

/* Another stack, that may start as the last one did: how many frames it shares with it, or half of
 * that. */
static size_t next_stack(struct stack *stack, uint64_t *seed)
{
    struct stack last = *stack;
    size_t kept = dice_below(seed, 3) == 0 ? dice_below(seed, last.n + 1) : 0, shared = 0;
    stack->n = 1 + dice_below(seed, DEEPEST);
    for (size_t i = kept; i < stack->n; i++)
        stack->names[i] = 1 + (uint32_t)dice_below(seed, NAMES);
    while (shared < last.n && shared < stack->n && last.names[shared] == stack->names[shared])
        shared++;
    return dice_below(seed, 5) == 0 ? shared / 2 : shared;
}

static void name_all(struct tree *tree)
{
    for (uint32_t i = 0; i < NAMES; i++) {
        char name = (char)('a' + i);
        tree_frame(tree, str_of(&name, 1));
    }
}

static bool test_random(struct heap *heap, void *arg)
{
    struct tree waits, goes;
    struct tree_queue queue = {.tree = &waits};
    struct stack stack = {{0}, 0};
    uint32_t told[4] = {0}, want[4] = {0};
    uint64_t seed = *(const uint64_t *)arg;
    unsigned wrong = 0;
    tree_init(&waits, heap, 1);
    tree_init(&goes, heap, 2);
    tree_set_sides(&waits);
    tree_set_sides(&goes);
    name_all(&waits);
    name_all(&goes);
    for (size_t i = 0; i < STACKS; i++) {
        size_t shared = next_stack(&stack, &seed);
        uint32_t node = TREE_ROOT;
        struct stack_weight weight = {.units = dice_below(&seed, 9), .decimals = (unsigned)(i % 2)};
        weight.before = i % 7;
        weight.has_units = weight.units > 0;
        weight.has_before = weight.before > 0;
        struct tree_queue_stack *queued = tree_queue_push(&queue, shared);
        for (size_t k = shared; k < stack.n; k++)
            vec_push(heap, &queued->frames, stack.names[k]);
        queued->weight = weight;
        queued->node = i >= STACKS - 4 ? &told[i % 4] : NULL;
        for (size_t k = 0; k < stack.n; k++)
            node = tree_child(&goes, node, stack.names[k]);
        tree_queue_add_weight(&goes, node, &weight);
        want[i % 4] = node;
    }
    tree_queue_flush(&queue);
    for (size_t i = 0; i < 4; i++)
        wrong += told[i] != want[i];
    ok(wrong == 0, "nodes are told");
    struct caught a = stacks_fold(&waits), b = stacks_fold(&goes);
    ok(a.n > 1000 && str_equal(caught_text(&a), caught_text(&b)), "the same stacks and weights");
    is_u64(waits.n, goes.n, "the same number of nodes");
    caught_free(&a);
    caught_free(&b);
    tree_queue_end(&queue);
    tree_end(&waits);
    tree_end(&goes);
    return true;
}

int main(void)
{
    static uint64_t seeds[] = {1, 2, 3};
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++)
        heaps_run(test_random, &seeds[i]);
    return done_testing();
}
