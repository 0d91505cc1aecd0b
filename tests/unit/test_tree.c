/* SPDX-License-Identifier: MIT */
/*
 * tree: children, weights, decimals, columns, sides, input order.
 */
#include "profile/tree.h"

#include "heaps.h"
#include "profile/tree_map.h"
#include "stacks.h"
#include "tap.h"

static uint64_t add_up_samples(const struct tree *tree, unsigned column)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; tree->samples[column] && i < tree->n; i++)
        sum += tree->samples[column][i];
    return sum;
}

static void are_samples(const struct tree *tree, uint64_t count, uint64_t each, const char *what)
{
    struct tree_samples found = tree_find_samples(tree, 0);
    is_u64(found.count, count, "%s: how many", what);
    is_u64(found.each, each, "%s: what one weighs", what);
}

static bool test_sample_weight(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    tree_init(&tree, heap, 1);
    tree.counts_samples = true;
    are_samples(&tree, 0, 0, "an empty tree");
    uint32_t a = tree_child(&tree, TREE_ROOT, tree_frame(&tree, STR("a")));
    uint32_t b = tree_child(&tree, a, tree_frame(&tree, STR("b")));
    tree_count_samples(&tree, tree_add(&tree, a, 0, 30, 0), 0, 3);
    are_samples(&tree, 3, 10, "one node");
    tree_count_samples(&tree, tree_add(&tree, b, 0, 10, 0), 0, 1);
    are_samples(&tree, 4, 10, "two nodes");
    tree_count_samples(&tree, b, 0, 1);
    are_samples(&tree, 5, 0, "different weights");
    tree_add(&tree, b, 0, 10, 0);
    are_samples(&tree, 5, 10, "equal weights again");
    tree_count_samples(&tree, TREE_ROOT, 0, 1);
    are_samples(&tree, 6, 0, "a sample without weight, before the others");
    tree_add(&tree, tree_child(&tree, b, tree_frame(&tree, STR("c"))), 0, 10, 0);
    are_samples(&tree, 0, 0, "a weight of unknown samples");
    tree_end(&tree);
    return true;
}

static bool test_samples(struct heap *heap, void *arg)
{
    struct tree tree, turned;
    (void)arg;
    tree_init(&tree, heap, 1);
    tree.counts_samples = true;
    uint32_t a = tree_child(&tree, TREE_ROOT, tree_frame(&tree, STR("a")));
    tree_count_samples(&tree, tree_add(&tree, a, 0, 10, 0), 0, 0);
    ok(!tree.samples[0], "weights of an unknown number of samples need no memory for it");
    for (uint32_t i = 0; i < 1000; i++) {
        char name[12];
        int n = snprintf(name, sizeof name, "%u", i);
        uint32_t node = tree_child(&tree, a, tree_frame(&tree, str_of(name, (size_t)n)));
        tree_count_samples(&tree, tree_add(&tree, node, 0, 500, 0), 0, i % 3);
    }
    is_u64(add_up_samples(&tree, 0), 999, "samples are counted while the tree grows");
    tree_reverse(&turned, &tree);
    is_u64(add_up_samples(&turned, 0), 999, "and go with their weight, turned over");
    tree_merge(&turned, &tree);
    is_u64(add_up_samples(&turned, 0), 1998, "and into another tree");
    tree_set_sides(&turned);
    is_u64(add_up_samples(&turned, SIDE_AFTER), 1998, "and to the column after");
    is_u64(add_up_samples(&turned, SIDE_BEFORE), 0, "which is not that before");
    tree_end(&turned);
    tree_end(&tree);
    return true;
}

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
    tree_add(&tree, b, 0, 25, 1);
    tree_add(&tree, a, 0, 3, 0);
    tree_add(&tree, b, 0, 125, 2);
    is_u64(tree.decimals, 2, "the most decimals of any weight");
    is_folded(&tree, "a 3\na;b 3.75\n", "weights with decimals add up");
    uint64_t *totals = tree_totals(&tree, 0);
    is_u64(totals[TREE_ROOT], 675, "the root's total");
    is_u64(totals[b], 375, "a leaf's");
    tree_set_decimals(&tree, 1);
    is_u64(tree.decimals, 2, "decimals never go down");
    tree_set_sides(&tree);
    tree_set_sides(&tree);
    tree_add(&tree, b, SIDE_BEFORE, 1, 9);
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
    tree_add(&tree, a, 0, UINT64_MAX, 0);
    tree_add(&tree, b, 0, 7, 0);
    ok(!tree.overflow, "2^64-1 is a weight");
    uint64_t *totals = tree_totals(&tree, 0);
    is_u64(totals[TREE_ROOT], UINT64_MAX, "totals stop at the largest number");
    is_u64(tree_sum(&tree, 0), UINT64_MAX, "so does the sum");
    tree_add(&tree, a, 0, 1, 0);
    ok(tree.overflow && tree.weight[0][a] == UINT64_MAX, "one more is too much, and is told");
    tree_end(&tree);
    tree_init(&tree, heap, 1);
    a = stacks_node(&tree, STR("a"));
    tree_add(&tree, a, 0, UINT64_MAX / 9, 0);
    tree_add(&tree, a, 0, 1, 1);
    ok(tree.overflow && tree.weight[0][a] == UINT64_MAX, "decimals that do not fit are told, too");
    tree_end(&tree);
    return true;
}

