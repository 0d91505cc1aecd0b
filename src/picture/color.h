/* SPDX-License-Identifier: MIT */
/*
 * color: colors, ranges of related colors, backgrounds, and palettes.
 */
#ifndef FLAMETREE_PICTURE_COLOR_H
#define FLAMETREE_PICTURE_COLOR_H

#include "core/str.h"
#include "profile/frames.h"

typedef struct rgb {
    unsigned char r, g, b;
} rgb;

/* "#rrggbb". */
bool rgb_parse_hex(str text, rgb *color);

/* "rgb(r,g,b)", blanks around the numbers allowed. */
bool rgb_parse(str text, rgb *color);

/* Black text on it has a contrast below 4.5:1, and white text has a better one. */
bool rgb_is_dark(rgb color);

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

/* The background of the frames: a gradient from top to bottom, or one flat color. */
struct background {
    rgb top, bottom;
};

enum background_style { BACKGROUND_YELLOW, BACKGROUND_BLUE, BACKGROUND_GREEN, BACKGROUND_GREY };

/* The name of the i-th style, NULL after the last. */
const char *background_name(size_t i);

struct background background_of(enum background_style style);

/* The name of a style or #rrggbb. False with *err listing the choices. */
bool background_parse(str text, struct background *background, struct err *err);

/* ---- palettes ---- */

/* A palette decides which color a frame has. It is a constant table entry. Its colors depend only
 * on the frame, so that a frame has one color in every picture.
 *
 *      frame ──first kind that holds──► tone ──shade──► rgb    palettes by kind of frame
 *      frame ──module()──► hue of the module ──shade──► rgb    palettes by module
 */

/* A kind holds for a frame when all its conditions do. The last kind of a list has none. */
struct palette_kind {
    enum frame_kind frame_kind;              /* FRAME_USER: any */
    const char *starts, *contains;           /* one of the words between '|'; NULL: any name */
    bool (*test)(const struct frame *frame); /* NULL: none */
    const struct tone *tone;
    const char *label; /* in the legend */
};

struct palette {
    const char *name;
    enum background_style background;
    /* One of these is given: */
    const struct tone *tone;                  /* of all frames */
    const struct palette_kind *kinds;         /* the first one that holds counts */
    str (*module)(const struct frame *frame); /* "" when it is not known */
    bool legend;
};

/* All palettes, in the order of the help. */
extern const struct palette palettes[];
extern const size_t palette_count;

/* NULL with *err listing the choices when there is none of that name. */
const struct palette *palette_find(str name, struct err *err);

rgb palette_color(const struct palette *palette, const struct frame *frame,
                  const struct shade *shade);

/* The label of such frames in the legend, never "". It lives as long as the texts of the frame. */
str palette_group(const struct palette *palette, const struct frame *frame);

/* Frames named "--" (a separator of chains) or "-" are gray in every palette. */
bool palette_fixed(str name, rgb *color);

/* The lists of palette_kinds.c. */
extern const struct palette_kind palette_java[], palette_js[], palette_perl[], palette_chain[],
    palette_python[], palette_rust[], palette_go[], palette_node[], palette_auto[];

const struct palette_kind *palette_kind_of(const struct palette_kind *kinds,
                                           const struct frame *frame);

/* "Shop.deep" of "int Shop.deep": some JVMs write the type of the result first. */
str palette_java_name(str name);

/* By the module that the input names, else by the name. */
str palette_module(const struct frame *frame);

#endif
