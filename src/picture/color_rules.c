/*
 * color_rules: see color_rules.h. Tones of classes are dealt out in the order of the classes, those
 * that stand apart from the default palette first.
 */
#include "picture/color_rules.h"

static const struct {
    const char *name;
    const struct tone *tone;
} tones[] = {
    {"blue", &tone_blue},   {"green", &tone_green},   {"purple", &tone_purple},
    {"aqua", &tone_aqua},   {"yellow", &tone_yellow}, {"sky", &tone_sky},
    {"olive", &tone_olive}, {"brown", &tone_brown},   {"orange", &tone_orange},
    {"red", &tone_red},     {"grey", &tone_grey},
};

enum { TONES = sizeof tones / sizeof tones[0], CLASS_TONES = TONES - 1 };

static const struct shade middle = {{0.5, 0.5, 0.5}};

void color_rules_init(struct color_rules *rules, struct heap *heap)
{
    *rules = (struct color_rules){.patterns = {.heap = heap}};
}

/* "#rgb" as "#rrggbb". */
static bool parse_short_hex(str text, rgb *color)
{
    if (text.n != 4 || text.p[0] != '#')
        return false;
    const char *p = text.p;
    char twice[] = {'#', p[1], p[1], p[2], p[2], p[3], p[3]};
    return rgb_parse_hex(str_of(twice, sizeof twice), color);
}

static bool parse_color(str text, struct color_rule *rule)
{
    for (size_t i = 0; i < TONES; i++) {
        if (str_equal(text, str_from_c(tones[i].name))) {
            rule->tone = tones[i].tone;
            return true;
        }
    }
    return rgb_parse_hex(text, &rule->flat) || parse_short_hex(text, &rule->flat) ||
           rgb_parse(text, &rule->flat);
}

bool color_rules_add(struct color_rules *rules, const char *option, str text, struct err *err)
{
    struct color_rule rule = {0};
    size_t equals = str_find_last(text, '=');
    int shown = text.n < 100 ? (int)text.n : 100;
    if (equals == text.n || equals == 0)
        return err_set(err, ERR_USAGE, "%s needs REGEX=COLOR, not '%.*s'", option, shown, text.p);
    if (!parse_color(str_skip(text, equals + 1), &rule))
        return err_set(err, ERR_USAGE,
                       "%s '%.*s': a color is #rgb, #rrggbb, rgb(r,g,b), or one of red, green, "
                       "blue, yellow, purple, aqua, orange, grey, sky, brown, olive",
                       option, shown, text.p);
    rule.label = str_head(text, equals);
    if (!name_rules_add(&rules->patterns, option, rule.label, (uint32_t)rules->rules.n, err))
        return false;
    vec_push(rules->patterns.heap, &rules->rules, rule);
    return true;
}

static void give(struct color_given *given, const struct tone *tone, rgb flat, str label,
                 const struct shade *shade)
{
    given->given = true;
    given->color = tone ? tone_color(tone, shade) : flat;
    given->swatch = tone ? tone_color(tone, &middle) : flat;
    given->label = label;
}

bool color_rules_find(struct color_rules *rules, str name, const struct shade *shade,
                      struct color_given *given, struct err *err)
{
    uint32_t place;
    *given = (struct color_given){0};
    if (!name_rules_find(&rules->patterns, name, &place, err))
        return false;
    if (place != NAME_RULES_NONE) {
        const struct color_rule *rule = &rules->rules.at[place];
        give(given, rule->tone, rule->flat, rule->label, shade);
        return true;
    }
    if (!rules->class_rules)
        return true;
    if (!name_rules_find(rules->class_rules, name, &place, err))
        return false;
    if (place != NAME_RULES_NONE)
        give(given, tones[place % CLASS_TONES].tone, (rgb){0, 0, 0},
             rules->classes->classes.at[place].name, shade);
    return true;
}

struct color_given *color_rules_find_all(struct color_rules *rules, const struct intern *names,
                                         enum shade_by by, uint64_t seed, struct heap *heap,
                                         struct err *err)
{
    struct color_given *given = heap_alloc(heap, intern_count(names), sizeof *given);
    for (uint32_t id = 0; id < intern_count(names); id++) {
        str name = intern_name(names, id);
        struct shade shade = shade_of(name, by, seed);
        if (!color_rules_find(rules, name, &shade, &given[id], err)) {
            heap_free(heap, given);
            return NULL;
        }
    }
    given[0].given = false; /* the root */
    return given;
}
