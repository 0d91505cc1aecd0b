/* SPDX-License-Identifier: MIT */
/*
 * label_rules: there are few rules, and few labels in a sample, so each rule is compared with each
 * label.
 */
#include "profile/label_rules.h"

#include <stdlib.h>

#include "core/num.h"

/* ---- text ---- */

#define LABELS_START "\n;"

/* "3:abc" */
static void add_rule_part(struct strbuf *text, str part)
{
    strbuf_add_u64(text, part.n);
    strbuf_add(text, STR(":"));
    strbuf_add(text, part);
}

/* No name of a frame begins like this. */
void label_text_make(struct strbuf *text, const struct sample_label *labels, size_t count)
{
    strbuf_set(text, STR(LABELS_START));
    for (size_t i = 0; i < count; i++) {
        add_rule_part(text, labels[i].key);
        add_rule_part(text, labels[i].value);
        add_rule_part(text, labels[i].unit);
        strbuf_add(text, labels[i].is_number ? STR("#") : STR("."));
        strbuf_add_u64(text, (uint64_t)labels[i].number);
        strbuf_add(text, STR(";"));
    }
}

static uint64_t take_rule_digits(str *rest)
{
    uint64_t number = 0;
    for (; rest->n > 0 && is_digit(rest->p[0]); *rest = str_skip(*rest, 1))
        number = number * 10 + (uint64_t)(rest->p[0] - '0');
    return number;
}

static str take_rule_part(str *rest)
{
    size_t n = (size_t)take_rule_digits(rest);
    str part = str_cut(*rest, 1, 1 + n);
    *rest = str_skip(*rest, 1 + n);
    return part;
}

bool label_text_next(str *rest, struct sample_label *label)
{
    if (str_starts(*rest, STR(LABELS_START)))
        *rest = str_skip(*rest, STR(LABELS_START).n);
    if (rest->n == 0)
        return false;
    label->key = take_rule_part(rest);
    label->value = take_rule_part(rest);
    label->unit = take_rule_part(rest);
    label->is_number = rest->p[0] == '#';
    *rest = str_skip(*rest, 1);
    label->number = (int64_t)take_rule_digits(rest);
    *rest = str_skip(*rest, 1);
    return true;
}

/* ---- rules ---- */

void label_rules_init(struct label_rules *rules, struct heap *heap)
{
    *rules = (struct label_rules){.heap = heap, .text.heap = heap};
}

void label_rules_add_roots(struct label_rules *rules, str keys)
{
    str key;
    for (size_t at = 0; str_next_item(keys, &at, &key);)
        if (key.n > 0)
            vec_push(rules->heap, &rules->roots, key);
}

/* A key is of letters, digits and some marks; anything else before '=' belongs to the pattern. */
static size_t key_end(str text)
{
    size_t at = 0;
    while (at < text.n && (is_alnum(text.p[at]) || text.p[at] == '_' || text.p[at] == '-' ||
                           text.p[at] == '.' || text.p[at] == ':'))
        at++;
    return at > 0 && at < text.n && text.p[at] == '=' ? at : 0;
}

static bool add_rule(struct label_rules *rules, const char *option, str text, bool ignores,
                     struct err *err)
{
    size_t end = key_end(text);
    struct label_rule rule = {.key = str_head(text, end), .ignores = ignores};
    rule.pattern = pattern_compile(rules->heap, option, end > 0 ? str_skip(text, end + 1) : text, 0,
                                   err);
    if (!rule.pattern)
        return false;
    vec_push(rules->heap, &rules->rules, rule);
    return true;
}

bool label_rules_add(struct label_rules *rules, const char *option, const char *const *texts,
                     size_t count, bool ignores, struct err *err)
{
    for (size_t i = 0; i < count; i++)
        if (!add_rule(rules, option, str_from_c(texts[i]), ignores, err))
            return false;
    return true;
}

/* Its value as text: a number with its unit, "12 bytes". */
static void add_value_text(struct strbuf *text, const struct sample_label *label)
{
    strbuf_add(text, label->value);
    if (!label->is_number)
        return;
    if (label->number < 0)
        strbuf_add(text, STR("-"));
    uint64_t size = label->number < 0 ? -(uint64_t)label->number : (uint64_t)label->number;
    strbuf_add_u64(text, size);
    if (label->unit.n > 0)
        strbuf_add(text, STR(" "));
    strbuf_add(text, label->unit);
}

static str label_text(struct label_rules *rules, const struct sample_label *label)
{
    strbuf_clear(&rules->text);
    add_value_text(&rules->text, label);
    return strbuf_str(&rules->text);
}

static bool rule_matches(struct label_rules *rules, struct label_rule *rule,
                         const struct sample_label *labels, size_t count, struct err *err)
{
    bool matches = false;
    for (size_t i = 0; i < count && !matches; i++)
        if (rule->key.n == 0 || str_equal(rule->key, labels[i].key))
            if (!pattern_match(rule->pattern, label_text(rules, &labels[i]), &matches, err))
                return !rule->ignores;
    return matches;
}

