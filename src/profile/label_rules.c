/*
 * label_rules: rules are few, and labels of a sample are, too: each is compared with each.
 */
#include "profile/label_rules.h"

#include "core/num.h"

/* ---- text ---- */

#define LABELS_START "\n;"

/* "3:abc" */
static void add_part(struct strbuf *text, str part)
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
        add_part(text, labels[i].key);
        add_part(text, labels[i].value);
        add_part(text, labels[i].unit);
        strbuf_add(text, labels[i].is_number ? STR("#") : STR("."));
        strbuf_add_u64(text, (uint64_t)labels[i].number);
        strbuf_add(text, STR(";"));
    }
}

static uint64_t take_digits(str *rest)
{
    uint64_t number = 0;
    for (; rest->n > 0 && is_digit(rest->p[0]); *rest = str_skip(*rest, 1))
        number = number * 10 + (uint64_t)(rest->p[0] - '0');
    return number;
}

static str take_part(str *rest)
{
    size_t n = (size_t)take_digits(rest);
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
    label->key = take_part(rest);
    label->value = take_part(rest);
    label->unit = take_part(rest);
    label->is_number = rest->p[0] == '#';
    *rest = str_skip(*rest, 1);
    label->number = (int64_t)take_digits(rest);
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
    for (size_t at = 0, end; at < keys.n; at = end + 1) {
        end = str_find(keys, ',', at);
        str key = str_trim(str_cut(keys, at, end));
        if (key.n > 0)
            vec_push(rules->heap, &rules->roots, key);
    }
}

/* A key is of letters, digits and some marks; anything else before '=' belongs to the pattern. */
static size_t key_end(str text)
{
    size_t at = 0;
    while (at < text.n && (is_alpha(text.p[at]) || is_digit(text.p[at]) || text.p[at] == '_' ||
                           text.p[at] == '-' || text.p[at] == '.' || text.p[at] == ':'))
        at++;
    return at > 0 && at < text.n && text.p[at] == '=' ? at : 0;
}

bool label_rules_add(struct label_rules *rules, const char *option, str text, bool ignores,
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

/* Its value as text: a number with its unit, "12 bytes". */
static void add_value_text(struct label_rules *rules, const struct sample_label *label)
{
    strbuf_add(&rules->text, label->value);
    if (!label->is_number)
        return;
    if (label->number < 0)
        strbuf_add(&rules->text, STR("-"));
    uint64_t size = label->number < 0 ? -(uint64_t)label->number : (uint64_t)label->number;
    strbuf_add_u64(&rules->text, size);
    if (label->unit.n > 0)
        strbuf_add(&rules->text, STR(" "));
    strbuf_add(&rules->text, label->unit);
}

static str label_text(struct label_rules *rules, const struct sample_label *label)
{
    strbuf_clear(&rules->text);
    add_value_text(rules, label);
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
        add_value_text(rules, &labels[i]);
        any = true;
    }
    if (!any) {
        strbuf_add(&rules->text, key);
        strbuf_add(&rules->text, STR(": none"));
    }
    return strbuf_str(&rules->text);
}
