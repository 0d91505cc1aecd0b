/* SPDX-License-Identifier: MIT */
/*
 * view: see view.h.
 */
#include "pipeline/view.h"

#include "core/num.h"

/* A message replaces the one before. */
#define SAY(view, ...) \
    ((view)->said = (struct err){0}, err_set(&(view)->said, ERR_USAGE, __VA_ARGS__))

/* ---- frames ---- */

/* A pattern that matches only this name, with any mark of its kind. */
static str exact_pattern(struct view *view, str name)
{
    static const char mark[] = "(_\\[[a-z]\\])?$";
    size_t room = 2 * name.n + sizeof mark + 1, n = 0;
    char *text = heap_alloc(view->heap, room, 1);
    text[n++] = '^';
    for (size_t i = 0; i < name.n; i++) {
        bool letter = is_alnum(name.p[i]) || (unsigned char)name.p[i] > 127;
        if (!letter && name.p[i] != '_' && name.p[i] != '\n' && name.p[i] != '\0')
            text[n++] = '\\';
        text[n++] = name.p[i];
    }
    memcpy(text + n, mark, sizeof mark - 1);
    n += sizeof mark - 1;
    str copy = arena_copy(&view->arena, str_of(text, n));
    heap_free(view->heap, text);
    return copy;
}

/* By frame: whether it has this name. */
static bool *find_named(const struct view *view, str name)
{
    uint32_t count = frames_count(&view->base->frames);
    bool *named = heap_zero(view->heap, count, sizeof *named);
    for (uint32_t id = 1; id < count; id++)
        named[id] = str_equal(frames_get(&view->base->frames, id).name, name);
    return named;
}

/* By frame: whether the pattern matches its name. */
static bool *find_matches(struct view *view, struct pattern *pattern)
{
    struct err err = {0};
    uint32_t count = frames_count(&view->base->frames);
    bool *matched = heap_zero(view->heap, count, sizeof *matched);
    for (uint32_t id = 1; id < count; id++)
        if (!pattern_match(pattern, frames_get(&view->base->frames, id).name, &matched[id], &err)) {
            SAY(view, "%s", err.message);
            break;
        }
    return matched;
}

/* ---- stages ---- */

void view_forget_table(struct view *view)
{
    if (view->functions.at)
        functions_end(&view->functions);
    view->functions = (struct functions){.heap = view->heap};
    view->line = 0;
}

/* The weight of the outermost nodes that match. */
static void weigh_matches(struct view *view)
{
    const struct tree *tree = &view->cut.tree;
    view->matched_weight = 0;
    if (!view->matched)
        return;
    bool *inside = heap_zero(view->heap, tree->n, sizeof *inside);
    for (uint32_t node = 1; node < tree->n; node++) {
        uint32_t frame = tree->frame[node];
        bool below = inside[tree->parent[node]], match = frame != TREE_GAP && view->matched[frame];
        inside[node] = below || match;
        if (match && !below)
            num_add_most(&view->matched_weight, view->cut.totals[node]);
    }
    heap_free(view->heap, inside);
}

static void apply_cuts(const struct view *view, struct cut_tree *cut, const bool *middle)
{
    for (size_t i = 0; i < view->cuts.n; i++) {
        const struct view_cut *one = &view->cuts.at[i];
        if (one->how == FILTER_HIDE)
            cut_tree_hide(cut, one->frames);
        else
            cut_tree_select(cut, one->frames, one->how == FILTER_FOCUS);
    }
    if (view->folded)
        cut_tree_fold(cut);
    if (middle)
        cut_tree_select(cut, middle, true);
    cut_tree_sum(cut, view->column);
}

static void make_stages(struct view *view, const bool *middle)
{
    struct view_stage_options options = {
        .picture = view->options,
        .column = view->column,
        .up = view->reversed,
        .rank = view->rank,
        .colors = view->colors.colors,
    };
    options.picture.order = view->order;
    view->zoom = view->chosen = TREE_ROOT;
    if (!middle) {
        view_stage_make(&view->stage, &view->cut, &options);
        return;
    }
    options.up = false;
    view_stage_make_of(&view->stage, &view->cut, middle, &options);
    options.up = true;
    view_stage_make_of(&view->callers, &view->cut, middle, &options);
    view->zoom = view->chosen = view->stage.picture.order.first[TREE_ROOT];
}

