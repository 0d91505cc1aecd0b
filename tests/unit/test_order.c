/* SPDX-License-Identifier: MIT */
/*
 * order: ranks of names against a comparison of the strings themselves, and walks over trees.
 */
#include "profile/sibling_order.h"

#include "dice.h"
#include "heaps.h"
#include "stacks.h"
#include "tap.h"

/* As unsigned bytes of the name, with ';' after it when `closed`. */
static int compare_spelled(str a, bool a_closed, str b, bool b_closed)
{
    char one[64], two[64];
    memcpy(one, a.p, a.n);
    memcpy(two, b.p, b.n);
    one[a.n] = two[b.n] = ';';
    return str_compare(str_of(one, a.n + a_closed), str_of(two, b.n + b_closed));
}

static bool test_ranks(struct heap *heap, void *arg)
{
    struct intern names;
    uint64_t state = 21;
    unsigned wrong = 0;
    (void)arg;
    intern_init(&names, heap, 3);
    for (unsigned i = 0; i < 700; i++) {
        char name[40];
        size_t n = dice_name(&state, name);
        if (i % 3 == 0) /* longer than the 8 bytes that are compared first */
            n += dice_name(&state, name + n), n += dice_name(&state, name + n);
        intern_add(&names, str_of(name, n));
    }
    uint32_t count = intern_count(&names);
    uint32_t *rank = sibling_order_rank_names(&names, heap);
    char *seen = heap_zero(heap, count * 2, 1);
    for (uint32_t i = 0; i < count * 2; i++)
        wrong += rank[i] >= count * 2 || seen[rank[i]]++ != 0;
    is_u64(wrong, 0, "ranks are all different, from 0 on");
    for (uint32_t i = 0; i < count * 2; i++)
        for (uint32_t k = 0; k < count * 2; k++) {
            int order = compare_spelled(intern_name(&names, i / 2), i & 1,
                                        intern_name(&names, k / 2), k & 1);
            wrong += (order < 0) != (rank[i] < rank[k]) || (order > 0) != (rank[i] > rank[k]);
        }
    is_u64(wrong, 0, "and order names as their bytes do, with ';' and without");
    return true;
}

static void walk(const struct sibling_order *order, const struct tree *tree, char *to)
{
    size_t n = 0;
    for (uint32_t i = TREE_ROOT; i != TREE_NONE; i = sibling_order_next(order, tree, i)) {
        str name = tree_text(tree, i);
        memcpy(to + n, name.p, name.n);
        n += name.n;
        to[n++] = ' ';
    }
    to[n] = '\0';
}

static bool test_walks(struct heap *heap, void *arg)
{
    struct tree tree;
    struct sibling_order order;
    char text[200];
    (void)arg;
    tree_init(&tree, heap, 1);
    sibling_order_make(&order, &tree, ORDER_NAME, NULL);
    walk(&order, &tree, text);
    is_text(text, " ", "a tree of its root alone");
    sibling_order_end(&order, heap);
    stacks_add(&tree, "foo", 1);
    stacks_add(&tree, "foo.part.0", 5);
    stacks_add(&tree, "foo;z", 1);
    stacks_add(&tree, "foo;b", 2);
    stacks_add(&tree, "foo<int>", 2);
    stacks_add(&tree, "a;x;y", 3);
    uint64_t *totals = tree_totals(&tree, 0);
    sibling_order_make(&order, &tree, ORDER_NAME, totals);
    walk(&order, &tree, text);
    is_text(text, " a x y foo.part.0 foo b z foo<int> ", "by name as if it ended in ';'");
    sibling_order_end(&order, heap);
    sibling_order_make(&order, &tree, ORDER_INPUT, totals);
    walk(&order, &tree, text);
    is_text(text, " foo z b foo.part.0 foo<int> a x y ", "as they came");
    sibling_order_end(&order, heap);
    sibling_order_make(&order, &tree, ORDER_WEIGHT, totals);
    walk(&order, &tree, text);
    is_text(text, " foo.part.0 foo b z a x y foo<int> ", "heaviest first, then by name");
    sibling_order_end(&order, heap);
    return true;
}

static bool test_gaps(struct heap *heap, void *arg)
{
    struct tree tree;
    struct sibling_order order;
    char text[200];
    (void)arg;
    tree_init(&tree, heap, 1);
    tree.in_order = true;
    stacks_add(&tree, "b;c", 1);
    stacks_add(&tree, "b", 1);
    stacks_add(&tree, "b;c", 1);
    stacks_add(&tree, "a", 1);
    sibling_order_make(&order, &tree, ORDER_INPUT, NULL);
    walk(&order, &tree, text);
    is_text(text, " b c  c a ", "in input order gaps are where they came");
    sibling_order_end(&order, heap);
    sibling_order_make(&order, &tree, ORDER_NAME, NULL);
    walk(&order, &tree, text);
    is_text(text, " a b  c c ", "by name they come first");
    sibling_order_end(&order, heap);
    return true;
}

/* A chain and a star, deep and wide. */
static bool test_large(struct heap *heap, void *arg)
{
    struct tree tree;
    struct sibling_order order;
    uint32_t node = TREE_ROOT, n = 0;
    (void)arg;
    tree_init(&tree, heap, 1);
    uint32_t name = tree_frame(&tree, STR("f"));
    for (uint32_t i = 0; i < 300000; i++) {
        tree_child(&tree, i, tree_frame(&tree, i & 1 ? STR("g") : STR("h")));
        node = tree_child(&tree, node, name);
    }
    sibling_order_make(&order, &tree, ORDER_NAME, NULL);
    for (uint32_t i = TREE_ROOT; i != TREE_NONE; i = sibling_order_next(&order, &tree, i))
        n++;
    is_u64(n, tree.n, "every node of a deep tree is visited once");
    return true;
}

int main(void)
{
    heaps_run(test_ranks, NULL);
    heaps_run(test_walks, NULL);
    heaps_run(test_gaps, NULL);
    heaps_run(test_large, NULL);
    return done_testing();
}
