/* SPDX-License-Identifier: MIT */
/*
 * api: profiles of the library: creating, changing and merging them.
 */
#include "api_inside.h"
#include "core/os.h"
#include "format/folded/folded.h"

const char *flametree_version(void)
{
    return PACKAGE_VERSION;
}

/* ---- errors and options ---------------------------------------------------------------------- */

bool api_return_error(const struct err *err, flametree_error *error)
{
    _Static_assert(sizeof error->message == sizeof err->message, "errors differ");
    _Static_assert(sizeof error->file == sizeof err->file, "errors differ");
    if (!error)
        return false;
    *error = (flametree_error){.code = (flametree_code)err->code, .sys = err->sys};
    error->line = err->line;
    memcpy(error->file, err->file, sizeof error->file);
    memcpy(error->message, err->message, sizeof error->message);
    return false;
}

const void *api_copy_options(void *to, size_t size, const void *given, const char *type,
                             flametree_error *error)
{
    struct err err = {0};
    size_t had = 0;
    if (!given)
        return to;
    memcpy(&had, given, sizeof had); /* `size` is the first member of all of them */
    if (had < sizeof had) {
        err_set(&err, ERR_USAGE, "the size of a %s is %zu: set it to sizeof(%s)", type, had, type);
        api_return_error(&err, error);
        return NULL;
    }
    for (size_t i = size; i < had; i++)
        if (((const char *)given)[i] != 0) {
            err_set(&err, ERR_USAGE, "a %s has a field that version %s of the library lacks", type,
                    PACKAGE_VERSION);
            api_return_error(&err, error);
            return NULL;
        }
    memcpy(to, given, had < size ? had : size);
    return to;
}

bool api_find_name(const char *field, const char *const *names, const char *choices,
                   const char *name, unsigned *index, struct err *err)
{
    if (!name)
        return true;
    *index = str_find_name(names, name);
    return names[*index] ||
           err_set(err, ERR_USAGE, "there is no %s '%.60s'; it can be %s", field, name, choices);
}

bool api_check_usable(const flametree_profile *profile, flametree_error *error)
{
    struct err err = {0};
    if (!profile->broken)
        return true;
    err_set(&err, ERR_MEMORY, "memory ran out in an earlier call: the profile can only be freed");
    return api_return_error(&err, error);
}

bool api_run(flametree_profile *profile, bool (*work)(void *), void *call, struct err *err,
             flametree_error *error)
{
    struct err own = {0};
    err = err ? err : &own;
    if (!api_check_usable(profile, error))
        return false;
    if (heap_guard(&profile->heap, work, call, err))
        return true;
    profile->broken = err->code == ERR_MEMORY;
    return api_return_error(err, error);
}

/* ---- profiles -------------------------------------------------------------------------------- */

struct creation {
    struct heap heap;
    flametree_profile *profile;
};

static bool create_handle(void *arg)
{
    struct creation *creation = arg;
    creation->profile = heap_zero(&creation->heap, 1, sizeof *creation->profile);
    return true;
}

static bool init_profile(void *arg)
{
    flametree_profile *p = arg;
    profile_init(&p->profile, &p->heap, p->seed, p->in_order);
    p->profile.tree.counts_samples = true;
    return true;
}

/* The handle is the first block of its own heap. Nothing refers to the heap before it moves into
 * the handle. */
flametree_profile *flametree_new(const flametree_setup *setup, flametree_error *error)
{
    const flametree_setup *o = API_OPTIONS(flametree_setup, setup, error);
    if (!o)
        return NULL;
    struct creation creation = {.profile = NULL};
    struct err err = {0};
    heap_init(&creation.heap, o->resize, o->context, o->limit);
    if (!heap_guard(&creation.heap, create_handle, &creation, &err)) {
        api_return_error(&err, error);
        return NULL;
    }
    flametree_profile *profile = creation.profile;
    profile->heap = creation.heap;
    profile->seed = os_draw_seed(profile);
    profile->in_order = o->in_order;
    if (api_run(profile, init_profile, profile, NULL, error))
        return profile;
    flametree_free(profile);
    return NULL;
}

void flametree_free(flametree_profile *profile)
{
    if (!profile)
        return;
    heap_run_cleanups(&profile->heap);
    struct heap heap = profile->heap; /* heap_end() frees the handle, too */
    heap_end(&heap);
}

