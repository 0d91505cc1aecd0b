/*
 * matcher: several patterns, each with a value, asked in the order in which they were given. Each
 * distinct name of a tree is matched once, whatever the number of its nodes.
 */
#ifndef FLAMETREE_STACK_MATCHER_H
#define FLAMETREE_STACK_MATCHER_H

#include "core/intern.h"
#include "core/pattern.h"

#define MATCHER_NONE UINT32_MAX

struct matcher_entry {
    struct pattern *pattern;
    uint32_t value;
    bool hit; /* it matched a name */
};

struct matcher {
    struct heap *heap;
    VEC(struct matcher_entry) entries;
};

/* False: it is no pattern, *err says why. The texts outlive the matcher. */
bool matcher_add(struct matcher *matcher, const char *option, str regex, uint32_t value,
                 struct err *err);

/* The value of the first pattern that matches, or MATCHER_NONE. False: one ran away. */
bool matcher_find(struct matcher *matcher, str name, uint32_t *value, struct err *err);

/* The same for every name by its id; the caller frees it from `heap`. NULL: one ran away. */
uint32_t *matcher_find_all(struct matcher *matcher, const struct intern *names, struct heap *heap,
                           struct err *err);

void matcher_end(struct matcher *matcher);

#endif
