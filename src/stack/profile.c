/*
 * profile: putting together and taking apart.
 */
#include "stack/profile.h"

void profile_init(struct profile *profile, struct heap *heap, uint64_t seed, bool in_order)
{
    *profile = (struct profile){.heap = heap, .tally = {.heap = heap}};
    arena_init(&profile->arena, heap);
    if (in_order)
        tree_init_in_order(&profile->tree, heap, seed);
    else
        tree_init(&profile->tree, heap, seed);
}

void profile_add_fact(struct profile *profile, str key, str value)
{
    for (size_t i = 0; i < profile->facts.n; i++)
        if (str_equal(profile->facts.at[i].key, key))
            return;
    struct profile_fact fact = {arena_copy(&profile->arena, key),
                                arena_copy(&profile->arena, value)};
    vec_push(profile->heap, &profile->facts, fact);
}

void profile_split(struct profile *part, const struct profile *whole)
{
    part->events.n = part->tally.entries.n = 0;
    part->samples = part->stackless = part->lines = 0;
    part->squares = 0;
    for (size_t i = 0; i < whole->events.n; i++) {
        struct profile_event event = whole->events.at[i];
        event.samples = 0;
        vec_push(part->heap, &part->events, event);
    }
}

static void join_event(struct profile *whole, const struct profile_event *more, size_t known)
{
    size_t i = 0, n = whole->events.n;
    while (i < n && !str_equal(whole->events.at[i].name, more->name))
        i++;
    if (i == n) {
        struct profile_event event = *more;
        event.name = arena_copy(&whole->arena, more->name);
        event.samples = 0;
        vec_push(whole->heap, &whole->events, event);
    }
    struct profile_event *events = whole->events.at, event = events[i];
    event.samples += more->samples;
    event.line = more->line < event.line ? more->line : event.line;
    for (; i > known && events[i - 1].line > event.line; i--)
        events[i] = events[i - 1];
    events[i] = event;
}

void profile_join(struct profile *whole, const struct profile *part, size_t known)
{
    for (size_t i = 0; i < part->events.n; i++)
        join_event(whole, &part->events.at[i], known);
    tally_add(&whole->tally, &part->tally);
    whole->samples += part->samples;
    whole->stackless += part->stackless;
    whole->lines += part->lines;
    whole->squares += part->squares;
}

void profile_end(struct profile *profile)
{
    tree_end(&profile->tree);
    tally_end(&profile->tally);
    vec_free(profile->heap, &profile->events);
    vec_free(profile->heap, &profile->facts);
    arena_end(&profile->arena);
}