/* If false, nothing would be left, and the old stage is kept. */
static bool make_stage(struct view *view)
{
    bool *middle = view->sandwich.n > 0 ? find_named(view, view->sandwich) : NULL;
    struct cut_tree cut;
    cut_tree_init(&cut, view->base);
    apply_cuts(view, &cut, middle);
    bool left = cut.totals[TREE_ROOT] > 0 || (view->cuts.n == 0 && !middle);
    if (left) {
        view_stage_end(&view->callers);
        view_stage_end(&view->stage);
        cut_tree_end(&view->cut);
        view->cut = cut;
        make_stages(view, middle);
        view->in_callers = false;
        view->trail.n = 0;
        view_forget_table(view);
        weigh_matches(view);
    } else {
        cut_tree_end(&cut);
        SAY(view, "nothing would be left");
    }
    heap_free(view->heap, middle);
    return left;
}

void view_init(struct view *view, struct heap *heap, const struct profile *profile,
               const struct tree *tree, unsigned column, const struct picture_options *options)
{
    *view = (struct view){.heap = heap,
                          .profile = profile,
                          .base = tree,
                          .column = column,
                          .options = *options,
                          .colors = {.options = *options, .tree = tree},
                          .icicle = options->layout.inverted,
                          .order = options->order,
                          .functions = {.heap = heap}};
    arena_init(&view->arena, heap);
    view->rank = sibling_order_rank_names(&tree->frames.texts, heap);
    if (!tree_has_sides(tree))
        picture_color_frames(&view->colors);
    make_stage(view);
    view->whole = view_total(view);
}

static void forget_cut(struct view *view)
{
    heap_free(view->heap, view->cuts.at[--view->cuts.n].frames);
}

void view_end(struct view *view)
{
    view_forget_table(view);
    view_stage_end(&view->stage);
    view_stage_end(&view->callers);
    cut_tree_end(&view->cut);
    pattern_free(view->pattern);
    while (view->cuts.n > 0)
        forget_cut(view);
    heap_free(view->heap, view->rank);
    heap_free(view->heap, view->colors.colors);
    heap_free(view->heap, view->matched);
    vec_free(view->heap, &view->cuts);
    vec_free(view->heap, &view->trail);
    arena_end(&view->arena);
}

/* ---- questions ---- */

const struct view_stage *view_stage_of(const struct view *view, bool of_callers)
{
    return of_callers ? &view->callers : &view->stage;
}

str view_name(const struct view *view, bool of_callers, uint32_t node)
{
    const struct tree *tree = &view_stage_of(view, of_callers)->tree;
    return node == TREE_ROOT ? STR("all") : frames_get(&tree->frames, tree->frame[node]).name;
}

uint64_t view_total(const struct view *view)
{
    return view->cut.totals[TREE_ROOT];
}

bool view_is_part(const struct view *view)
{
    return view_total(view) != view->whole;
}

uint64_t view_chosen_weight(const struct view *view)
{
    return view_stage_of(view, view->in_callers)->picture.totals[view->chosen];
}

bool view_is_match(const struct view *view, uint32_t node)
{
    uint32_t frame = view->stage.tree.frame[node];
    return view->matched && node != TREE_ROOT && frame != TREE_GAP && view->matched[frame];
}

/* ---- zoom ---- */

void view_zoom(struct view *view, uint32_t node)
{
    if (node == view->zoom || view->in_callers)
        return;
    vec_push(view->heap, &view->trail, view->zoom);
    view->zoom = view->chosen = node;
}

void view_back(struct view *view)
{
    if (view->panel != VIEW_GRAPH)
        view->panel = VIEW_GRAPH;
    else if (view->trail.n > 0)
        view->zoom = view->chosen = view->trail.at[--view->trail.n];
    else if (view->sandwich.n > 0)
        view_open_sandwich(view, STR(""));
    else if (view->pattern)
        view_search(view, STR(""));
}

void view_reset(struct view *view)
{
    if (view->sandwich.n > 0)
        view_open_sandwich(view, STR(""));
    view->zoom = view->chosen = TREE_ROOT;
    view->trail.n = 0;
}

/* ---- commands that change the tree ---- */

