/* SPDX-License-Identifier: MIT */
/*
 * name_rules: see name_rules.h.
 */
#include "transform/name_rules.h"

#include "profile/frames.h"

bool name_rules_add(struct name_rules *rules, const char *option, str regex, uint32_t value,
                    struct err *err)
{
    struct name_rule rule = {.text = regex, .value = value};
    rule.pattern = pattern_compile(rules->heap, option, regex, 0, err);
    if (!rule.pattern)
        return false;
    vec_push(rules->heap, &rules->list, rule);
    return true;
}

bool name_rules_add_rename(struct name_rules *rules, const char *option, str text, struct err *err)
{
    struct name_rule rule = {.text = text};
    rule.substitution = substitution_parse(rules->heap, option, text, err);
    if (!rule.substitution)
        return false;
    vec_push(rules->heap, &rules->list, rule);
    return true;
}

/* After the first match, the remaining patterns are still tried until each has matched once. So the
 * caller can report patterns that match no name. */
bool name_rules_find(struct name_rules *rules, str name, uint32_t *value, struct err *err)
{
    *value = NAME_RULES_NONE;
    for (size_t i = 0; i < rules->list.n; i++) {
        struct name_rule *rule = &rules->list.at[i];
        bool matches = false;
        if (*value != NAME_RULES_NONE && rule->hit)
            continue;
        if (!pattern_match(rule->pattern, name, &matches, err))
            return false;
        rule->hit |= matches;
        if (matches && *value == NAME_RULES_NONE)
            *value = rule->value;
    }
    return true;
}

uint32_t *name_rules_find_all(struct name_rules *rules, const struct intern *names,
                              struct heap *heap, struct err *err)
{
    uint32_t *values = heap_alloc(heap, intern_count(names), sizeof *values);
    for (uint32_t id = 0; id < intern_count(names); id++) {
        if (!name_rules_find(rules, intern_name(names, id), &values[id], err)) {
            heap_free(heap, values);
            return NULL;
        }
    }
    return values;
}

/* ';' separates frames in folded stacks, and a line end separates stacks: a name has neither. An
 * empty name gets no mark. */
static str copy_name(struct arena *arena, str name, str mark)
{
    char *p = arena_new(arena, char, name.n + mark.n);
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        p[i] = c == ';' ? ':' : (unsigned char)c < ' ' ? ' ' : c;
    }
    memcpy(p + name.n, mark.p, mark.n);
    return str_of(p, name.n > 0 ? name.n + mark.n : 0);
}

bool name_rules_rename(struct name_rules *rules, str *text, struct arena *arena, struct err *err)
{
    for (size_t i = 0; i < rules->list.n; i++) {
        struct name_rule *rule = &rules->list.at[i];
        str name = frame_from_text(*text).name, mark = str_skip(*text, name.n), renamed;
        bool changed;
        if (!substitution_name(rule->substitution, name, &renamed, &changed, err))
            return false;
        if (!changed && mark.n > 0) {
            mark = STR("");
            if (!substitution_name(rule->substitution, *text, &renamed, &changed, err))
                return false;
        }
        rule->hit |= changed;
        if (changed)
            *text = copy_name(arena, renamed, mark);
    }
    return true;
}

void name_rules_end(struct name_rules *rules)
{
    for (size_t i = 0; i < rules->list.n; i++) {
        pattern_free(rules->list.at[i].pattern);
        substitution_free(rules->list.at[i].substitution);
    }
    vec_free(rules->heap, &rules->list);
}