static bool test_in_order(struct heap *heap, void *arg)
{
    struct tree tree, copy, back;
    static const char *const stacks[] = {"a;b", "a;b", "a",   "a",   "a;b;c", "a;b",
                                         "d",   "a;b", "d;e", "d;e", "d"};
    (void)arg;
    tree_init(&tree, heap, 1);
    tree.in_order = true;
    for (size_t i = 0; i < sizeof stacks / sizeof stacks[0]; i++)
        stacks_add(&tree, stacks[i], 1);
    static const char want[] = "a;b 2\na 2\na;b;c 1\na;b 1\nd 1\na;b 1\nd;e 2\nd 1\n";
    is_folded(&tree, want, "only neighbours merge, and weight after children is a gap");
    is_u64(tree_totals(&tree, 0)[TREE_ROOT], 11, "no weight is lost");
    tree_init(&copy, heap, 2);
    copy.in_order = true;
    tree_merge(&copy, &tree);
    is_folded(&copy, want, "a copy is the same");
    tree_merge(&copy, &tree);
    is_u64(tree_sum(&copy, 0), 22, "merged after it: twice the weight");
    tree_reverse(&back, &tree);
    is_folded(&back, "b;a 2\na 2\nc;b;a 1\nb;a 1\nd 1\nb;a 1\ne;d 2\nd 1\n",
              "turned over, in order");
    return true;
}

static bool test_in_order_sides(struct heap *heap, void *arg)
{
    struct tree tree, copy;
    (void)arg;
    tree_init(&tree, heap, 1);
    tree.in_order = true;
    tree_set_sides(&tree);
    stacks_add_pair(&tree, "a;b", 1, 1);
    stacks_add_pair(&tree, "a", 2, 3);
    stacks_add_pair(&tree, "a;b", 4, 0);
    stacks_add_pair(&tree, "a", 5, 0);
    stacks_add_pair(&tree, "a", 0, 6);
    static const char want[] = "a;b 1 1\na 2 3\na;b 4 0\na 5 6\n";
    is_folded(&tree, want, "both sides of a gap stay together");
    tree_init(&copy, heap, 2);
    copy.in_order = true;
    tree_merge(&copy, &tree);
    is_folded(&copy, want, "and in a copy");
    return true;
}

/* Columns grow with the nodes, in whatever order both come. */
static bool test_columns(struct heap *heap, void *arg)
{
    enum { NODES = 1000, COLUMNS = 5 };
    struct tree tree, like;
    unsigned wrong = 0;
    (void)arg;
    tree_init(&tree, heap, 1);
    for (unsigned i = 0; i < NODES; i++) {
        char name[] = {(char)('a' + i / 26 / 26), (char)('a' + i / 26 % 26), (char)('a' + i % 26)};
        uint32_t node = stacks_node(&tree, str_of(name, sizeof name));
        tree_set_columns(&tree, 1 + i * COLUMNS / NODES);
        for (unsigned column = 0; column < tree.columns; column++)
            tree_add(&tree, node, column, i * 10 + column, 0);
    }
    is_u64(tree.columns, COLUMNS, "as many columns as asked for");
    for (uint32_t node = 1; node <= NODES; node++)
        for (unsigned column = 0; column < COLUMNS; column++) {
            unsigned i = node - 1;
            uint64_t want = column < 1 + i * COLUMNS / NODES ? i * 10 + column : 0;
            wrong += tree.weight[column][node] != want;
        }
    is_u64(wrong, 0, "each keeps its weights, and new ones are 0");
    tree_set_columns(&tree, 2);
    is_u64(tree.columns, COLUMNS, "columns never go away");
    tree_add(&tree, 1, 4, UINT64_MAX, 0);
    ok(!tree_fits(&tree) && !tree.overflow, "the sum of each column is checked");
    is_u64(tree_sum(&tree, 4), UINT64_MAX, "and stops at the largest number");
    uint64_t *totals = tree_totals(&tree, 3);
    ok(totals[TREE_ROOT] == tree_sum(&tree, 3) && totals[TREE_ROOT] > 0, "totals of a column");
    tree_set_decimals(&tree, 2);
    tree_init_like(&like, &tree);
    ok(like.columns == COLUMNS && like.decimals == 2 && !like.in_order && like.n == 1,
       "an empty tree like it");
    heap_free(heap, totals);
    tree_end(&like);
    tree_end(&tree);
    is_u64(heap->used, 0, "all is freed");
    return true;
}

/* The only column of a tree is that after when it becomes a differential. */
static bool test_sides(struct heap *heap, void *arg)
{
    struct tree tree, one;
    (void)arg;
    tree_init(&tree, heap, 1);
    tree_init(&one, heap, 1);
    stacks_add(&tree, "a", 3);
    ok(tree_after(&tree) == 0 && !tree_has_sides(&tree), "one column is no differential");
    tree_set_sides(&tree);
    ok(tree_after(&tree) == SIDE_AFTER && tree_has_sides(&tree), "two are");
    is_folded(&tree, "a 0 3\n", "what was there is after");
    stacks_add(&one, "a", 4);
    tree_merge(&tree, &one);
    is_folded(&tree, "a 0 7\n", "and so is what comes from a tree of one column");
    tree_set_columns(&tree, 3);
    tree_add(&tree, stacks_node(&tree, STR("w")), 2, 9, 0);
    ok(tree_has_weight(&tree, 2) && !tree_has_weight(&tree, TREE_ROOT), "weight of any column");
    ok(tree_after(&tree) == SIDE_AFTER, "a third column changes no side");
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
    heaps_run(test_samples, NULL);
    heaps_run(test_sample_weight, NULL);
    heaps_run(test_sorted_children, NULL);
    heaps_run(test_weights, NULL);
    heaps_run(test_overflow, NULL);
    heaps_run(test_in_order, NULL);
    heaps_run(test_in_order_sides, NULL);
    heaps_run(test_columns, NULL);
    heaps_run(test_sides, NULL);
    heaps_run(test_most, NULL);
    return done_testing();
}
