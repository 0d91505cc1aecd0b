/*
 * api_change: what the library does to profiles that are there: stacks and facts added, merged,
 * filtered.
 */
#include "api_inside.h"
#include "format/folded/folded_writer.h"
#include "profile/tree_map.h"
#include "transform/filter.h"

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
    filter_init(filter, tree->heap);
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
