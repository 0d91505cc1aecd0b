/* SPDX-License-Identifier: MIT */
/*
 * simd16: vectors of 16 bytes, by an extension of gcc and clang that works for every target. A
 * comparison of vectors gives 0xff for each byte where it is true.
 */
#ifndef FLAMETREE_CORE_SIMD16_H
#define FLAMETREE_CORE_SIMD16_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef unsigned char bytes16 __attribute__((vector_size(16)));

static inline bytes16 simd16_load(const char *p)
{
    bytes16 v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline bool simd16_all(bytes16 v)
{
    uint64_t halves[2];
    memcpy(halves, &v, sizeof halves);
    return (halves[0] & halves[1]) == UINT64_MAX;
}

/* The index of the first byte that is not 0; 16: all are. */
static inline unsigned simd16_first(bytes16 v)
{
    unsigned i = 0;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t halves[2];
    memcpy(halves, &v, sizeof halves);
    if (halves[0])
        return (unsigned)__builtin_ctzll(halves[0]) / 8;
    if (halves[1])
        return 8 + (unsigned)__builtin_ctzll(halves[1]) / 8;
    i = 16;
#endif
    while (i < 16 && v[i] == 0)
        i++;
    return i;
}

/* n >= 16. The last comparison covers the last 16 bytes and may overlap the one before. */
static inline bool simd16_equal(const char *a, const char *b, size_t n)
{
    bytes16 same = (bytes16)(simd16_load(a + n - 16) == simd16_load(b + n - 16));
    for (size_t i = 0; i + 16 < n; i += 16)
        same &= (bytes16)(simd16_load(a + i) == simd16_load(b + i));
    return simd16_all(same);
}

#endif
