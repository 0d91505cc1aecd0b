/*
 * api_compare: comparing two profiles, drawing the result, and filters.
 */
#include "api_inside.h"
#include "compare/two_columns.h"
#include "pipeline/comparison_picture.h"
#include "profile/tree_map.h"
#include "transform/filter.h"
#include "transform/renames.h"

static const double default_confidence = 0.99;

struct compare_call {
    flametree_profile *both;
    const flametree_profile *from[SIDES];
    const flametree_comparison *options;
    struct err err;
};

static bool set_comparison_options(struct compare_call *c, struct api_comparison *to)
{
    const flametree_comparison *o = c->options;
    struct comparison_options *options = &to->options;
    struct arena *arena = &c->both->profile.arena;
    const char *const names[SIDES] = {"before", "after"};
    unsigned scale = o->normalize ? NORMALIZE_TOTAL : NORMALIZE_AUTO;
    if (!api_find_name("scale", comparison_scale_names, "auto, total, work or none", o->scale,
                       &scale, &c->err))
        return false;
    options->normalize = (enum normalize)scale;
    for (unsigned side = 0; side < SIDES; side++) {
        options->work[side] = o->work[side];
        to->labels[side] = arena_copy(arena,
                                      str_from_c(o->labels[side] ? o->labels[side] : names[side]));
    }
    to->work_unit = arena_copy(arena, str_from_c(o->work_unit ? o->work_unit : "unit"));
    options->confidence = o->confidence != 0 ? o->confidence : default_confidence;
    options->least = o->min_delta;
    bool work = options->work[SIDE_BEFORE] > 0 && options->work[SIDE_AFTER] > 0;
    bool no_work = options->work[SIDE_BEFORE] == 0 && options->work[SIDE_AFTER] == 0;
    if (!(work || (no_work && options->normalize != NORMALIZE_WORK)))
        return err_set(&c->err, ERR_USAGE, "work is two numbers larger than 0");
    if (!(options->confidence >= 0.5 && options->confidence < 1))
        return err_set(&c->err, ERR_USAGE, "confidence is from 0.5 to below 1");
    return (options->least >= 0 && options->least <= 1) ||
           err_set(&c->err, ERR_USAGE, "min_delta is from 0 to 1");
}

/* Copy a run to the heap of the new profile, which also has the memory for renaming. */
static bool copy_run(struct compare_call *c, enum side side, struct tree *run,
                     struct run_sample *sample)
{
    struct profile copy = c->from[side]->profile;
    if (copy.tree.values) {
        tree_copy_plain(run, &copy.tree, &c->both->heap);
    } else {
        tree_init(run, &c->both->heap, c->both->seed);
        tree_merge(run, &copy.tree);
    }
    copy.tree = *run;
    *sample = (struct run_sample){.weight = c->options->sample_weight};
    if (sample->weight <= 0)
        run_sample_look(sample, &copy,
                        copy.countname.n > 0 ? copy.countname : copy.value_type.unit);
    return !c->options->strip_hex || rename_frames(run, RENAME_HEX, false, &c->err);
}

static bool check_run_units(struct compare_call *c, str *counted)
{
    struct arena *arena = &c->both->profile.arena;
    struct run_unit before = run_unit_of(&c->from[SIDE_BEFORE]->profile, "before", arena);
    struct run_unit after = run_unit_of(&c->from[SIDE_AFTER]->profile, "after", arena);
    *counted = !before.picture && before.name.n > 0 ? before.name
               : after.picture                      ? STR("")
                                                    : after.name;
    return run_units_check(&before, &after, &c->err);
}

static bool compare_profiles(void *arg)
{
    struct compare_call *c = arg;
    struct profile *both = &c->both->profile;
    struct api_comparison *to = heap_zero(&c->both->heap, 1, sizeof *to);
    struct two_columns_options diff = {.normalize = c->options->normalize};
    if (!set_comparison_options(c, to) || !check_run_units(c, &to->counted))
        return false;
    for (unsigned side = 0; side < SIDES; side++)
        if (!copy_run(c, (enum side)side, &to->runs[side], &to->samples[side]))
            return false;
    two_columns_make(&both->tree, &to->runs[SIDE_BEFORE], &to->runs[SIDE_AFTER], &diff);
    profile_merge_counts(both, &c->from[SIDE_AFTER]->profile, 0);
    both->samples += c->from[SIDE_BEFORE]->profile.samples;
    both->process_is_root = c->from[SIDE_BEFORE]->profile.process_is_root &&
                            c->from[SIDE_AFTER]->profile.process_is_root;
    c->both->comparison = to;
    return true;
}

flametree_profile *flametree_compare(const flametree_profile *before,
                                     const flametree_profile *after,
                                     const flametree_comparison *options, flametree_error *error)
{
    const flametree_comparison *o = API_OPTIONS(flametree_comparison, options, error);
    if (!o)
        return NULL;
    flametree_setup setup = {
        .size = sizeof setup,
        .resize = after->heap.resize,
        .context = after->heap.context,
        .limit = after->heap.limit,
    };
    if (!api_check_usable(before, error) || !api_check_usable(after, error))
        return NULL;
    flametree_profile *both = flametree_new(&setup, error);
    struct compare_call call = {.both = both, .from = {before, after}, .options = o};
    if (both && api_run(both, compare_profiles, &call, &call.err, error))
        return both;
    flametree_free(both);
    return NULL;
}

/* ---- drawing ---- */

struct comparison_drawing {
    const flametree_profile *profile;
    struct comparison_picture picture;
    struct drawing *drawing;
    struct run_set set;
    struct comparison comparison;
    struct report report;
};

