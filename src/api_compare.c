/*
 * api_compare: two profiles become one of two columns, which is drawn as flamediff draws them.
 */
#include "api_inside.h"
#include "compare/two_columns.h"
#include "format/folded/folded_writer.h"
#include "pipeline/comparison_picture.h"
#include "profile/tree_map.h"
#include "transform/filter.h"
#include "transform/renames.h"

static const double default_confidence = 0.99;

struct comparing {
    flametree_profile *both;
    const flametree_profile *from[SIDES];
    const flametree_comparison *options;
    struct err err;
};

/* ---- what is asked for ---- */

static bool choose_scale(const flametree_comparison *o, enum normalize *scale, struct err *err)
{
    size_t i = 0;
    if (!o->scale) {
        *scale = o->normalize ? NORMALIZE_TOTAL : NORMALIZE_AUTO;
        return true;
    }
    while (comparison_scale_names[i] && strcmp(comparison_scale_names[i], o->scale) != 0)
        i++;
    *scale = (enum normalize)i;
    return comparison_scale_names[i] ||
           err_set(err, ERR_USAGE, "there is no scale '%.60s'; it can be auto, total, work or none",
                   o->scale);
}

static bool set_options(struct comparing *c, struct api_comparison *to)
{
    const flametree_comparison *o = c->options;
    struct comparison_options *options = &to->options;
    struct arena *arena = &c->both->profile.arena;
    const char *const names[SIDES] = {"before", "after"};
    if (!choose_scale(o, &options->normalize, &c->err))
        return false;
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

/* ---- comparing ---- */

/* A copy in the heap of both, where scratch memory comes from. */
static bool copy_run(struct comparing *c, enum side side, struct tree *run, double *weight)
{
    struct profile copy = c->from[side]->profile;
    tree_init(run, &c->both->heap, c->both->seed);
    tree_merge(run, &copy.tree);
    copy.tree = *run;
    *weight = c->options->sample_weight > 0 ? c->options->sample_weight : run_set_unit(&copy);
    return !c->options->strip_hex || rename_frames(run, RENAME_HEX, false, &c->err);
}

static bool check_units(struct comparing *c, str *counted)
{
    struct arena *arena = &c->both->profile.arena;
    struct run_unit before = run_unit_of(&c->from[SIDE_BEFORE]->profile, "before", arena);
    struct run_unit after = run_unit_of(&c->from[SIDE_AFTER]->profile, "after", arena);
    *counted = (str){"", 0};
    if (!before.picture && before.name.n > 0)
        *counted = before.name;
    else if (!after.picture)
        *counted = after.name;
    return run_units_check(&before, &after, &c->err);
}

static bool compare(void *arg)
{
    struct comparing *c = arg;
    struct profile *both = &c->both->profile;
    struct api_comparison *to = heap_zero(&c->both->heap, 1, sizeof *to);
    struct two_columns_options diff = {.normalize = c->options->normalize};
    if (!set_options(c, to) || !check_units(c, &to->counted))
        return false;
    for (unsigned side = 0; side < SIDES; side++)
        if (!copy_run(c, (enum side)side, &to->runs[side], &to->sample_weight[side]))
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
    flametree_setup setup = {.size = sizeof setup, .resize = after->heap.resize};
    setup.context = after->heap.context;
    setup.limit = after->heap.limit;
    if (!api_check_whole(before, error) || !api_check_whole(after, error))
        return NULL;
    flametree_profile *both = flametree_new(&setup, error);
    struct comparing comparing = {.both = both, .from = {before, after}, .options = o};
    if (both && api_run(both, compare, &comparing, &comparing.err, error))
        return both;
    flametree_free(both);
    return NULL;
}

/* ---- drawing ---- */

struct picturing {
    const flametree_profile *profile;
    struct comparison_picture picture;
    struct drawing *drawing;
    struct run_set set;
    struct comparison comparison;
    struct report report;
};

/* The place of a name; false: there is none such. */
static bool find_name(const char *const *names, const char *name, const char *field, unsigned *at,
                      struct err *err)
{
    *at = 0;
    while (name && names[*at] && strcmp(names[*at], name) != 0)
        ++*at;
    return names[*at] || err_set(err, ERR_USAGE, "a comparison has no %s '%.60s'", field, name);
}

static bool counts_samples(const struct api_comparison *from)
{
    return run_unit_is_sample(from->sample_weight[SIDE_BEFORE]) ||
           run_unit_is_sample(from->sample_weight[SIDE_AFTER]);
}

static void make_report(struct picturing *p)
{
    const struct api_comparison *from = p->profile->comparison;
    const struct request *request = p->drawing->request;
    run_set_init(&p->set, p->drawing->heap, p->profile->seed);
    for (unsigned side = 0; side < SIDES; side++)
        run_set_add(&p->set, (enum side)side, &from->runs[side], from->sample_weight[side]);
    run_set_finish(&p->set);
    comparison_make(&p->comparison, &p->set, &from->options);
    p->report = (struct report){
        .comparison = &p->comparison,
        .labels = {from->labels[SIDE_BEFORE], from->labels[SIDE_AFTER]},
        .unit = run_unit_choose(request->countname, request->unit, from->counted,
                                counts_samples(from)),
        .work_unit = from->work_unit,
        .confidence = from->options.confidence,
    };
    p->picture.report = &p->report;
}

bool api_prepare_comparison(const flametree_profile *profile, const char *colors, const char *width,
                            struct drawing *drawing)
{
    struct picturing *p = heap_zero(drawing->heap, 1, sizeof *p);
    unsigned color, side;
    *p = (struct picturing){.profile = profile, .drawing = drawing};
    if (!find_name(comparison_color_names, colors, "colors", &color, drawing->err) ||
        !find_name(comparison_width_names, width, "width_of", &side, drawing->err))
        return false;
    p->picture.colors = (enum differential_colors)color;
    p->picture.width = (enum differential_width)side;
    make_report(p);
    return comparison_picture_prepare(&p->picture, drawing);
}

/* ---- api change ---- */

struct adding {
    flametree_profile *profile;
    const char *const *frames;
    size_t count;
    uint64_t weight;
};

static bool add(void *arg)
{
    struct adding *adding = arg;
    struct profile *profile = &adding->profile->profile;
    uint32_t node = TREE_ROOT;
    struct arena names;
    adding->profile->comparison = NULL;
    arena_init(&names, profile->heap);
    for (size_t i = 0; i < adding->count; i++) {
        str name = folded_name(&names, str_from_c(adding->frames[i]));
        node = tree_child(&profile->tree, node, tree_frame(&profile->tree, name));
    }
    arena_end(&names);
    tree_add(&profile->tree, node, tree_after(&profile->tree), adding->weight, 0);
    profile->samples++;
    profile->unsure++;
    return true;
}

bool flametree_add(flametree_profile *profile, const char *const *frames, size_t count,
                   uint64_t weight, flametree_error *error)
{
    struct adding adding = {profile, frames, count, weight};
    struct err err = {0};
    return api_run(profile, add, &adding, &err, error);
}

struct merging {
    flametree_profile *into;
    const struct profile *from;
};

static bool merge(void *arg)
{
    struct merging *merging = arg;
    struct profile *into = &merging->into->profile;
    merging->into->comparison = NULL;
    profile_merge(into, merging->from, into->events.n);
    return true;
}

bool api_check_whole(const flametree_profile *profile, flametree_error *error)
{
    struct err err = {0};
    if (!profile->broken)
        return true;
    err_set(&err, ERR_MEMORY, "memory ran out in an earlier call: the profile can only be freed");
    return api_tell(&err, error);
}

bool flametree_merge(flametree_profile *into, const flametree_profile *from, flametree_error *error)
{
    struct merging merging = {into, &from->profile};
    struct err err = {0};
    if (into == from) {
        err_set(&err, ERR_USAGE, "a profile cannot be merged into itself");
        return api_tell(&err, error);
    }
    return api_check_whole(from, error) && api_run(into, merge, &merging, &err, error);
}

struct filtering {
    flametree_profile *profile;
    const flametree_filter *filters;
    size_t count;
    struct err err;
};

static bool add_filter(struct filter *filter, const flametree_filter *given, struct err *err)
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

/* *tree becomes what the filters leave of it; when they fail, it stays. */
static bool filter_tree(struct filtering *call, struct filter *filter, struct tree *tree)
{
    struct tree copy;
    bool done = true;
    *filter = (struct filter){.heap = tree->heap};
    filter->process_first = call->profile->profile.process_is_root;
    for (size_t i = 0; done && i < call->count; i++)
        done = add_filter(filter, &call->filters[i], &call->err);
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

/* Each run of a comparison is filtered by itself. That one has nothing left is no error. */
static bool filter_runs(struct filtering *call)
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

static bool apply(void *arg)
{
    struct filtering *call = arg;
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
    struct filtering call = {.profile = profile, .filters = filters, .count = count};
    return api_run(profile, apply, &call, &call.err, error);
}

bool flametree_fact(const flametree_profile *profile, size_t i, flametree_text *key,
                    flametree_text *value)
{
    const struct profile *p = &profile->profile;
    if (i >= p->facts.n)
        return false;
    *key = (flametree_text){p->facts.at[i].key.p, p->facts.at[i].key.n};
    *value = (flametree_text){p->facts.at[i].value.p, p->facts.at[i].value.n};
    return true;
}

struct telling {
    flametree_profile *profile;
    const char *key, *value;
};

static bool add_fact(void *arg)
{
    struct telling *telling = arg;
    profile_add_fact(&telling->profile->profile, str_from_c(telling->key),
                     str_from_c(telling->value));
    return true;
}

bool flametree_add_fact(flametree_profile *profile, const char *key, const char *value,
                        flametree_error *error)
{
    struct telling telling = {profile, key, value};
    struct err err = {0};
    return api_run(profile, add_fact, &telling, &err, error);
}
