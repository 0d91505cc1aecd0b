/*
 * color: colors, ranges of related colors, and backgrounds.
 */
#ifndef FLAMETREE_PICTURE_COLOR_H
#define FLAMETREE_PICTURE_COLOR_H

#include "core/str.h"

typedef struct rgb {
    unsigned char r, g, b;
} rgb;

/* "#rrggbb". */
bool rgb_parse_hex(str text, rgb *color);

/* "rgb(r,g,b)", blanks around the numbers allowed. */
bool rgb_parse(str text, rgb *color);

/* Black text on it has a contrast below 4.5:1, and white text has a better one. */
bool rgb_is_dark(rgb color);

/* hue in degrees, saturation and lightness from 0 to 1. */
rgb rgb_from_hsl(double hue, double saturation, double lightness);

/* ---- tones and shades ---- */

/* Three values from 0 to 1 that choose a color within a tone. */
struct shade {
    double v[3];
};

extern const struct shade shade_middle;

enum shade_by {
    SHADE_NAME,   /* from the sum of the name's characters */
    SHADE_HASH,   /* from its first and last characters: similar names, similar shades */
    SHADE_RANDOM, /* from the name and a seed */
};

/* seed: for SHADE_RANDOM only. */
struct shade shade_of(str name, enum shade_by by, uint64_t seed);

/* A channel is base plus the whole part of span x v[which]. */
struct tone_channel {
    unsigned char base, span, which;
};

struct tone {
    struct tone_channel r, g, b;
};

rgb tone_color(const struct tone *tone, const struct shade *shade);

/* The tones of the classic palettes. */
extern const struct tone tone_hot, tone_mem, tone_io, tone_red, tone_green, tone_blue, tone_yellow,
    tone_purple, tone_aqua, tone_orange;

/* The tones of the palettes for languages. Black text is readable on all of them. */
extern const struct tone tone_grey, tone_sky, tone_brown, tone_olive;

/* ---- backgrounds ---- */

/* Behind the frames: a gradient from top to bottom, or one flat color. */
struct background {
    rgb top, bottom;
};

enum background_style { BACKGROUND_YELLOW, BACKGROUND_BLUE, BACKGROUND_GREEN, BACKGROUND_GREY };

/* The name of the i-th style, NULL after the last. */
const char *background_name(size_t i);

struct background background_of(enum background_style style);

/* The name of a style or #rrggbb. False with *err listing the choices. */
bool background_parse(str text, struct background *background, struct err *err);

#endif