static void make_comparison_report(struct comparison_drawing *p)
{
    const struct api_comparison *from = p->profile->comparison;
    const struct request *request = p->drawing->request;
    struct run_sample samples[SIDES] = {from->samples[SIDE_BEFORE], from->samples[SIDE_AFTER]};
    for (unsigned side = 0; side < SIDES && request->countname; side++)
        run_sample_set_unit(&samples[side], str_from_c(request->countname));
    run_samples_settle((struct run_sample *const[]){&samples[0], &samples[1]}, SIDES);
    run_set_init(&p->set, p->drawing->heap, p->profile->seed);
    for (unsigned side = 0; side < SIDES; side++) {
        run_set_add(&p->set, (enum side)side, &from->runs[side], samples[side].weight);
        p->set.runs.at[side].assumed = samples[side].assumed;
    }
    p->set.process_first = p->profile->profile.process_is_root;
    run_set_finish(&p->set);
    comparison_make(&p->comparison, &p->set, &from->options);
    p->report = (struct report){
        .comparison = &p->comparison,
        .labels = {from->labels[SIDE_BEFORE], from->labels[SIDE_AFTER]},
        .unit = run_unit_choose(request->countname, request->unit, from->counted,
                                run_unit_is_sample(samples[SIDE_BEFORE].weight) ||
                                    run_unit_is_sample(samples[SIDE_AFTER].weight)),
        .work_unit = from->work_unit,
        .confidence = from->options.confidence,
    };
    p->picture.report = &p->report;
}

bool api_prepare_comparison(const flametree_profile *profile, const char *colors, const char *width,
                            struct drawing *drawing)
{
    struct comparison_drawing *p = heap_zero(drawing->heap, 1, sizeof *p);
    unsigned color = 0, side = 0;
    *p = (struct comparison_drawing){.profile = profile, .drawing = drawing};
    if (!api_find_name("colors of a comparison", comparison_color_names, "safe, red-blue", colors,
                       &color, drawing->err) ||
        !api_find_name("width_of", comparison_width_names, "after, before, union, both", width,
                       &side, drawing->err))
        return false;
    p->picture.colors = (enum differential_colors)color;
    p->picture.width = (enum differential_width)side;
    make_comparison_report(p);
    return comparison_picture_prepare(&p->picture, drawing);
}

/* ---- filters ---- */

struct filter_call {
    flametree_profile *profile;
    const flametree_filter *filters;
    size_t count;
    struct err err;
};

static bool add_api_filter(struct filter *filter, const flametree_filter *given, struct err *err)
{
    static const enum filter_stage stages[] = {
        [FLAMETREE_RENAME] = FILTER_RENAME,
        [FLAMETREE_FOCUS] = FILTER_FOCUS,
        [FLAMETREE_IGNORE] = FILTER_IGNORE,
        [FLAMETREE_HIDE] = FILTER_HIDE,
        [FLAMETREE_SHOW] = FILTER_SHOW,
        [FLAMETREE_SHOW_FROM] = FILTER_SHOW_FROM,
        [FLAMETREE_PRUNE_FROM] = FILTER_PRUNE_FROM,
        [FLAMETREE_SKIP_AFTER] = FILTER_SKIP_AFTER,
    };
    if (given->kind == FLAMETREE_MERGE_RECURSION) {
        filter->merge_recursion = true;
        return true;
    }
    if (given->kind == FLAMETREE_MAX_DEPTH) {
        filter->max_depth = given->number;
        return true;
    }
    if ((unsigned)given->kind >= sizeof stages / sizeof stages[0] || !given->text)
        return err_set(err, ERR_USAGE, "there is no filter of kind %u, or it has no text",
                       (unsigned)given->kind);
    return filter_add(filter, stages[given->kind], str_from_c(given->text), err);
}

/* Apply the filters to *tree, which does not change if they fail. */
static bool filter_tree(struct filter_call *call, struct filter *filter, struct tree *tree)
{
    struct tree copy;
    bool done = true;
    *filter = (struct filter){.heap = tree->heap};
    filter->process_first = call->profile->profile.process_is_root;
    for (size_t i = 0; done && i < call->count; i++)
        done = add_api_filter(filter, &call->filters[i], &call->err);
    if (!done)
        return false;
    tree_init_like(&copy, tree);
    tree_merge(&copy, tree);
    done = filter_apply(filter, &copy, &call->err);
    struct tree old = done ? *tree : copy;
    if (done)
        *tree = copy;
    tree_end(&old);
    return done;
}

/* Filter each run of a comparison. One of them may become empty. */
static bool filter_runs(struct filter_call *call)
{
    struct api_comparison *comparison = call->profile->comparison;
    for (unsigned side = 0; comparison && side < SIDES; side++) {
        struct filter filter;
        struct tree *run = &comparison->runs[side];
        bool done = filter_tree(call, &filter, run);
        bool empty = filter_left_nothing(&filter);
        filter_end(&filter);
        if (!done && !empty)
            return false;
        if (!done) {
            tree_end(run);
            tree_init(run, &call->profile->heap, call->profile->seed);
        }
    }
    return true;
}

static bool apply_filters(void *arg)
{
    struct filter_call *call = arg;
    struct profile *profile = &call->profile->profile;
    struct filter filter;
    bool done = filter_tree(call, &filter, &profile->tree);
    if (done && filter_dropped_weight(&filter))
        profile_forget_samples(profile);
    filter_end(&filter);
    return done && filter_runs(call);
}

bool flametree_apply(flametree_profile *profile, const flametree_filter *filters, size_t count,
                     flametree_error *error)
{
    struct filter_call call = {.profile = profile, .filters = filters, .count = count};
    return api_run(profile, apply_filters, &call, &call.err, error);
}
