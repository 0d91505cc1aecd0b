/*
 * str: comparison and search.
 */
#include "core/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

bool str_has_word(str s, const char *words, bool at_start)
{
    for (size_t n;; words += n + 1) {
        n = strcspn(words, "|");
        if (at_start ? str_starts(s, str_of(words, n)) : str_contains(s, str_of(words, n)))
            return true;
        if (words[n] == '\0')
            return false;
    }
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

bool err_in_file(struct err *err, const char *file, uint64_t line)
{
    if (err && file && err->file[0] == '\0') {
        snprintf(err->file, sizeof err->file, "%s", file);
        err->line = line;
    }
    return false;
}
