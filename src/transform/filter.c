/*
 * filter: each stage is a function that fills a tree_rebuild, parents before children. A gap
 * of a tree in input order is weight of its parent and goes where that goes.
 */
#include "transform/filter.h"

#include "profile/tree_map.h"

enum { SHOWN = 100 };

/* One stage at work on one tree. */
struct pass {
    struct filter *filter;
    const struct tree *tree;
    const uint32_t *match; /* by name: PATTERN_SET_NONE or something else */
    struct tree_rebuild rebuild;
};

static bool is_gap(const struct pass *pass, uint32_t node)
{
    return pass->tree->frame[node] == TREE_GAP;
}

static bool matches(const struct pass *pass, uint32_t node)
{
    return !is_gap(pass, node) && pass->match[pass->tree->frame[node]] != PATTERN_SET_NONE;
}

/* Frames for which `gone` holds give their weight to their parents. */
static void leave_out(struct pass *pass, bool (*gone)(const struct pass *, uint32_t node))
{
    uint32_t *lands = pass->rebuild.lands;
    for (uint32_t i = 1; i < pass->tree->n; i++) {
        uint32_t parent = pass->tree->parent[i];
        pass->rebuild.above[i] = lands[parent];
        lands[i] = is_gap(pass, i) || gone(pass, i) ? lands[parent] : i;
    }
}

static bool is_unmatched(const struct pass *pass, uint32_t node)
{
    return !matches(pass, node);
}

static void plan_hide(struct pass *pass)
{
    leave_out(pass, matches);
}

static void plan_show(struct pass *pass)
{
    leave_out(pass, is_unmatched);
}

/* The parent may repeat its own parent: then both land where that one does. */
static bool repeats_parent(const struct pass *pass, uint32_t node)
{
    uint32_t parent = pass->tree->parent[node];
    return parent != TREE_ROOT && pass->tree->frame[parent] == pass->tree->frame[node];
}

static void plan_merge_recursion(struct pass *pass)
{
    leave_out(pass, repeats_parent);
}

static void plan_max_depth(struct pass *pass)
{
    const struct tree *tree = pass->tree;
    uint32_t *lands = pass->rebuild.lands;
    uint32_t *depth = heap_alloc(tree->heap, tree->n, sizeof *depth);
    depth[TREE_ROOT] = 0;
    for (uint32_t i = 1; i < tree->n; i++) {
        uint32_t parent = tree->parent[i];
        depth[i] = depth[parent] + 1;
        pass->rebuild.above[i] = lands[parent];
        lands[i] = is_gap(pass, i) || depth[i] > pass->filter->max_depth ? lands[parent] : i;
    }
    heap_free(tree->heap, depth);
}

/* Samples with a match are kept, or those without. */
static void choose(struct pass *pass, bool with)
{
    const struct tree *tree = pass->tree;
    bool *seen = heap_zero(tree->heap, tree->n, sizeof *seen);
    if (with)
        pass->rebuild.lands[TREE_ROOT] = TREE_NONE; /* a sample without frames has no match */
    for (uint32_t i = 1; i < tree->n; i++) {
        uint32_t parent = tree->parent[i];
        seen[i] = seen[parent] || matches(pass, i);
        pass->rebuild.above[i] = parent;
        pass->rebuild.lands[i] = seen[i] != with ? TREE_NONE : is_gap(pass, i) ? parent : i;
    }
    heap_free(tree->heap, seen);
}

static void plan_focus(struct pass *pass)
{
    choose(pass, true);
}

static void plan_ignore(struct pass *pass)
{
    choose(pass, false);
}

static void plan_show_from(struct pass *pass)
{
    uint32_t *lands = pass->rebuild.lands;
    lands[TREE_ROOT] = TREE_NONE;
    for (uint32_t i = 1; i < pass->tree->n; i++) {
        uint32_t parent = pass->tree->parent[i];
        bool inside = lands[parent] != TREE_NONE;
        pass->rebuild.above[i] = inside ? parent : TREE_ROOT;
        lands[i] = is_gap(pass, i) ? lands[parent] : inside || matches(pass, i) ? i : TREE_NONE;
    }
}

static void plan_prune_from(struct pass *pass)
{
    const struct tree *tree = pass->tree;
    uint32_t *match = heap_alloc(tree->heap, tree->n, sizeof *match); /* the leaf-most one */
    match[TREE_ROOT] = TREE_NONE;
    for (uint32_t i = 1; i < tree->n; i++) {
        uint32_t parent = tree->parent[i];
        uint32_t frame = is_gap(pass, i) ? parent : i;
        match[i] = matches(pass, i) ? i : match[parent];
        pass->rebuild.above[i] = parent;
        pass->rebuild.lands[i] = match[i] != TREE_NONE ? match[i] : frame;
    }
    heap_free(tree->heap, match);
}

