/* SPDX-License-Identifier: MIT */
/*
 * color: see color.h.
 */
#include "picture/color.h"

#include "core/hash.h"
#include "core/num.h"
#include "core/str.h"

bool rgb_parse_hex(str text, rgb *color)
{
    unsigned char byte[3];
    if (text.n != 7 || text.p[0] != '#')
        return false;
    for (size_t i = 0; i < 3; i++) {
        char high = text.p[1 + 2 * i], low = text.p[2 + 2 * i];
        if (!is_hex(high) || !is_hex(low))
            return false;
        byte[i] = (unsigned char)(hex_digit(high) * 16 + hex_digit(low));
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

/* Relative luminance as WCAG defines it. Its curve of 2.4 is replaced by a polynomial with the same
 * ends, which differs by less than 0.002. */
static double find_luminance(rgb c)
{
    double r = c.r / 255.0, g = c.g / 255.0, b = c.b / 255.0;
    r = r * (r * (r * 0.305306011 + 0.682171111) + 0.012522878);
    g = g * (g * (g * 0.305306011 + 0.682171111) + 0.012522878);
    b = b * (b * (b * 0.305306011 + 0.682171111) + 0.012522878);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

bool rgb_is_dark(rgb color)
{
    return find_luminance(color) + 0.05 < 4.5 * 0.05;
}

static unsigned char hsl_channel(double low, double high, double hue)
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

/* hue in degrees, saturation and lightness from 0 to 1. */
static rgb rgb_from_hsl(double hue, double saturation, double lightness)
{
    double most = lightness < 0.5 ? lightness * (1 + saturation)
                                  : lightness + saturation - lightness * saturation;
    double least = 2 * lightness - most;
    double sixth = hue / 60;
    return (rgb){hsl_channel(least, most, sixth + 2), hsl_channel(least, most, sixth),
                 hsl_channel(least, most, sixth + 4)};
}

/* ---- tones and shades ---- */

const struct tone tone_hot = {{205, 50, 2}, {0, 230, 0}, {0, 55, 1}};
const struct tone tone_mem = {{0, 0, 0}, {190, 50, 1}, {0, 210, 0}};
const struct tone tone_io = {{80, 60, 0}, {80, 60, 0}, {190, 55, 1}};
const struct tone tone_red = {{200, 55, 0}, {50, 80, 0}, {50, 80, 0}};
const struct tone tone_green = {{50, 60, 0}, {200, 55, 0}, {50, 60, 0}};
const struct tone tone_blue = {{80, 60, 0}, {80, 60, 0}, {205, 50, 0}};
const struct tone tone_yellow = {{175, 55, 0}, {175, 55, 0}, {50, 20, 0}};
const struct tone tone_purple = {{190, 65, 0}, {80, 60, 0}, {190, 65, 0}};
const struct tone tone_aqua = {{50, 60, 0}, {165, 55, 0}, {165, 55, 0}};
const struct tone tone_orange = {{190, 65, 0}, {90, 65, 0}, {0, 0, 0}};

const struct tone tone_grey = {{180, 40, 0}, {180, 40, 0}, {180, 40, 0}};
const struct tone tone_sky = {{120, 50, 0}, {170, 45, 0}, {230, 25, 0}};
const struct tone tone_brown = {{205, 35, 0}, {145, 45, 0}, {105, 45, 0}};
const struct tone tone_olive = {{160, 45, 0}, {190, 40, 0}, {90, 40, 0}};

static unsigned char find_channel(const struct tone_channel *channel, const struct shade *shade)
{
    return (unsigned char)(channel->base + (int)(channel->span * shade->v[channel->which]));
}

rgb tone_color(const struct tone *tone, const struct shade *shade)
{
    return (rgb){find_channel(&tone->r, shade), find_channel(&tone->g, shade),
                 find_channel(&tone->b, shade)};
}

const struct shade shade_middle = {{0.5, 0.5, 0.5}};

/* A byte that is not part of a valid character counts as itself. */
static uint32_t next_character(str name, size_t *at)
{
    unsigned char byte = (unsigned char)name.p[*at];
    uint32_t code = utf8_next(name, at);
    return code == UTF8_BAD ? byte : code;
}

/* The sum of the bytes, eight at a time. False if one is not ASCII. */
static bool sum_ascii(str name, uint32_t *sum)
{
    const uint64_t every_other = UINT64_C(0x00ff00ff00ff00ff);
    uint64_t seen = 0;
    size_t at = 0;
    *sum = 0;
    for (; at + 8 <= name.n; at += 8) {
        uint64_t bytes = hash_load64(name.p + at);
        uint64_t pairs = (bytes & every_other) + (bytes >> 8 & every_other); /* below 2^9 each */
        *sum += (uint32_t)(pairs * UINT64_C(0x0001000100010001) >> 48);
        seen |= bytes;
    }
    for (; at < name.n; at++) {
        *sum += (unsigned char)name.p[at];
        seen |= (unsigned char)name.p[at];
    }
    return (seen & UINT64_C(0x8080808080808080)) == 0;
}

/* The first value of drand48() after srand48(sum of the characters). */
static double shade_by_name(str name)
{
    uint32_t sum;
    if (!sum_ascii(name, &sum)) {
        sum = 0;
        for (size_t at = 0; at < name.n;)
            sum += next_character(name, &at);
    }
    uint64_t state = (uint64_t)sum << 16 | 0x330e;
    state = (state * UINT64_C(0x5deece66d) + 0xb) & ((UINT64_C(1) << 48) - 1);
    return (double)state / (double)(UINT64_C(1) << 48);
}

/* The start of the character that ends before `end`. */
static size_t find_character_before(str name, size_t end)
{
    for (size_t n = 1; n <= 4 && n <= end; n++) {
        size_t at = end - n;
        if (utf8_next(name, &at) != UTF8_BAD && at == end)
            return end - n;
    }
    return end - 1;
}

/* Three characters count, with falling weight: the first three, or the last three backward. */
static double hash_characters(str name, bool backward)
{
    double vector = 0, weight = 1, most = 1;
    size_t at = backward ? name.n : 0;
    for (unsigned i = 0; i < 3 && (backward ? at > 0 : at < name.n); i++) {
        size_t from = backward ? find_character_before(name, at) : at;
        unsigned modulus = 10 + i;
        at = from;
        vector += (double)(next_character(name, &at) % modulus) / (double)(modulus - 1) * weight;
        most += weight;
        weight *= 0.7;
        if (backward)
            at = from;
    }
    return 1 - vector / most;
}

/* DTrace writes module`function, and the module does not count. Backward, what follows the last
 * backtick does not count. A backtick that is the first character in that direction is ignored. */
static str cut_at_backtick(str name, bool backward)
{
    if (name.n == 0)
        return name;
    if (!backward) {
        size_t tick = str_find(name, '`', 1);
        return tick < name.n ? str_skip(name, tick + 1) : name;
    }
    size_t last = find_character_before(name, name.n);
    size_t tick = str_find_last(str_head(name, last), '`');
    return tick < last ? str_head(name, tick) : name;
}

static double shade_by_random(str name, uint64_t seed, uint64_t number)
{
    return (double)(hash_u64(hash_bytes(name, seed), seed + number) >> 11) / 9007199254740992.0;
}

struct shade shade_of(str name, enum shade_by by, uint64_t seed)
{
    struct shade shade;
    if (by == SHADE_RANDOM) {
        for (unsigned i = 0; i < 3; i++)
            shade.v[i] = shade_by_random(name, seed, i);
    } else if (by == SHADE_HASH) {
        shade.v[0] = hash_characters(cut_at_backtick(name, false), false);
        shade.v[1] = shade.v[2] = hash_characters(cut_at_backtick(name, true), true);
    } else {
        shade.v[0] = shade.v[1] = shade.v[2] = shade_by_name(name);
    }
    return shade;
}

/* ---- backgrounds ---- */

static const struct {
    const char *name;
    struct background colors;
} background_styles[] = {
    [BACKGROUND_YELLOW] = {"yellow", {{0xee, 0xee, 0xee}, {0xee, 0xee, 0xb0}}},
    [BACKGROUND_BLUE] = {"blue", {{0xee, 0xee, 0xee}, {0xe0, 0xe0, 0xff}}},
    [BACKGROUND_GREEN] = {"green", {{0xee, 0xf2, 0xee}, {0xe0, 0xff, 0xe0}}},
    [BACKGROUND_GREY] = {"grey", {{0xf8, 0xf8, 0xf8}, {0xe8, 0xe8, 0xe8}}},
};

static const size_t background_count = sizeof background_styles / sizeof background_styles[0];

const char *background_name(size_t i)
{
    return i < background_count ? background_styles[i].name : NULL;
}

struct background background_of(enum background_style style)
{
    return background_styles[style].colors;
}

bool background_parse(str text, struct background *background, struct err *err)
{
    rgb flat;
    if (rgb_parse_hex(text, &flat)) {
        *background = (struct background){flat, flat};
        return true;
    }
    for (size_t i = 0; i < background_count; i++) {
        if (str_equal(text, str_from_c(background_styles[i].name))) {
            *background = background_styles[i].colors;
            return true;
        }
    }
    return err_set(err, ERR_USAGE,
                   "unknown background '%.*s'; choose yellow, blue, green, grey or a color as "
                   "#rrggbb",
                   STR_SHOWN(text, 60));
}

/* ---- palettes: a new one is an entry here and, if it has several kinds of frames, a list of them
 * in palette_kinds.c ---- */

/* clang-format off */
const struct palette palettes[] = {
    {"hot", BACKGROUND_YELLOW, &tone_hot, NULL, NULL, false},
    {"mem", BACKGROUND_GREEN, &tone_mem, NULL, NULL, false},
    {"io", BACKGROUND_BLUE, &tone_io, NULL, NULL, false},
    {"wakeup", BACKGROUND_BLUE, &tone_aqua, NULL, NULL, false},
    {"chain", BACKGROUND_BLUE, NULL, palette_chain, NULL, false},
    {"java", BACKGROUND_YELLOW, NULL, palette_java, NULL, false},
    {"js", BACKGROUND_YELLOW, NULL, palette_js, NULL, false},
    {"perl", BACKGROUND_YELLOW, NULL, palette_perl, NULL, false},
    {"red", BACKGROUND_GREY, &tone_red, NULL, NULL, false},
    {"green", BACKGROUND_GREY, &tone_green, NULL, NULL, false},
    {"blue", BACKGROUND_GREY, &tone_blue, NULL, NULL, false},
    {"aqua", BACKGROUND_GREY, &tone_aqua, NULL, NULL, false},
    {"yellow", BACKGROUND_GREY, &tone_yellow, NULL, NULL, false},
    {"purple", BACKGROUND_GREY, &tone_purple, NULL, NULL, false},
    {"orange", BACKGROUND_GREY, &tone_orange, NULL, NULL, false},
    {"python", BACKGROUND_YELLOW, NULL, palette_python, NULL, true},
    {"rust", BACKGROUND_YELLOW, NULL, palette_rust, NULL, true},
    {"go", BACKGROUND_YELLOW, NULL, palette_go, NULL, true},
    {"node", BACKGROUND_YELLOW, NULL, palette_node, NULL, true},
    {"auto", BACKGROUND_YELLOW, NULL, palette_auto, NULL, true},
    {"module", BACKGROUND_GREY, NULL, NULL, palette_module, true},
};
/* clang-format on */
const size_t palette_count = sizeof palettes / sizeof palettes[0];

const struct palette *palette_find(str name, struct err *err)
{
    for (size_t i = 0; i < palette_count; i++)
        if (str_equal(name, str_from_c(palettes[i].name)))
            return &palettes[i];
    err_set(err, ERR_USAGE, "unknown palette '%.*s'; choose one of", STR_SHOWN(name, 60));
    for (size_t i = 0; i < palette_count; i++)
        err_add(err, " %s", palettes[i].name);
    return NULL;
}

/* FNV-1a, with its last bits mixed once more. A module has the same hue in every picture. */
static rgb module_color(str module, const struct shade *shade)
{
    uint32_t hash = UINT32_C(2166136261);
    if (module.n == 0)
        return tone_color(&tone_grey, shade);
    for (size_t i = 0; i < module.n; i++)
        hash = (hash ^ (unsigned char)module.p[i]) * UINT32_C(16777619);
    hash = (hash ^ hash >> 15) * UINT32_C(0x2c1b3c6d);
    hash ^= hash >> 13;
    double saturation = (hash >> 12 & 1) ? 0.55 : 0.8;
    return rgb_from_hsl(hash % 3600 / 10.0, saturation, 0.62 + 0.12 * shade->v[0]);
}

rgb palette_color(const struct palette *palette, const struct frame *frame,
                  const struct shade *shade)
{
    rgb fixed;
    if (palette_fixed(frame->text, &fixed))
        return fixed;
    if (palette->module)
        return module_color(palette->module(frame), shade);
    return tone_color(palette->tone ? palette->tone : palette_kind_of(palette->kinds, frame)->tone,
                      shade);
}

str palette_group(const struct palette *palette, const struct frame *frame)
{
    if (palette->module) {
        str module = palette->module(frame);
        return module.n > 0 ? module : STR("no module");
    }
    return str_from_c(palette->tone ? palette->name
                                    : palette_kind_of(palette->kinds, frame)->label);
}

bool palette_fixed(str name, rgb *color)
{
    if (str_equal(name, STR("--")))
        *color = (rgb){160, 160, 160};
    else if (str_equal(name, STR("-")))
        *color = (rgb){200, 200, 200};
    else
        return false;
    return true;
}
