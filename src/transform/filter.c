/* SPDX-License-Identifier: MIT */
/*
 * filter: see filter.h. A stage is a function that is called for each node, parents before
 * children, and says where the weight of the node goes.
 */
#include "transform/filter.h"

#include "core/num.h"
#include "profile/tree_map.h"

enum { SHOWN = 100 };

/* One stage at work on one tree. */
struct pass {
    const struct filter *filter;
    const struct tree *tree;
    const uint32_t *match; /* by name: NAME_RULES_NONE or something else */
    uint32_t *seen;        /* by node, 0 at first: what a stage knows of it and of its callers */
    uint32_t *top;         /* by node: the root, or the labels that the stack is below */
    struct tree_rebuild rebuild;
};

static bool matches_node(const struct pass *pass, uint32_t node)
{
    return pass->match[pass->tree->frame[node]] != NAME_RULES_NONE;
}

/* A frame that is left out gives its weight to its parent. */
static void leave_node_out(struct pass *pass, uint32_t node, uint32_t parent, bool gone)
{
    uint32_t *lands = pass->rebuild.lands;
    pass->rebuild.above[node] = lands[parent];
    lands[node] = gone ? lands[parent] : node;
}

static void place_hide(struct pass *pass, uint32_t node, uint32_t parent)
{
    leave_node_out(pass, node, parent, matches_node(pass, node));
}

static void place_show(struct pass *pass, uint32_t node, uint32_t parent)
{
    leave_node_out(pass, node, parent, !matches_node(pass, node));
}

/* The parent may repeat its own parent: then both land where that one does. */
static void place_merge_recursion(struct pass *pass, uint32_t node, uint32_t parent)
{
    const uint32_t *frame = pass->tree->frame;
    leave_node_out(pass, node, parent, parent != TREE_ROOT && frame[parent] == frame[node]);
}

static void place_max_depth(struct pass *pass, uint32_t node, uint32_t parent)
{
    pass->seen[node] = pass->seen[parent] + 1;
    leave_node_out(pass, node, parent, pass->seen[node] > pass->filter->max_depth);
}

static void place_focus(struct pass *pass, uint32_t node, uint32_t parent)
{
    pass->seen[node] = pass->seen[parent] || matches_node(pass, node);
    pass->rebuild.lands[node] = pass->seen[node] ? node : TREE_NONE;
}

static void place_ignore(struct pass *pass, uint32_t node, uint32_t parent)
{
    pass->seen[node] = pass->seen[parent] || matches_node(pass, node);
    pass->rebuild.lands[node] = pass->seen[node] ? TREE_NONE : node;
}

static void place_show_from(struct pass *pass, uint32_t node, uint32_t parent)
{
    bool inside = pass->rebuild.lands[parent] != TREE_NONE;
    pass->rebuild.above[node] = inside ? parent : pass->top[node];
    pass->rebuild.lands[node] = inside || matches_node(pass, node) ? node : TREE_NONE;
}

/* seen: the leaf-most match. */
static void place_prune_from(struct pass *pass, uint32_t node, uint32_t parent)
{
    pass->seen[node] = matches_node(pass, node) ? node : pass->seen[parent];
    pass->rebuild.lands[node] = pass->seen[node] != TREE_ROOT ? pass->seen[node] : node;
}

/* seen: the first frame of the stack. */
static void place_skip_after(struct pass *pass, uint32_t node, uint32_t parent)
{
    uint32_t top = pass->filter->process_first && parent != pass->top[node] ? pass->seen[parent]
                                                                            : pass->top[node];
    pass->seen[node] = parent == pass->top[node] ? node : pass->seen[parent];
    if (matches_node(pass, node))
        pass->rebuild.above[node] = top;
}

static const struct stage {
    const char *option;
    void (*place)(struct pass *pass, uint32_t node, uint32_t parent); /* NULL: changes nothing */
    bool wants_match; /* samples without frames have none, and are dropped */
} stages[FILTER_STAGES] = {
    [FILTER_RENAME] = {"--rename", place_hide, false},
    [FILTER_FOCUS] = {"--focus", place_focus, true},
    [FILTER_IGNORE] = {"--ignore", place_ignore, false},
    [FILTER_HIDE] = {"--hide", place_hide, false},
    [FILTER_SHOW] = {"--show", place_show, false},
    [FILTER_SHOW_FROM] = {"--show-from", place_show_from, true},
    [FILTER_PRUNE_FROM] = {"--prune-from", place_prune_from, false},
    [FILTER_SKIP_AFTER] = {"--skip-after", place_skip_after, false},
    [FILTER_MERGE_RECURSION] = {"--merge-recursion", place_merge_recursion, false},
    [FILTER_CLASS] = {"--class", NULL, false},
    [FILTER_MAX_DEPTH] = {"--max-depth", place_max_depth, false},
};

