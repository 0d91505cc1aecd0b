/*
 * tone: the ranges, and the three ways to draw a shade from a name.
 */
#include "picture/tone.h"

#include "core/hash.h"
#include "core/utf8.h"

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

static unsigned char channel(const struct tone_channel *channel, const struct shade *shade)
{
    return (unsigned char)(channel->base + (int)(channel->span * shade->v[channel->which]));
}

rgb tone_color(const struct tone *tone, const struct shade *shade)
{
    return (rgb){channel(&tone->r, shade), channel(&tone->g, shade), channel(&tone->b, shade)};
}

/* A byte that is no part of a character counts as itself. */
static uint32_t character(str name, size_t *at)
{
    unsigned char byte = (unsigned char)name.p[*at];
    uint32_t code = utf8_next(name, at);
    return code == UTF8_BAD ? byte : code;
}

/* Of names in ASCII the bytes are the characters, and eight are added at once. */
static bool sum_ascii(str name, uint32_t *sum)
{
    const uint64_t odd = UINT64_C(0x00ff00ff00ff00ff);
    uint64_t seen = 0;
    size_t at = 0;
    *sum = 0;
    for (; at + 8 <= name.n; at += 8) {
        uint64_t bytes = hash_load64(name.p + at);
        seen |= bytes;
        uint64_t pairs = (bytes & odd) + (bytes >> 8 & odd); /* below 2^9 each */
        *sum += (uint32_t)(pairs * UINT64_C(0x0001000100010001) >> 48);
    }
    for (; at < name.n; at++) {
        seen |= (unsigned char)name.p[at];
        *sum += (unsigned char)name.p[at];
    }
    return (seen & UINT64_C(0x8080808080808080)) == 0;
}

/* The first value of drand48() after srand48(sum of the characters). */
static double by_name(str name)
{
    uint32_t sum;
    if (!sum_ascii(name, &sum)) {
        sum = 0;
        for (size_t at = 0; at < name.n;)
            sum += character(name, &at);
    }
    uint64_t state = (uint64_t)sum << 16 | 0x330e;
    state = (state * UINT64_C(0x5deece66d) + 0xb) & ((UINT64_C(1) << 48) - 1);
    return (double)state / (double)(UINT64_C(1) << 48);
}

enum { HASHED = 3 };

/* The first three characters count, with falling weight. What stands before a backtick (the module
 * in DTrace's module`function) does not. */
static double hash_characters(const uint32_t *code, size_t n)
{
    double vector = 0, weight = 1, most = 1;
    for (size_t i = 0; i < n; i++) {
        unsigned modulus = 10 + (unsigned)i;
        vector += (double)(code[i] % modulus) / (double)(modulus - 1) * weight;
        most += weight;
        weight *= 0.7;
    }
    return 1 - vector / most;
}

static double hash_forward(str name)
{
    uint32_t code[HASHED];
    size_t n = 0, at = 0;
    size_t tick = str_find(name, '`', name.n > 0 ? 1 : 0);
    if (tick < name.n)
        at = tick + 1;
    while (n < HASHED && at < name.n)
        code[n++] = character(name, &at);
    return hash_characters(code, n);
}

/* Where the character that ends before `end` starts. */
static size_t step_back(str name, size_t end)
{
    for (size_t n = 1; n <= 4 && n <= end; n++) {
        size_t at = end - n;
        if (utf8_next(name, &at) != UTF8_BAD && at == end)
            return end - n;
    }
    return end - 1;
}

/* The same of the name read from its end, where the module`s part comes last: it is what stands
 * behind the last backtick that counts then. */
static double hash_backward(str name)
{
    uint32_t code[HASHED];
    size_t n = 0, end = name.n;
    size_t before_last = name.n > 0 ? step_back(name, name.n) : 0;
    size_t tick = str_find_last(str_head(name, before_last), '`');
    if (tick < before_last)
        end = tick;
    while (n < HASHED && end > 0) {
        end = step_back(name, end);
        size_t at = end;
        code[n++] = character(name, &at);
    }
    return hash_characters(code, n);
}

static double random_value(str name, uint64_t seed, uint64_t number)
{
    return (double)(hash_u64(hash_bytes(name, seed), seed + number) >> 11) / 9007199254740992.0;
}

struct shade shade_of(str name, enum shade_by by, uint64_t seed)
{
    struct shade shade;
    if (by == SHADE_RANDOM) {
        for (unsigned i = 0; i < 3; i++)
            shade.v[i] = random_value(name, seed, i);
    } else if (by == SHADE_HASH) {
        shade.v[0] = hash_forward(name);
        shade.v[1] = shade.v[2] = hash_backward(name);
    } else {
        shade.v[0] = shade.v[1] = shade.v[2] = by_name(name);
    }
    return shade;
}
