/*
 * rgb: see rgb.h.
 */
#include "picture/rgb.h"

#include "core/num.h"

static unsigned hex_value(char c)
{
    return is_digit(c) ? (unsigned)(c - '0') : (unsigned)(to_lower(c) - 'a') + 10;
}

bool rgb_parse_hex(str text, rgb *color)
{
    unsigned char byte[3];
    if (text.n != 7 || text.p[0] != '#')
        return false;
    for (size_t i = 0; i < 3; i++) {
        char high = text.p[1 + 2 * i], low = text.p[2 + 2 * i];
        if (!is_hex(high) || !is_hex(low))
            return false;
        byte[i] = (unsigned char)(hex_value(high) * 16 + hex_value(low));
    }
    *color = (rgb){byte[0], byte[1], byte[2]};
    return true;
}

bool rgb_parse(str text, rgb *color)
{
    unsigned char byte[3];
    if (!str_starts(text, STR("rgb(")) || !str_ends(text, STR(")")))
        return false;
    size_t at = 4;
    for (size_t i = 0; i < 3; i++) {
        size_t end = i < 2 ? str_find(text, ',', at) : text.n - 1;
        uint64_t value;
        if (end >= text.n || !num_parse_u64(str_trim(str_cut(text, at, end)), &value) ||
            value > 255)
            return false;
        byte[i] = (unsigned char)value;
        at = end + 1;
    }
    *color = (rgb){byte[0], byte[1], byte[2]};
    return true;
}

/* Relative luminance as WCAG defines it, with its curve of 2.4 taken as a parabola through the same
 * ends: 0.013 off at most, which is less than one step of contrast. */
static double luminance(rgb c)
{
    double r = c.r / 255.0, g = c.g / 255.0, b = c.b / 255.0;
    r = r * (r * (r * 0.305306011 + 0.682171111) + 0.012522878);
    g = g * (g * (g * 0.305306011 + 0.682171111) + 0.012522878);
    b = b * (b * (b * 0.305306011 + 0.682171111) + 0.012522878);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

bool rgb_is_dark(rgb color)
{
    return luminance(color) + 0.05 < 4.5 * 0.05;
}

static unsigned char channel(double low, double high, double hue)
{
    double place = hue - 6.0 * (double)(long)(hue / 6.0);
    double value = low;
    if (place < 1)
        value = low + (high - low) * place;
    else if (place < 3)
        value = high;
    else if (place < 4)
        value = low + (high - low) * (4 - place);
    return (unsigned char)(value * 255 + 0.5);
}

rgb rgb_from_hsl(double hue, double saturation, double lightness)
{
    double most = lightness < 0.5 ? lightness * (1 + saturation)
                                  : lightness + saturation - lightness * saturation;
    double least = 2 * lightness - most;
    double sixth = hue / 60;
    return (rgb){channel(least, most, sixth + 2), channel(least, most, sixth),
                 channel(least, most, sixth + 4)};
}
