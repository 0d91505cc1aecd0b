/*
 * pattern_set: asking the patterns in turn.
 */
#include "transform/pattern_set.h"

bool pattern_set_add(struct pattern_set *patterns, const char *option, str regex, uint32_t value,
                     struct err *err)
{
    struct pattern_set_entry entry = {.value = value};
    entry.pattern = pattern_compile(patterns->heap, option, regex, 0, err);
    if (!entry.pattern)
        return false;
    vec_push(patterns->heap, &patterns->entries, entry);
    return true;
}

/* Patterns behind the one that matched are asked only until each has matched something, so that
 * one that never matches is known. */
bool pattern_set_find(struct pattern_set *patterns, str name, uint32_t *value, struct err *err)
{
    *value = PATTERN_SET_NONE;
    for (size_t i = 0; i < patterns->entries.n; i++) {
        struct pattern_set_entry *entry = &patterns->entries.at[i];
        bool matches = false;
        if (*value != PATTERN_SET_NONE && entry->hit)
            continue;
        if (!pattern_match(entry->pattern, name, &matches, err))
            return false;
        entry->hit |= matches;
        if (matches && *value == PATTERN_SET_NONE)
            *value = entry->value;
    }
    return true;
}

uint32_t *pattern_set_find_all(struct pattern_set *patterns, const struct intern *names,
                               struct heap *heap, struct err *err)
{
    uint32_t *values = heap_alloc(heap, intern_count(names), sizeof *values);
    for (uint32_t id = 0; id < intern_count(names); id++) {
        if (!pattern_set_find(patterns, intern_name(names, id), &values[id], err)) {
            heap_free(heap, values);
            return NULL;
        }
    }
    return values;
}

void pattern_set_end(struct pattern_set *patterns)
{
    for (size_t i = 0; i < patterns->entries.n; i++)
        pattern_free(patterns->entries.at[i].pattern);
    vec_free(patterns->heap, &patterns->entries);
}
