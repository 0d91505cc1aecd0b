/* SPDX-License-Identifier: MIT */
/*
 * hash: a seeded hash of bytes. It multiplies 64 x 64 bits and xors the halves of the product. The
 * seed is random, so an attacker cannot make an input whose names collide. No output depends on it.
 */
#ifndef FLAMETREE_CORE_HASH_H
#define FLAMETREE_CORE_HASH_H

#include "core/wide.h"

static inline uint64_t hash_mix(uint64_t a, uint64_t b)
{
    struct wide product = wide_product(a, b);
    return product.low ^ product.high;
}

static inline uint64_t hash_load64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static inline uint64_t hash_load32(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

#define HASH_K1 UINT64_C(0x9e3779b97f4a7c15)
#define HASH_K2 UINT64_C(0xd6e8feb86659fd93)

static inline uint64_t hash_u64(uint64_t v, uint64_t seed)
{
    return hash_mix(v ^ seed ^ HASH_K1, HASH_K2 ^ seed);
}

/* The last two loads count from the end and may overlap. */
static inline uint64_t hash_bytes(str s, uint64_t seed)
{
    const char *p = s.p;
    size_t n = s.n;
    uint64_t h = hash_mix(seed ^ HASH_K1, (uint64_t)n ^ HASH_K2);
    while (n > 16) {
        h = hash_mix(hash_load64(p) ^ h, hash_load64(p + 8) ^ HASH_K1 ^ seed);
        p += 16;
        n -= 16;
    }
    uint64_t a = 0, b = 0;
    if (n >= 8) {
        a = hash_load64(p);
        b = hash_load64(p + n - 8);
    } else if (n >= 4) {
        a = hash_load32(p);
        b = hash_load32(p + n - 4);
    } else if (n > 0) {
        a = (unsigned char)p[0] | (uint64_t)(unsigned char)p[n / 2] << 8;
        b = (unsigned char)p[n - 1];
    }
    return hash_mix(a ^ h, b ^ HASH_K2 ^ seed);
}

#endif
