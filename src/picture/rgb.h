/*
 * rgb: a colour, and what can be said about one.
 */
#ifndef FLAMETREE_PICTURE_RGB_H
#define FLAMETREE_PICTURE_RGB_H

#include "core/str.h"

typedef struct rgb {
    unsigned char r, g, b;
} rgb;

/* "#rrggbb". */
bool rgb_parse_hex(str text, rgb *color);

/* "rgb(r,g,b)", blanks around the numbers allowed. */
bool rgb_parse(str text, rgb *color);

/* Black text on it has a contrast below 4.5:1, white text a better one. */
bool rgb_is_dark(rgb color);

/* hue in degrees, saturation and lightness from 0 to 1. */
rgb rgb_from_hsl(double hue, double saturation, double lightness);

#endif
