/* SPDX-License-Identifier: MIT */
/*
 * api_reading: reads inputs into a profile, and says what they hold.
 */
#include "api_inside.h"
#include "core/os.h"
#include "format/reader.h"

struct reading_call {
    flametree_profile *profile;
    struct source source;
    const char *path, *name;
    str memory;
    flametree_read_fn *read;
    void *context;
    const flametree_reading *given;
    struct read_options options;
    struct label_rules labels;
    VEC(struct skipped_entry) skipped; /* in inputs before this one */
    struct err err;
};

static ptrdiff_t call_read(void *context, char *to, size_t room, struct err *err)
{
    struct reading_call *call = context;
    ptrdiff_t n = call->read(call->context, to, room);
    if (n >= 0 && (size_t)n <= room)
        return n;
    err_set(err, ERR_IO, "cannot read");
    err_in_file(err, call->name, 0);
    return -1;
}

/* The profile keeps the name after the call. */
static bool open_call_source(struct reading_call *call)
{
    struct profile *profile = &call->profile->profile;
    const char *given = call->path ? call->path : call->name ? call->name : "input";
    call->name = arena_copy_c(&profile->arena, str_from_c(given));
    if (call->path)
        return source_open_file(&call->source, &os_posix, call->name, &call->err);
    if (call->read)
        source_open_callback(&call->source, call->name, call_read, call);
    else
        source_open_memory(&call->source, call->name, call->memory);
    return true;
}

/* How much was skipped for the reason of `entry` before this input. */
static uint64_t skipped_before(const struct reading_call *call, const struct skipped_entry *entry)
{
    for (size_t i = 0; i < call->skipped.n; i++)
        if (strcmp(call->skipped.at[i].reason, entry->reason) == 0)
            return call->skipped.at[i].count;
    return 0;
}

/* Parts of earlier inputs may have been skipped. */
static bool check_strict(struct reading_call *call)
{
    const struct skipped *skipped = &call->profile->profile.skipped;
    for (size_t i = 0; call->given->strict && i < skipped->entries.n; i++) {
        const struct skipped_entry *entry = &skipped->entries.at[i];
        uint64_t before = skipped_before(call, entry);
        if (entry->count == before)
            continue;
        err_set(&call->err, ERR_INPUT, "%s", entry->reason);
        return before > 0 ? err_in_file(&call->err, call->name, 0)
                          : err_in_file(&call->err, entry->file, entry->first_line);
    }
    if (!call->given->strict || tree_fits(&call->profile->profile.tree))
        return true;
    err_set(&call->err, ERR_INPUT, "the sum of weights exceeds 2^64-1");
    return err_in_file(&call->err, call->name, 0);
}

static void keep_skipped(struct reading_call *call)
{
    struct profile *profile = &call->profile->profile;
    for (size_t i = 0; i < profile->skipped.entries.n; i++)
        vec_push(profile->heap, &call->skipped, profile->skipped.entries.at[i]);
}

static bool make_api_label_rules(struct reading_call *call)
{
    const flametree_reading *o = call->given;
    struct label_rules *labels = &call->labels;
    label_rules_init(labels, call->profile->profile.heap);
    if (o->tag_root || o->tag_focus_count + o->tag_ignore_count > 0)
        call->options.labels = labels;
    if (o->tag_root)
        label_rules_add_roots(labels, str_from_c(o->tag_root));
    return label_rules_add(labels, "tag_focus", o->tag_focus, o->tag_focus_count, false,
                           &call->err) &&
           label_rules_add(labels, "tag_ignore", o->tag_ignore, o->tag_ignore_count, true,
                           &call->err);
}

/* Check values, labels and --strict. `any`: samples were read. Without any, say what the input
 * looks like. */
static bool check_reading(struct reading_call *call, const struct reading *reading, bool any)
{
    bool good = true;
    if (reading->last && (any || reading->profile->label_keys.n > 0))
        good = reading_check_value(reading, &call->err) &&
               reading_check_labels(reading, &call->err);
    if (good && !any)
        good = reading_diagnose(reading, &call->err);
    return good ? check_strict(call) : err_in_file(&call->err, call->name, 0);
}

