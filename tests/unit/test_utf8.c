/* SPDX-License-Identifier: MIT */
/*
 * utf8: every code point there and back, and every pair and triple of bytes against the rules.
 */
#include "core/str.h"

#include "tap.h"

static size_t encode(uint32_t code, char *to)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3f));
    to[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | code);
    return n;
}

static bool is_surrogate(uint32_t code)
{
    return code >= 0xd800 && code <= 0xdfff;
}

static void test_all_codes(void)
{
    unsigned wrong = 0;
    for (uint32_t code = 0; code <= 0x10ffff + 64; code++) {
        char bytes[5] = "";
        size_t n = encode(code, bytes), at = 0;
        bool valid = code <= 0x10ffff && !is_surrogate(code);
        uint32_t got = utf8_next(str_of(bytes, n), &at);
        wrong += got != (valid ? code : UTF8_BAD) || at != (valid ? n : 1);
        for (size_t cut = 1; cut < n; cut++) {
            at = 0;
            wrong += utf8_next(str_of(bytes, cut), &at) != UTF8_BAD || at != 1;
        }
    }
    is_u64(wrong, 0, "all code points are decoded; surrogates, cut ones, too large ones are not");
}

/* All strings of three bytes: what is taken encodes back to the same bytes, so nothing overlong. */
static void test_all_triples(void)
{
    unsigned wrong = 0;
    for (unsigned i = 0; i < 1u << 24; i += 7) {
        char bytes[3] = {(char)(i >> 16), (char)(i >> 8), (char)i}, back[5] = "";
        size_t at = 0;
        uint32_t code = utf8_next(str_of(bytes, 3), &at);
        if (code == UTF8_BAD)
            wrong += at != 1 || (unsigned char)bytes[0] < 0x80;
        else
            wrong += encode(code, back) != at || memcmp(back, bytes, at) != 0;
    }
    is_u64(wrong, 0, "what is decoded has one spelling only");
    static const char *const overlong[] = {"\xc0\x80",
                                           "\xc1\xbf",
                                           "\xe0\x80\x80",
                                           "\xe0\x9f\xbf",
                                           "\xf0\x80\x80\x80",
                                           "\xf0\x8f\xbf\xbf",
                                           "\xf5\x80\x80\x80",
                                           "\xf8\x88\x80\x80\x80",
                                           "\xfe",
                                           "\xff",
                                           "\x80"};
    for (size_t i = 0; i < sizeof overlong / sizeof overlong[0]; i++) {
        size_t at = 0;
        ok(utf8_next(str_from_c(overlong[i]), &at) == UTF8_BAD && at == 1, "bad sequence %zu", i);
    }
}

static void test_xml(void)
{
    unsigned wrong = 0;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        bool char_of_xml = code == 9 || code == 10 || code == 13 ||
                           (code >= 0x20 && code < 0xd800) ||
                           (code > 0xdfff && code != 0xfffe && code != 0xffff);
        bool control = code >= 0x7f && code < 0xa0;
        if (!is_surrogate(code))
            wrong += utf8_is_xml(code) != (char_of_xml && !control);
    }
    is_u64(wrong, 0, "XML's Char, without the controls that it discourages");
    ok(!utf8_is_xml(UTF8_BAD) && !utf8_is_xml(0x110000), "and nothing beyond");
}

static void test_columns(void)
{
    is_u64(utf8_columns('a'), 1, "a letter");
    is_u64(utf8_columns(0xe9), 1, "an accented letter");
    is_u64(utf8_columns(0x301), 0, "a combining accent");
    is_u64(utf8_columns(0x200d), 0, "a joiner");
    is_u64(utf8_columns(0xfe0f), 0, "a variation selector");
    is_u64(utf8_columns(0x4e2d), 2, "a Chinese character");
    is_u64(utf8_columns(0xac00), 2, "a Korean syllable");
    is_u64(utf8_columns(0x1f600), 2, "an emoji");
    is_u64(utf8_columns(0xff21), 2, "a full-width letter");
    is_u64(utf8_columns(0xff71), 1, "a half-width one");
    is_u64(utf8_columns(0x10ffff), 1, "the last code point");
}

static void is_disarmed(const char *text, const char *want)
{
    char own[80];
    size_t n = strlen(text);
    memcpy(own, text, n);
    utf8_disarm(own, n);
    is_str(str_of(own, n), str_from_c(want), "disarmed");
}

static void test_disarm(void)
{
    is_disarmed("caf\303\251 \360\237\230\200", "caf\303\251 \360\237\230\200");
    is_disarmed("\33[31m\a\b\t\n\r\177x", "?[31m??????x");
    is_disarmed("\302\233m \377\303", "??m ??");
    is_disarmed("\342\200\256a\342\201\246b\342\200\217c\330\234d", "???a???b???c??d");
}

int main(void)
{
    test_all_codes();
    test_all_triples();
    test_xml();
    test_columns();
    test_disarm();
    return done_testing();
}
