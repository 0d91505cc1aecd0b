/*
 * view: the commands of the interactive view, without a terminal.
 */
#include "heaps.h"
#include "pipeline/view.h"
#include "stacks.h"
#include "tap.h"

static struct picture_options usual(void)
{
    return (struct picture_options){
        .layout = {.width = 1200, .row = 16, .font = 12, .fontwidth = 0.59},
        .palette = &palettes[0],
        .factor = 1,
        .countname = STR_INIT("samples"),
    };
}

static void plant(struct tree *tree, struct heap *heap)
{
    tree_init(tree, heap, 1);
    stacks_add(tree, "main;parse;expr", 30);
    stacks_add(tree, "main;parse;expr;expr", 10);
    stacks_add(tree, "main;emit", 35);
    stacks_add(tree, "main;a.b$\\E[k]", 5);
    stacks_add(tree, "idle", 20);
}

/* The first node with this name in the order of numbers. */
static uint32_t find(const struct view *view, bool callers, const char *name)
{
    const struct tree *tree = callers ? view->callers.tree : view->stage.tree;
    for (uint32_t node = 1; node < tree->n; node++)
        if (str_equal(view_name(view, callers, node), str_from_c(name)))
            return node;
    return TREE_NONE;
}

static void choose(struct view *view, const char *name)
{
    view->chosen = find(view, false, name);
}

static bool test_cuts(struct heap *heap, void *arg)
{
    struct tree tree;
    struct profile profile;
    struct view view;
    struct picture_options options = usual();
    (void)arg;
    profile_init(&profile, heap, 1, false);
    plant(&tree, heap);
    view_init(&view, heap, &profile, &tree, 0, &options);
    is_u64(view_total(&view), 100, "all");
    choose(&view, "idle");
    view_cut(&view, FILTER_IGNORE, false);
    is_u64(view_total(&view), 80, "without idle");
    choose(&view, "parse");
    view_cut(&view, FILTER_HIDE, false);
    is_u64(view_total(&view), 80, "hiding loses no weight");
    ok(find(&view, false, "parse") == TREE_NONE, "parse is hidden");
    choose(&view, "a.b$\\E[k]");
    view_cut(&view, FILTER_FOCUS, false);
    is_u64(view_total(&view), 5, "a name is no expression");
    view_uncut(&view);
    view_uncut(&view);
    is_u64(view_total(&view), 80, "two cuts undone");
    ok(find(&view, false, "parse") != TREE_NONE, "parse is back");
    view_uncut(&view);
    is_u64(view_total(&view), 100, "all again");
    view_uncut(&view);
    ok(view.said.message[0] != '\0', "there is nothing to undo: %s", view.said.message);
    choose(&view, "main");
    view_search(&view, STR("main|idle"));
    view_cut(&view, FILTER_IGNORE, true);
    is_u64(view_total(&view), 100, "a cut that leaves nothing is not made");
    is_u64(view.cuts.n, 0, "nor kept");
    view.chosen = TREE_ROOT;
    view_cut(&view, FILTER_HIDE, false);
    is_u64(view.cuts.n, 0, "the root is no function");
    view_end(&view);
    profile_end(&profile);
    tree_end(&tree);
    return true;
}

static bool test_turning(struct heap *heap, void *arg)
{
    struct tree tree;
    struct profile profile;
    struct view view;
    struct picture_options options = usual();
    (void)arg;
    profile_init(&profile, heap, 1, false);
    plant(&tree, heap);
    view_init(&view, heap, &profile, &tree, 0, &options);
    view_turn(&view);
    is_u64(view.stage.picture.totals[find(&view, false, "expr")], 40, "leaves are at the root");
    view_turn(&view);
    view_open_sandwich(&view, STR("parse"));
    is_u64(view_total(&view), 40, "a sandwich has the weight of its function");
    is_str(view_name(&view, false, view.zoom), STR("parse"), "which is in the middle");
    is_u64(view.callers.picture.totals[find(&view, true, "main")], 40, "its caller");
    is_u64(view.stage.picture.totals[find(&view, false, "expr")], 40, "its callee");
    view_back(&view);
    is_u64(view_total(&view), 100, "back to all");
    choose(&view, "parse");
    view_zoom(&view, view.chosen);
    view_zoom(&view, find(&view, false, "expr"));
    view_back(&view);
    is_str(view_name(&view, false, view.zoom), STR("parse"), "one step back");
    view_reset(&view);
    is_u64(view.zoom, TREE_ROOT, "reset");
    view_fold(&view);
    is_u64(view.stage.tree->n, 7, "one expr is left");
    view_change_order(&view);
    ok(view.order == ORDER_WEIGHT, "by weight");
    view_end(&view);
    profile_end(&profile);
    tree_end(&tree);
    return true;
}

static bool test_search(struct heap *heap, void *arg)
{
    struct tree tree;
    struct profile profile;
    struct view view;
    struct picture_options options = usual();
    (void)arg;
    profile_init(&profile, heap, 1, false);
    plant(&tree, heap);
    view_init(&view, heap, &profile, &tree, 0, &options);
    view_search(&view, STR("EXPR|emit"));
    is_u64(view.matched_weight, 35, "capitals count where they are written");
    view_search(&view, STR("expr"));
    is_u64(view.matched_weight, 40, "what calls itself counts once");
    view_make_table(&view);
    is_u64(view.functions.n, 1, "the table has what matches");
    view_search(&view, STR("ex("));
    ok(view.said.message[0] != '\0' && !view.pattern, "an error: %s", view.said.message);
    is_u64(view.matched_weight, 0, "and no match");
    view_search(&view, STR(""));
    view_make_table(&view);
    is_u64(view.functions.n, 6, "all functions");
    is_u64(view.functions.at[0].self, 40, "the hottest first");
    view_end(&view);
    profile_end(&profile);
    tree_end(&tree);
    return true;
}

/* Two values: Tab goes to the second one and back. */
static bool test_values(struct heap *heap, void *arg)
{
    struct tree tree;
    struct profile profile;
    struct view view;
    struct picture_options options = usual();
    (void)arg;
    profile_init(&profile, heap, 1, false);
    tree_init(&tree, heap, 1);
    tree.values = true;
    tree_set_columns(&tree, 2);
    stacks_add(&tree, "a;b", 10);
    tree_add(&tree, tree_child(&tree, TREE_ROOT, tree_frame(&tree, STR("c"))), 1, 7, 0);
    view_init(&view, heap, &profile, &tree, 0, &options);
    view_change_value(&view);
    ok(view.said.message[0] != '\0', "one value: %s", view.said.message);
    struct profile_value values[] = {{.type = {STR("cpu"), STR("ns")}},
                                     {.type = {STR("alloc"), STR("bytes")}}};
    vec_push(heap, &profile.values, values[0]);
    vec_push(heap, &profile.values, values[1]);
    view_change_value(&view);
    is_u64(view_total(&view), 7, "the second value");
    is_str(view.options.unit, STR("bytes"), "its unit");
    is_str(view.value, STR("alloc"), "its name");
    view_change_value(&view);
    is_u64(view_total(&view), 10, "the first one again");
    view_end(&view);
    profile_end(&profile);
    tree_end(&tree);
    return true;
}

int main(void)
{
    ok(heaps_run(test_cuts, NULL), "cuts");
    ok(heaps_run(test_turning, NULL), "turning");
    ok(heaps_run(test_search, NULL), "search");
    ok(heaps_run(test_values, NULL), "values");
    return done_testing();
}
