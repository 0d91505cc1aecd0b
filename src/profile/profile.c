/* SPDX-License-Identifier: MIT */
/*
 * profile: creating and merging profiles, skipped input.
 */
#include "profile/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "profile/tree_map.h"

/* ---- skipped ---- */

/* Move entry `i` forward to its place among the entries of its file. */
static void sort_skipped_entry(struct skipped *skipped, size_t i)
{
    struct skipped_entry *entries = skipped->entries.at;
    for (; i > 0 && entries[i - 1].file == entries[i].file; i--) {
        if (entries[i - 1].first_line <= entries[i].first_line)
            return;
        struct skipped_entry later = entries[i - 1];
        entries[i - 1] = entries[i];
        entries[i] = later;
    }
}

static void add_skipped_entry(struct skipped *skipped, const struct skipped_entry *more)
{
    for (size_t i = 0; i < skipped->entries.n; i++) {
        struct skipped_entry *entry = &skipped->entries.at[i];
        if (entry->reason != more->reason && strcmp(entry->reason, more->reason) != 0)
            continue;
        entry->count += more->count;
        if (entry->file == more->file && entry->first_line > more->first_line) {
            entry->first_line = more->first_line;
            sort_skipped_entry(skipped, i);
        }
        return;
    }
    vec_push(skipped->heap, &skipped->entries, *more);
    sort_skipped_entry(skipped, skipped->entries.n - 1);
}

void skipped_note(struct skipped *skipped, const char *reason, const char *file, uint64_t line)
{
    add_skipped_entry(skipped, &(struct skipped_entry){reason, file, 1, line, false});
}

void skipped_are_records(struct skipped *skipped, const char *file)
{
    for (size_t i = 0; i < skipped->entries.n; i++)
        skipped->entries.at[i].records |= skipped->entries.at[i].file == file;
}

uint64_t skipped_total(const struct skipped *skipped)
{
    uint64_t total = 0;
    for (size_t i = 0; i < skipped->entries.n; i++)
        total += skipped->entries.at[i].count;
    return total;
}

/* ---- profile ---- */

void profile_init(struct profile *profile, struct heap *heap, uint64_t seed, bool in_order)
{
    *profile = (struct profile){.heap = heap, .skipped = {.heap = heap}, .factor = 1};
    profile->value_type = (struct value_type){.name = STR(""), .unit = STR("")};
    arena_init(&profile->arena, heap);
    intern_init(&profile->event_names, heap, seed);
    intern_init(&profile->fact_keys, heap, seed);
    label_sums_init(&profile->labels, heap, seed);
    tree_init(&profile->tree, heap, seed);
    profile->tree.in_order = in_order;
}

/* Everything that may run out of memory comes before the push. */
void profile_add_fact(struct profile *profile, str key, str value)
{
    if (intern_find(&profile->fact_keys, key) != INTERN_NONE)
        return;
    struct profile_fact fact = {.value = arena_copy(&profile->arena, value)};
    vec_reserve(profile->heap, &profile->facts, 1);
    fact.key = intern_text(&profile->fact_keys, key);
    vec_push(profile->heap, &profile->facts, fact);
}

void profile_set_fact(struct profile *profile, str key, str value)
{
    uint32_t id = intern_find(&profile->fact_keys, key);
    if (id == INTERN_NONE)
        profile_add_fact(profile, key, value);
    else
        profile->facts.at[id].value = arena_copy(&profile->arena, value);
}

str profile_fact_value(const struct profile *profile, str key)
{
    uint32_t id = intern_find(&profile->fact_keys, key);
    return id == INTERN_NONE ? STR("") : profile->facts.at[id].value;
}

void profile_add_work(struct profile *profile, str number)
{
    struct num_decimal more, old = {0};
    char text[NUM_ROOM];
    if (!num_parse_decimal(number, &more) || more.units == 0)
        return;
    str before = profile_fact_value(profile, STR("work"));
    if (num_parse_decimal(before, &old)) {
        unsigned decimals = more.decimals > old.decimals ? more.decimals : old.decimals;
        if (!num_scale10(more.units, decimals - more.decimals, &more.units) ||
            !num_scale10(old.units, decimals - old.decimals, &old.units))
            return;
        more.decimals = decimals;
        num_add_most(&more.units, old.units);
    }
    profile_set_fact(profile, STR("work"),
                     str_of(text, num_put_decimal(text, more.units, more.decimals)));
}

