/*
 * perf_cache: what the text of a line came to the last time. A recording repeats its lines: of
 * 864,000 resolved frames of a build of 132 MB, 77,000 differ once the address is left out, and
 * 9,600 without the offset in the function.
 *
 * It forgets everything when it is full, so that its size does not depend on the input.
 */
#ifndef FLAMETREE_FORMAT_PERF_SCRIPT_PERF_CACHE_H
#define FLAMETREE_FORMAT_PERF_SCRIPT_PERF_CACHE_H

#include "core/hash.h"
#include "core/heap.h"

enum { PERF_CACHE_MISS = 0x7fffffff };

struct perf_cache_slot {
    uint32_t hash;
    uint32_t value;   /* PERF_CACHE_MISS: free */
    uint32_t at;      /* the text, both pieces, in bytes[] */
    uint16_t total;   /* its length */
    uint16_t first_n; /* of the first piece, times two, plus `java` */
};

struct perf_cache {
    struct perf_cache_slot *slots;
    char *bytes;
    size_t count, used;
    uint64_t seed;
};

void perf_cache_init(struct perf_cache *cache, struct heap *heap, uint64_t seed);

/* What is looked for: two pieces of a line, and whether it is of a Java process, where the same
 * line means something else. */
struct perf_cache_key {
    str first, second;
    bool java;
    uint64_t hash;
};

/* Frames of one function differ in their second piece, the module, seldom: a few bytes do. */
static inline struct perf_cache_key perf_cache_key(const struct perf_cache *cache, str first,
                                                   str second, bool java)
{
    uint64_t seed = cache->seed + second.n * 2 + java;
    if (second.n >= 8)
        seed += hash_load64(second.p + second.n - 8) * HASH_K1;
    return (struct perf_cache_key){first, second, java, hash_bytes(first, seed)};
}

/* The value, PERF_CACHE_MISS when it is not there. */
uint32_t perf_cache_find(const struct perf_cache *cache, const struct perf_cache_key *key);

/* Remember what perf_cache_find() missed. */
void perf_cache_add(struct perf_cache *cache, const struct perf_cache_key *key, uint32_t value);

void perf_cache_end(struct perf_cache *cache, struct heap *heap);

#endif
