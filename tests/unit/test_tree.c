/*
 * tree: children, weights, decimals, two sides, input order, merging and turning over.
 */
#include "stack/tree.h"

#include "dice.h"
#include "heaps.h"
#include "stacks.h"
#include "tap.h"

static bool test_children(struct heap *heap, void *arg)
{
    struct tree tree;
    unsigned wrong = 0;
    (void)arg;
    tree_init(&tree, heap, 1);
    is_u64(tree.n, 1, "a tree has its root");
    is_str(tree_text(&tree, TREE_ROOT), STR(""), "whose name is empty");
    uint32_t parent = TREE_ROOT;
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t node = tree_child(&tree, parent, tree_frame(&tree, STR("deep")));
        wrong += node <= parent || tree.parent[node] != parent;
        wrong += tree_child(&tree, parent, tree_frame(&tree, STR("deep"))) != node;
        parent = node;
    }
    for (uint32_t i = 0; i < 20000; i++) {
        char name[12];
        int n = snprintf(name, sizeof name, "%u", i);
        uint32_t id = tree_frame(&tree, str_of(name, (size_t)n));
        uint32_t node = tree_child(&tree, i, id);
        wrong += tree_child(&tree, i, id) != node || tree.parent[node] != i;
    }
    is_u64(wrong, 0, "20000 frames deep and 20000 wide: each child is found again");
    uint32_t empty = tree_child(&tree, TREE_ROOT, tree_frame(&tree, STR("")));
    ok(empty != TREE_ROOT && tree_child(&tree, TREE_ROOT, tree.frame[empty]) == empty,
       "a frame may have the empty name");
    tree_end(&tree);
    is_u64(heap->used, 0, "the end frees all");
    return true;
}

/* Children that come in the order of their names are known by that; the first that does not ends
 * it, which may be when the table of the others has to grow. */
static bool test_sorted_children(struct heap *heap, void *arg)
{
    enum { PARENTS = 12, MOST = 3000 };
    static const char letters[] = "zyxwvutsrqpo";
    struct tree tree;
    unsigned wrong = 0, again = 0;
    (void)arg;
    tree_init(&tree, heap, 5);
    for (uint32_t p = 0; p < PARENTS; p++) {
        char name[16];
        uint32_t count = MOST >> p, first = 0;
        uint32_t parent = tree_child(&tree, TREE_ROOT, tree_frame(&tree, str_of(&letters[p], 1)));
        for (uint32_t i = 0; i < count; i++) {
            int n = snprintf(name, sizeof name, "%05u", i + 1);
            uint32_t node = tree_child(&tree, parent, tree_frame(&tree, str_of(name, (size_t)n)));
            first = i == 0 ? node : first;
            wrong += node != first + i;
        }
        uint32_t n = tree.n, small = tree_frame(&tree, STR("00000"));
        uint32_t least = tree_child(&tree, parent, small);
        wrong += least != n || tree_child(&tree, parent, small) != least;
        for (uint32_t i = 0; i < count; i++)
            again += tree_child(&tree, parent, tree.frame[first + i]) != first + i;
    }
    is_u64(wrong, 0, "children in the order of their names are new, and so is one that is not");
    is_u64(again, 0, "and all are found again");
    tree_end(&tree);
    return true;
}

static bool test_weights(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    tree_init(&tree, heap, 1);
    uint32_t a = stacks_node(&tree, STR("a")), b = stacks_node(&tree, STR("a;b"));
    tree_add(&tree, b, 25, 1);
    tree_add(&tree, a, 3, 0);
    tree_add(&tree, b, 125, 2);
    is_u64(tree.decimals, 2, "the most decimals of any weight");
    is_folded(&tree, "a 3\na;b 3.75\n", "weights with decimals add up");
    uint64_t *totals = tree_totals(&tree, tree.self);
    is_u64(totals[TREE_ROOT], 675, "the root's total");
    is_u64(totals[b], 375, "a leaf's");
    tree_set_decimals(&tree, 1);
    is_u64(tree.decimals, 2, "decimals never go down");
    tree_set_two_sided(&tree);
    tree_set_two_sided(&tree);
    tree_add_before(&tree, b, 1, 9);
    is_folded(&tree, "a 0 3\na;b 0.000000001 3.75\n", "a before side with more decimals");
    ok(!tree.overflow, "all fits");
    tree_end(&tree);
    return true;
}

static bool test_overflow(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    tree_init(&tree, heap, 1);
    uint32_t a = stacks_node(&tree, STR("a")), b = stacks_node(&tree, STR("b"));
    tree_add(&tree, a, UINT64_MAX, 0);
    tree_add(&tree, b, 7, 0);
    ok(!tree.overflow, "2^64-1 is a weight");
    uint64_t *totals = tree_totals(&tree, tree.self);
    is_u64(totals[TREE_ROOT], UINT64_MAX, "totals stop at the largest number");
    is_u64(tree_sum(&tree, tree.self), UINT64_MAX, "so does the sum");
    tree_add(&tree, a, 1, 0);
    ok(tree.overflow && tree.self[a] == UINT64_MAX, "one more is too much, and is told");
    tree_end(&tree);
    tree_init(&tree, heap, 1);
    a = stacks_node(&tree, STR("a"));
    tree_add(&tree, a, UINT64_MAX / 9, 0);
    tree_add(&tree, a, 1, 1);
    ok(tree.overflow && tree.self[a] == UINT64_MAX, "decimals that do not fit are told, too");
    tree_end(&tree);
    return true;
}

