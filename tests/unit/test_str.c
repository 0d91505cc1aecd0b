/* SPDX-License-Identifier: MIT */
/*
 * str: comparing, searching and trimming; each against the obvious loop.
 */
#include "dice.h"
#include "tap.h"

static size_t search_slowly(str s, str what, size_t from)
{
    for (size_t at = from; at + what.n <= s.n; at++)
        if (what.n == 0 || memcmp(s.p + at, what.p, what.n) == 0)
            return at;
    return s.n;
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

static int compare_slowly(str a, str b)
{
    for (size_t i = 0; i < a.n && i < b.n; i++)
        if (a.p[i] != b.p[i])
            return (unsigned char)a.p[i] < (unsigned char)b.p[i] ? -1 : 1;
    return (a.n > b.n) - (a.n < b.n);
}

static void test_search(void)
{
    uint64_t state = 3;
    unsigned wrong = 0;
    for (unsigned round = 0; round < 20000; round++) {
        char hay[32], needle[4];
        str s = {hay, dice_below(&state, sizeof hay)}, what = {needle, dice_below(&state, 4)};
        for (size_t i = 0; i < s.n; i++)
            hay[i] = "ab"[dice_below(&state, 2)];
        for (size_t i = 0; i < what.n; i++)
            needle[i] = "ab"[dice_below(&state, 2)];
        size_t from = dice_below(&state, s.n + 1);
        wrong += str_search(s, what, from) != search_slowly(s, what, from);
        wrong += str_contains(s, what) !=
                 (what.n <= s.n && (search_slowly(s, what, 0) < s.n || what.n == 0));
        wrong += str_find(s, 'b', from) != search_slowly(s, STR("b"), from);
    }
    is_u64(wrong, 0, "20000 searches find the first place");
}

static void test_compare(void)
{
    uint64_t state = 4;
    unsigned wrong = 0;
    for (unsigned round = 0; round < 20000; round++) {
        char one[16], two[16];
        str a = {one, dice_name(&state, one)}, b = {two, dice_name(&state, two)};
        wrong += sign(str_compare(a, b)) != compare_slowly(a, b);
        wrong += str_equal(a, b) != (compare_slowly(a, b) == 0);
        wrong += sign(str_compare(b, a)) != -compare_slowly(a, b);
        wrong += str_starts(a, b) != (b.n <= a.n && memcmp(a.p, b.p, b.n) == 0);
        wrong += str_ends(a, b) != (b.n <= a.n && memcmp(a.p + a.n - b.n, b.p, b.n) == 0);
    }
    is_u64(wrong, 0, "20000 pairs compare byte by byte");
}

static void test_count(void)
{
    char text[600];
    uint64_t state = 5;
    size_t wrong = 0, found = 0;
    for (size_t n = 0; n < sizeof text; n++) {
        wrong += str_count(str_of(text, n), 'b') != found;
        text[n] = n < 300 ? 'b' : "ab"[dice_below(&state, 2)];
        found += text[n] == 'b';
    }
    is_u64(wrong, 0, "bytes are counted in texts of any length");
}

static void test_edges(void)
{
    str none = {"", 0};
    is_u64(str_find(none, 'a', 0), 0, "nothing in nothing");
    is_u64(str_find(STR("abc"), 'a', 3), 3, "from the end on there is nothing");
    is_u64(str_find_last(STR("a;b;c"), ';'), 3, "the last of two");
    is_u64(str_find_last(STR("abc"), ';'), 3, "the last of none is the length");
    is_u64(str_find_last(STR(";"), ';'), 0, "the last is the first");
    is_u64(str_search(STR("abc"), none, 2), 2, "nothing is found where the search starts");
    is_u64(str_search(STR("ab"), STR("abc"), 0), 2, "what is longer is not found");
    is_u64(str_search(STR("a\0b"), STR("\0b"), 0), 1, "NUL is a byte like others");
    is_str(str_trim(STR(" \t a b\t ")), STR("a b"), "blanks and TABs go at both ends");
    is_str(str_trim(STR(" \t ")), none, "blanks alone leave nothing");
    is_str(str_trim(STR("\na\r")), STR("\na\r"), "line ends are no blanks");
    is_str(str_cut(STR("abcd"), 1, 3), STR("bc"), "a cut");
    is_str(str_skip(STR("abcd"), 4), none, "skipping all");
    is_str(str_head(STR("abcd"), 0), none, "the first 0 bytes");
    is_str(str_limit(STR("abcd"), 2), STR("ab"), "at most two bytes");
    is_str(str_limit(STR("abcd"), 9), STR("abcd"), "at most nine");
    is_str(str_or_empty(NULL), none, "no text is an empty one");
}

static void test_shown(void)
{
    char text[40];
    str name = str_head(STR("abcdef"), 5);
    snprintf(text, sizeof text, "%.*s, %.*s", STR_SHOWN(name, 3), STR_SHOWN(name, 99));
    is_str(str_from_c(text), STR("abc, abcde"), "a text that is cut for printf");
}

static void test_find_open(void)
{
    is_u64(str_find_open(STR("f(int (*)(long))")), 1, "the parenthesis that the last one closes");
    is_u64(str_find_open(STR("(*T).run(0x1)")), 8, "that of the last group");
    is_u64(str_find_open(STR("f)")), 2, "none");
    is_u64(str_find_open(STR("")), 0, "none in an empty text");
}

static void test_classes(void)
{
    unsigned wrong = 0;
    for (int i = 0; i < 256; i++) {
        char c = (char)i;
        bool digit = i >= '0' && i <= '9';
        bool lower = i >= 'a' && i <= 'z', upper = i >= 'A' && i <= 'Z';
        bool hex = digit || (i >= 'a' && i <= 'f') || (i >= 'A' && i <= 'F');
        wrong += is_digit(c) != digit;
        wrong += is_alpha(c) != (lower || upper);
        wrong += is_alnum(c) != (digit || lower || upper);
        wrong += is_upper(c) != upper;
        wrong += is_hex(c) != hex;
        wrong += is_blank(c) != (i == ' ' || i == '\t');
        wrong += to_lower(c) != (upper ? (char)(i + 32) : c);
    }
    is_u64(wrong, 0, "the classes of all 256 bytes");
}

int main(void)
{
    test_search();
    test_compare();
    test_edges();
    test_shown();
    test_count();
    test_find_open();
    test_classes();
    return done_testing();
}
