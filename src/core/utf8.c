/*
 * utf8: decoding after the table of RFC 3629, section 4.
 */
#include "core/utf8.h"

static unsigned sequence_length(unsigned char first)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xc2 && first <= 0xdf)
        return 2;
    if (first >= 0xe0 && first <= 0xef)
        return 3;
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

uint32_t utf8_next(str s, size_t *at)
{
    const unsigned char *p = (const unsigned char *)s.p + *at;
    size_t left = s.n - *at;
    unsigned length = sequence_length(p[0]);
    *at += 1;
    if (length == 1)
        return p[0];
    if (length == 0 || length > left)
        return UTF8_BAD;
    uint32_t code = p[0] & (0xffu >> (length + 1));
    for (unsigned i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return UTF8_BAD;
        code = code << 6 | (p[i] & 0x3fu);
    }
    if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000) || code > 0x10ffff ||
        (code >= 0xd800 && code <= 0xdfff))
        return UTF8_BAD;
    *at += length - 1;
    return code;
}

bool utf8_is_xml(uint32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    return code != 0x7f && !(code >= 0x80 && code < 0xa0) && code != 0xfffe && code != 0xffff &&
           code <= 0x10ffff;
}

bool utf8_steers(uint32_t code)
{
    bool turns = (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
                 code == 0x200e || code == 0x200f || code == 0x61c;
    return code < 0x20 || turns || !utf8_is_xml(code);
}

void utf8_disarm(char *text, size_t n)
{
    str s = str_of(text, n);
    for (size_t at = 0, next = 0; at < n; at = next) {
        if (utf8_steers(utf8_next(s, &next)))
            memset(text + at, '?', next - at);
    }
}

struct utf8_range {
    uint32_t first, last;
};

static bool is_in_ranges(const struct utf8_range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

unsigned utf8_columns(uint32_t code)
{
    /* Unicode 15, East Asian Width W and F, joined over unassigned code points. */
    static const struct utf8_range wide[] = {
        {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2e80, 0x303e},
        {0x3041, 0x33ff},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},   {0xa000, 0xa4cf},
        {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
        {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1b000, 0x1b2ff},
        {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
    };
    static const struct utf8_range joining[] = {
        {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},   {0x64b, 0x65f},
        {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x2064}, {0x2066, 0x206f}, {0x20d0, 0x20f0},
        {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff},
    };
    if (code < 0x300)
        return 1;
    if (is_in_ranges(joining, sizeof joining / sizeof joining[0], code))
        return 0;
    return is_in_ranges(wide, sizeof wide / sizeof wide[0], code) ? 2 : 1;
}

size_t utf8_text_columns(str text)
{
    size_t columns = 0;
    for (size_t at = 0; at < text.n;) {
        uint32_t code = utf8_next(text, &at);
        columns += code == UTF8_BAD ? 1 : utf8_columns(code);
    }
    return columns;
}
