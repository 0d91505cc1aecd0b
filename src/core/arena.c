/*
 * arena: see the drawing in arena.h.
 */
#include "core/arena.h"

#include <stdint.h>

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
};

enum { CHUNK_FIRST = 4096, CHUNK_LARGEST = 1 << 20 };

void arena_init(struct arena *arena, struct heap *heap)
{
    *arena = (struct arena){.heap = heap};
}

static void add_chunk(struct arena *arena, size_t need)
{
    size_t size = arena->chunks ? arena->chunks->size * 2 : CHUNK_FIRST;
    if (size > CHUNK_LARGEST)
        size = CHUNK_LARGEST;
    if (size < need)
        size = need;
    struct arena_chunk *chunk = heap_alloc(arena->heap, 1, sizeof *chunk + size);
    chunk->older = arena->chunks;
    chunk->size = size < CHUNK_LARGEST ? size : CHUNK_LARGEST;
    arena->chunks = chunk;
    arena->at = (char *)(chunk + 1);
    arena->end = arena->at + size;
}

void *arena_alloc(struct arena *arena, size_t count, size_t size, size_t align)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX / 2)
        heap_give_up(arena->heap);
    size_t gap = -(uintptr_t)arena->at & (align - 1);
    if (!arena->at || gap + bytes > (size_t)(arena->end - arena->at)) {
        add_chunk(arena, bytes + align);
        gap = -(uintptr_t)arena->at & (align - 1);
    }
    void *piece = arena->at + gap;
    arena->at += gap + bytes;
    return piece;
}

str arena_copy(struct arena *arena, str s)
{
    char *p = arena_alloc(arena, s.n, 1, 1);
    if (s.n > 0)
        memcpy(p, s.p, s.n);
    return str_of(p, s.n);
}

char *arena_copy_c(struct arena *arena, str s)
{
    char *p = arena_alloc(arena, s.n + 1, 1, 1);
    if (s.n > 0)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

str arena_join(struct arena *arena, str a, str b)
{
    char *p = arena_alloc(arena, a.n + b.n, 1, 1);
    if (a.n > 0)
        memcpy(p, a.p, a.n);
    if (b.n > 0)
        memcpy(p + a.n, b.p, b.n);
    return str_of(p, a.n + b.n);
}

void arena_end(struct arena *arena)
{
    while (arena->chunks) {
        struct arena_chunk *older = arena->chunks->older;
        heap_free(arena->heap, arena->chunks);
        arena->chunks = older;
    }
    arena->at = arena->end = NULL;
}
