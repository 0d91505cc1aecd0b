/* SPDX-License-Identifier: MIT */
/*
 * api_compare: comparing profiles and drawing the result.
 */
#include "api_inside.h"
#include "compare/two_columns.h"
#include "core/str.h"
#include "profile/tree_map.h"
#include "transform/filter.h"
#include "transform/renames.h"

static const double default_confidence = 0.99;

struct compare_call {
    flametree_profile *both;
    const flametree_profile *const *from[SIDES];
    size_t count[SIDES];
    const flametree_comparison *options;
    struct err err;
};

static bool add_class_filters(const struct api_comparison *from, struct filter *filter,
                              struct err *err)
{
    for (size_t i = 0; i < from->class_count; i++)
        if (!filter_add(filter, FILTER_CLASS, from->classes[i], err))
            return false;
    return true;
}

static bool set_comparison_classes(struct compare_call *c, struct api_comparison *to)
{
    struct filter filter = {.heap = &c->both->heap};
    to->class_count = c->options->class_count;
    to->classes = heap_alloc(&c->both->heap, to->class_count + 1, sizeof *to->classes);
    for (size_t i = 0; i < to->class_count; i++)
        to->classes[i] = arena_copy(&c->both->profile.arena, str_from_c(c->options->classes[i]));
    bool right = add_class_filters(to, &filter, &c->err);
    filter_end(&filter);
    return right;
}

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

/* Copy a run to the heap of the new profile, which also has the memory for renaming. A run has one
 * column. */
static bool copy_run(struct compare_call *c, const flametree_profile *from,
                     struct api_run_data *run)
{
    struct profile copy = from->profile;
    if (tree_has_sides(&copy.tree))
        return err_set(&c->err, ERR_INPUT,
                       "a profile of two columns cannot be compared: give one for each side");
    if (copy.tree.values) {
        tree_copy_plain(&run->tree, &copy.tree, &c->both->heap);
    } else {
        tree_init(&run->tree, &c->both->heap, c->both->seed);
        tree_merge(&run->tree, &copy.tree);
    }
    copy.tree = run->tree;
    run->sample = (struct run_sample){.weight = c->options->sample_weight};
    if (run->sample.weight <= 0)
        run_sample_look(&run->sample, &copy,
                        copy.countname.n > 0 ? copy.countname : copy.value_type.unit);
    return !c->options->strip_hex || rename_frames(&run->tree, RENAME_HEX, false, &c->err);
}

/* Check that the units of all runs agree. *counted: the unit of the first run that has one and was
 * not read from a picture; "" if there is none. */
static bool check_run_units(struct compare_call *c, str *counted)
{
    static const char *const names[SIDES] = {"before", "after"};
    struct arena *arena = &c->both->profile.arena;
    struct run_unit first = run_unit_of(&c->from[SIDE_BEFORE][0]->profile, names[0], arena);
    *counted = STR("");
    for (unsigned side = 0; side < SIDES; side++)
        for (size_t i = 0; i < c->count[side]; i++) {
            struct run_unit unit = run_unit_of(&c->from[side][i]->profile, names[side], arena);
            if (counted->n == 0 && !unit.picture)
                *counted = unit.name;
            if (!run_units_check(&first, &unit, &c->err))
                return false;
        }
    return true;
}

static bool copy_runs(struct compare_call *c, struct api_comparison *to)
{
    struct profile *both = &c->both->profile;
    to->runs = heap_zero(&c->both->heap, c->count[0] + c->count[1], sizeof *to->runs);
    both->process_is_root = true;
    for (unsigned side = 0; side < SIDES; side++) {
        profile_init(&to->sides[side], &c->both->heap, c->both->seed, false);
        for (size_t i = 0; i < c->count[side]; i++) {
            const struct profile *from = &c->from[side][i]->profile;
            comparison_note_facts(&to->sides[side], from);
            to->runs[to->count].side = (enum side)side;
            if (!copy_run(c, c->from[side][i], &to->runs[to->count++]))
                return false;
            if (side == SIDE_AFTER) {
                profile_merge_counts(both, from, 0);
                profile_own_files(both, from);
            } else {
                both->samples += from->samples;
            }
            both->process_is_root &= from->process_is_root;
        }
    }
    return true;
}

