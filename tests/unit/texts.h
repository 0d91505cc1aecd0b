/* SPDX-License-Identifier: MIT */
/*
 * texts: a test makes its input as it would print it.
 */
#ifndef FLAMETREE_TESTS_TEXTS_H
#define FLAMETREE_TESTS_TEXTS_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_ROOM = 4 << 20 };

struct text {
    char *p; /* TEXT_ROOM bytes */
    size_t n;
};

/* What there is no room for ends the test. */
__attribute__((format(printf, 2, 3))) static inline void put(struct text *text, const char *format,
                                                             ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text->p + text->n, TEXT_ROOM - text->n, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= TEXT_ROOM - text->n)
        abort();
    text->n += (size_t)n;
}

#endif