static bool read_with_rules(struct reading_call *call)
{
    struct profile *profile = &call->profile->profile;
    struct reading reading = {.profile = profile, .options = &call->options};
    const char *format = call->given->format;
    uint64_t had = profile->samples;
    if (format && !(reading.format = reader_find(str_from_c(format))))
        return err_set(&call->err, ERR_USAGE, "there is no input format '%.60s'", format);
    bool whole = open_call_source(call) && reading_add(&reading, &call->source, &call->err);
    reading_finish(&reading);
    if (whole && call->path)
        profile_add_fact(profile, STR("source"), str_from_c(call->path));
    return whole && check_reading(call, &reading, profile->samples > had);
}

static bool read_call_input(void *arg)
{
    struct reading_call *call = arg;
    call->profile->comparison = NULL;
    keep_skipped(call);
    bool done = make_api_label_rules(call) && read_with_rules(call);
    vec_free(call->profile->profile.heap, &call->skipped);
    label_rules_end(&call->labels);
    return done;
}

static bool run_reading(struct reading_call *call, const flametree_reading *given,
                        flametree_error *error)
{
    const flametree_reading *o = API_OPTIONS(flametree_reading, given, error);
    if (!o)
        return false;
    call->given = o;
    call->options = (struct read_options){
        .pid = o->pid || o->tid,
        .tid = o->tid,
        .kernel = o->marks,
        .jit = o->marks,
        .inline_marks = o->marks,
        .addrs = o->addresses,
        .weight = o->count_samples ? READ_WEIGHT_SAMPLES : READ_WEIGHT_PERIOD,
        .event_filter = str_or_empty(o->event_filter),
        .value_type = str_or_empty(o->sample_index),
        .srcline = o->lines,
        .no_lines = o->no_lines,
        .no_inlines = o->no_inlines,
        .no_modules = o->no_modules,
        .idle = o->idle,
        .keep_labels = o->keep_all,
        .all_values = o->keep_all && !o->count_samples,
        .library = true,
    };
    bool done = api_run(call->profile, read_call_input, call, &call->err, error);
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

bool flametree_read_callback(flametree_profile *profile, const char *name, flametree_read_fn *read,
                             void *context, const flametree_reading *options,
                             flametree_error *error)
{
    struct reading_call call = {.profile = profile, .name = name, .read = read, .context = context};
    return run_reading(&call, options, error);
}

/* ---- what can be read, and what was ---------------------------------------------------------- */

const char *flametree_input_format(size_t i, const char **help)
{
    if (i >= reader_count)
        return NULL;
    *help = readers[i]->help;
    return readers[i]->name;
}

bool flametree_value(const flametree_profile *profile, size_t i, flametree_text *name,
                     flametree_text *unit, bool *counts)
{
    const struct profile *p = &profile->profile;
    const struct value_type *type = &p->value_type; /* of an input that declares no others */
    if (p->value_types.n > 0 ? i >= p->value_types.n : i > 0 || type->name.n + type->unit.n == 0)
        return false;
    if (p->value_types.n > 0)
        type = &p->value_types.at[i];
    *name = api_text(type->name);
    *unit = api_text(type->unit);
    *counts = p->value_types.n == 0 || i == p->value;
    return true;
}

bool flametree_label(const flametree_profile *profile, size_t i, flametree_text *key)
{
    const struct profile *p = &profile->profile;
    if (i >= p->label_keys.n)
        return false;
    *key = api_text(p->label_keys.at[i]);
    return true;
}

bool flametree_event(const flametree_profile *profile, size_t i, flametree_text *name,
                     uint64_t *samples, bool *counts)
{
    const struct profile *p = &profile->profile;
    if (i >= p->events.n)
        return false;
    *name = api_text(p->events.at[i].name);
    *samples = p->events.at[i].samples;
    *counts = p->events.at[i].kept;
    return true;
}