static bool test_in_order(struct heap *heap, void *arg)
{
    struct tree tree, copy, back;
    static const char *const stacks[] = {"a;b", "a;b", "a",   "a",   "a;b;c", "a;b",
                                         "d",   "a;b", "d;e", "d;e", "d"};
    (void)arg;
    tree_init_in_order(&tree, heap, 1);
    for (size_t i = 0; i < sizeof stacks / sizeof stacks[0]; i++)
        stacks_add(&tree, stacks[i], 1);
    static const char want[] = "a;b 2\na 2\na;b;c 1\na;b 1\nd 1\na;b 1\nd;e 2\nd 1\n";
    is_folded(&tree, want, "only neighbours merge, and weight behind children is a gap");
    is_u64(tree_totals(&tree, tree.self)[TREE_ROOT], 11, "no weight is lost");
    tree_init_in_order(&copy, heap, 2);
    tree_merge(&copy, &tree);
    is_folded(&copy, want, "a copy is the same");
    tree_merge(&copy, &tree);
    is_u64(tree_sum(&copy, copy.self), 22, "merged behind: twice the weight");
    tree_init_in_order(&back, heap, 3);
    tree_reverse(&back, &tree);
    is_folded(&back, "b;a 2\na 2\nc;b;a 1\nb;a 1\nd 1\nb;a 1\ne;d 2\nd 1\n",
              "turned over, in order");
    return true;
}

static bool test_in_order_two_sided(struct heap *heap, void *arg)
{
    struct tree tree, copy;
    (void)arg;
    tree_init_in_order(&tree, heap, 1);
    tree_set_two_sided(&tree);
    stacks_add_pair(&tree, "a;b", 1, 1);
    stacks_add_pair(&tree, "a", 2, 3);
    stacks_add_pair(&tree, "a;b", 4, 0);
    stacks_add_pair(&tree, "a", 5, 0);
    stacks_add_pair(&tree, "a", 0, 6);
    static const char want[] = "a;b 1 1\na 2 3\na;b 4 0\na 5 6\n";
    is_folded(&tree, want, "both sides of a gap stay together");
    tree_init_in_order(&copy, heap, 2);
    tree_merge(&copy, &tree);
    is_folded(&copy, want, "and in a copy");
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
    tree_set_two_sided(&from);
    tree_add_before(&from, stacks_node(&from, STR("a;b")), 15, 1);
    tree_merge(&into, &from);
    is_folded(&into, "a 0 8\na;b 1.5 5\nq;r 0 14\nz 0 5\n", "one with two sides and decimals");
    tree_init(&from, heap, 2);
    tree_merge(&into, &from);
    ok(into.two_sided && into.decimals == 1, "an empty one changes nothing");
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
    tree_init(&back, heap, 2);
    tree_init(&again, heap, 3);
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
            tree_add(tree, stacks_node(tree, str_of(stack, n - 1)), dice_below(&state, 1000), 0);
        }
        tree_init(&both, heap, dice(&state));
        tree_init(&other, heap, dice(&state));
        tree_merge(&both, &one);
        tree_merge(&both, &two);
        tree_merge(&other, &two);
        tree_merge(&other, &one);
        struct caught a = stacks_fold(&both), b = stacks_fold(&other);
        wrong += !str_equal(caught_text(&a), caught_text(&b));
        uint64_t sum = tree_totals(&one, one.self)[0] + tree_totals(&two, two.self)[0];
        wrong += tree_totals(&both, both.self)[0] != sum;
        caught_free(&a);
        caught_free(&b);
    }
    is_u64(wrong, 0, "60 random pairs of trees give the same merged either way, sums kept");
    return true;
}

/* As if that many were there: room for more must not wrap around. */
static bool add_one(void *arg)
{
    struct tree *tree = arg;
    if (tree->n == TREE_NONE)
        tree_child(tree, TREE_ROOT, 0);
    else
        tree_frame(tree, STR("new"));
    return true;
}

static bool test_most(struct heap *heap, void *arg)
{
    struct tree tree;
    struct err err = {0};
    (void)arg;
    tree_init(&tree, heap, 1);
    uint32_t cap = tree.cap;
    heap_set_limit(heap, 1 << 20);
    tree.n = tree.cap = TREE_NONE;
    ok(!heap_guard(heap, add_one, &tree, &err) && strstr(err.message, "more than can be counted"),
       "2^32 nodes: %s", err.message);
    tree.n = 1;
    tree.cap = cap;
    size_t names = tree.frames.texts.names.n;
    tree.frames.texts.names.n = INTERN_MOST;
    err = (struct err){0};
    ok(!heap_guard(heap, add_one, &tree, &err) && strstr(err.message, "more than can be counted"),
       "2^31 names: %s", err.message);
    tree.frames.texts.names.n = names;
    return true;
}

int main(void)
{
    heaps_run(test_children, NULL);
    heaps_run(test_sorted_children, NULL);
    heaps_run(test_weights, NULL);
    heaps_run(test_overflow, NULL);
    heaps_run(test_in_order, NULL);
    heaps_run(test_in_order_two_sided, NULL);
    heaps_run(test_merge, NULL);
    heaps_run(test_reverse, NULL);
    heaps_run(test_random, NULL);
    heaps_run(test_most, NULL);
    return done_testing();
}
