/*
 * pattern_set: several patterns, each with a value, asked in the order in which they were given.
 * Each distinct name of a tree is matched once, whatever the number of its nodes.
 */
#ifndef FLAMETREE_TRANSFORM_PATTERN_SET_H
#define FLAMETREE_TRANSFORM_PATTERN_SET_H

#include "core/heap.h"
#include "core/pattern.h"

#define PATTERN_SET_NONE UINT32_MAX

struct pattern_set_entry {
    struct pattern *pattern;
    uint32_t value;
    bool hit; /* it matched a name */
};

struct pattern_set {
    struct heap *heap;
    VEC(struct pattern_set_entry) entries;
};

/* False: it is no pattern, *err says why. The texts outlive the patterns. */
bool pattern_set_add(struct pattern_set *patterns, const char *option, str regex, uint32_t value,
                     struct err *err);

/* The value of the first pattern that matches, or PATTERN_SET_NONE. False: one ran away. */
bool pattern_set_find(struct pattern_set *patterns, str name, uint32_t *value, struct err *err);

/* The same for every name by its id; the caller frees it from `heap`. NULL: one ran away. */
uint32_t *pattern_set_find_all(struct pattern_set *patterns, const struct intern *names,
                               struct heap *heap, struct err *err);

void pattern_set_end(struct pattern_set *patterns);

#endif
