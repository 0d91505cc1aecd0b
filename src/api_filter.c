/* SPDX-License-Identifier: MIT */
/*
 * api_filter: filters of a profile, and of each run of a comparison.
 */
#include "api_inside.h"
#include "profile/tree_map.h"
#include "transform/filter.h"

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

/* Filter each run of a comparison. A run of which nothing is left becomes empty; that is no
 * error. */
static bool filter_runs(struct filter_call *call)
{
    struct api_comparison *comparison = call->profile->comparison;
    for (size_t i = 0; comparison && i < comparison->count; i++) {
        struct filter filter;
        struct tree *run = &comparison->runs[i].tree;
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
