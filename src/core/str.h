/* SPDX-License-Identifier: MIT */
/*
 * str: a pointer and a length. A str does not own its bytes, has no NUL at the end and may hold any
 * byte. Each function that returns one documents its lifetime.
 */
#ifndef FLAMETREE_CORE_STR_H
#define FLAMETREE_CORE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct str {
    const char *p;
    size_t n;
} str;

/* A str of a string literal, usable in constant initializers. */
#define STR_INIT(literal)                  \
    {                                      \
        "" literal "", sizeof(literal) - 1 \
    }
#define STR(literal) ((str)STR_INIT(literal))

static inline str str_of(const char *p, size_t n)
{
    return (str){p, n};
}

static inline str str_from_c(const char *text)
{
    return (str){text, strlen(text)};
}

/* Of a text that may be NULL. */
static inline str str_or_empty(const char *text)
{
    return str_from_c(text ? text : "");
}

static inline bool str_equal(str a, str b)
{
    return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

static inline bool str_starts(str s, str start)
{
    return s.n >= start.n && memcmp(s.p, start.p, start.n) == 0;
}

static inline bool str_ends(str s, str end)
{
    return s.n >= end.n && memcmp(s.p + (s.n - end.n), end.p, end.n) == 0;
}

/* An empty str may be a null pointer, and C does not define NULL + 0. */
static inline const char *str_at(str s, size_t at)
{
    return at > 0 ? s.p + at : s.p;
}

/* The bytes from `from` on; from <= s.n. */
static inline str str_skip(str s, size_t from)
{
    return (str){str_at(s, from), s.n - from};
}

/* The first n bytes; n <= s.n. */
static inline str str_head(str s, size_t n)
{
    return (str){s.p, n};
}

/* The first bytes, at most n. */
static inline str str_limit(str s, size_t n)
{
    return str_head(s, s.n < n ? s.n : n);
}

/* The arguments of a "%.*s": a text, cut after `most` bytes. */
#define STR_SHOWN(text, most) (int)((text).n < (most) ? (text).n : (most)), (text).p

/* The bytes from `from` up to but not including `to`. */
static inline str str_cut(str s, size_t from, size_t to)
{
    return (str){str_at(s, from), to - from};
}

/* The index of the first `c` at or after `from`, or s.n. */
static inline size_t str_find(str s, char c, size_t from)
{
    const char *at = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;
    return at ? (size_t)(at - s.p) : s.n;
}

/* How many bytes are `c`. */
size_t str_count(str s, char c);

/* <0, 0, >0 by bytes; a prefix comes before the longer string. */
int str_compare(str a, str b);

/* The index of the last `c`, or s.n. */
size_t str_find_last(str s, char c);

/* The part of a path after its last '/'. */
str str_file_name(str path);

/* The index of the first `what` at or after `from`, or s.n. An empty `what` is found at `from`. */
size_t str_search(str s, str what, size_t from);

static inline bool str_contains(str s, str what)
{
    return what.n <= s.n && str_search(s, what, 0) + what.n <= s.n;
}

/* The same for the last `what`. */
size_t str_search_last(str s, str what);

/* Whether `s` contains, starts with, ends with, or is one of the words that '|' separates. */
bool str_contains_any(str s, const char *words);
bool str_starts_any(str s, const char *words);
bool str_ends_any(str s, const char *words);
bool str_is_any(str s, const char *words);

/* The index of the '(' that the ')' at the end of `s` closes, or s.n. */
size_t str_find_open(str s);

/* Take the text before the next `end` off *rest, and the `end`; all of it if there is none. */
str str_take_field(str *rest, char end);

/* Take the first word off *rest, with the blanks before it. n == 0: there is none. */
str str_take_word(str *rest);

/* The line at `*at`, without its end, "\n" or "\r\n"; *at moves past it. False at the end. */
bool str_next_line(str text, size_t *at, str *line);

/* The next item of a list with commas, trimmed; *at is 0 at first. False at the end. An empty list
 * has no items. */
bool str_next_item(str list, size_t *at, str *item);

/* Without blanks and tabs at the start, at the end. */
str str_trim_left(str s);
str str_trim_right(str s);

static inline str str_trim(str s)
{
    return str_trim_left(str_trim_right(s));
}

/* The index of `name` in `names`, which ends with NULL; the index of that NULL if it is absent. */
unsigned str_find_name(const char *const *names, const char *name);

/* ASCII classes, independent of the locale. */
static inline bool is_digit(char c)
{
    return (unsigned)(c - '0') < 10;
}

static inline bool is_hex(char c)
{
    return is_digit(c) || (unsigned)((c | 32) - 'a') < 6;
}

/* The value of a character that is_hex() accepts. */
static inline unsigned hex_digit(char c)
{
    return is_digit(c) ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a') + 10;
}

static inline bool is_alpha(char c)
{
    return (unsigned)((c | 32) - 'a') < 26;
}

static inline bool is_alnum(char c)
{
    return is_alpha(c) || is_digit(c);
}

static inline bool is_upper(char c)
{
    return (unsigned)(c - 'A') < 26;
}

static inline bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static inline char to_lower(char c)
{
    return is_upper(c) ? (char)(c + 32) : c;
}

/* Equal but for the case of ASCII letters; `word` is in small letters. */
static inline bool str_is_word(str text, const char *word)
{
    size_t i = 0;
    while (i < text.n && word[i] != '\0' && to_lower(text.p[i]) == word[i])
        i++;
    return i == text.n && word[i] == '\0';
}

/*
 * utf8: characters of texts that may contain any bytes.
 */

#define UTF8_BAD UINT32_C(0xffffffff)

/* The code point at s[*at]; *at moves past it. A byte that does not start a valid sequence gives
 * UTF8_BAD, and *at moves by one. Overlong forms, surrogates and values above U+10FFFF are not
 * valid. */
uint32_t utf8_next(str s, size_t *at);

/* Write the 1 to 4 bytes of a code point. Returns their number. */
size_t utf8_put(char *to, uint32_t code);

/* Whether XML 1.0 allows it. Of control characters, only TAB, LF and CR are allowed. */
bool utf8_is_xml(uint32_t code);

/* Whether it could control a terminal or reverse text: control characters with line ends, direction
 * marks, all that XML does not allow, and UTF8_BAD. */
bool utf8_steers(uint32_t code);

/* Its width in columns: 0 for marks that combine with the character before, 2 for wide East Asian
 * characters and emoji, else 1. */
unsigned utf8_columns(uint32_t code);

/* The width of a text. A byte that is not part of a character has one column. */
size_t utf8_text_columns(str text);

/* Whether a text has letters that are written from the right, or marks of direction. */
bool utf8_has_right(str text);

/* Overwrite characters with '?' for which utf8_steers() holds. */
void utf8_disarm(char *text, size_t n);

/*
 * err: the error that stopped a run. The function that finds the error fills it; its callers only
 * return false. cli/ prints it.
 */

enum err_code {
    ERR_NONE,
    ERR_INPUT,   /* the input is malformed */
    ERR_IO,      /* a system call failed: see `sys` */
    ERR_MEMORY,  /* an allocation failed or a limit was reached */
    ERR_USAGE,   /* wrong options: exit status 2 */
    ERR_SUPPORT, /* this build lacks the feature */
};

struct err {
    enum err_code code;
    int sys;           /* errno of the failed call, 0 if none */
    uint64_t line;     /* of the input, from 1; 0: none */
    char file[256];    /* name of the input or output, "": none; cut when longer */
    char message[512]; /* no period or newline at the end; no unescaped input */
};

/* Fill `err` (may be NULL) unless it holds an earlier error. Always returns false. */
bool err_set(struct err *err, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a failed system call with the errno `sys`, whose text is appended. */
bool err_set_sys(struct err *err, int sys, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Append to the message of an error, as far as there is room. */
void err_add(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Set the file of an error, unless it has one. Always returns false. */
bool err_in_file(struct err *err, const char *file, uint64_t line);

/*
 * charset: text in an encoding that the user names becomes UTF-8. All other code sees UTF-8 only.
 */

struct arena;

/* All zero: the text is UTF-8 already, and there is nothing to convert or to close. The converter
 * is not memory of a heap: the caller of heap_guard() closes it. */
struct charset {
    bool latin1;
    void *converter; /* of iconv; NULL for UTF-8 and Latin-1 */
};

/* False with *err if the encoding is unknown or does not extend ASCII. Close it in any case. */
bool charset_open(struct charset *charset, const char *encoding, struct err *err);

static inline bool charset_converts(const struct charset *charset)
{
    return charset->latin1 || charset->converter;
}

/* The text in UTF-8, in the arena, when charset_converts(). Bytes that are not valid in the
 * encoding stay as they are. */
str charset_text(const struct charset *charset, struct arena *arena, str text);

/* May be called twice. */
void charset_close(struct charset *charset);

#endif