/* Without scaling, each side counts as one run. */
static void merge_sides(struct compare_call *c, const struct api_comparison *from)
{
    struct two_columns_options diff = {
        .normalize = c->options->normalize,
        .up = c->count[SIDE_AFTER],
        .down = c->count[SIDE_BEFORE],
    };
    struct tree sides[SIDES];
    for (unsigned side = 0; side < SIDES; side++)
        tree_init(&sides[side], &c->both->heap, c->both->seed);
    for (size_t i = 0; i < from->count; i++)
        tree_merge(&sides[from->runs[i].side], &from->runs[i].tree);
    two_columns_make(&c->both->profile.tree, &sides[SIDE_BEFORE], &sides[SIDE_AFTER], &diff);
    for (unsigned side = 0; side < SIDES; side++)
        tree_end(&sides[side]);
}

static bool compare_profiles(void *arg)
{
    struct compare_call *c = arg;
    struct api_comparison *to = heap_zero(&c->both->heap, 1, sizeof *to);
    if (!set_comparison_options(c, to) || !set_comparison_classes(c, to) ||
        !check_run_units(c, &to->counted) || !copy_runs(c, to))
        return false;
    merge_sides(c, to);
    c->both->comparison = to;
    return true;
}

static flametree_profile *compare_api_sides(const flametree_profile *const *before,
                                            size_t before_count,
                                            const flametree_profile *const *after,
                                            size_t after_count, const flametree_comparison *options,
                                            flametree_error *error)
{
    struct compare_call call = {.from = {before, after}, .count = {before_count, after_count}};
    call.options = API_OPTIONS(flametree_comparison, options, error);
    if (!call.options)
        return NULL;
    if (before_count == 0 || after_count == 0) {
        err_set(&call.err, ERR_USAGE, "a comparison needs a profile on each side");
        api_return_error(&call.err, error);
        return NULL;
    }
    for (unsigned side = 0; side < SIDES; side++)
        for (size_t i = 0; i < call.count[side]; i++)
            if (!api_check_usable(call.from[side][i], error))
                return NULL;
    flametree_setup setup = {
        .size = sizeof setup,
        .resize = after[0]->heap.resize,
        .context = after[0]->heap.context,
        .limit = after[0]->heap.limit,
    };
    call.both = flametree_new(&setup, error);
    if (call.both && api_run(call.both, compare_profiles, &call, &call.err, error))
        return call.both;
    flametree_free(call.both);
    return NULL;
}

flametree_profile *flametree_compare(const flametree_profile *before,
                                     const flametree_profile *after,
                                     const flametree_comparison *options, flametree_error *error)
{
    return compare_api_sides(&before, 1, &after, 1, options, error);
}

flametree_profile *flametree_compare_runs(flametree_profile *const *before, size_t before_count,
                                          flametree_profile *const *after, size_t after_count,
                                          const flametree_comparison *options,
                                          flametree_error *error)
{
    return compare_api_sides((const flametree_profile *const *)before, before_count,
                             (const flametree_profile *const *)after, after_count, options, error);
}

/* ---- the comparison ---- */

/* The weights of the classes in a run. The tree does not change. A run without weight has none. */
static bool count_classes(struct api_comparison_work *w, size_t run, struct tree *tree,
                          struct err *err)
{
    const struct api_comparison *from = w->profile->comparison;
    struct filter filter = {.heap = w->heap};
    if (from->class_count == 0)
        return true;
    filter.process_first = w->profile->profile.process_is_root;
    if (!add_class_filters(from, &filter, err) || !filter_apply(&filter, tree, err))
        return false;
    for (size_t i = 0; i < filter.shares.classes.n; i++) {
        const struct share_class *share = &filter.shares.classes.at[i];
        if (w->classes.n <= i) {
            struct api_run_class class = {.name = share->name};
            class.weights = heap_zero(w->heap, from->count, sizeof *class.weights);
            vec_push(w->heap, &w->classes, class);
        }
        w->classes.at[i].weights[run] = num_of_units(share->weight[0], filter.shares.decimals);
    }
    filter_end(&filter);
    return true;
}

