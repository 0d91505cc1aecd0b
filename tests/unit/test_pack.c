/* SPDX-License-Identifier: MIT */
/*
 * pack: the lines of doc/format.md, section 2, for small trees.
 */
#include "format/embedded/embedded_writer.h"

#include "heaps.h"
#include "stacks.h"
#include "tap.h"

static void check(const struct tree *tree, enum sibling_order_by by, uint64_t unit,
                  const char *want, const char *what)
{
    struct embedded_writer pack;
    struct sibling_order order;
    struct caught out = {0};
    struct err err = {0};
    struct sink sink;
    uint64_t *totals = tree_totals(tree, tree_after(tree));
    sibling_order_make(&order, tree, by, totals);
    embedded_writer_make(&pack, tree, &order);
    is_u64(pack.unit, unit, "%s: unit", what);
    sink_open_callback(&sink, tree->heap, caught_write, &out, &err);
    embedded_writer_write(&pack, &sink);
    ok(sink_close(&sink), "%s: written", what);
    is_str(caught_text(&out), str_from_c(want), "%s", what);
    caught_free(&out);
    embedded_writer_end(&pack);
    sibling_order_end(&order, tree->heap);
    heap_free(tree->heap, totals);
}

/* Root; its child main, new, place 1; main again; its child real, new, place 3, 50 in digits of 5
 * bits; two up: read, new, place 2. */
static bool test_trees(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    tree_init(&tree, heap, 1);
    check(&tree, ORDER_NAME, 1, "1 1\nA\nA\n", "nothing but a root");
    stacks_add(&tree, "main;read", 40);
    stacks_add(&tree, "main;main;real", 2000);
    check(&tree, ORDER_NAME, 40, "4 5\nA\nAmain\nAread\nDl\nAABBABBCDyBFDCB\n", "by name");
    check(&tree, ORDER_INPUT, 40, "4 5\nA\nAmain\nAread\nDl\nAABBBCCBCBBDDyB\n", "as they came");
    tree_frame(&tree, STR("nobody"));
    check(&tree, ORDER_NAME, 40, "4 5\nA\nAmain\nAread\nDl\nAABBABBCDyBFDCB\n",
          "names of no frame are left out");
    tree_end(&tree);
    return true;
}

static bool test_sides(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    tree_init(&tree, heap, 1);
    tree_set_sides(&tree);
    stacks_add_pair(&tree, "a", 6, 0);
    stacks_add_pair(&tree, "b", 0, 9);
    check(&tree, ORDER_NAME, 3, "3 3\nA\nAa\nAb\nABBBCADCCAD\n", "before, then after");
    tree_end(&tree);
    return true;
}

static bool test_gaps(struct heap *heap, void *arg)
{
    struct tree tree;
    (void)arg;
    tree_init(&tree, heap, 1);
    tree.in_order = true;
    stacks_add(&tree, "a;b", 1);
    stacks_add(&tree, "a", 2);
    stacks_add(&tree, "a;b", 3);
    check(&tree, ORDER_INPUT, 1, "3 5\nA\nAa\nAb\nAABBBCCBDDDCDCD\n",
          "a gap is one past the names");
    tree_end(&tree);
    return true;
}

static bool test_names(struct heap *heap, void *arg)
{
    struct tree tree;
    char longer[80];
    (void)arg;
    tree_init(&tree, heap, 1);
    stacks_add(&tree, "a<b>&\\\n\t\r\x01\x7f", 1);
    check(&tree, ORDER_NAME, 1, "2 2\nA\nAa\\lb\\g\\a\\\\\\n\\t\\r\\x01\\x7f\nABBBB\n", "escapes");
    tree_end(&tree);
    tree_init(&tree, heap, 1);
    stacks_add(&tree, "\xc3\xa8", 1);
    stacks_add(&tree, "\xc3\xa9\xff", 1);
    stacks_add(&tree, "\xef\xbf\xbf", 1);
    check(&tree, ORDER_NAME, 1,
          "4 4\nA\nA\xc3\xa8\nA\xc3\xa9\\xff\nA\\xef\\xbf\\xbf\nABBBBDCCBDDDB\n",
          "no character is shared in part; broken bytes");
    tree_end(&tree);
    tree_init(&tree, heap, 1);
    memset(longer, 'x', sizeof longer);
    tree_add(&tree, tree_child(&tree, TREE_ROOT, tree_frame(&tree, str_of(longer, 70))), 0, 1, 0);
    tree_add(&tree, tree_child(&tree, TREE_ROOT, tree_frame(&tree, str_of(longer, 72))), 0, 1, 0);
    check(&tree, ORDER_NAME, 1,
          "3 3\nA\n"
          "Axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
          "_xxxxxxxxx\nABBBBDCCB\n",
          "63 bytes at most are shared");
    tree_end(&tree);
    return true;
}

int main(void)
{
    ok(heaps_run(test_trees, NULL), "trees");
    ok(heaps_run(test_sides, NULL), "sides");
    ok(heaps_run(test_gaps, NULL), "gaps");
    ok(heaps_run(test_names, NULL), "names");
    return done_testing();
}
