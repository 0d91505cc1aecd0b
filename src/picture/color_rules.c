/* SPDX-License-Identifier: MIT */
/*
 * color_rules: see color_rules.h.
 */
#include "picture/color_rules.h"

#include "profile/sibling_order.h"

/* ---- rules ---- */

/* Classes get these tones in turn, without the last one. The first ones differ most from the colors
 * of the default palette. */
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

/* "#rgb" as "#rrggbb". */
static bool parse_short_hex(str text, rgb *color)
{
    if (text.n != 4 || text.p[0] != '#')
        return false;
    const char *p = text.p;
    char twice[] = {'#', p[1], p[1], p[2], p[2], p[3], p[3]};
    return rgb_parse_hex(str_of(twice, sizeof twice), color);
}

static bool parse_rule_color(str text, struct color_rule *rule)
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
    if (equals == text.n || equals == 0)
        return err_set(err, ERR_USAGE, "%s needs REGEX=COLOR, not '%.*s'", option,
                       STR_SHOWN(text, 100));
    if (!parse_rule_color(str_skip(text, equals + 1), &rule))
        return err_set(err, ERR_USAGE,
                       "%s '%.*s': a color is #rgb, #rrggbb, rgb(r,g,b), or one of red, green, "
                       "blue, yellow, purple, aqua, orange, grey, sky, brown, olive",
                       option, STR_SHOWN(text, 100));
    rule.label = str_head(text, equals);
    rules->patterns.heap = rules->heap;
    if (!name_rules_add(&rules->patterns, option, rule.label, (uint32_t)rules->rules.n, err))
        return false;
    vec_push(rules->heap, &rules->rules, rule);
    return true;
}

static bool find_given_color(struct color_rules *rules, str name, const struct shade *shade,
                             struct color_given *given, struct err *err)
{
    struct color_rule rule = {0};
    uint32_t place;
    *given = (struct color_given){0};
    if (!name_rules_find(&rules->patterns, name, &place, err))
        return false;
    if (place != NAME_RULES_NONE) {
        rule = rules->rules.at[place];
    } else if (rules->class_rules) {
        if (!name_rules_find(rules->class_rules, name, &place, err))
            return false;
        if (place != NAME_RULES_NONE)
            rule = (struct color_rule){.tone = tones[place % CLASS_TONES].tone,
                                       .label = rules->classes->classes.at[place].name};
    }
    if (place != NAME_RULES_NONE)
        *given = (struct color_given){
            .given = true,
            .color = rule.tone ? tone_color(rule.tone, shade) : rule.flat,
            .swatch = rule.tone ? tone_color(rule.tone, &shade_middle) : rule.flat,
            .label = rule.label,
        };
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
        if (!find_given_color(rules, name, &shade, &given[id], err)) {
            heap_free(heap, given);
            return NULL;
        }
    }
    given[0].given = false; /* the root */
    return given;
}

/* ---- the map ---- */

void color_map_init(struct color_map *map, struct heap *heap, uint64_t seed)
{
    *map = (struct color_map){.heap = heap};
    intern_init(&map->names, heap, seed);
}

static bool read_map_line(struct color_map *map, str line)
{
    rgb color;
    size_t arrow = line.n;
    /* A name may contain an arrow itself: operator->. */
    for (size_t at = 0; (at = str_search(line, STR("->rgb("), at)) < line.n; at++)
        arrow = at;
    if (arrow >= line.n || !rgb_parse(str_skip(line, arrow + 2), &color))
        return false;
    color_map_add(map, str_head(line, arrow), color);
    return true;
}

bool color_map_read(struct color_map *map, str text, struct err *err)
{
    size_t at = 0;
    str line;
    for (uint64_t number = 1; str_next_line(text, &at, &line); number++) {
        if (line.n > 0 && !read_map_line(map, line)) {
            err_set(err, ERR_INPUT, "not a color: a line is name->rgb(r,g,b)");
            err->line = number;
            return false;
        }
    }
    return true;
}

bool color_map_find(const struct color_map *map, str name, rgb *color)
{
    uint32_t id = intern_find(&map->names, name);
    if (id == INTERN_NONE)
        return false;
    *color = map->colors.at[id];
    return true;
}

void color_map_add(struct color_map *map, str name, rgb color)
{
    uint32_t count = intern_count(&map->names);
    if (intern_add(&map->names, name) == count)
        vec_push(map->heap, &map->colors, color);
}

void color_map_write(const struct color_map *map, struct sink *sink)
{
    uint32_t count = intern_count(&map->names);
    uint32_t *sorted = sibling_order_sort_names(&map->names, map->heap);
    for (uint32_t i = 0; i < count; i++) {
        rgb color = map->colors.at[sorted[i]];
        sink_bytes(sink, intern_name(&map->names, sorted[i]));
        sink_lit(sink, "->rgb(");
        sink_u64(sink, color.r);
        sink_lit(sink, ",");
        sink_u64(sink, color.g);
        sink_lit(sink, ",");
        sink_u64(sink, color.b);
        sink_lit(sink, ")\n");
    }
    heap_free(map->heap, sorted);
}
