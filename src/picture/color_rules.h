/*
 * color_rules: colours that a person gives to names by patterns: rules REGEX=COLOR first, then the
 * classes of the shares, each with a colour of its own. What no pattern matches is for the palette.
 */
#ifndef FLAMETREE_PICTURE_COLOR_RULES_H
#define FLAMETREE_PICTURE_COLOR_RULES_H

#include "picture/tone.h"
#include "transform/class_weights.h"

/* What a pattern says of one name. */
struct color_given {
    bool given;
    rgb color;
    rgb swatch; /* what the legend shows */
    str label;  /* and says: the name of the class, or the rule's pattern */
};

struct color_rule {
    const struct tone *tone; /* NULL: flat */
    rgb flat;
    str label;
};

struct color_rules {
    struct name_rules patterns; /* values are places in rules */
    VEC(struct color_rule) rules;
    struct name_rules *class_rules; /* NULL: there are no classes */
    const struct class_weights *classes;
};

void color_rules_init(struct color_rules *rules, struct heap *heap);

/* "REGEX=COLOR", cut at the last '='. A colour is #rgb, #rrggbb, rgb(r,g,b), or the name of a tone
 * (red, green, blue, yellow, purple, aqua, orange, grey, sky, brown, olive), whose shade depends
 * on the name as it does in palettes. False: ERR_USAGE. The text outlives the rules. */
bool color_rules_add(struct color_rules *rules, const char *option, str text, struct err *err);

static inline bool color_rules_any(const struct color_rules *rules)
{
    return rules->rules.n > 0 || (rules->class_rules && rules->class_rules->list.n > 0);
}

/* The first rule that matches, else the first class. False: a pattern ran away. */
bool color_rules_find(struct color_rules *rules, str name, const struct shade *shade,
                      struct color_given *given, struct err *err);

/* The same for every name by its id, for the caller to free from `heap`. NULL: one ran away. */
struct color_given *color_rules_find_all(struct color_rules *rules, const struct intern *names,
                                         enum shade_by by, uint64_t seed, struct heap *heap,
                                         struct err *err);

#endif
