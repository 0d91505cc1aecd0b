/*
 * parcel: stacks and their weights on the way from a reader to the tree of another one, in numbers
 * of names that only the first one knows, with the names that were new to it.
 *
 *      words    n, weight, name x n,  n, weight, name x n,  ...      names leaf first
 *      names    those that parcels before it did not bring, by their numbers
 */
#ifndef FLAMETREE_STACK_PARCEL_H
#define FLAMETREE_STACK_PARCEL_H

#include "core/intern.h"

enum { PARCEL_HEAD = 3 }; /* words in front of the names */

struct parcel {
    struct heap *heap;
    VEC(uint32_t) words;
    VEC(str) names; /* the bytes are the sender's */
};

/* A stack and its weight: where it starts in words[]. */
uint32_t parcel_add(struct parcel *parcel, const uint32_t *names, size_t n, uint64_t weight);

/* The stack at words[at] has these names. */
static inline bool parcel_is(const struct parcel *parcel, uint32_t at, const uint32_t *names,
                             size_t n)
{
    const uint32_t *words = parcel->words.at + at;
    return words[0] == n && memcmp(words + PARCEL_HEAD, names, n * sizeof *names) == 0;
}

static inline uint64_t parcel_weight(const struct parcel *parcel, uint32_t at)
{
    uint64_t weight;
    memcpy(&weight, parcel->words.at + at + 1, sizeof weight);
    return weight;
}

/* More weight for the stack at words[at]; false, and nothing done, when the sum does not fit. */
bool parcel_add_weight(struct parcel *parcel, uint32_t at, uint64_t weight);

/* The names from `known` on go along. How many names `table` has. */
uint32_t parcel_add_names(struct parcel *parcel, const struct intern *table, uint32_t known);

/* Empty it for the next stacks. */
static inline void parcel_clear(struct parcel *parcel)
{
    parcel->words.n = parcel->names.n = 0;
}

#endif