double profile_sample_weight(const struct profile *profile, double sum)
{
    double squares = wide_to_double(profile->squares);
    if (!profile_samples_are_known(profile) || sum <= 0)
        return 0;
    double one = sum / (double)profile->samples;
    return fabs(squares - sum * one) <= 1e-9 * squares ? one : 0;
}

void profile_forget_samples(struct profile *profile)
{
    profile->unsure = profile->samples;
    profile->squares = wide_of(0);
    for (unsigned i = 0; i < profile->values.n; i++)
        profile->values.at[i].samples = tree_find_samples(&profile->tree, i).count;
}

size_t profile_find_event(const struct profile *profile, str name)
{
    uint32_t id = intern_find(&profile->event_names, name);
    return id == INTERN_NONE ? profile->events.n : profile->event_places.at[id];
}

void profile_add_event(struct profile *profile, struct profile_event event)
{
    vec_reserve(profile->heap, &profile->events, 1);
    vec_reserve(profile->heap, &profile->event_places, 1);
    event.id = intern_add(&profile->event_names, event.name);
    event.name = intern_name(&profile->event_names, event.id);
    vec_push(profile->heap, &profile->event_places, profile->events.n);
    vec_push(profile->heap, &profile->events, event);
}

bool profile_has_label(const struct profile *profile, str key)
{
    for (size_t i = 0; i < profile->label_keys.n; i++)
        if (str_equal(profile->label_keys.at[i], key))
            return true;
    return false;
}

void profile_note_label(struct profile *profile, str key)
{
    enum { KEYS_MOST = 32 };
    if (!profile_has_label(profile, key) && profile->label_keys.n < KEYS_MOST)
        vec_push(profile->heap, &profile->label_keys, arena_copy(&profile->arena, key));
}

bool profile_check_value_type(const struct profile *profile, const struct value_type *type,
                              struct err *err)
{
    const struct value_type *known = &profile->value_type;
    str unit = quantity_unit(known->unit);
    bool same = (known->name.n == 0 || str_equal(known->name, type->name)) &&
                (unit.n == 0 || str_equal(unit, quantity_unit(type->unit)));
    return same || err_set(err, ERR_INPUT,
                           "its values are %.*s in %.*s, those read before are %.*s in %.*s",
                           (int)type->name.n, type->name.p, (int)type->unit.n, type->unit.p,
                           (int)known->name.n, known->name.p, (int)known->unit.n, known->unit.p);
}

static struct value_type copy_value_type(struct profile *profile, const struct value_type *type)
{
    struct value_type copy = *type;
    copy.name = arena_copy(&profile->arena, type->name);
    copy.unit = arena_copy(&profile->arena, type->unit);
    return copy;
}

void profile_set_value_type(struct profile *profile, const struct value_type *type)
{
    if (profile->value_type.name.n + profile->value_type.unit.n == 0)
        profile->value_type = copy_value_type(profile, type);
}

void profile_set_value_types(struct profile *profile, const struct value_type *types, size_t count)
{
    vec_reserve(profile->heap, &profile->value_types, count);
    profile->value_types.n = 0;
    for (size_t i = 0; i < count; i++)
        profile->value_types.at[profile->value_types.n++] = copy_value_type(profile, &types[i]);
}

void profile_split(struct profile *part, const struct profile *whole)
{
    if (whole->tree.squares)
        tree_keep_squares(&part->tree);
    part->tree.counts_samples = whole->tree.counts_samples;
    if (whole->events.n > 0) {
        struct profile_event first = whole->events.at[0];
        first.samples = 0;
        profile_add_event(part, first);
    }
}

