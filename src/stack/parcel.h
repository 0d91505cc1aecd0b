/*
 * parcel: stacks and their weights on the way from a reader to the tree of another one, in numbers
 * of names that only the first one knows, with the names that were new to it.
 *
 *      words    head, name x n,  head, name x n,  ...      names in the order of the reader
 *      names    those that parcels before it did not bring, by their numbers
 */
#ifndef FLAMETREE_STACK_PARCEL_H
#define FLAMETREE_STACK_PARCEL_H

#include "core/intern.h"

struct parcel {
    struct heap *heap;
    VEC(uint32_t) words;
    VEC(str) names; /* the bytes are the sender's */
};

struct parcel_stack {
    uint32_t n, shared; /* names of its own, and those it starts with as the one before it did */
    uint64_t weight;    /* in units of 10^-decimals */
    uint32_t decimals;
};

enum { PARCEL_HEAD = sizeof(struct parcel_stack) / sizeof(uint32_t) };

/* One more, where its n names are to be written. Where it starts in words[]: *at. */
uint32_t *parcel_add(struct parcel *parcel, const struct parcel_stack *stack, uint32_t *at);

/* The stack at words[at]; its names stand PARCEL_HEAD words on. */
static inline struct parcel_stack parcel_get(const struct parcel *parcel, uint32_t at)
{
    struct parcel_stack stack;
    memcpy(&stack, parcel->words.at + at, sizeof stack);
    return stack;
}

/* The stack at words[at] has these names. */
static inline bool parcel_is(const struct parcel *parcel, uint32_t at, const uint32_t *names,
                             size_t n)
{
    const uint32_t *words = parcel->words.at + at;
    return parcel_get(parcel, at).n == n &&
           memcmp(words + PARCEL_HEAD, names, n * sizeof *names) == 0;
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
