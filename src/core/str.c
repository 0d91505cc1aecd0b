/* SPDX-License-Identifier: MIT */
/*
 * str: comparison and search.
 */
#include "core/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

#include "core/heap.h"

int str_compare(str a, str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

size_t str_find_last(str s, char c)
{
#if HAVE_MEMRCHR
    const char *at = s.n > 0 ? memrchr(s.p, c, s.n) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
#else
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == c)
            return i - 1;
    return s.n;
#endif
}

str str_file_name(str path)
{
    size_t slash = str_find_last(path, '/');
    return slash < path.n ? str_skip(path, slash + 1) : path;
}

/* Compilers vectorize the loop over a stride. When two threads read, searching for one line end
 * after another took 8 % of the time. */
size_t str_count(str s, char c)
{
    enum { STRIDE = 64 };
    size_t count = 0, at = 0;
    for (; s.n - at >= STRIDE; at += STRIDE) {
        unsigned char found = 0;
        for (size_t i = 0; i < STRIDE; i++)
            found = (unsigned char)(found + (s.p[at + i] == c));
        count += found;
    }
    for (; at < s.n; at++)
        count += s.p[at] == c;
    return count;
}

size_t str_search(str s, str what, size_t from)
{
    if (what.n == 0)
        return from;
    for (size_t at = str_find(s, what.p[0], from); at + what.n <= s.n;
         at = str_find(s, what.p[0], at + 1))
        if (memcmp(s.p + at, what.p, what.n) == 0)
            return at;
    return s.n;
}

size_t str_search_last(str s, str what)
{
    size_t last = s.n;
    for (size_t at = str_search(s, what, 0); at < s.n; at = str_search(s, what, at + 1))
        last = at;
    return last;
}

/* The word before the next '|'; *words is NULL after the last. */
static str next_of_words(const char **words)
{
    const char *start = *words, *end = strchr(start, '|');
    *words = end ? end + 1 : NULL;
    return str_of(start, end ? (size_t)(end - start) : strlen(start));
}

bool str_contains_any(str s, const char *words)
{
    while (words)
        if (str_contains(s, next_of_words(&words)))
            return true;
    return false;
}

bool str_starts_any(str s, const char *words)
{
    for (const char *end; words; words = end ? end + 1 : NULL) {
        end = strchr(words, '|');
        if (s.n > 0 && s.p[0] != words[0])
            continue; /* nearly always */
        if (str_starts(s, str_of(words, end ? (size_t)(end - words) : strlen(words))))
            return true;
    }
    return false;
}

bool str_ends_any(str s, const char *words)
{
    while (words)
        if (str_ends(s, next_of_words(&words)))
            return true;
    return false;
}

bool str_is_any(str s, const char *words)
{
    while (words)
        if (str_equal(s, next_of_words(&words)))
            return true;
    return false;
}

size_t str_find_open(str s)
{
    size_t depth = 0;
    for (size_t i = s.n; i-- > 0;) {
        if (s.p[i] == ')')
            depth++;
        else if (s.p[i] == '(' && --depth == 0)
            return i;
    }
    return s.n;
}

str str_take_field(str *rest, char end)
{
    size_t at = str_find(*rest, end, 0);
    str field = str_head(*rest, at);
    *rest = str_skip(*rest, at + (at < rest->n));
    return field;
}

str str_take_word(str *rest)
{
    str s = str_trim_left(*rest);
    size_t n = 0;
    while (n < s.n && !is_blank(s.p[n]))
        n++;
    *rest = str_skip(s, n);
    return str_head(s, n);
}

bool str_next_line(str text, size_t *at, str *line)
{
    if (*at >= text.n)
        return false;
    size_t end = str_find(text, '\n', *at);
    *line = str_cut(text, *at, end);
    if (str_ends(*line, STR("\r")))
        line->n--;
    *at = end + 1;
    return true;
}

bool str_next_item(str list, size_t *at, str *item)
{
    if (*at > list.n || list.n == 0)
        return false;
    size_t end = str_find(list, ',', *at);
    *item = str_trim(str_cut(list, *at, end));
    *at = end + 1;
    return true;
}

str str_trim_left(str s)
{
    while (s.n > 0 && is_blank(s.p[0]))
        s = str_skip(s, 1);
    return s;
}

str str_trim_right(str s)
{
    while (s.n > 0 && is_blank(s.p[s.n - 1]))
        s.n--;
    return s;
}

unsigned str_find_name(const char *const *names, const char *name)
{
    unsigned i = 0;
    while (names[i] && strcmp(names[i], name) != 0)
        i++;
    return i;
}

/* ---- utf8: decoding follows the table of RFC 3629, section 4 ---- */

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

size_t utf8_put(char *to, uint32_t code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, code >>= 6)
        to[i] = (char)(0x80 | (code & 0x3f));
    to[0] = (char)(0xf00u >> n | code);
    return n;
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
    bool turns = (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) ||
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

/* The length of the first bytes that are all ASCII, in steps of eight. */
static size_t ascii_head(str text)
{
    size_t at = 0;
    for (uint64_t bytes; at + sizeof bytes <= text.n; at += sizeof bytes) {
        memcpy(&bytes, text.p + at, sizeof bytes);
        if ((bytes & UINT64_C(0x8080808080808080)) != 0)
            break;
    }
    return at;
}

bool utf8_has_right(str text)
{
    enum { FIRST_BYTE = 0xd6 }; /* of U+0590 */
    /* as in templates/viewer/words.js */
    static const struct utf8_range right[] = {
        {0x590, 0x8ff}, {0x200f, 0x200f}, {0x202a, 0x202e}, {0x2066, 0x2069}, {0xfb1d, 0xfefc},
    };
    for (size_t at = ascii_head(text); at < text.n;)
        if ((unsigned char)text.p[at] < FIRST_BYTE)
            at++;
        else if (is_in_ranges(right, sizeof right / sizeof right[0], utf8_next(text, &at)))
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

/* ---- err ---- */

static void fill_err(struct err *err, enum err_code code, int sys, const char *format, va_list args)
{
    if (!err || err->code != ERR_NONE)
        return;
    err->code = code;
    err->sys = sys;
    int length = vsnprintf(err->message, sizeof err->message, format, args);
    if (sys != 0 && length >= 0 && (size_t)length < sizeof err->message)
        snprintf(err->message + length, sizeof err->message - (size_t)length, ": %s",
                 strerror(sys));
}

bool err_set(struct err *err, enum err_code code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill_err(err, code, 0, format, args);
    va_end(args);
    return false;
}

bool err_set_sys(struct err *err, int sys, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill_err(err, ERR_IO, sys, format, args);
    va_end(args);
    return false;
}

void err_add(struct err *err, const char *format, ...)
{
    va_list args;
    size_t n = err ? strlen(err->message) : 0;
    va_start(args, format);
    if (err)
        vsnprintf(err->message + n, sizeof err->message - n, format, args);
    va_end(args);
}

bool err_in_file(struct err *err, const char *file, uint64_t line)
{
    if (err && file && err->file[0] == '\0') {
        snprintf(err->file, sizeof err->file, "%s", file);
        err->line = line;
    }
    return false;
}
