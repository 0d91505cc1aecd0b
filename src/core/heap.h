/*
 * heap: where all memory of a run comes from. It knows every live block, so that one call frees
 * them all, counts them against a limit, and is the only place where sizes are multiplied.
 *
 *      heap ──► block ◄─► block ◄─► block         arenas, vectors and tables are made of blocks
 *
 * An allocation never returns NULL: when it fails, or the limit is reached, control goes back to
 * the heap_guard() around the work, which returns false with ERR_MEMORY. Code between the two
 * holds nothing but memory of this heap; files and foreign libraries belong to whoever calls
 * heap_guard() and are closed there, or are guests of the heap and leave when it ends. A heap is
 * used by one thread at a time.
 */
#ifndef FLAMETREE_CORE_HEAP_H
#define FLAMETREE_CORE_HEAP_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/str.h"

/* Resize `old` (NULL: a new block) to `size` bytes (0: free it). NULL when it cannot. */
typedef void *heap_resize_fn(void *context, void *old, size_t size);

struct heap_block;

/* What a foreign library holds outside the heap on behalf of a block of it, and how it lets go. */
struct heap_guest {
    struct heap_guest *next;
    void (*leave)(void *of);
    void *of;
};

struct heap {
    struct heap_block *blocks;
    struct heap_guest *guests;
    jmp_buf *trap;
    heap_resize_fn *resize;
    void *context;
    struct heap *under; /* whose limit holds for this one as well; NULL: its own does */
    size_t used, peak;  /* bytes, block heads included */
    size_t taken;       /* by it and those under it, from any thread */
    size_t limit;       /* of `taken`; 0: none */
    size_t wanted;      /* the request that failed */
    bool limited;       /* by the limit */
};

/* resize NULL: realloc and free. limit in bytes, 0: none. */
void heap_init(struct heap *heap, heap_resize_fn *resize, void *context, size_t limit);

/* A heap for another thread, or for what ends earlier, that allocates as `under` does and counts
 * against its limit. `under`
 * must not move or end before it. */
void heap_init_under(struct heap *heap, struct heap *under);

/* From now on; what is there already stays, even if it is more. */
static inline void heap_set_limit(struct heap *heap, size_t limit)
{
    heap->limit = limit;
}

/* Run work(arg); false with *err set when memory ran out in it, else what it returned. */
bool heap_guard(struct heap *heap, bool (*work)(void *), void *arg, struct err *err);

/* Uninitialised room for `count` things of `size` bytes, aligned for any type. */
void *heap_alloc(struct heap *heap, size_t count, size_t size);

/* Zeroed room. */
void *heap_zero(struct heap *heap, size_t count, size_t size);

/* Grow or shrink; old == NULL: a new block. */
void *heap_resize(struct heap *heap, void *old, size_t count, size_t size);

/* As if there were no memory: for what cannot be counted any more. */
_Noreturn void heap_give_up(struct heap *heap);

/* NULL is allowed. */
void heap_free(struct heap *heap, void *block);

/* From now on heap_end() calls guest->leave() before it frees memory; the latest guest leaves
 * first. The guest lies in a block of this heap that is not freed before heap_drop_guest(). */
void heap_add_guest(struct heap *heap, struct heap_guest *guest);
void heap_drop_guest(struct heap *heap, const struct heap_guest *guest);

/* All guests leave. They may free blocks of this very heap, by its address. */
void heap_end_guests(struct heap *heap);

/* Free everything that is still there. */
void heap_end(struct heap *heap);

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
