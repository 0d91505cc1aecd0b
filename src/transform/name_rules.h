/* SPDX-License-Identifier: MIT */
/*
 * name_rules: patterns and substitutions for names, tried in the order in which the user gave them.
 * Each distinct name is looked at once, however many nodes have it.
 */
#ifndef FLAMETREE_TRANSFORM_NAME_RULES_H
#define FLAMETREE_TRANSFORM_NAME_RULES_H

#include "core/heap.h"
#include "core/pattern.h"

#define NAME_RULES_NONE UINT32_MAX

struct name_rule {
    struct pattern *pattern;
    struct substitution *substitution; /* of a rule for renaming, which has no pattern */
    str text;                          /* what the user gave */
    uint32_t value;
    bool hit; /* it matched a name */
};

/* All zero but for the heap: there are no rules yet. */
struct name_rules {
    struct heap *heap;
    VEC(struct name_rule) list;
};

/* A pattern, and the value of names that it matches. False with *err when it is no valid pattern.
 * `option` and `regex` outlive the rules. */
bool name_rules_add(struct name_rules *rules, const char *option, str regex, uint32_t value,
                    struct err *err);

/* A rule for renaming, "s/REGEX/TEXT/flags". */
bool name_rules_add_rename(struct name_rules *rules, const char *option, str text, struct err *err);

/* The value of the first pattern that matches, or NAME_RULES_NONE. False when matching takes too
 * long. */
bool name_rules_find(struct name_rules *rules, str name, uint32_t *value, struct err *err);

/* The same for every name by its id; the caller frees it from `heap`. NULL: it takes too long. */
uint32_t *name_rules_find_all(struct name_rules *rules, const struct intern *names,
                              struct heap *heap, struct err *err);

/* Apply the rules for renaming, one after the other, to the text of a frame. A rule changes the
 * name, and the mark stays; a rule that does not match the name is tried on the text with its mark.
 * The new text is in the arena. False when matching takes too long. */
bool name_rules_rename(struct name_rules *rules, str *text, struct arena *arena, struct err *err);

void name_rules_end(struct name_rules *rules);

#endif