/* Idle stacks are no cost: limits do not count them. */
static bool add_api_run(struct api_comparison_work *w, size_t i, const struct run_sample *sample,
                        struct err *err)
{
    struct api_run_data *run = &w->profile->comparison->runs[i];
    struct tree busy, *tree = &run->tree;
    if (w->options.gated) {
        tree_init_like(&busy, tree);
        tree_merge(&busy, tree);
        filter_remove_idle(&busy);
        tree = &busy;
    }
    run_set_add(&w->set, run->side, tree, sample->weight);
    w->set.runs.at[i].assumed = sample->assumed;
    bool counted = count_classes(w, i, tree, err);
    if (w->options.gated)
        tree_end(&busy);
    return counted;
}

static bool add_api_runs(struct api_comparison_work *w, const char *countname, const char *unit,
                         struct err *err)
{
    const struct api_comparison *from = w->profile->comparison;
    struct run_sample *samples = heap_alloc(w->heap, from->count, sizeof *samples);
    struct run_sample **settled = heap_alloc(w->heap, from->count, sizeof *settled);
    for (size_t i = 0; i < from->count; i++) {
        samples[i] = from->runs[i].sample;
        settled[i] = &samples[i];
        if (countname)
            run_sample_set_unit(&samples[i], str_from_c(countname));
    }
    run_samples_settle(settled, from->count);
    run_set_init(&w->set, w->heap, w->profile->seed);
    bool counts_samples = false;
    for (size_t i = 0; i < from->count; i++) {
        if (!add_api_run(w, i, &samples[i], err))
            return false;
        counts_samples |= run_unit_is_sample(samples[i].weight);
    }
    w->set.process_first = w->profile->profile.process_is_root;
    run_set_finish(&w->set);
    w->report.unit = run_unit_choose(countname, unit, from->counted, counts_samples);
    heap_free(w->heap, settled);
    heap_free(w->heap, samples);
    return true;
}

/* A profile does not keep the names of its files: each run has the label of its side instead. */
struct api_comparison_work *api_make_comparison(const flametree_profile *profile, struct heap *heap,
                                                const struct request *request, bool gated,
                                                struct err *err)
{
    const struct api_comparison *from = profile->comparison;
    struct api_comparison_work *w = heap_zero(heap, 1, sizeof *w);
    str *files = heap_alloc(heap, from->count, sizeof *files);
    *w = (struct api_comparison_work){.profile = profile, .heap = heap, .options = from->options};
    w->options.gated = gated;
    if (!add_api_runs(w, request->countname, request->unit, err))
        return NULL;
    comparison_make(&w->comparison, &w->set, &w->options);
    for (size_t i = 0; i < w->classes.n; i++)
        comparison_add_class(&w->comparison, w->classes.at[i].name, w->classes.at[i].weights);
    for (size_t i = 0; i < from->count; i++)
        files[i] = from->labels[from->runs[i].side];
    w->report.comparison = &w->comparison;
    w->report.files = files;
    w->report.work_unit = from->work_unit;
    w->report.confidence = from->options.confidence;
    if (request->output)
        w->report.top = output_top(request->output, request->report_top, COMPARISON_TOP);
    for (unsigned side = 0; side < SIDES; side++)
        w->report.labels[side] = from->labels[side];
    w->picture.report = &w->report;
    w->picture.sides = from->sides;
    return w;
}

const struct report *api_report_comparison(const flametree_profile *profile,
                                           struct drawing *drawing)
{
    struct api_comparison_work *w = api_make_comparison(profile, drawing->heap, drawing->request,
                                                        false, drawing->err);
    return w ? &w->report : NULL;
}

bool api_prepare_comparison(const flametree_profile *profile, const char *colors, const char *width,
                            struct drawing *drawing)
{
    unsigned color = 0, side = 0;
    if (!api_find_name("colors of a comparison", comparison_color_names, "safe, red-blue", colors,
                       &color, drawing->err) ||
        !api_find_name("width_of", comparison_width_names, "after, before, union, both", width,
                       &side, drawing->err))
        return false;
    struct api_comparison_work *w = api_make_comparison(profile, drawing->heap, drawing->request,
                                                        false, drawing->err);
    if (!w)
        return false;
    w->picture.colors = (enum differential_colors)color;
    w->picture.width = (enum differential_width)side;
    return comparison_picture_prepare(&w->picture, drawing);
}
