/*
 * intern: open addressing with linear probing, at most half full.
 */
#include "core/intern.h"

#include "core/hash.h"

enum { SLOTS_FIRST = 256 };

void intern_init(struct intern *table, struct heap *heap, uint64_t seed)
{
    *table = (struct intern){.seed = seed};
    arena_init(&table->arena, heap);
}

static struct intern_slot *find_slot(const struct intern *table, str name, uint32_t hash)
{
    size_t at = hash & table->mask;
    while (
        table->slots[at].id != INTERN_NONE &&
        (table->slots[at].hash != hash || !str_equal(table->names.at[table->slots[at].id], name)))
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

static void grow(struct intern *table)
{
    size_t count = table->slots ? (table->mask + 1) * 2 : SLOTS_FIRST;
    struct intern_slot *old = table->slots;
    if (table->names.n >= INTERN_MOST)
        heap_give_up(table->arena.heap);
    size_t old_count = table->slots ? table->mask + 1 : 0;
    table->slots = heap_alloc(table->arena.heap, count, sizeof *table->slots);
    memset(table->slots, 0xff, count * sizeof *table->slots);
    table->mask = count - 1;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].id == INTERN_NONE)
            continue;
        size_t at = old[i].hash & table->mask;
        while (table->slots[at].id != INTERN_NONE)
            at = (at + 1) & table->mask;
        table->slots[at] = old[i];
    }
    heap_free(table->arena.heap, old);
}

uint32_t intern_add(struct intern *table, str name)
{
    if (!table->slots || table->names.n * 2 + 2 > table->mask)
        grow(table);
    uint32_t hash = (uint32_t)hash_bytes(name, table->seed);
    struct intern_slot *slot = find_slot(table, name, hash);
    if (slot->id != INTERN_NONE)
        return slot->id;
    str copy = arena_copy(&table->arena, name);
    vec_push(table->arena.heap, &table->names, copy);
    *slot = (struct intern_slot){hash, (uint32_t)(table->names.n - 1)};
    return slot->id;
}

uint32_t intern_find(const struct intern *table, str name)
{
    if (!table->slots)
        return INTERN_NONE;
    return find_slot(table, name, (uint32_t)hash_bytes(name, table->seed))->id;
}

void intern_end(struct intern *table)
{
    heap_free(table->arena.heap, table->slots);
    table->slots = NULL;
    vec_free(table->arena.heap, &table->names);
    arena_end(&table->arena);
}
