/*
 * background: see background.h.
 */
#include "picture/background.h"

static const struct {
    const char *name;
    struct background colors;
} styles[] = {
    [BACKGROUND_YELLOW] = {"yellow", {{0xee, 0xee, 0xee}, {0xee, 0xee, 0xb0}}},
    [BACKGROUND_BLUE] = {"blue", {{0xee, 0xee, 0xee}, {0xe0, 0xe0, 0xff}}},
    [BACKGROUND_GREEN] = {"green", {{0xee, 0xf2, 0xee}, {0xe0, 0xff, 0xe0}}},
    [BACKGROUND_GREY] = {"grey", {{0xf8, 0xf8, 0xf8}, {0xe8, 0xe8, 0xe8}}},
};

static const size_t style_count = sizeof styles / sizeof styles[0];

const char *background_name(size_t i)
{
    return i < style_count ? styles[i].name : NULL;
}

struct background background_of(enum background_style style)
{
    return styles[style].colors;
}

bool background_parse(str text, struct background *background, struct err *err)
{
    rgb flat;
    if (rgb_parse_hex(text, &flat)) {
        *background = (struct background){flat, flat};
        return true;
    }
    for (size_t i = 0; i < style_count; i++) {
        if (str_equal(text, str_from_c(styles[i].name))) {
            *background = styles[i].colors;
            return true;
        }
    }
    return err_set(err, ERR_USAGE,
                   "unknown background '%.*s'; choose yellow, blue, green, grey or a colour as "
                   "#rrggbb",
                   text.n < 60 ? (int)text.n : 60, text.p);
}
