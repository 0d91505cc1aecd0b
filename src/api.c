/*
 * api: profiles of the library: making, reading, bringing together.
 */
#include "api_inside.h"

#include <errno.h>

#include "compare/two_columns.h"
#include "core/os.h"
#include "format/reader.h"
#include "transform/filter.h"

const char *flametree_version(void)
{
    return PACKAGE_VERSION;
}

bool api_tell(const struct err *err, flametree_error *error)
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
        api_tell(&err, error);
        return NULL;
    }
    memcpy(to, given, had < size ? had : size);
    return to;
}

bool api_run(flametree_profile *profile, bool (*work)(void *), void *call, struct err *err,
             flametree_error *error)
{
    bool done = false;
    if (profile->broken)
        err_set(err, ERR_MEMORY,
                "memory ran out in an earlier call: the profile can only be freed");
    else
        done = heap_guard(&profile->heap, work, call, err);
    if (done)
        return true;
    profile->broken |= err->code == ERR_MEMORY;
    return api_tell(err, error);
}

struct making {
    struct heap heap;
    flametree_profile *profile;
};

static bool make_handle(void *arg)
{
    struct making *making = arg;
    making->profile = heap_zero(&making->heap, 1, sizeof *making->profile);
    return true;
}

static bool make_profile(void *arg)
{
    flametree_profile *p = arg;
    profile_init(&p->profile, &p->heap, p->seed, p->in_order);
    return true;
}

/* The handle is the first block of its own heap: nothing refers to the heap before it has moved
 * into the handle. */
flametree_profile *flametree_new(const flametree_setup *setup, flametree_error *error)
{
    const flametree_setup *o = API_OPTIONS(flametree_setup, setup, error);
    if (!o)
        return NULL;
    struct making making = {.profile = NULL};
    struct err err = {0};
    heap_init(&making.heap, o->resize, o->context, o->limit);
    if (!heap_guard(&making.heap, make_handle, &making, &err)) {
        api_tell(&err, error);
        return NULL;
    }
    flametree_profile *profile = making.profile;
    profile->heap = making.heap;
    profile->seed = os_draw_seed(profile);
    profile->in_order = o->in_order;
    if (api_run(profile, make_profile, profile, &err, error))
        return profile;
    flametree_free(profile);
    return NULL;
}

void flametree_free(flametree_profile *profile)
{
    if (!profile)
        return;
    heap_run_cleanups(&profile->heap);
    struct heap heap = profile->heap; /* the handle goes with the rest */
    heap_end(&heap);
}

struct summing {
    flametree_profile *profile;
    uint64_t total;
};

static bool sum(void *arg)
{
    struct summing *summing = arg;
    const struct tree *tree = &summing->profile->profile.tree;
    summing->total = tree_sum(tree, tree_after(tree));
    return true;
}

bool flametree_summarize(flametree_profile *profile, flametree_summary *summary)
{
    struct summing summing = {.profile = profile};
    const struct profile *p = &profile->profile;
    struct err err = {0};
    if (summary->size < sizeof summary->size || !api_run(profile, sum, &summing, &err, NULL))
        return false;
    flametree_summary full = {
        .size = summary->size,
        .samples = p->samples,
        .lines = p->lines,
        .ignored = skipped_total(&p->skipped),
        .total = summing.total,
        .decimals = p->tree.decimals,
        .sides = tree_has_sides(&p->tree) ? 2 : 1,
    };
    memcpy(summary, &full, summary->size < sizeof full ? summary->size : sizeof full);
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

/* ---- reading --------------------------------------------------------------------------------- */

struct reading_call {
    flametree_profile *profile;
    struct source source;
    const char *path, *name;
    str memory;
    flametree_read *read;
    void *context;
    struct read_options options;
    bool strict;
    const char *format;
    struct err err;
};

static ptrdiff_t read_from_caller(void *context, char *to, size_t room, struct err *err)
{
    struct reading_call *call = context;
    ptrdiff_t n = call->read(call->context, to, room);
    if (n >= 0 && (size_t)n <= room)
        return n;
    err_set(err, ERR_IO, "cannot read");
    err_in_file(err, call->name, 0);
    return -1;
}

/* Names in the profile outlive the call. */
static bool open_source(struct reading_call *call)
{
    struct profile *profile = &call->profile->profile;
    const char *given = call->path ? call->path : call->name ? call->name : "input";
    call->name = arena_copy_c(&profile->arena, str_from_c(given));
    if (call->path)
        return source_open_file(&call->source, &os_posix, call->name, &call->err);
    if (call->read)
        source_open_callback(&call->source, call->name, read_from_caller, call);
    else
        source_open_memory(&call->source, call->name, call->memory);
    return true;
}

static bool check_strict(const struct reading_call *call, struct err *err)
{
    const struct skipped *skipped = &call->profile->profile.skipped;
    if (!call->strict || skipped_total(skipped) == 0)
        return true;
    const struct skipped_entry *first = &skipped->entries.at[0];
    err_set(err, ERR_INPUT, "%s", first->reason);
    return err_in_file(err, first->file, first->first_line);
}

static bool read_input(void *arg)
{
    struct reading_call *call = arg;
    struct profile *profile = &call->profile->profile;
    call->profile->comparison = NULL;
    struct reading reading = {.profile = profile, .options = &call->options};
    uint64_t had = profile->samples;
    if (call->format && !(reading.format = reader_find(str_from_c(call->format))))
        return err_set(&call->err, ERR_USAGE, "there is no input format '%.60s'", call->format);
    bool whole = open_source(call) && reading_add(&reading, &call->source, &call->err);
    reading_finish(&reading);
    if (whole && call->path)
        profile_add_fact(profile, STR("source"), str_from_c(call->path));
    bool any = profile->samples > had;
    if (whole && !any) {
        reading_diagnose(&reading, &call->err);
        err_in_file(&call->err, call->name, 0);
    }
    return whole && any && check_strict(call, &call->err);
}

static bool run_reading(struct reading_call *call, const flametree_reading *given,
                        flametree_error *error)
{
    const flametree_reading *o = API_OPTIONS(flametree_reading, given, error);
    if (!o)
        return false;
    call->format = o->format;
    call->options = (struct read_options){
        .pid = o->pid || o->tid,
        .tid = o->tid,
        .kernel = o->marks,
        .jit = o->marks,
        .inline_marks = o->marks,
        .addrs = o->addresses,
        .weight = o->count_samples ? READ_WEIGHT_SAMPLES : READ_WEIGHT_PERIOD,
    };
    call->strict = o->strict;
    if (o->event_filter)
        call->options.event_filter = str_from_c(o->event_filter);
    bool done = api_run(call->profile, read_input, call, &call->err, error);
    source_close(&call->source);
    return done;
}

bool flametree_read_file(flametree_profile *profile, const char *path,
                         const flametree_reading *options, flametree_error *error)
{
    struct reading_call call = {.profile = profile, .path = path};
    return run_reading(&call, options, error);
}

bool flametree_read_memory(flametree_profile *profile, const char *name, const void *bytes,
                           size_t size, const flametree_reading *options, flametree_error *error)
{
    struct reading_call call = {.profile = profile, .name = name, .memory = str_of(bytes, size)};
    return run_reading(&call, options, error);
}

bool flametree_read_callback(flametree_profile *profile, const char *name, flametree_read *read,
                             void *context, const flametree_reading *options,
                             flametree_error *error)
{
    struct reading_call call = {.profile = profile, .name = name, .read = read};
    call.context = context;
    return run_reading(&call, options, error);
}