static void plan_skip_after(struct pass *pass)
{
    const struct tree *tree = pass->tree;
    uint32_t *first = heap_alloc(tree->heap, tree->n, sizeof *first); /* frame of the stack */
    first[TREE_ROOT] = TREE_ROOT;
    for (uint32_t i = 1; i < tree->n; i++) {
        uint32_t parent = tree->parent[i];
        uint32_t top = pass->filter->process_first ? first[parent] : TREE_ROOT;
        first[i] = parent == TREE_ROOT ? i : first[parent];
        pass->rebuild.above[i] = matches(pass, i) ? top : parent;
        pass->rebuild.lands[i] = is_gap(pass, i) ? parent : i;
    }
    heap_free(tree->heap, first);
}

static const struct stage {
    const char *option;
    void (*plan)(struct pass *pass); /* NULL: it is not a plan */
} stages[FILTER_STAGES] = {
    [FILTER_RENAME] = {"--rename", NULL},
    [FILTER_FOCUS] = {"--focus", plan_focus},
    [FILTER_IGNORE] = {"--ignore", plan_ignore},
    [FILTER_HIDE] = {"--hide", plan_hide},
    [FILTER_SHOW] = {"--show", plan_show},
    [FILTER_SHOW_FROM] = {"--show-from", plan_show_from},
    [FILTER_PRUNE_FROM] = {"--prune-from", plan_prune_from},
    [FILTER_SKIP_AFTER] = {"--skip-after", plan_skip_after},
    [FILTER_MERGE_RECURSION] = {"--merge-recursion", plan_merge_recursion},
    [FILTER_CLASS] = {"--class", NULL},
    [FILTER_MAX_DEPTH] = {"--max-depth", plan_max_depth},
};

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

const char *filter_option(enum filter_stage stage)
{
    return stages[stage].option;
}

void filter_init(struct filter *filter, struct heap *heap)
{
    *filter = (struct filter){.heap = heap};
    class_weights_init(&filter->shares, heap);
    for (int stage = 0; stage < FILTER_STAGES; stage++)
        filter->patterns[stage].heap = heap;
}

static bool add_rewrite(struct filter *filter, str text, struct err *err)
{
    struct filter_rewrite rewrite = {substitution_parse(filter->heap, "--rename", text, err),
                                     false};
    if (!rewrite.rewrite)
        return false;
    vec_push(filter->heap, &filter->rewrites, rewrite);
    return true;
}

bool filter_add(struct filter *filter, enum filter_stage stage, str text, struct err *err)
{
    if (stage == FILTER_RENAME)
        return add_rewrite(filter, text, err);
    if (stage == FILTER_CLASS)
        return class_weights_add(&filter->shares, stages[stage].option, text, err);
    return pattern_set_add(&filter->patterns[stage], stages[stage].option, text, 0, err);
}

/* What separates frames in folded text, or lines, cannot stand in a name. */
static str make_name(struct arena *arena, const struct substitution_text *text)
{
    char *p = arena_new(arena, char, text->bytes.n);
    for (size_t i = 0; i < text->bytes.n; i++) {
        char c = text->bytes.at[i];
        p[i] = c == ';' ? ':' : (unsigned char)c < ' ' ? ' ' : c;
    }
    return str_of(p, text->bytes.n);
}

struct renaming {
    struct arena arena;
    struct substitution_text text;
    str *names;      /* by id */
    uint32_t *match; /* by id: PATTERN_SET_NONE unless the new name is empty */
};

static bool rename_one(struct filter *filter, struct renaming *r, uint32_t id, struct err *err)
{
    bool changed;
    for (size_t i = 0; i < filter->rewrites.n; i++) {
        struct filter_rewrite *rewrite = &filter->rewrites.at[i];
        if (!substitution_name(rewrite->rewrite, r->names[id], &r->text, &changed, err))
            return false;
        rewrite->hit |= changed;
        if (!changed)
            continue;
        r->names[id] = make_name(&r->arena, &r->text);
        r->match[id] = r->names[id].n > 0 ? PATTERN_SET_NONE : 0;
    }
    return true;
}

static bool run_rename(struct pass *pass, struct tree *into, struct err *err)
{
    struct heap *heap = pass->tree->heap;
    const struct intern *names = &pass->tree->frames.texts;
    struct renaming r = {.names = heap_alloc(heap, intern_count(names), sizeof *r.names)};
    bool good = true;
    r.match = heap_alloc(heap, intern_count(names), sizeof *r.match);
    arena_init(&r.arena, heap);
    for (uint32_t id = 0; good && id < intern_count(names); id++) {
        r.names[id] = intern_name(names, id);
        r.match[id] = PATTERN_SET_NONE;
        good = rename_one(pass->filter, &r, id, err);
    }
    if (good) {
        pass->match = r.match;
        leave_out(pass, matches);
        pass->rebuild.names = r.names;
        tree_rebuild_make(&pass->rebuild, into, pass->tree);
    }
    arena_end(&r.arena);
    vec_free(heap, &r.text.bytes);
    heap_free(heap, r.names);
    heap_free(heap, r.match);
    return good;
}