bool label_rules_keep(struct label_rules *rules, const struct sample_label *labels, size_t count,
                      struct err *err)
{
    for (size_t i = 0; i < rules->rules.n; i++) {
        struct label_rule *rule = &rules->rules.at[i];
        if (rule_matches(rules, rule, labels, count, err) == rule->ignores)
            return false;
    }
    return true;
}

str label_rules_root(struct label_rules *rules, str key, const struct sample_label *labels,
                     size_t count)
{
    bool any = false, named = str_ends(key, STR("="));
    str start = named ? key : STR("");
    key = str_head(key, key.n - named);
    strbuf_clear(&rules->text);
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(labels[i].key, key))
            continue;
        strbuf_add(&rules->text, any ? STR(",") : start);
        add_value_text(&rules->text, &labels[i]);
        any = true;
    }
    if (!any) {
        strbuf_add(&rules->text, key);
        strbuf_add(&rules->text, STR(": none"));
    }
    return strbuf_str(&rules->text);
}

void label_rules_end(struct label_rules *rules)
{
    for (size_t i = 0; i < rules->rules.n; i++)
        pattern_free(rules->rules.at[i].pattern);
    vec_free(rules->heap, &rules->rules);
    vec_free(rules->heap, &rules->roots);
    strbuf_end(&rules->text);
}

/* ---- sums ---- */

/* The sum of the text in sums->text. */
static struct label_sum *find_sum(struct label_sums *sums, uint32_t key, size_t value_at)
{
    str text = strbuf_str(&sums->text);
    uint32_t id = intern_add(&sums->values, text);
    if (id == sums->sums.n) {
        struct label_sum sum = {.key = key, .whole = value_at > text.n};
        text = intern_name(&sums->values, id);
        sum.value = str_skip(text, sum.whole ? text.n : value_at);
        vec_push(sums->heap, &sums->sums, sum);
    }
    return &sums->sums.at[id];
}

/* Several labels of one key count once for the key, and for each of their values. */
static bool is_first_of_key(const struct sample_label *labels, size_t i)
{
    for (size_t k = 0; k < i; k++)
        if (str_equal(labels[k].key, labels[i].key))
            return false;
    return true;
}

void label_sums_add(struct label_sums *sums, const struct sample_label *labels, size_t count,
                    uint64_t weight)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t key = intern_add(&sums->keys, labels[i].key);
        strbuf_set(&sums->text, labels[i].key);
        size_t value_at = labels[i].key.n + 1;
        if (is_first_of_key(labels, i))
            num_add_most(&find_sum(sums, key, value_at)->weight, weight);
        strbuf_add(&sums->text, str_of("", 1));
        add_value_text(&sums->text, &labels[i]);
        num_add_most(&find_sum(sums, key, value_at)->weight, weight);
    }
}

void label_sums_merge(struct label_sums *into, const struct label_sums *from)
{
    for (uint32_t i = 0; i < intern_count(&from->keys); i++)
        intern_add(&into->keys, intern_name(&from->keys, i));
    for (size_t i = 0; i < from->sums.n; i++) {
        const struct label_sum *sum = &from->sums.at[i];
        str key = intern_name(&from->keys, sum->key);
        strbuf_set(&into->text, intern_name(&from->values, (uint32_t)i));
        num_add_most(&find_sum(into, intern_find(&into->keys, key), key.n + 1)->weight,
                     sum->weight);
    }
}

struct sorted_sum {
    struct label_sum sum;
    uint64_t key_weight;
    str key;
};

static int compare_sums(const void *left, const void *right)
{
    const struct sorted_sum *a = left, *b = right;
    if (a->key_weight != b->key_weight)
        return a->key_weight > b->key_weight ? -1 : 1;
    int by = str_compare(a->key, b->key);
    if (by != 0)
        return by;
    if (a->sum.whole != b->sum.whole)
        return a->sum.whole ? -1 : 1;
    if (a->sum.weight != b->sum.weight)
        return a->sum.weight > b->sum.weight ? -1 : 1;
    return str_compare(a->sum.value, b->sum.value);
}

void label_sums_sort(struct label_sums *sums)
{
    struct sorted_sum *sorted = heap_alloc(sums->heap, sums->sums.n, sizeof *sorted);
    uint64_t *weights = heap_zero(sums->heap, intern_count(&sums->keys), sizeof *weights);
    for (size_t i = 0; i < sums->sums.n; i++)
        if (sums->sums.at[i].whole)
            weights[sums->sums.at[i].key] = sums->sums.at[i].weight;
    for (size_t i = 0; i < sums->sums.n; i++) {
        struct label_sum sum = sums->sums.at[i];
        sorted[i] = (struct sorted_sum){sum, weights[sum.key], intern_name(&sums->keys, sum.key)};
    }
    if (sums->sums.n > 0)
        qsort(sorted, sums->sums.n, sizeof *sorted, compare_sums);
    for (size_t i = 0; i < sums->sums.n; i++)
        sums->sums.at[i] = sorted[i].sum;
    heap_free(sums->heap, sorted);
    heap_free(sums->heap, weights);
}

void label_sums_end(struct label_sums *sums)
{
    intern_end(&sums->keys);
    intern_end(&sums->values);
    vec_free(sums->heap, &sums->sums);
    strbuf_end(&sums->text);
}
