/* SPDX-License-Identifier: MIT */
/*
 * recordings: texts of perf and folded stacks, some as they should be and some odd, that are long
 * enough for several readers.
 */
#ifndef FLAMETREE_TESTS_RECORDINGS_H
#define FLAMETREE_TESTS_RECORDINGS_H

#include "dice.h"
#include "texts.h"

enum { SAMPLES = 3000 };

/* Text between samples of real recordings, and other text. */
static inline void put_odd(struct text *text, uint64_t *seed, size_t i)
{
    switch (dice_below(seed, 60)) {
    case 0: put(text, "\n\n"); break;
    case 1: put(text, "\t            1234 lost+0x1 (/srv/lost)\n\n"); break;
    case 2: put(text, "? %zu\n\n", i); break;
    case 3: put(text, "java  2871 [001] 1.5: PERF_RECORD_COMM: java:2871\n\n"); break;
    case 4: put(text, "  file.c:12\n"); break;
    case 5: put(text, "pool 7  3 [000]  5.5:  1 odd-event-%zu: \n\n", i % 7); break;
    case 6: put(text, "  9.9: x\n"); break;
    default: break;
    }
}

static inline void put_sample(struct text *text, uint64_t *seed, size_t i)
{
    size_t depth = dice_below(seed, 9), kind = dice_below(seed, 6);
    put(text, "%s %5zu [%03zu] %5zu.%06zu: %10zu %s: \n", kind == 0 ? "java" : "worker 7",
        4000 + kind, i % 4, i, i, 1 + dice_below(seed, 100000),
        dice_below(seed, 9) == 0 ? "page-faults" : "cycles:u");
    for (size_t d = 0; d < depth; d++) {
        size_t f = dice_below(seed, 12);
        if (f < 4)
            put(text, "\t%16zx [unknown] (%s)\n", i * 31 + d, f == 0 ? "/srv/x" : "[unknown]");
        else
            put(text, "\t%16zx f%zu(int)+0x%zx (/usr/lib/libf.so)\n", f * 4096 + i % 9, f, i % 9);
    }
    if (dice_below(seed, 50) > 0)
        put(text, "\n");
}

static inline void put_samples(struct text *text, uint64_t seed, size_t count, bool odd)
{
    for (size_t i = 0; i < count; i++) {
        if (odd)
            put_odd(text, &seed, i);
        put_sample(text, &seed, i);
    }
}

static inline void make_plain(struct text *text)
{
    put_samples(text, 1, SAMPLES, false);
}

static inline void make_odd(struct text *text)
{
    put_samples(text, 2, SAMPLES, true);
    put(text, "last  1 [000]  1.5:  7 cycles:u: \n\t            4a f (/x)\n\t            4b mai");
}

/* Another recording after the first, without ids: "pool 7" is a name there. */
static inline void make_two(struct text *text)
{
    put(text, "# ========\n# hostname : one\n# ========\n#\n");
    put_samples(text, 3, SAMPLES / 2, true);
    put(text, "# ========\n# hostname : two\n# captured on: today\n# ========\n#\n");
    for (size_t i = 0; i < SAMPLES / 2; i++)
        put(text, "pool %zu [000] 1.5: 7 cycles:u: \n\t            4a f (/x)\n\n", i % 3);
}

/* Comments everywhere, stacks that no part holds, and no empty lines for a while. */
static inline void make_knots(struct text *text)
{
    put_samples(text, 4, SAMPLES / 4, true);
    for (size_t i = 0; i < 20; i++) {
        put_samples(text, i, 9, true);
        put(text, "# arch : x%zu\n", i);
    }
    for (size_t k = 0; k < 3; k++) {
        put(text, "deep  1 [000]  1.5:  7 cycles:u: \n");
        for (size_t i = 0; i < 9000; i++)
            put(text, "\t%16zx g%zu (/x)\n", i, i % 5);
        put(text, "\n");
        put_samples(text, 5, SAMPLES / 8, true);
    }
}

static inline void make_crlf(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "a  1 [000]  1.5:  7 cycles:u: \r\n\t            4a f (/x)\r\n\r\n%s",
            i % 500 == 499 ? "\n\n" : "");
}

/* Sums that do not fit, of one stack and of many. */
static inline void make_heavy(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "a  1 [000]  1.5:  %s cycles:u: \n\t            4a f%zu (/x)\n\n",
            i % 3 == 0 ? "7" : "9223372036854775809", i % 5);
}

/* No event, or no header at all: nothing is known that parts could rely on. */
static inline void make_bare(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "\t%16zx f%zu (/x)\n\t%16zx main (/x)\n\n", i, i % 3, i);
}

/* Each part has events that no part before had, and some of them are one event. */
static inline void make_events(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "a  1 [000]  1.5:  7 %s%zu: \n\t            4a f (/x)\n\n",
            i % 3 ? "ev" : "page-faults:u", i * i % 449);
}

/* Stacks as text: whole numbers and others, lines that cannot be used, blanks, gaps. */
static inline void make_folded(struct text *text)
{
    uint64_t seed = 6;
    for (size_t i = 0; i < SAMPLES * 3; i++) {
        size_t depth = 1 + dice_below(&seed, 9), kind = dice_below(&seed, 90);
        for (size_t d = 0; d < depth; d++)
            put(text, "%sf%zu", d > 0 ? ";" : "", dice_below(&seed, i % 5 ? 4 : 700));
        switch (kind) {
        case 0: put(text, " 0.%zu\n", 1 + i % 977); break;
        case 1: put(text, " %zu.25\r\n", i); break;
        case 2: put(text, "\n"); break;
        case 3: put(text, " -4\n\n"); break;
        case 4: put(text, ";a b 7\n"); break;
        case 5: put(text, " 18446744073709551616\n"); break;
        default: put(text, " %zu\n", 1 + i % 9); break;
        }
    }
    put(text, "f1;last 5");
}

/* Sorted after what might have two columns, long lines, and comments, after which one reads on. */
static inline void make_sorted(struct text *text)
{
    for (size_t i = 0; i < 40; i++)
        put(text, "a;b%zu 7 %zu\n", i % 9, i);
    put(text, "a;b 1\n");
    for (size_t i = 0; i < SAMPLES; i++) {
        put(text, "main;f%05zu;g%zu", i / 9, i % 9);
        for (size_t d = 0; i % 1000 == 999 && d < 3000; d++)
            put(text, ";deep%zu", d % 7);
        put(text, " 12\n%s", i % 700 == 699 ? "# a comment\n" : "");
    }
}

/* Two columns, as it seems until the last line. */
static inline void make_pairs(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "main;f%zu %zu %zu\n", i % 90, i % 3, i % 5);
    put(text, "main;x 1");
}

#endif
