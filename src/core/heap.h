/* SPDX-License-Identifier: MIT */
/*
 * heap: the source of all memory of a run. A heap links all its live blocks, so that one call frees
 * them all. It counts them against a limit and checks every multiplication of sizes.
 *
 *      heap ──► block ◄─► block ◄─► block         arenas, vectors and tables are made of blocks
 *
 * An allocation never returns NULL. When it fails or passes the limit, control jumps back to the
 * heap_guard() around the work, which returns false with ERR_MEMORY. The code inside a guard must
 * therefore own nothing but memory of this heap. The caller of heap_guard() closes files and frees
 * the objects of foreign libraries, or registers a cleanup for them. Only one thread may use a heap
 * at a time.
 */
#ifndef FLAMETREE_CORE_HEAP_H
#define FLAMETREE_CORE_HEAP_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/str.h"

/* Resize `old` (NULL: a new block) to `size` bytes (0: free it). NULL on failure. */
typedef void *heap_resize_fn(void *context, void *old, size_t size);

struct heap_block;

/* A function that frees something outside the heap, such as an object of a foreign library. */
struct heap_cleanup {
    struct heap_cleanup *next;
    void (*run)(void *of);
    void *of;
};

struct heap {
    struct heap_block *blocks;
    struct heap_cleanup *cleanups; /* the latest first */
    jmp_buf *trap;                 /* of the innermost heap_guard() */
    heap_resize_fn *resize;
    void *context;
    struct heap *parent; /* the heap whose limit applies to this one; NULL: its own */
    size_t used;         /* bytes, block headers included */
    size_t taken;        /* bytes of this heap and its children, from all threads */
    size_t limit;        /* of `taken`; 0: none */
    size_t wanted;       /* the request that failed */
    bool limited;        /* it failed because of the limit */
};

/* resize NULL: realloc and free. limit in bytes, 0: none. */
void heap_init(struct heap *heap, heap_resize_fn *resize, void *context, size_t limit);

/* A heap for another thread or for temporary data. It allocates like `parent` and counts against
 * the limit of `parent`, which must neither move nor end before this heap. */
void heap_init_under(struct heap *heap, struct heap *parent);

/* A heap in a block of `parent`, which ends with `parent`, if not before. */
struct heap *heap_open_child(struct heap *parent);
void heap_close_child(struct heap *child);

/* Applies to later requests: live blocks stay, even above the limit. */
static inline void heap_set_limit(struct heap *heap, size_t limit)
{
    heap->limit = limit;
}

/* Run work(arg) and return its result; false with *err set when memory ran out. */
bool heap_guard(struct heap *heap, bool (*work)(void *), void *arg, struct err *err);

/* `count` uninitialized elements of `size` bytes, aligned for any type. */
void *heap_alloc(struct heap *heap, size_t count, size_t size);

/* The same, zeroed. */
void *heap_zero(struct heap *heap, size_t count, size_t size);

/* Grow or shrink; old == NULL: a new block. */
void *heap_resize(struct heap *heap, void *old, size_t count, size_t size);

/* Fail like an allocation, because a number would not fit. */
_Noreturn void heap_give_up(struct heap *heap);

/* Fail as if a request for `size` bytes had failed. */
_Noreturn void heap_fail(struct heap *heap, size_t size);

/* NULL is allowed. */
void heap_free(struct heap *heap, void *block);

/* heap_end() calls cleanup->run() before it frees memory, the latest cleanup first. The struct lies
 * in a block of this heap that stays until then or until heap_remove_cleanup(). */
void heap_add_cleanup(struct heap *heap, struct heap_cleanup *cleanup);
void heap_remove_cleanup(struct heap *heap, const struct heap_cleanup *cleanup);

/* Run and remove all cleanups. They may free blocks of this heap, which must be at its original
 * address. */
void heap_run_cleanups(struct heap *heap);

/* Run the cleanups, then free all blocks. */
void heap_end(struct heap *heap);

/*
 * arena: memory that is freed all at once. It cuts small pieces off the front of a chunk. Chunks
 * double in size up to 1 MB.
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
    char *at, *end; /* the free part of the newest chunk */
};

