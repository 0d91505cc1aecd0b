/*
 * profile: putting together and taking apart.
 */
#include "profile/profile.h"

#include <stdlib.h>

#include "profile/tree_map.h"

void profile_init(struct profile *profile, struct heap *heap, uint64_t seed, bool in_order)
{
    *profile = (struct profile){.heap = heap, .skipped = {.heap = heap}, .factor = 1};
    profile->value_type = (struct value_type){STR(""), STR("")};
    arena_init(&profile->arena, heap);
    intern_init(&profile->event_names, heap, seed);
    intern_init(&profile->fact_keys, heap, seed);
    if (in_order)
        tree_init_in_order(&profile->tree, heap, seed);
    else
        tree_init(&profile->tree, heap, seed);
}

/* Memory may end anywhere: what can fail comes before what the others rely on. */
void profile_add_fact(struct profile *profile, str key, str value)
{
    if (intern_find(&profile->fact_keys, key) != INTERN_NONE)
        return;
    struct profile_fact fact = {.value = arena_copy(&profile->arena, value)};
    vec_reserve(profile->heap, &profile->facts, 1);
    fact.key = intern_name(&profile->fact_keys, intern_add(&profile->fact_keys, key));
    vec_push(profile->heap, &profile->facts, fact);
}

size_t profile_find_event(const struct profile *profile, str name)
{
    uint32_t id = intern_find(&profile->event_names, name);
    return id == INTERN_NONE ? profile->events.n : profile->event_places.at[id];
}

void profile_add_event(struct profile *profile, struct profile_event event)
{
    vec_reserve(profile->heap, &profile->events, 1);
    vec_reserve(profile->heap, &profile->event_places, 1);
    event.id = intern_add(&profile->event_names, event.name);
    event.name = intern_name(&profile->event_names, event.id);
    vec_push(profile->heap, &profile->event_places, profile->events.n);
    vec_push(profile->heap, &profile->events, event);
}

void profile_set_value_type(struct profile *profile, str name, str unit)
{
    struct value_type *type = &profile->value_type;
    if (type->name.n > 0 || type->unit.n > 0)
        return;
    *type = (struct value_type){arena_copy(&profile->arena, name),
                                arena_copy(&profile->arena, unit)};
}

void profile_split(struct profile *part, const struct profile *whole)
{
    if (whole->events.n == 0)
        return;
    struct profile_event first = whole->events.at[0];
    first.samples = 0;
    profile_add_event(part, first);
}

static void join_event(struct profile *whole, const struct profile_event *more)
{
    size_t i = profile_find_event(whole, more->name);
    if (i == whole->events.n)
        profile_add_event(whole, *more);
    else
        whole->events.at[i].samples += more->samples;
    if (whole->events.at[i].line > more->line)
        whole->events.at[i].line = more->line;
}

static int compare_lines(const void *a, const void *b)
{
    const struct profile_event *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* In the order of first sight again, from the first that is new on. */
static void order_events(struct profile *profile, size_t known)
{
    struct profile_event *events = profile->events.at;
    size_t n = profile->events.n;
    if (n > known + 1)
        qsort(events + known, n - known, sizeof *events, compare_lines);
    for (size_t i = known; i < n; i++)
        profile->event_places.at[events[i].id] = i;
}

void profile_merge_counts(struct profile *whole, const struct profile *part, size_t known)
{
    for (size_t i = 0; i < part->events.n; i++)
        join_event(whole, &part->events.at[i]);
    order_events(whole, known);
    skipped_add(&whole->skipped, &part->skipped);
    whole->samples += part->samples;
    whole->unsure += part->unsure;
    whole->stackless += part->stackless;
    whole->lines += part->lines;
    whole->has_inlined |= part->has_inlined;
    profile_add_square(whole, part->squares);
    whole->process_is_root |= part->process_is_root;
    whole->unwound |= part->unwound;
    profile_set_value_type(whole, part->value_type.name, part->value_type.unit);
    for (size_t i = 0; i < part->facts.n; i++)
        profile_add_fact(whole, part->facts.at[i].key, part->facts.at[i].value);
}

void profile_merge(struct profile *whole, const struct profile *part, size_t known)
{
    profile_merge_counts(whole, part, known);
    tree_merge(&whole->tree, &part->tree);
}

void profile_end(struct profile *profile)
{
    tree_end(&profile->tree);
    skipped_end(&profile->skipped);
    vec_free(profile->heap, &profile->events);
    vec_free(profile->heap, &profile->event_places);
    vec_free(profile->heap, &profile->facts);
    intern_end(&profile->event_names);
    intern_end(&profile->fact_keys);
    arena_end(&profile->arena);
}
