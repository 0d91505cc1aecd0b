/*
 * api_change: what the library does to profiles that are there: stacks and facts added, merged,
 * compared, filtered.
 */
#include "api_inside.h"
#include "stack/diff.h"
#include "stack/filter.h"
#include "stack/folded.h"
#include "stack/tree_map.h"

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
    struct profile *into;
    const struct profile *from;
};

static bool merge(void *arg)
{
    struct merging *merging = arg;
    profile_merge(merging->into, merging->from, merging->into->events.n);
    return true;
}

/* What cannot be trusted is not copied. */
static bool check_whole(const flametree_profile *profile, flametree_error *error)
{
    struct err err = {0};
    if (!profile->broken)
        return true;
    err_set(&err, ERR_MEMORY, "memory ran out in an earlier call: the profile can only be freed");
    return api_tell(&err, error);
}

bool flametree_merge(flametree_profile *into, const flametree_profile *from, flametree_error *error)
{
    struct merging merging = {&into->profile, &from->profile};
    struct err err = {0};
    if (into == from) {
        err_set(&err, ERR_USAGE, "a profile cannot be merged into itself");
        return api_tell(&err, error);
    }
    return check_whole(from, error) && api_run(into, merge, &merging, &err, error);
}

struct comparing {
    flametree_profile *both;
    const flametree_profile *before, *after;
    struct diff_options options;
};

/* diff_make() takes scratch memory from the heaps of both: they are copied into one. */
static bool compare(void *arg)
{
    struct comparing *c = arg;
    struct profile *both = &c->both->profile;
    struct tree before, after;
    tree_init(&before, &c->both->heap, c->both->seed);
    tree_init(&after, &c->both->heap, c->both->seed);
    tree_merge(&before, &c->before->profile.tree);
    tree_merge(&after, &c->after->profile.tree);
    diff_make(&both->tree, &before, &after, &c->options);
    tree_end(&before);
    tree_end(&after);
    profile_merge_counts(both, &c->after->profile, 0);
    both->samples += c->before->profile.samples;
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
    if (!check_whole(before, error) || !check_whole(after, error))
        return NULL;
    flametree_profile *both = flametree_new(&setup, error);
    struct comparing comparing = {.both = both, .before = before, .after = after};
    comparing.options.normalize = o->normalize;
    comparing.options.strip_hex = o->strip_hex;
    struct err err = {0};
    if (both && api_run(both, compare, &comparing, &err, error))
        return both;
    flametree_free(both);
    return NULL;
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

/* A copy is filtered, so that a filter that fails changes nothing. */
static bool apply(void *arg)
{
    struct filtering *call = arg;
    struct profile *profile = &call->profile->profile;
    struct filter filter;
    struct tree tree;
    bool done = true;
    filter_init(&filter, profile->heap);
    filter.process_first = profile->process_is_root;
    for (size_t i = 0; done && i < call->count; i++)
        done = add_filter(&filter, &call->filters[i], &call->err);
    if (done) {
        tree_init_like(&tree, &profile->tree);
        tree_merge(&tree, &profile->tree);
        done = filter_apply(&filter, &tree, &call->err);
        struct tree old = done ? profile->tree : tree;
        if (done)
            profile->tree = tree;
        if (done && filter_dropped_weight(&filter))
            profile_forget_samples(profile);
        tree_end(&old);
    }
    filter_end(&filter);
    return done;
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
