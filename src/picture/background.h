/*
 * background: what the frames stand on: a gradient from top to bottom, or one flat colour.
 */
#ifndef FLAMETREE_PICTURE_BACKGROUND_H
#define FLAMETREE_PICTURE_BACKGROUND_H

#include "core/str.h"
#include "picture/rgb.h"

enum background_style { BACKGROUND_YELLOW, BACKGROUND_BLUE, BACKGROUND_GREEN, BACKGROUND_GREY };

struct background {
    rgb top, bottom;
};

/* The name of the i-th style, NULL after the last. */
const char *background_name(size_t i);

struct background background_of(enum background_style style);

/* A style's name or #rrggbb; false with *err listing the choices. */
bool background_parse(str text, struct background *background, struct err *err);

#endif