static bool run_plan(struct pass *pass, enum filter_stage stage, struct tree *into, struct err *err)
{
    struct pattern_set *patterns = &pass->filter->patterns[stage];
    struct heap *heap = pass->tree->heap;
    uint32_t *match = pattern_set_find_all(patterns, &pass->tree->frames.texts, heap, err);
    if (!match)
        return false;
    pass->match = match;
    stages[stage].plan(pass);
    tree_rebuild_make(&pass->rebuild, into, pass->tree);
    heap_free(heap, match);
    return true;
}

static bool run_stage(struct filter *filter, enum filter_stage stage, struct tree *tree,
                      struct err *err)
{
    struct pass pass = {.filter = filter, .tree = tree};
    struct tree into;
    if (stage == FILTER_CLASS)
        return class_weights_count(&filter->shares, tree, err);
    tree_rebuild_init(&pass.rebuild, tree);
    bool good = stage == FILTER_RENAME ? run_rename(&pass, &into, err)
                                       : run_plan(&pass, stage, &into, err);
    tree_rebuild_end(&pass.rebuild);
    if (!good)
        return false;
    tree_end(tree);
    *tree = into;
    return true;
}

static bool is_wanted(const struct filter *filter, enum filter_stage stage)
{
    switch (stage) {
    case FILTER_RENAME: return filter->rewrites.n > 0;
    case FILTER_CLASS: return filter->shares.classes.n > 0;
    case FILTER_MERGE_RECURSION: return filter->merge_recursion;
    case FILTER_MAX_DEPTH: return filter->max_depth > 0;
    default: return filter->patterns[stage].entries.n > 0;
    }
}

static uint64_t weight_of(const struct tree *tree)
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
    const struct pattern_set *patterns = &filter->patterns[stage];
    str text = stage == FILTER_RENAME ? substitution_source(filter->rewrites.at[0].rewrite)
                                      : pattern_text(patterns->entries.at[0].pattern);
    size_t more = (stage == FILTER_RENAME ? filter->rewrites.n : patterns->entries.n) - 1;
    int shown = text.n < SHOWN ? (int)text.n : SHOWN;
    if (more > 0)
        return err_set(err, ERR_INPUT, "%s '%.*s' and %zu more leave nothing of a weight of %.*s",
                       stages[stage].option, shown, text.p, more, n, weight);
    return err_set(err, ERR_INPUT, "%s '%.*s' leaves nothing of a weight of %.*s",
                   stages[stage].option, shown, text.p, n, weight);
}

static void note_unused(struct filter *filter, const char *option, str text)
{
    struct filter_unused unused = {option, text};
    vec_push(filter->heap, &filter->unused, unused);
}

static void find_unused(struct filter *filter, enum filter_stage stage)
{
    const struct pattern_set *patterns = stage == FILTER_CLASS ? &filter->shares.patterns
                                                               : &filter->patterns[stage];
    for (size_t i = 0; i < patterns->entries.n; i++)
        if (!patterns->entries.at[i].hit)
            note_unused(filter, stages[stage].option,
                        pattern_text(patterns->entries.at[i].pattern));
    for (size_t i = 0; stage == FILTER_RENAME && i < filter->rewrites.n; i++)
        if (!filter->rewrites.at[i].hit)
            note_unused(filter, "--rename", substitution_source(filter->rewrites.at[i].rewrite));
}

bool filter_apply(struct filter *filter, struct tree *tree, struct err *err)
{
    uint64_t had = weight_of(tree);
    for (enum filter_stage stage = 0; had > 0 && stage < FILTER_STAGES; stage++) {
        if (!is_wanted(filter, stage))
            continue;
        if (!run_stage(filter, stage, tree, err))
            return false;
        struct filter_step step = {stage, had, weight_of(tree)};
        vec_push(filter->heap, &filter->steps, step);
        if (step.kept == 0)
            return fail_empty(filter, stage, had, tree->decimals, err);
        find_unused(filter, stage);
        had = step.kept;
    }
    return true;
}

void filter_end(struct filter *filter)
{
    for (int stage = 0; stage < FILTER_STAGES; stage++)
        pattern_set_end(&filter->patterns[stage]);
    for (size_t i = 0; i < filter->rewrites.n; i++)
        substitution_free(filter->rewrites.at[i].rewrite);
    vec_free(filter->heap, &filter->rewrites);
    vec_free(filter->heap, &filter->unused);
    vec_free(filter->heap, &filter->steps);
    class_weights_end(&filter->shares);
}
