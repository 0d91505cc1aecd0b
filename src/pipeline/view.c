/*
 * view: see view.h.
 */
#include "pipeline/view.h"

#include "profile/tree_map.h"

/* A message replaces the one before. */
#define SAY(view, ...) \
    ((view)->said = (struct err){0}, err_set(&(view)->said, ERR_USAGE, __VA_ARGS__))

#define TEXT(text) (int)((text).n < 100 ? (text).n : 100), (text).p

/* ---- stages ---- */

static void end_stage(struct view_stage *stage)
{
    if (!stage->made)
        return;
    picture_end(&stage->picture);
    if (stage->tree == &stage->own)
        tree_end(&stage->own);
    stage->made = false;
}

/* The rows do not come from the layout in px, in which no frame would be wide enough. */
static void make_picture(struct view *view, struct view_stage *stage)
{
    struct picture_options options = view->options;
    options.layout.minwidth = 100;
    options.layout.minwidth_percent = true;
    options.order = view->order;
    picture_make(&stage->picture, stage->tree, view->column, &options);
    stage->made = true;
}

static void copy_tree(struct tree *into, const struct tree *from)
{
    tree_init_like(into, from);
    tree_map(into, from, &(struct tree_mapping){0});
}

/* One filter for each cut, since cuts apply in the order in which they were made. False if nothing
 * is left, or if a pattern takes too long. */
static bool apply_filter(struct view *view, struct tree *tree, enum filter_stage how, str pattern)
{
    struct filter filter = {.heap = view->heap, .asked = true};
    struct err err = {0};
    filter.merge_recursion = how == FILTER_MERGE_RECURSION;
    bool done = (how == FILTER_MERGE_RECURSION || filter_add(&filter, how, pattern, &err)) &&
                filter_apply(&filter, tree, &err);
    if (!done)
        SAY(view, "%s", filter_left_nothing(&filter) ? "nothing would be left" : err.message);
    filter_end(&filter);
    return done;
}

static bool cut_tree(struct view *view, struct tree *tree)
{
    for (size_t i = 0; i < view->cuts.n; i++)
        if (!apply_filter(view, tree, view->cuts.at[i].how, view->cuts.at[i].pattern))
            return false;
    return !view->folded || apply_filter(view, tree, FILTER_MERGE_RECURSION, STR(""));
}

static void reverse(struct tree *tree)
{
    struct tree turned;
    tree_reverse(&turned, tree);
    tree_end(tree);
    *tree = turned;
}

