/*
 * perf_cache: open addressing with linear probing, at most half full.
 */
#include "read/perf_cache.h"

enum { SLOTS = 32768, ROOM = 2 << 20, TEXT_LONGEST = 4096 };

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

uint32_t perf_cache_find(const struct perf_cache *cache, struct perf_cache_key key)
{
    for (size_t i = key.hash % SLOTS;; i = (i + 1) % SLOTS) {
        const struct perf_cache_slot *slot = &cache->slots[i];
        if (slot->value == PERF_CACHE_MISS)
            return PERF_CACHE_MISS;
        if (slot->hash == (uint32_t)(key.hash >> 32) && slot->n == key.text.n * 2 + key.java &&
            memcmp(cache->bytes + slot->at, key.text.p, key.text.n) == 0)
            return slot->value;
    }
}

void perf_cache_add(struct perf_cache *cache, struct perf_cache_key key, uint32_t value)
{
    str text = key.text;
    if (text.n > TEXT_LONGEST)
        return;
    if (cache->count >= SLOTS / 2 || cache->used + text.n > ROOM)
        forget(cache);
    size_t i = key.hash % SLOTS;
    while (cache->slots[i].value != PERF_CACHE_MISS)
        i = (i + 1) % SLOTS;
    cache->slots[i] = (struct perf_cache_slot){
        (uint32_t)(key.hash >> 32), value, (uint32_t)cache->used, (uint32_t)text.n * 2 + key.java};
    memcpy(cache->bytes + cache->used, text.p, text.n);
    cache->used += text.n;
    cache->count++;
}

void perf_cache_end(struct perf_cache *cache, struct heap *heap)
{
    heap_free(heap, cache->slots);
    heap_free(heap, cache->bytes);
}
