/* SPDX-License-Identifier: MIT */
/*
 * tap: results of a test program as TAP, one line a check.
 *
 *      int main(void)
 *      {
 *          ok(x == 3, "three after %d rounds", rounds);
 *          is_str(name, STR("java"), "the name of the process");
 *          is_u64(tree.n, 4, "four nodes");
 *          return done_testing();
 *      }
 *
 * Each check returns whether it held. All is in this header, so that a test is one source file.
 */
#ifndef FLAMETREE_TESTS_TAP_H
#define FLAMETREE_TESTS_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/str.h"

#define ok(good, ...)           tap_ok((good), __FILE__, __LINE__, __VA_ARGS__)
#define is_str(got, want, ...)  tap_str((got), (want), __FILE__, __LINE__, __VA_ARGS__)
#define is_text(got, want, ...) is_str(str_from_c(got), str_from_c(want), __VA_ARGS__)
#define is_u64(got, want, ...)  tap_u64((got), (want), __FILE__, __LINE__, __VA_ARGS__)

static struct {
    int run, failed;
} tap;

static inline void tap_line(bool good, const char *file, int line, const char *format, va_list args)
{
    tap.run++;
    tap.failed += !good;
    printf("%sok %d - ", good ? "" : "not ", tap.run);
    vprintf(format, args);
    printf(good ? "\n" : "\n# %s:%d\n", file, line);
}

__attribute__((format(printf, 4, 5))) static inline bool tap_ok(bool good, const char *file,
                                                                int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    tap_line(good, file, line, format, args);
    va_end(args);
    return good;
}

/* Bytes as a comment line: what does not print is \xHH. */
static inline void tap_show(const char *label, str s)
{
    printf("#  %s \"", label);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c < 0x20 || c >= 0x7f || c == '\\' || c == '"')
            printf("\\x%02x", c);
        else
            putchar(c);
    }
    printf("\"\n");
}

__attribute__((format(printf, 5, 6))) static inline bool tap_str(str got, str want,
                                                                 const char *file, int line,
                                                                 const char *format, ...)
{
    bool good = str_equal(got, want);
    va_list args;
    va_start(args, format);
    tap_line(good, file, line, format, args);
    va_end(args);
    if (!good) {
        tap_show(" got", got);
        tap_show("want", want);
    }
    return good;
}

__attribute__((format(printf, 5, 6))) static inline bool tap_u64(uint64_t got, uint64_t want,
                                                                 const char *file, int line,
                                                                 const char *format, ...)
{
    bool good = got == want;
    va_list args;
    va_start(args, format);
    tap_line(good, file, line, format, args);
    va_end(args);
    if (!good)
        printf("#   got %" PRIu64 "\n#  want %" PRIu64 "\n", got, want);
    return good;
}

/* A note that the log keeps. */
__attribute__((format(printf, 1, 2))) static inline void diag(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    printf("# ");
    vprintf(format, args);
    putchar('\n');
    va_end(args);
}

/* A check that cannot be made here, and why. */
static inline void skip(const char *what, const char *why)
{
    printf("ok %d - %s # SKIP %s\n", ++tap.run, what, why);
}

/* Print the plan; what main() returns. */
static inline int done_testing(void)
{
    printf("1..%d\n", tap.run);
    return tap.failed ? 1 : 0;
}

#endif