bool flametree_summarize(const flametree_profile *profile, flametree_summary *summary)
{
    const struct profile *p = &profile->profile;
    if (summary->size < sizeof summary->size || profile->broken)
        return false;
    flametree_summary full = {
        .size = summary->size,
        .samples = p->samples,
        .lines = p->lines,
        .ignored = skipped_total(&p->skipped),
        .total = tree_sum(&p->tree, tree_after(&p->tree)),
        .decimals = p->tree.decimals,
        .sides = tree_has_sides(&p->tree) ? 2 : 1,
        .value = api_text(p->value_type.name),
        .unit = api_text(p->value_type.unit),
        .left_out = p->left_out,
        .left_out_as = api_text(str_or_empty(p->left_out_as)),
        .overflow = !tree_fits(&p->tree),
    };
    size_t size = summary->size;
    memcpy(summary, &full, size < sizeof full ? size : sizeof full);
    if (size > sizeof full) /* fields of a later version */
        memset((char *)summary + sizeof full, 0, size - sizeof full);
    return true;
}

const char *flametree_ignored(const flametree_profile *profile, size_t i, uint64_t *count,
                              uint64_t *first_line)
{
    const struct skipped *skipped = &profile->profile.skipped;
    if (i >= skipped->entries.n)
        return NULL;
    *count = skipped->entries.at[i].count;
    *first_line = skipped->entries.at[i].first_line;
    return skipped->entries.at[i].reason;
}

bool flametree_fact(const flametree_profile *profile, size_t i, flametree_text *key,
                    flametree_text *value)
{
    const struct profile *p = &profile->profile;
    if (i >= p->facts.n)
        return false;
    *key = api_text(p->facts.at[i].key);
    *value = api_text(p->facts.at[i].value);
    return true;
}

struct fact_call {
    flametree_profile *profile;
    const char *key, *value;
};

static bool add_fact(void *arg)
{
    struct fact_call *call = arg;
    profile_add_fact(&call->profile->profile, str_from_c(call->key), str_from_c(call->value));
    return true;
}

bool flametree_add_fact(flametree_profile *profile, const char *key, const char *value,
                        flametree_error *error)
{
    return api_run(profile, add_fact, &(struct fact_call){profile, key, value}, NULL, error);
}

/* ---- adding and merging --------------------------------------------------------------------- */

struct adding_call {
    flametree_profile *profile;
    const char *const *frames;
    size_t count;
    uint64_t weight;
};

static bool add_api_stack(void *arg)
{
    struct adding_call *call = arg;
    struct profile *profile = &call->profile->profile;
    uint32_t node = TREE_ROOT;
    struct arena names;
    call->profile->comparison = NULL;
    arena_init(&names, profile->heap);
    for (size_t i = 0; i < call->count; i++) {
        str name = folded_name(&names, str_from_c(call->frames[i]));
        node = tree_child(&profile->tree, node, tree_frame(&profile->tree, name));
    }
    arena_end(&names);
    tree_add(&profile->tree, node, tree_after(&profile->tree), call->weight, 0);
    profile->samples++;
    profile->unsure++;
    profile->tree.lacks_samples = true;
    return true;
}

bool flametree_add(flametree_profile *profile, const char *const *frames, size_t count,
                   uint64_t weight, flametree_error *error)
{
    struct adding_call call = {profile, frames, count, weight};
    return api_run(profile, add_api_stack, &call, NULL, error);
}

struct merge_call {
    flametree_profile *into;
    const struct profile *from;
    struct err err;
};

static bool merge_profile(void *arg)
{
    struct merge_call *call = arg;
    const struct value_type *type = &call->from->value_type;
    call->into->comparison = NULL;
    if (type->name.n + type->unit.n > 0 &&
        !profile_check_value_type(&call->into->profile, type, &call->err))
        return false;
    profile_merge(&call->into->profile, call->from, call->into->profile.events.n);
    profile_own_files(&call->into->profile, call->from);
    return true;
}

bool flametree_merge(flametree_profile *into, const flametree_profile *from, flametree_error *error)
{
    struct merge_call call = {.into = into, .from = &from->profile};
    struct err err = {0};
    if (into == from) {
        err_set(&err, ERR_USAGE, "a profile cannot be merged into itself");
        return api_return_error(&err, error);
    }
    return api_check_usable(from, error) && api_run(into, merge_profile, &call, &call.err, error);
}
