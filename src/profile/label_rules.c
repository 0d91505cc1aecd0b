/*
 * label_rules: rules are few, and labels of a sample are, too: each is compared with each.
 */
#include "profile/label_rules.h"

#include "core/num.h"

void label_rules_init(struct label_rules *rules, struct heap *heap, uint64_t seed)
{
    *rules = (struct label_rules){.heap = heap};
    intern_init(&rules->texts, heap, seed);
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

static void add_text(struct label_rules *rules, str text)
{
    vec_reserve(rules->heap, &rules->text, text.n);
    if (text.n > 0)
        memcpy(rules->text.at + rules->text.n, text.p, text.n);
    rules->text.n += text.n;
}

/* Its value as text: a number with its unit, "12 bytes". */
static void add_value_text(struct label_rules *rules, const struct sample_label *label)
{
    char digits[NUM_ROOM];
    add_text(rules, label->value);
    if (!label->is_number)
        return;
    if (label->number < 0)
        add_text(rules, STR("-"));
    uint64_t size = label->number < 0 ? -(uint64_t)label->number : (uint64_t)label->number;
    add_text(rules, str_of(digits, num_put_u64(digits, size)));
    if (label->unit.n > 0)
        add_text(rules, STR(" "));
    add_text(rules, label->unit);
}

static str label_text(struct label_rules *rules, const struct sample_label *label)
{
    rules->text.n = 0;
    add_value_text(rules, label);
    return str_of(rules->text.at, rules->text.n);
}

static bool rule_matches(struct label_rules *rules, struct label_rule *rule,
                         const struct sample_label *labels, size_t count, struct err *err)
{
    bool matches = false;
    for (size_t i = 0; i < count && !matches; i++)
        if (rule->key.n == 0 || str_equal(rule->key, labels[i].key))
            if (!pattern_match(rule->pattern, label_text(rules, &labels[i]), &matches, err))
                return !rule->ignores;
    rule->hit |= matches;
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

static void count_label(struct label_rules *rules, const struct sample_label *label,
                        uint64_t weight)
{
    rules->text.n = 0;
    add_text(rules, label->key);
    add_text(rules, STR("\0"));
    add_value_text(rules, label);
    uint32_t id = intern_add(&rules->texts, str_of(rules->text.at, rules->text.n));
    if (id == rules->weights.n) {
        str text = intern_name(&rules->texts, id);
        struct label_weight fresh = {str_head(text, label->key.n), str_skip(text, label->key.n + 1),
                                     0, 0};
        vec_push(rules->heap, &rules->weights, fresh);
    }
    num_add_most(&rules->weights.at[id].weight, weight);
    rules->weights.at[id].samples++;
}

void label_rules_count(struct label_rules *rules, const struct sample_label *labels, size_t count,
                       uint64_t weight)
{
    for (size_t i = 0; rules->counts && i < count; i++)
        count_label(rules, &labels[i], weight);
}

str label_rules_root(struct label_rules *rules, str key, const struct sample_label *labels,
                     size_t count)
{
    bool any = false;
    rules->text.n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(labels[i].key, key))
            continue;
        add_text(rules, any ? STR(",") : STR(""));
        add_value_text(rules, &labels[i]);
        any = true;
    }
    if (!any) {
        add_text(rules, key);
        add_text(rules, STR(": none"));
    }
    return str_of(rules->text.at, rules->text.n);
}

void label_rules_end(struct label_rules *rules)
{
    for (size_t i = 0; i < rules->rules.n; i++)
        pattern_free(rules->rules.at[i].pattern);
    vec_free(rules->heap, &rules->rules);
    vec_free(rules->heap, &rules->roots);
    vec_free(rules->heap, &rules->weights);
    vec_free(rules->heap, &rules->text);
    intern_end(&rules->texts);
}
