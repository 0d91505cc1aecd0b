/*
 * intern: every distinct string once, as a small number. Ids count up from 0 in the order of
 * first sight; the bytes stay where they are until the arena ends.
 *
 *      slots: hash, id   ──►   names[id] ──►  bytes in the arena
 */
#ifndef FLAMETREE_CORE_INTERN_H
#define FLAMETREE_CORE_INTERN_H

#include "core/heap.h"
#include "core/vec.h"

#define INTERN_NONE UINT32_MAX
#define INTERN_MOST (UINT32_MAX / 2) /* names; twice as many can be counted */

struct intern_slot {
    uint32_t hash;
    uint32_t id; /* INTERN_NONE: free */
};

struct intern {
    struct arena arena;
    VEC(str) names;
    struct intern_slot *slots;
    size_t mask; /* slot count - 1; the count is a power of two */
    uint64_t seed;
};

void intern_init(struct intern *table, struct heap *heap, uint64_t seed);

/* The id of `name`, new or known. The bytes are copied when new. */
uint32_t intern_add(struct intern *table, str name);

/* The id of `name`, INTERN_NONE when it is not there. */
uint32_t intern_find(const struct intern *table, str name);

static inline uint32_t intern_count(const struct intern *table)
{
    return (uint32_t)table->names.n;
}

static inline str intern_name(const struct intern *table, uint32_t id)
{
    return table->names.at[id];
}

void intern_end(struct intern *table);

#endif
