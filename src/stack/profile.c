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

void profile_end(struct profile *profile)
{
    tree_end(&profile->tree);
    tally_end(&profile->tally);
    vec_free(profile->heap, &profile->events);
    vec_free(profile->heap, &profile->facts);
    arena_end(&profile->arena);
}