const char *filter_option(enum filter_stage stage)
{
    return stages[stage].option;
}

bool filter_dropped_weight(const struct filter *filter)
{
    for (size_t i = 0; i < filter->steps.n; i++)
        if (filter->steps.at[i].kept < filter->steps.at[i].had)
            return true;
    return false;
}

bool filter_left_nothing(const struct filter *filter)
{
    return filter->steps.n > 0 && filter->steps.at[filter->steps.n - 1].kept == 0;
}

bool filter_add(struct filter *filter, enum filter_stage stage, str text, struct err *err)
{
    struct name_rules *rules = &filter->rules[stage];
    const char *option = stages[stage].option;
    filter->asked = true;
    rules->heap = filter->heap;
    if (stage == FILTER_RENAME)
        return name_rules_add_rename(rules, option, text, err);
    if (stage == FILTER_CLASS)
        return class_weights_add(&filter->shares, rules, option, text, err);
    return name_rules_add(rules, option, text, 0, err);
}

/* New names by id. A name that becomes empty counts as a match: its frame is left out. NULL: a rule
 * takes too long. */
static uint32_t *rename_all(struct pass *pass, struct name_rules *rules, struct arena *arena,
                            struct err *err)
{
    const struct intern *texts = &pass->tree->frames.texts;
    uint32_t count = intern_count(texts);
    uint32_t *match = heap_alloc(arena->heap, count, sizeof *match);
    str *names = arena_new(arena, str, count);
    for (uint32_t id = 0; id < count; id++) {
        str text = intern_name(texts, id);
        names[id] = text;
        if (!frames_is_labels(&pass->tree->frames, id) &&
            !name_rules_rename(rules, &names[id], arena, err)) {
            heap_free(arena->heap, match);
            return NULL;
        }
        match[id] = names[id].n == 0 && text.n > 0 ? 0 : NAME_RULES_NONE;
    }
    pass->rebuild.names = names;
    return match;
}

/* Each node goes where the stage places it; a gap of a tree in input order, which is weight of its
 * parent, goes where that goes. */
static void place_nodes(struct pass *pass, const struct stage *stage, struct tree *into)
{
    const struct tree *tree = pass->tree;
    pass->seen = heap_zero(tree->heap, tree->n, sizeof *pass->seen);
    pass->top = heap_zero(tree->heap, tree->n, sizeof *pass->top);
    if (stage->wants_match)
        pass->rebuild.lands[TREE_ROOT] = TREE_NONE;
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node];
        bool gap = tree->frame[node] == TREE_GAP;
        bool labels = parent == TREE_ROOT && !gap &&
                      frames_is_labels(&tree->frames, tree->frame[node]);
        pass->top[node] = labels ? node : pass->top[parent];
        pass->rebuild.above[node] = parent;
        pass->rebuild.lands[node] = gap                            ? pass->rebuild.lands[parent]
                                    : labels && stage->wants_match ? TREE_NONE
                                                                   : node;
        if (!gap && !labels)
            stage->place(pass, node, parent);
    }
    heap_free(tree->heap, pass->seen);
    heap_free(tree->heap, pass->top);
    tree_rebuild_make(&pass->rebuild, into, tree);
}

static bool run_stage(struct filter *filter, enum filter_stage stage, struct tree *tree,
                      struct err *err)
{
    struct pass pass = {.filter = filter, .tree = tree};
    struct name_rules *rules = &filter->rules[stage];
    struct heap *heap = tree->heap;
    struct tree into;
    struct arena arena; /* of new names */
    if (stage == FILTER_CLASS)
        return class_weights_count(&filter->shares, rules, tree, err);
    arena_init(&arena, heap);
    tree_rebuild_init(&pass.rebuild, tree);
    uint32_t *match = stage == FILTER_RENAME
                          ? rename_all(&pass, rules, &arena, err)
                          : name_rules_find_all(rules, &tree->frames.texts, heap, err);
    if (match) {
        pass.match = match;
        place_nodes(&pass, &stages[stage], &into);
        tree_end(tree);
        *tree = into;
        heap_free(heap, match);
    }
    tree_rebuild_end(&pass.rebuild);
    arena_end(&arena);
    return match != NULL;
}