static const char *cut_word(enum filter_stage how)
{
    return how == FILTER_HIDE ? "hidden" : how == FILTER_IGNORE ? "removed" : "kept";
}

void view_cut(struct view *view, enum filter_stage how, bool all_matches)
{
    struct view_cut cut = {.how = how};
    if (all_matches && !view->pattern) {
        SAY(view, "search for something first");
        return;
    }
    if (!all_matches && view->chosen == TREE_ROOT) {
        SAY(view, "choose a frame first");
        return;
    }
    str name = arena_copy(&view->arena, all_matches
                                            ? view->pattern_text
                                            : view_name(view, view->in_callers, view->chosen));
    cut.pattern = all_matches ? name : exact_pattern(view, name);
    cut.frames = all_matches ? find_matches(view, view->pattern) : find_named(view, name);
    vec_push(view->heap, &view->cuts, cut);
    if (make_stage(view))
        SAY(view, "%s: %.*s (u: undo)", cut_word(how), STR_SHOWN(name, 100));
    else
        forget_cut(view);
}

void view_uncut(struct view *view)
{
    if (view->cuts.n == 0) {
        SAY(view, "nothing was cut");
        return;
    }
    forget_cut(view);
    make_stage(view);
}

void view_turn(struct view *view)
{
    view->reversed = !view->reversed;
    view->sandwich = STR("");
    make_stage(view);
    SAY(view, view->reversed ? "merged from the leaves" : "merged from the root");
}

static void set_column(struct view *view, unsigned column)
{
    const struct value_type *type = &view->profile->values.at[column].type;
    bool samples = type->unit.n == 0 || str_equal(type->unit, STR("samples"));
    view->column = column;
    view->whole = tree_sum(view->base, column);
    view->value = type->name;
    view->options.unit = samples ? STR("") : quantity_unit(type->unit);
    view->options.countname = samples ? STR("samples") : view->options.unit;
}

void view_change_value(struct view *view)
{
    size_t n = view->profile->values.n;
    if (n < 2) {
        SAY(view, "there is one value; --all-events reads all, --sample-index chooses one");
        return;
    }
    unsigned column = view->column;
    set_column(view, (column + 1) % (unsigned)n);
    if (!make_stage(view))
        set_column(view, column);
}

void view_change_order(struct view *view)
{
    view->order = view->order == ORDER_WEIGHT ? ORDER_NAME : ORDER_WEIGHT;
    make_stage(view);
    SAY(view, view->order == ORDER_WEIGHT ? "the heaviest first" : "by name");
}

void view_fold(struct view *view)
{
    view->folded = !view->folded;
    make_stage(view);
    SAY(view, view->folded ? "recursion is folded" : "recursion is shown");
}

void view_open_sandwich(struct view *view, str function)
{
    str before = view->sandwich;
    view->panel = VIEW_GRAPH;
    view->sandwich = function.n > 0 ? arena_copy(&view->arena, function) : function;
    if (!make_stage(view))
        view->sandwich = before;
}

/* ---- search ---- */

void view_search(struct view *view, str text)
{
    struct err err = {0};
    bool any_case = true;
    for (size_t i = 0; i < text.n; i++)
        any_case &= !(text.p[i] >= 'A' && text.p[i] <= 'Z');
    pattern_free(view->pattern);
    view->pattern = NULL;
    view->pattern_text = arena_copy(&view->arena, text);
    if (text.n > 0)
        view->pattern = pattern_compile(view->heap, "search", view->pattern_text,
                                        any_case ? PATTERN_ANY_CASE : 0, &err);
    if (text.n > 0 && !view->pattern)
        SAY(view, "%s", err.message);
    heap_free(view->heap, view->matched);
    view->matched = view->pattern ? find_matches(view, view->pattern) : NULL;
    weigh_matches(view);
    view_forget_table(view);
}

/* ---- table ---- */

void view_make_table(struct view *view)
{
    struct functions *functions = &view->functions;
    size_t n = 0;
    if (functions->at)
        return;
    functions_make(functions, &view->cut.tree, view->column, view->cut.totals, view->by);
    for (size_t i = 0; i < functions->n; i++)
        if (!view->matched || view->matched[functions->at[i].frame])
            functions->at[n++] = functions->at[i];
    functions->n = n;
}