void arena_init(struct arena *arena, struct heap *heap);

/* Uninitialized, valid until arena_end(). `align` is a power of two up to 16. */
void *arena_alloc(struct arena *arena, size_t count, size_t size, size_t align);

#define arena_new(arena, type, count) \
    ((type *)arena_alloc((arena), (count), sizeof(type), _Alignof(type)))

/* a and b in one piece. */
str arena_join(struct arena *arena, str a, str b);

/* A copy of the bytes. */
static inline str arena_copy(struct arena *arena, str s)
{
    return arena_join(arena, s, str_of(NULL, 0));
}

/* A NUL-terminated copy, for system calls. */
char *arena_copy_c(struct arena *arena, str s);

/* Free all pieces. The arena can be used again. */
void arena_end(struct arena *arena);

/*
 * vec: a growing array of any type in memory of a heap. Its elements move when it grows: keep
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

/* A capacity of at least `need` elements, half as much again as `cap`. */
static inline size_t vec_capacity(size_t cap, size_t need)
{
    size_t more = cap + cap / 2 + 8;
    return more > need ? more : need;
}

/* Make room for `more` elements after the last. */
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

/* All elements of another one. */
#define vec_append(heap, v, from)                                                 \
    do {                                                                          \
        vec_reserve((heap), (v), (from)->n);                                      \
        if ((from)->n > 0)                                                        \
            memcpy((v)->at + (v)->n, (from)->at, (from)->n * sizeof *(from)->at); \
        (v)->n += (from)->n;                                                      \
    } while (0)

#define vec_free(heap, v)           \
    do {                            \
        heap_free((heap), (v)->at); \
        (v)->at = NULL;             \
        (v)->n = (v)->cap = 0;      \
    } while (0)

/*
 * intern: a table of distinct strings, each with a small number. Ids count up from 0 in the order
 * of first sight. The bytes do not move until the table ends.
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

/* The id of `name`. A new name is copied. */
uint32_t intern_add(struct intern *table, str name);

/* The id of `name`, or INTERN_NONE. */
uint32_t intern_find(const struct intern *table, str name);

static inline uint32_t intern_count(const struct intern *table)
{
    return (uint32_t)table->names.n;
}

static inline str intern_name(const struct intern *table, uint32_t id)
{
    return table->names.at[id];
}

/* The table's own copy of `name`, which is added. */
static inline str intern_text(struct intern *table, str name)
{
    return intern_name(table, intern_add(table, name));
}

/* The table is empty after this and may be used again. */
void intern_end(struct intern *table);

/*
 * strbuf: bytes that grow, for names put together from parts.
 */

struct strbuf {
    struct heap *heap;
    VEC(char) bytes;
};

void strbuf_add(struct strbuf *buf, str part);
void strbuf_add_u64(struct strbuf *buf, uint64_t value);

/* Append an item of a list: with ", " before it, unless it is the first. */
static inline void strbuf_add_item(struct strbuf *buf, str item)
{
    strbuf_add(buf, buf->bytes.n > 0 ? STR(", ") : STR(""));
    strbuf_add(buf, item);
}

/* Lowercase digits, without "0x". */
void strbuf_add_hex(struct strbuf *buf, uint64_t value);

static inline void strbuf_clear(struct strbuf *buf)
{
    buf->bytes.n = 0;
}

/* Valid until the next change. */
static inline str strbuf_str(const struct strbuf *buf)
{
    return str_of(buf->bytes.at, buf->bytes.n);
}

/* The same with a NUL after it, for system calls. */
static inline char *strbuf_c(struct strbuf *buf)
{
    vec_reserve(buf->heap, &buf->bytes, 1);
    buf->bytes.at[buf->bytes.n] = '\0';
    return buf->bytes.at;
}

static inline void strbuf_set(struct strbuf *buf, str bytes)
{
    strbuf_clear(buf);
    strbuf_add(buf, bytes);
}

static inline void strbuf_end(struct strbuf *buf)
{
    vec_free(buf->heap, &buf->bytes);
}

#endif