/* A pattern that matches only this name, with any mark of its kind. */
static str exact_pattern(struct view *view, str name)
{
    static const char mark[] = "(_\\[[a-z]\\])?$";
    size_t room = 2 * name.n + sizeof mark + 1, n = 0;
    char *text = heap_alloc(view->heap, room, 1);
    text[n++] = '^';
    for (size_t i = 0; i < name.n; i++) {
        bool letter = is_alpha(name.p[i]) || is_digit(name.p[i]) || (unsigned char)name.p[i] > 127;
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

/* Callees above the function, callers below it. */
static bool make_sandwich(struct view *view, struct tree *callees)
{
    str pattern = exact_pattern(view, view->sandwich);
    struct tree callers;
    copy_tree(&callers, callees);
    reverse(&callers);
    if (!apply_filter(view, callees, FILTER_SHOW_FROM, pattern) ||
        !apply_filter(view, &callers, FILTER_SHOW_FROM, pattern)) {
        tree_end(&callers);
        return false;
    }
    view->callers.own = callers;
    view->callers.tree = &view->callers.own;
    make_picture(view, &view->callers);
    return true;
}

static bool is_plain(const struct view *view)
{
    return view->cuts.n == 0 && !view->folded && !view->reversed && view->sandwich.n == 0;
}

void view_forget_table(struct view *view)
{
    if (view->functions.at)
        functions_end(&view->functions);
    view->functions = (struct functions){.heap = view->heap};
    view->line = 0;
}

static void match_frames(struct view *view);

/* If false, the old stage is kept. */
static bool make_stage(struct view *view)
{
    struct view_stage fresh = {0};
    struct tree tree;
    end_stage(&view->callers);
    if (!is_plain(view)) {
        bool turned = view->reversed && view->sandwich.n == 0;
        bool cut = view->cuts.n > 0 || view->folded;
        if (turned && !cut) /* without a copy */
            tree_reverse(&tree, view->base);
        else
            copy_tree(&tree, view->base);
        bool done = !cut || cut_tree(view, &tree);
        if (done && cut && turned)
            reverse(&tree);
        if (!done || (view->sandwich.n > 0 && !make_sandwich(view, &tree))) {
            tree_end(&tree);
            return false;
        }
        fresh.own = tree;
    }
    end_stage(&view->stage);
    view->stage = fresh;
    view->stage.tree = is_plain(view) ? view->base : &view->stage.own;
    make_picture(view, &view->stage);
    view->zoom = view->chosen = TREE_ROOT;
    view->in_callers = false;
    view->trail.n = 0;
    if (view->sandwich.n > 0) /* the function is the only one at the root */
        view->zoom = view->chosen = view->stage.picture.order.first[TREE_ROOT];
    view_forget_table(view);
    match_frames(view);
    return true;
}

void view_init(struct view *view, struct heap *heap, const struct profile *profile,
               const struct tree *tree, unsigned column, const struct picture_options *options)
{
    *view = (struct view){.heap = heap,
                          .profile = profile,
                          .base = tree,
                          .column = column,
                          .options = *options,
                          .icicle = options->layout.inverted,
                          .order = options->order,
                          .functions = {.heap = heap}};
    arena_init(&view->arena, heap);
    make_stage(view);
}

void view_end(struct view *view)
{
    view_forget_table(view);
    end_stage(&view->stage);
    end_stage(&view->callers);
    pattern_free(view->pattern);
    heap_free(view->heap, view->matched);
    vec_free(view->heap, &view->cuts);
    vec_free(view->heap, &view->trail);
    arena_end(&view->arena);
}

/* ---- questions ---- */

static const struct view_stage *stage_of(const struct view *view, bool of_callers)
{
    return of_callers ? &view->callers : &view->stage;
}

str view_name(const struct view *view, bool of_callers, uint32_t node)
{
    const struct tree *tree = stage_of(view, of_callers)->tree;
    return node == TREE_ROOT ? STR("all") : frames_get(&tree->frames, tree->frame[node]).name;
}

uint64_t view_total(const struct view *view)
{
    return view->stage.picture.totals[TREE_ROOT];
}

uint64_t view_chosen_weight(const struct view *view)
{
    return stage_of(view, view->in_callers)->picture.totals[view->chosen];
}

bool view_is_match(const struct view *view, uint32_t node)
{
    uint32_t frame = view->stage.tree->frame[node];
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
    str name = all_matches ? view->pattern_text : view_name(view, view->in_callers, view->chosen);
    cut.pattern = all_matches ? view->pattern_text : exact_pattern(view, name);
    name = arena_copy(&view->arena, name);
    vec_push(view->heap, &view->cuts, cut);
    if (make_stage(view))
        SAY(view, "%s: %.*s (u: undo)", cut_word(how), TEXT(name));
    else
        view_uncut(view);
}

void view_uncut(struct view *view)
{
    if (view->cuts.n == 0) {
        SAY(view, "nothing was cut");
        return;
    }
    view->cuts.n--;
    make_stage(view);
}

void view_turn(struct view *view)
{
    view->reversed = !view->reversed;
    view->sandwich = STR("");
    make_stage(view);
    SAY(view, view->reversed ? "merged from the leaves" : "merged from the root");
}

void view_change_value(struct view *view)
{
    size_t n = view->profile->values.n;
    if (n < 2) {
        SAY(view, "there is one value; --all-events reads all, --sample-index chooses one");
        return;
    }
    view->column = (view->column + 1) % (unsigned)n;
    const struct value_type *type = &view->profile->values.at[view->column].type;
    bool samples = type->unit.n == 0 || str_equal(type->unit, STR("samples"));
    view->value = type->name;
    view->options.unit = samples ? STR("") : quantity_unit(type->unit);
    view->options.countname = samples ? STR("samples") : view->options.unit;
    make_stage(view);
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
    if (make_stage(view))
        return;
    view->sandwich = before;
    make_stage(view);
}

/* ---- search ---- */

/* Each frame once, then the weight of the outermost nodes that match. */
static void match_frames(struct view *view)
{
    const struct tree *tree = view->stage.tree;
    uint32_t count = frames_count(&tree->frames);
    struct err err = {0};
    heap_free(view->heap, view->matched);
    view->matched = NULL;
    view->matched_weight = 0;
    if (!view->pattern)
        return;
    view->matched = heap_zero(view->heap, count, sizeof *view->matched);
    for (uint32_t id = 1; id < count; id++)
        if (!pattern_match(view->pattern, frames_get(&tree->frames, id).name, &view->matched[id],
                           &err)) {
            SAY(view, "%s", err.message);
            return;
        }
    bool *inside = heap_zero(view->heap, tree->n, sizeof *inside);
    for (uint32_t node = 1; node < tree->n; node++) {
        bool below = inside[tree->parent[node]], match = view_is_match(view, node);
        inside[node] = below || match;
        if (match && !below)
            num_add_most(&view->matched_weight, view->stage.picture.totals[node]);
    }
    heap_free(view->heap, inside);
}

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
    match_frames(view);
    view_forget_table(view);
}

/* ---- table ---- */

void view_make_table(struct view *view)
{
    struct functions *functions = &view->functions;
    const struct tree *tree = view->stage.tree;
    size_t n = 0;
    if (functions->at)
        return;
    functions_make(functions, tree, view->column, view->stage.picture.totals, view->by);
    for (size_t i = 0; i < functions->n; i++)
        if (!view->matched || view->matched[functions->at[i].frame])
            functions->at[n++] = functions->at[i];
    functions->n = n;
}