static bool is_stage_wanted(const struct filter *filter, enum filter_stage stage)
{
    switch (stage) {
    case FILTER_MERGE_RECURSION: return filter->merge_recursion;
    case FILTER_MAX_DEPTH: return filter->max_depth > 0;
    default: return filter->rules[stage].list.n > 0;
    }
}

/* Of both sides. */
static uint64_t sum_weight(const struct tree *tree)
{
    uint64_t sum = 0;
    for (unsigned column = 0; column < tree->columns; column++)
        num_add_most(&sum, tree_sum(tree, column));
    return sum;
}

static bool fail_empty(const struct filter *filter, enum filter_stage stage, uint64_t had,
                       unsigned decimals, struct err *err)
{
    char weight[NUM_ROOM];
    int n = (int)num_put_decimal(weight, had, decimals);
    const char *option = stages[stage].option;
    size_t count = filter->rules[stage].list.n;
    str text = filter->rules[stage].list.at[0].text;
    if (count > 1)
        return err_set(err, ERR_INPUT, "%s '%.*s' and %zu more leave nothing of a weight of %.*s",
                       option, STR_SHOWN(text, SHOWN), count - 1, n, weight);
    return err_set(err, ERR_INPUT, "%s '%.*s' leaves nothing of a weight of %.*s", option,
                   STR_SHOWN(text, SHOWN), n, weight);
}

static void note_unused_rules(struct filter *filter, enum filter_stage stage)
{
    const struct name_rules *rules = &filter->rules[stage];
    for (size_t i = 0; i < rules->list.n; i++) {
        struct filter_unused unused = {stages[stage].option, rules->list.at[i].text};
        if (!rules->list.at[i].hit)
            vec_push(filter->heap, &filter->unused, unused);
    }
}

bool filter_apply(struct filter *filter, struct tree *tree, struct err *err)
{
    uint64_t had = sum_weight(tree);
    for (enum filter_stage stage = 0; had > 0 && stage < FILTER_STAGES; stage++) {
        if (!is_stage_wanted(filter, stage))
            continue;
        if (!run_stage(filter, stage, tree, err))
            return false;
        struct filter_step step = {stage, had, sum_weight(tree)};
        vec_push(filter->heap, &filter->steps, step);
        if (step.kept == 0)
            return fail_empty(filter, stage, had, tree->decimals, err);
        note_unused_rules(filter, stage);
        had = step.kept;
    }
    return true;
}

void filter_end(struct filter *filter)
{
    for (int stage = 0; stage < FILTER_STAGES; stage++)
        name_rules_end(&filter->rules[stage]);
    vec_free(filter->heap, &filter->shares.classes);
    vec_free(filter->heap, &filter->unused);
    vec_free(filter->heap, &filter->steps);
}

/* ---- idle stacks ---- */

/* "swapper", "swapper/3", "swapper-0", "swapper-0/0" */
static bool is_idle_process(str name)
{
    static const str swapper = STR_INIT("swapper");
    if (!str_starts(name, swapper))
        return false;
    for (size_t i = swapper.n; i < name.n; i++)
        if (!is_digit(name.p[i]) && name.p[i] != '/' && name.p[i] != '-')
            return false;
    return true;
}

static bool is_idle_frame(const struct tree *tree, uint32_t node)
{
    str name = tree_text(tree, node);
    return str_equal(name, STR("(idle)")) || str_equal(name, STR("[idle]")) ||
           (tree->parent[node] == TREE_ROOT && is_idle_process(name));
}

uint64_t filter_remove_idle(struct tree *tree)
{
    struct tree busy;
    struct tree_rebuild rebuild;
    uint64_t removed = 0;
    bool *idle = heap_zero(tree->heap, tree->n, sizeof *idle);
    tree_rebuild_init(&rebuild, tree);
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t parent = tree->parent[node];
        idle[node] = idle[parent] || is_idle_frame(tree, node);
        if (idle[node])
            num_add_most(&removed, tree->weight[0][node]);
        rebuild.lands[node] = idle[node] ? TREE_NONE : node;
        rebuild.above[node] = parent;
    }
    if (removed > 0) {
        tree_rebuild_make(&rebuild, &busy, tree);
        tree_end(tree);
        *tree = busy;
    }
    tree_rebuild_end(&rebuild);
    heap_free(tree->heap, idle);
    return removed;
}
