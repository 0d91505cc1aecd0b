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

/*
 * vec: a growing array of any type, in memory of a heap. Elements move when it grows: keep
 * indices, not pointers.
 *
 *      VEC(uint32_t) ids = {0};
 *      vec_push(heap, &ids, 7u);        ids.at[0], ids.n, ids.cap
 */

#define VEC(type)      \
    struct {           \
        type *at;      \
        size_t n, cap; \
    }

/* A capacity for at least `need` elements, half as much again as before. */
static inline size_t vec_capacity(size_t cap, size_t need)
{
    size_t more = cap + cap / 2 + 8;
    return more > need ? more : need;
}

/* Make room for `more` elements behind the last. */
#define vec_reserve(heap, v, more)                                         \
    do {                                                                   \
        size_t need_ = (v)->n + (size_t)(more);                            \
        if (need_ > (v)->cap) {                                            \
            size_t cap_ = vec_capacity((v)->cap, need_);                   \
            (v)->at = heap_resize((heap), (v)->at, cap_, sizeof *(v)->at); \
            (v)->cap = cap_;                                               \
        }                                                                  \
    } while (0)

#define vec_push(heap, v, element)     \
    do {                               \
        vec_reserve((heap), (v), 1);   \
        (v)->at[(v)->n++] = (element); \
    } while (0)

#define vec_free(heap, v)           \
    do {                            \
        heap_free((heap), (v)->at); \
        (v)->at = NULL;             \
        (v)->n = (v)->cap = 0;      \
    } while (0)

/*
 * intern: every distinct string once, as a small number. Ids count up from 0 in the order of
 * first sight; the bytes stay where they are until the arena ends.
 *
 *      slots: hash, id   ──►   names[id] ──►  bytes in the arena
 */

#define INTERN_NONE UINT32_MAX
#define INTERN_MOST (UINT32_MAX / 2) /* names; twice as many can be counted */

struct intern_slot {
    uint32_t hash;
    uint32_t id; /* INTERN_NONE: free */
};

struct intern {
    struct arena arena;
    VEC(str) names;
    struct intern_slot *slots;
    size_t mask; /* slot count - 1; the count is a power of two */
    uint64_t seed;
};

void intern_init(struct intern *table, struct heap *heap, uint64_t seed);

/* The id of `name`, new or known. The bytes are copied when new. */
uint32_t intern_add(struct intern *table, str name);

/* The id of `name`, INTERN_NONE when it is not there. */
uint32_t intern_find(const struct intern *table, str name);

static inline uint32_t intern_count(const struct intern *table)
{
    return (uint32_t)table->names.n;
}

static inline str intern_name(const struct intern *table, uint32_t id)
{
    return table->names.at[id];
}

void intern_end(struct intern *table);

#endif
