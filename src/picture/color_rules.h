/* SPDX-License-Identifier: MIT */
/*
 * color_rules: colors that a user gives to names. Rules REGEX=COLOR come first, then the classes of
 * --class, each with a color of its own, then the palette file. All other frames get their color
 * from the palette.
 */
#ifndef FLAMETREE_PICTURE_COLOR_RULES_H
#define FLAMETREE_PICTURE_COLOR_RULES_H

#include "core/sink.h"
#include "picture/color.h"
#include "transform/class_weights.h"

/* The color of one name. */
struct color_given {
    bool given;
    rgb color;
    rgb swatch; /* in the legend */
    str label;  /* in the legend: the name of the class, or the pattern of the rule */
};

struct color_rule {
    const struct tone *tone; /* NULL: flat */
    rgb flat;
    str label;
};

/* All zero but for the heap: there are no rules. */
struct color_rules {
    struct heap *heap;
    struct name_rules patterns; /* values are indexes into rules */
    VEC(struct color_rule) rules;
    struct name_rules *class_rules; /* NULL: there are no classes */
    const struct class_weights *classes;
};

/* "REGEX=COLOR", split at the last '='. A color is #rgb, #rrggbb, rgb(r,g,b), or the name of a tone
 * (red, green, blue, yellow, purple, aqua, orange, grey, sky, brown, olive); then the shade depends
 * on the name as in palettes. False: ERR_USAGE. The text outlives the rules. */
bool color_rules_add(struct color_rules *rules, const char *option, str text, struct err *err);

static inline bool color_rules_any(const struct color_rules *rules)
{
    return rules->rules.n > 0 || (rules->class_rules && rules->class_rules->list.n > 0);
}

/* By the id of each name: the first rule that matches, else the first class. The caller frees it
 * from `heap`. NULL: a pattern takes too long. */
struct color_given *color_rules_find_all(struct color_rules *rules, const struct intern *names,
                                         enum shade_by by, uint64_t seed, struct heap *heap,
                                         struct err *err);

/* ---- the map ---- */

/* The colors of the palette file. */
struct color_map {
    struct heap *heap;
    struct intern names;
    VEC(rgb) colors; /* by the id of the name */
};

void color_map_init(struct color_map *map, struct heap *heap, uint64_t seed);

/* Add the lines of `text`, name->rgb(r,g,b). False with *err when one has another form. */
bool color_map_read(struct color_map *map, str text, struct err *err);

/* The color of `name`. False when it has none. */
bool color_map_find(const struct color_map *map, str name, rgb *color);

/* Only when it has none yet. */
void color_map_add(struct color_map *map, str name, rgb color);

/* All lines, sorted by name. */
void color_map_write(const struct color_map *map, struct sink *sink);

#endif
