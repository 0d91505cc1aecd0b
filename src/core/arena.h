/*
 * arena: memory for things that die together. Small pieces are cut off the front of a chunk; no
 * piece is freed alone; chunks double up to 1 MB.
 *
 *      chunk (newest)                chunk
 *      ┌──────────┬──────────┐      ┌─────────────────────┐
 *      │ in use   │ free     │ ───► │ in use              │ ───► NULL
 *      └──────────┴──────────┘      └─────────────────────┘
 *                 at      end
 */
#ifndef FLAMETREE_CORE_ARENA_H
#define FLAMETREE_CORE_ARENA_H

#include "core/heap.h"
#include "core/str.h"

struct arena_chunk;

struct arena {
    struct heap *heap;
    struct arena_chunk *chunks;
    char *at, *end;
};

void arena_init(struct arena *arena, struct heap *heap);

/* Uninitialised; `align` is a power of two up to 16. Lives until arena_end(). */
void *arena_alloc(struct arena *arena, size_t count, size_t size, size_t align);

#define arena_new(arena, type, count) \
    ((type *)arena_alloc((arena), (count), sizeof(type), _Alignof(type)))

/* A copy of the bytes. */
str arena_copy(struct arena *arena, str s);

/* A NUL-terminated copy, for system calls. */
char *arena_copy_c(struct arena *arena, str s);

/* a and b in one piece. */
str arena_join(struct arena *arena, str a, str b);

/* Free all pieces; the arena can be used again. */
void arena_end(struct arena *arena);

#endif
