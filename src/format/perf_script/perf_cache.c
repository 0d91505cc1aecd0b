/*
 * perf_cache: open addressing with linear probing, at most half full. Modules can be made to share
 * a hash, so few places are probed: a cache may lose what finds none.
 */
#include "format/perf_script/perf_cache.h"

#if FUZZING /* full after a few lines, and emptied in no time for each of a million inputs */
enum { SLOTS = 64, ROOM = 2048, TEXT_LONGEST = 512 };
#else
enum { SLOTS = 32768, ROOM = 2 << 20, TEXT_LONGEST = 4096 };
#endif

enum { PROBES = 16 };

static void forget(struct perf_cache *cache)
{
    for (size_t i = 0; i < SLOTS; i++)
        cache->slots[i].value = PERF_CACHE_MISS;
    cache->count = cache->used = 0;
}

void perf_cache_init(struct perf_cache *cache, struct heap *heap, uint64_t seed)
{
    *cache = (struct perf_cache){.seed = seed};
    cache->slots = heap_alloc(heap, SLOTS, sizeof *cache->slots);
    cache->bytes = heap_alloc(heap, ROOM, 1);
    forget(cache);
}

/* Texts are short: a call of memcmp() takes longer than this. The last eight bytes are compared
 * together, some of them again. */
static inline bool is_equal(const char *a, const char *b, size_t n)
{
    size_t i = 0;
    for (; i + 8 < n; i += 8)
        if (hash_load64(a + i) != hash_load64(b + i))
            return false;
    if (n >= 8)
        return hash_load64(a + n - 8) == hash_load64(b + n - 8);
    while (i < n && a[i] == b[i])
        i++;
    return i == n;
}

static inline bool is_same(const struct perf_cache *cache, const struct perf_cache_slot *slot,
                           const struct perf_cache_key *key)
{
    const char *text = cache->bytes + slot->at;
    return slot->hash == (uint32_t)(key->hash >> 32) &&
           slot->total == key->first.n + key->second.n &&
           slot->first_n == key->first.n * 2 + key->java &&
           is_equal(text, key->first.p, key->first.n) &&
           is_equal(text + key->first.n, key->second.p, key->second.n);
}

uint32_t perf_cache_find(const struct perf_cache *cache, const struct perf_cache_key *key)
{
    size_t i = key->hash % SLOTS;
    for (size_t n = 0; n < PROBES && cache->slots[i].value != PERF_CACHE_MISS; n++) {
        if (is_same(cache, &cache->slots[i], key))
            return cache->slots[i].value;
        i = (i + 1) % SLOTS;
    }
    return PERF_CACHE_MISS;
}

void perf_cache_add(struct perf_cache *cache, const struct perf_cache_key *key, uint32_t value)
{
    size_t n = key->first.n, total = n + key->second.n;
    if (total > TEXT_LONGEST)
        return;
    if (cache->count >= SLOTS / 2 || cache->used + total > ROOM)
        forget(cache);
    size_t i = key->hash % SLOTS, probes = 1;
    while (cache->slots[i].value != PERF_CACHE_MISS && probes++ < PROBES)
        i = (i + 1) % SLOTS;
    cache->slots[i] = (struct perf_cache_slot){
        .hash = (uint32_t)(key->hash >> 32),
        .value = value,
        .at = (uint32_t)cache->used,
        .total = (uint16_t)total,
        .first_n = (uint16_t)(n * 2 + key->java),
    };
    memcpy(cache->bytes + cache->used, key->first.p, n);
    memcpy(cache->bytes + cache->used + n, key->second.p, key->second.n);
    cache->used += total;
    cache->count++;
}

void perf_cache_end(struct perf_cache *cache, struct heap *heap)
{
    heap_free(heap, cache->slots);
    heap_free(heap, cache->bytes);
}
