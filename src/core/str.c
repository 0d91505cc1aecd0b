/*
 * str: the comparisons and searches that are not worth inlining.
 */
#include "core/str.h"

int str_compare(str a, str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order != 0)
        return order;
    return (a.n > b.n) - (a.n < b.n);
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
