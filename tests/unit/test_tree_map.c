/* SPDX-License-Identifier: MIT */
/*
 * tree_map: frames, places and columns of another tree; merging and turning over.
 */
#include "profile/tree_map.h"

#include "dice.h"
#include "heaps.h"
#include "stacks.h"
#include "tap.h"

struct renaming {
    struct tree *into;
    const struct tree *from;
};

/* Behind a: "N"; else the name itself. */
static uint32_t rename_frame(void *context, uint32_t node)
{
    struct renaming *r = context;
    bool below = str_equal(tree_text(r->from, r->from->parent[node]), STR("a"));
    return below ? tree_frame(r->into, STR("N")) : tree_copy_frame(r->into, r->from, node);
}

/* All weight of leaves goes to "all", the rest nowhere. */
static uint32_t place_leaf(void *context, uint32_t node)
{
    struct renaming *r = context;
    if (r->from->last_child[node] != TREE_NONE)
        return TREE_NONE;
    return tree_child(r->into, TREE_ROOT, tree_frame(r->into, STR("all")));
}

static bool test_map(struct heap *heap, void *arg)
{
    struct tree from, into;
    struct renaming renaming = {&into, &from};
    unsigned columns[] = {2, TREE_NONE};
    struct tree_mapping by_frame = {.frame = rename_frame, .context = &renaming};
    struct tree_mapping by_place = {.place = place_leaf, .context = &renaming};
    struct tree_mapping by_column = {.columns = columns, .scale = {.up = 2, .down = 10}};
    (void)arg;
    tree_init(&from, heap, 1);
    tree_set_sides(&from);
    stacks_add_pair(&from, "a", 5, 1);
    stacks_add_pair(&from, "a;b", 1, 2);
    stacks_add_pair(&from, "a;c", 3, 4);
    stacks_add_pair(&from, "d", 0, 7);
    stacks_node(&from, STR("zero"));
    tree_init_like(&into, &from);
    tree_map(&into, &from, &by_frame);
    is_folded(&into, "a 5 1\na;N 4 6\nd 0 7\n", "frames by node");
    is_u64(into.n, 5, "nodes without weight have a place, too");
    tree_init_like(&into, &from);
    tree_map(&into, &from, &by_place);
    is_folded(&into, "all 4 13\n", "weights where they are wanted");
    tree_init(&into, heap, 2);
    tree_set_columns(&into, 3);
    by_column.scale.decimals = 1;
    tree_map(&into, &from, &by_column);
    is_folded(&into, "a 0 0 0.1\na;c 0 0 0.1\n", "columns where they are wanted, scaled");
    from.overflow = true;
    tree_map(&into, &from, &by_column);
    ok(into.overflow, "a sum that did not fit is not forgotten");
    return true;
}

static bool test_merge(struct heap *heap, void *arg)
{
    struct tree into, from;
    (void)arg;
    tree_init(&into, heap, 1);
    tree_init(&from, heap, 2);
    stacks_add(&into, "a;b", 1);
    stacks_add(&into, "z", 5);
    stacks_add(&from, "q;r", 7);
    stacks_add(&from, "a;b", 2);
    stacks_add(&from, "a", 4);
    tree_merge(&into, &from);
    is_folded(&into, "a 4\na;b 3\nq;r 7\nz 5\n", "two trees in one");
    tree_set_sides(&from);
    tree_add(&from, stacks_node(&from, STR("a;b")), SIDE_BEFORE, 15, 1);
    tree_merge(&into, &from);
    is_folded(&into, "a 0 8\na;b 1.5 5\nq;r 0 14\nz 0 5\n", "one with two sides and decimals");
    tree_init(&from, heap, 2);
    tree_merge(&into, &from);
    ok(tree_has_sides(&into) && into.decimals == 1, "an empty one changes nothing");
    from.overflow = true;
    tree_merge(&into, &from);
    ok(into.overflow, "a sum that did not fit is not forgotten");
    return true;
}

static bool test_reverse(struct heap *heap, void *arg)
{
    struct tree tree, back, again;
    (void)arg;
    tree_init(&tree, heap, 1);
    stacks_add(&tree, "a;b;c", 1);
    stacks_add(&tree, "x;b;c", 2);
    stacks_add(&tree, "a", 4);
    stacks_add(&tree, "a;a;a", 8);
    tree_reverse(&back, &tree);
    is_folded(&back, "a 4\na;a;a 8\nc;b;a 1\nc;b;x 2\n", "every stack turned over");
    tree_reverse(&again, &back);
    is_folded(&again, "a 4\na;a;a 8\na;b;c 1\nx;b;c 2\n", "twice is as before");
    return true;
}

/* Random trees: merging in either order gives the same lines, totals add up, seeds do not show. */
static bool test_random(struct heap *heap, void *arg)
{
    uint64_t state = 99;
    unsigned wrong = 0;
    (void)arg;
    for (unsigned round = 0; round < 60; round++) {
        struct tree one, two, both, other;
        tree_init(&one, heap, dice(&state));
        tree_init(&two, heap, dice(&state));
        for (unsigned i = 0; i < 80; i++) {
            char stack[64];
            size_t n = 0;
            for (size_t depth = 1 + dice_below(&state, 4); depth > 0; depth--) {
                n += dice_name(&state, stack + n);
                stack[n++] = ';';
            }
            struct tree *tree = dice_below(&state, 2) ? &one : &two;
            tree_add(tree, stacks_node(tree, str_of(stack, n - 1)), 0, dice_below(&state, 1000), 0);
        }
        tree_init(&both, heap, dice(&state));
        tree_init(&other, heap, dice(&state));
        tree_merge(&both, &one);
        tree_merge(&both, &two);
        tree_merge(&other, &two);
        tree_merge(&other, &one);
        struct caught a = stacks_fold(&both), b = stacks_fold(&other);
        wrong += !str_equal(caught_text(&a), caught_text(&b));
        uint64_t sum = tree_totals(&one, 0)[0] + tree_totals(&two, 0)[0];
        wrong += tree_totals(&both, 0)[0] != sum;
        caught_free(&a);
        caught_free(&b);
    }
    is_u64(wrong, 0, "60 random pairs of trees give the same merged either way, sums kept");
    return true;
}

int main(void)
{
    heaps_run(test_map, NULL);
    heaps_run(test_merge, NULL);
    heaps_run(test_reverse, NULL);
    heaps_run(test_random, NULL);
    return done_testing();
}
