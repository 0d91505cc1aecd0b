/*
 * tone: a range of related colours; three values from 0 to 1, the shade, choose one of it.
 */
#ifndef FLAMETREE_PICTURE_TONE_H
#define FLAMETREE_PICTURE_TONE_H

#include "picture/rgb.h"

struct shade {
    double v[3];
};

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

/* Those of the classic palettes. */
extern const struct tone tone_hot, tone_mem, tone_io, tone_red, tone_green, tone_blue, tone_yellow,
    tone_purple, tone_aqua, tone_orange;

/* Those that only the palettes for languages use. All carry black text. */
extern const struct tone tone_grey, tone_sky, tone_brown, tone_olive;

#endif