static int compare_lines(const void *a, const void *b)
{
    const struct profile_event *x = a, *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* Add the events of `part`, and sort those after the first `known` ones by first sight. */
static void merge_events(struct profile *whole, const struct profile *part, size_t known)
{
    for (size_t i = 0; i < part->events.n; i++) {
        const struct profile_event *more = &part->events.at[i];
        size_t at = profile_find_event(whole, more->name);
        if (at == whole->events.n)
            profile_add_event(whole, *more);
        else
            whole->events.at[at].samples += more->samples;
        if (whole->events.at[at].line > more->line)
            whole->events.at[at].line = more->line;
    }
    struct profile_event *events = whole->events.at;
    size_t n = whole->events.n;
    if (n > known + 1)
        qsort(events + known, n - known, sizeof *events, compare_lines);
    for (size_t i = known; i < n; i++)
        whole->event_places.at[events[i].id] = i;
}

void profile_merge_counts(struct profile *whole, const struct profile *part, size_t known)
{
    merge_events(whole, part, known);
    for (size_t i = 0; i < part->skipped.entries.n; i++)
        add_skipped_entry(&whole->skipped, &part->skipped.entries.at[i]);
    whole->samples += part->samples;
    whole->unsure += part->unsure;
    whole->stackless += part->stackless;
    whole->lines += part->lines;
    for (size_t i = 0; i < PROFILE_OMIT_COUNT; i++)
        whole->omitted[i] += part->omitted[i];
    whole->has_inlined |= part->has_inlined;
    whole->has_losses |= part->has_losses;
    num_add_most(&whole->left_out, part->left_out);
    if (part->left_out_as)
        whole->left_out_as = part->left_out_as;
    if (part->remark)
        whole->remark = part->remark;
    profile_add_square(whole, part->squares);
    whole->process_is_root |= part->process_is_root;
    whole->unwound |= part->unwound;
    profile_set_value_type(whole, &part->value_type);
    if (whole->value_types.n == 0 && part->value_types.n > 0) {
        profile_set_value_types(whole, part->value_types.at, part->value_types.n);
        whole->value = part->value;
    }
    label_sums_merge(&whole->labels, &part->labels);
    for (size_t i = 0; i < part->facts.n; i++)
        profile_add_fact(whole, part->facts.at[i].key, part->facts.at[i].value);
}

void profile_own_files(struct profile *whole, const struct profile *part)
{
    for (size_t i = 0; i < part->skipped.entries.n; i++) {
        const char *file = part->skipped.entries.at[i].file, *own = NULL;
        for (size_t j = 0; file && j < whole->skipped.entries.n; j++) {
            if (whole->skipped.entries.at[j].file != file)
                continue;
            own = own ? own : arena_copy_c(&whole->arena, str_from_c(file));
            whole->skipped.entries.at[j].file = own;
        }
    }
}

unsigned profile_column(struct profile *profile, const struct value_type *type)
{
    struct tree *tree = &profile->tree;
    for (unsigned i = 0; i < profile->values.n; i++)
        if (str_equal(profile->values.at[i].type.name, type->name) &&
            str_equal(profile->values.at[i].type.unit, type->unit))
            return i;
    tree->clash |= tree_has_sides(tree);
    if (tree->clash || profile->values.n == COLUMNS_MOST)
        return TREE_NONE;
    struct profile_value value = {.type = copy_value_type(profile, type)};
    vec_push(profile->heap, &profile->values, value);
    tree->values = true;
    tree_set_columns(tree, (unsigned)profile->values.n);
    return (unsigned)profile->values.n - 1;
}

/* If the stacks in `whole` have only one value, only the first column of `part` is added. */
static void merge_columns(struct profile *whole, const struct profile *part, bool is_empty)
{
    unsigned columns[COLUMNS_MOST] = {0};
    struct tree_mapping mapping = {.columns = columns};
    for (unsigned i = 0; i < part->values.n; i++) {
        const struct profile_value *value = &part->values.at[i];
        bool fits = is_empty || whole->values.n > 0;
        columns[i] = fits ? profile_column(whole, &value->type) : i > 0 ? TREE_NONE : 0;
        if (fits && columns[i] != TREE_NONE)
            whole->values.at[columns[i]].samples += value->samples;
    }
    tree_set_decimals(&whole->tree, part->tree.decimals);
    tree_map(&whole->tree, &part->tree, &mapping);
}

void profile_merge(struct profile *whole, const struct profile *part, size_t known)
{
    bool is_empty = whole->samples == 0;
    profile_merge_counts(whole, part, known);
    if (part->tree.values)
        merge_columns(whole, part, is_empty);
    else
        tree_merge(&whole->tree, &part->tree);
}

void profile_end(struct profile *profile)
{
    tree_end(&profile->tree);
    vec_free(profile->heap, &profile->label_keys);
    vec_free(profile->heap, &profile->skipped.entries);
    vec_free(profile->heap, &profile->events);
    vec_free(profile->heap, &profile->event_places);
    vec_free(profile->heap, &profile->facts);
    vec_free(profile->heap, &profile->values);
    vec_free(profile->heap, &profile->value_types);
    intern_end(&profile->event_names);
    intern_end(&profile->fact_keys);
    label_sums_end(&profile->labels);
    arena_end(&profile->arena);
}
