/* SPDX-License-Identifier: MIT */
/*
 * view: the commands of the interactive view, without a terminal.
 */
#include "dice.h"
#include "heaps.h"
#include "pipeline/view.h"
#include "profile/tree_map.h"
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

static void open_all(struct view_stage *stage)
{
    for (uint32_t node = 0; node < stage->tree.n; node++)
        view_stage_open(stage, node);
}

/* The first node with this name in the order of numbers. */
static uint32_t find(struct view *view, bool callers, const char *name)
{
    struct view_stage *stage = callers ? &view->callers : &view->stage;
    open_all(stage);
    for (uint32_t node = 1; node < stage->tree.n; node++)
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
    open_all(&view.stage);
    is_u64(view.stage.tree.n, 7, "one expr is left");
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
    struct profile_value values[] = {{.type = {STR("cpu"), STR("ns"), false}},
                                     {.type = {STR("alloc"), STR("bytes"), false}}};
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

/* ---- random commands, compared with the filters on whole trees ---- */

enum { RANDOM_VIEWS = 400, RANDOM_STACKS = 30, RANDOM_DEPTH = 7, RANDOM_NAMES = 5 };

static void plant_random(struct tree *tree, uint64_t *seed)
{
    for (size_t n = 1 + dice_below(seed, RANDOM_STACKS); n > 0; n--) {
        char text[2 * RANDOM_DEPTH];
        size_t depth = 1 + dice_below(seed, RANDOM_DEPTH - 1);
        for (size_t i = 0; i < depth; i++) {
            text[2 * i] = (char)('a' + dice_below(seed, RANDOM_NAMES));
            text[2 * i + 1] = i + 1 < depth ? ';' : '\0';
        }
        stacks_add(tree, text, 1 + dice_below(seed, 50));
    }
}

static bool filter_tree(struct tree *tree, enum filter_stage how, const char *regex)
{
    struct filter filter = {.heap = tree->heap, .asked = true};
    struct err err = {0};
    filter.merge_recursion = how == FILTER_MERGE_RECURSION;
    bool done = (!regex || filter_add(&filter, how, str_from_c(regex), &err)) &&
                filter_apply(&filter, tree, &err);
    filter_end(&filter);
    return done;
}

static uint32_t find_child(const struct view_stage *stage, uint32_t parent, str text)
{
    uint32_t child = stage->picture.order.first[parent];
    while (child != TREE_NONE && !str_equal(tree_text(&stage->tree, child), text))
        child = stage->picture.order.next[child];
    return child;
}

/* Nodes that differ; the weight of the root counts only if `root`. */
static size_t compare_trees(struct view_stage *stage, const struct tree *model, bool root,
                            enum sibling_order_by by)
{
    struct heap *heap = model->heap;
    uint64_t *totals = tree_totals(model, 0);
    uint32_t *map = heap_zero(heap, model->n, sizeof *map);
    struct sibling_order order;
    size_t wrong = 0, nodes = 1;
    open_all(stage);
    sibling_order_make(&order, model, by, totals);
    for (uint32_t node = 0; node < model->n; node++) {
        if (totals[node] == 0 && node != TREE_ROOT)
            continue;
        if (node != TREE_ROOT) {
            map[node] = find_child(stage, map[model->parent[node]], tree_text(model, node));
            nodes++;
        }
        if (map[node] == TREE_NONE)
            wrong++, map[node] = TREE_ROOT;
        else if (node != TREE_ROOT || root)
            wrong += stage->picture.totals[map[node]] != totals[node] ||
                     stage->tree.weight[0][map[node]] != model->weight[0][node];
    }
    for (uint32_t node = 0; node < model->n; node++) {
        uint32_t child = stage->picture.order.first[map[node]];
        for (uint32_t i = order.first[node]; i != TREE_NONE; i = order.next[i])
            if (totals[i] > 0) {
                wrong += child == TREE_NONE || map[i] != child;
                child = child == TREE_NONE ? child : stage->picture.order.next[child];
            }
    }
    wrong += nodes != stage->tree.n;
    sibling_order_end(&order, heap);
    heap_free(heap, map);
    heap_free(heap, totals);
    return wrong;
}

static void turn(struct tree *tree)
{
    struct tree turned;
    tree_reverse(&turned, tree);
    tree_end(tree);
    *tree = turned;
}

static size_t compare_sandwich(struct view *view, struct tree *model, const char *name)
{
    char regex[] = "^x$";
    struct tree callers;
    regex[1] = name[0];
    tree_init_like(&callers, model);
    tree_merge(&callers, model);
    turn(&callers);
    view->reversed = false;
    view_open_sandwich(view, str_from_c(name));
    bool found = filter_tree(model, FILTER_SHOW_FROM, regex) &&
                 filter_tree(&callers, FILTER_SHOW_FROM, regex);
    size_t wrong = found != (view->sandwich.n > 0);
    if (found && wrong == 0)
        wrong += compare_trees(&view->stage, model, false, view->order) +
                 compare_trees(&view->callers, &callers, false, view->order);
    tree_end(&callers);
    return wrong;
}

/* Two cuts, perhaps recursion folded, from the leaves or a sandwich, by name or by weight. */
static size_t try_commands(struct view *view, struct tree *model, uint64_t *seed)
{
    static const enum filter_stage kinds[] = {FILTER_HIDE, FILTER_IGNORE, FILTER_FOCUS};
    char name[] = "a", regex[] = "^a$";
    bool hidden = false;
    for (unsigned i = 0; i < 2; i++) {
        enum filter_stage how = kinds[dice_below(seed, 3)];
        name[0] = regex[1] = (char)('a' + dice_below(seed, RANDOM_NAMES));
        size_t before = view->cuts.n;
        choose(view, name);
        if (view->chosen == TREE_NONE)
            continue;
        view_cut(view, how, false);
        hidden |= how == FILTER_HIDE;
        if (view->cuts.n > before && !filter_tree(model, how, regex))
            return view_total(view) > 0 && hidden ? 0 : 1; /* all frames are hidden */
    }
    if (dice_below(seed, 2)) {
        view_fold(view);
        filter_tree(model, FILTER_MERGE_RECURSION, NULL);
    }
    if (dice_below(seed, 2))
        view_change_order(view);
    name[0] = (char)('a' + dice_below(seed, RANDOM_NAMES));
    if (dice_below(seed, 2))
        return compare_sandwich(view, model, name);
    if (dice_below(seed, 2)) {
        view_turn(view);
        turn(model);
    }
    return compare_trees(&view->stage, model, !hidden, view->order);
}

static bool test_random(struct heap *heap, void *arg)
{
    uint64_t seed = 23;
    size_t wrong = 0;
    (void)arg;
    for (unsigned i = 0; i < RANDOM_VIEWS; i++) {
        struct tree tree, model;
        struct profile profile;
        struct view view;
        struct picture_options options = usual();
        profile_init(&profile, heap, 1, false);
        tree_init(&tree, heap, 1);
        plant_random(&tree, &seed);
        tree_init_like(&model, &tree);
        tree_merge(&model, &tree);
        view_init(&view, heap, &profile, &tree, 0, &options);
        wrong += try_commands(&view, &model, &seed);
        view_end(&view);
        profile_end(&profile);
        tree_end(&model);
        tree_end(&tree);
    }
    is_u64(wrong, 0, "nodes that differ from those of the filters");
    return true;
}

int main(void)
{
    ok(heaps_run(test_random, NULL), "random commands");
    ok(heaps_run(test_cuts, NULL), "cuts");
    ok(heaps_run(test_turning, NULL), "turning");
    ok(heaps_run(test_search, NULL), "search");
    ok(heaps_run(test_values, NULL), "values");
    return done_testing();
}
