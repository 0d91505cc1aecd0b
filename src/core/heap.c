/* SPDX-License-Identifier: MIT */
/*
 * heap: each block has a header with two links, directly before the bytes that the caller gets.
 */
#include "core/heap.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/num.h"

struct heap_block {
    struct heap_block *next, *before;
    size_t size;
    size_t pad; /* aligns the bytes after the header to 16 */
};

#define TOO_MUCH (SIZE_MAX / 2)

static void *resize_libc(void *context, void *old, size_t size)
{
    (void)context;
    if (size == 0) {
        free(old);
        return NULL;
    }
    return realloc(old, size);
}

void heap_init(struct heap *heap, heap_resize_fn *resize, void *context, size_t limit)
{
    *heap = (struct heap){.resize = resize ? resize : resize_libc, .context = context};
    heap->limit = limit;
}

void heap_init_under(struct heap *heap, struct heap *parent)
{
    heap_init(heap, parent->resize, parent->context, 0);
    heap->parent = parent->parent ? parent->parent : parent;
}

/* The heap that has the limit. */
static struct heap *root_heap(struct heap *heap)
{
    return heap->parent ? heap->parent : heap;
}

static void return_bytes(struct heap *heap, size_t bytes)
{
    __atomic_sub_fetch(&root_heap(heap)->taken, bytes, __ATOMIC_RELAXED);
}

/* Count `bytes` more; false above the limit. */
static bool take_heap_bytes(struct heap *heap, size_t bytes)
{
    struct heap *root = root_heap(heap);
    size_t now = __atomic_add_fetch(&root->taken, bytes, __ATOMIC_RELAXED);
    if (root->limit == 0 || now <= root->limit)
        return true;
    return_bytes(heap, bytes);
    return false;
}

bool heap_guard(struct heap *heap, bool (*work)(void *), void *arg, struct err *err)
{
    jmp_buf here;
    jmp_buf *outer = heap->trap;
    heap->trap = &here;
    if (setjmp(here) == 0) {
        bool done = work(arg);
        heap->trap = outer;
        return done;
    }
    heap->trap = outer;
    if (heap->wanted == TOO_MUCH)
        return err_set(err, ERR_MEMORY,
                       "there is more than can be counted (2^32 frames, 2^31 names)");
    if (heap->limited)
        return err_set(err, ERR_MEMORY, "the limit of %zu MB of memory is reached",
                       root_heap(heap)->limit >> 20);
    return err_set(err, ERR_MEMORY, "out of memory (%zu more bytes asked for, %zu MB in use)",
                   heap->wanted, root_heap(heap)->taken >> 20);
}

static _Noreturn void fail_request(struct heap *heap, size_t wanted, bool limited)
{
    heap->wanted = wanted;
    heap->limited = limited;
    if (!heap->trap)
        abort(); /* a request outside heap_guard() is a bug */
    longjmp(*heap->trap, 1);
}

void heap_fail(struct heap *heap, size_t size)
{
    fail_request(heap, size, false);
}

void heap_give_up(struct heap *heap)
{
    fail_request(heap, TOO_MUCH, false);
}

static void unlink_block(struct heap *heap, struct heap_block *block)
{
    if (block->before)
        block->before->next = block->next;
    else
        heap->blocks = block->next;
    if (block->next)
        block->next->before = block->before;
}

static void link_block(struct heap *heap, struct heap_block *block)
{
    block->before = NULL;
    block->next = heap->blocks;
    if (heap->blocks)
        heap->blocks->before = block;
    heap->blocks = block;
}

void *heap_resize(struct heap *heap, void *old, size_t count, size_t size)
{
    struct heap_block *block = old ? (struct heap_block *)old - 1 : NULL;
    size_t had = block ? block->size : 0;
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(bytes, sizeof *block, &bytes) || bytes > PTRDIFF_MAX)
        heap_give_up(heap);
    if (bytes > had && !take_heap_bytes(heap, bytes - had))
        fail_request(heap, bytes - had, true);
    if (block)
        unlink_block(heap, block);
    struct heap_block *fresh = heap->resize(heap->context, block, bytes);
    if (!fresh) {
        if (block)
            link_block(heap, block);
        if (bytes > had)
            return_bytes(heap, bytes - had);
        fail_request(heap, bytes - had, false);
    }
    if (bytes < had)
        return_bytes(heap, had - bytes);
    fresh->size = bytes;
    link_block(heap, fresh);
    heap->used = heap->used - had + bytes;
    return fresh + 1;
}

void *heap_alloc(struct heap *heap, size_t count, size_t size)
{
    return heap_resize(heap, NULL, count, size);
}

void *heap_zero(struct heap *heap, size_t count, size_t size)
{
    return memset(heap_alloc(heap, count, size), 0, count * size);
}

void heap_free(struct heap *heap, void *bytes)
{
    if (!bytes)
        return;
    struct heap_block *block = (struct heap_block *)bytes - 1;
    unlink_block(heap, block);
    heap->used -= block->size;
    return_bytes(heap, block->size);
    heap->resize(heap->context, block, 0);
}

void heap_add_cleanup(struct heap *heap, struct heap_cleanup *cleanup)
{
    cleanup->next = heap->cleanups;
    heap->cleanups = cleanup;
}

void heap_remove_cleanup(struct heap *heap, const struct heap_cleanup *cleanup)
{
    struct heap_cleanup **link = &heap->cleanups;
    while (*link != cleanup)
        link = &(*link)->next;
    *link = cleanup->next;
}

void heap_run_cleanups(struct heap *heap)
{
    while (heap->cleanups) {
        struct heap_cleanup *cleanup = heap->cleanups;
        heap->cleanups = cleanup->next;
        cleanup->run(cleanup->of);
    }
}

void heap_end(struct heap *heap)
{
    heap_run_cleanups(heap);
    while (heap->blocks)
        heap_free(heap, heap->blocks + 1);
}

/* ---- children ---- */

struct child_heap {
    struct heap heap;
    struct heap *owner;
    struct heap_cleanup cleanup; /* of the owner */
};

static void end_child_heap(void *of)
{
    heap_end(of);
}

struct heap *heap_open_child(struct heap *parent)
{
    struct child_heap *child = heap_alloc(parent, 1, sizeof *child);
    *child = (struct child_heap){.owner = parent, .cleanup = {.run = end_child_heap, .of = child}};
    heap_init_under(&child->heap, parent);
    heap_add_cleanup(parent, &child->cleanup);
    return &child->heap;
}

void heap_close_child(struct heap *heap)
{
    struct child_heap *child = (struct child_heap *)heap;
    heap_remove_cleanup(child->owner, &child->cleanup);
    heap_end(heap);
    heap_free(child->owner, child);
}

/* ---- arena ---- */

struct arena_chunk {
    struct arena_chunk *older;
    size_t size;
};

enum { CHUNK_FIRST = 4096, CHUNK_LARGEST = 1 << 20 };

void arena_init(struct arena *arena, struct heap *heap)
{
    *arena = (struct arena){.heap = heap};
}

static void add_arena_chunk(struct arena *arena, size_t need)
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
        add_arena_chunk(arena, bytes + align);
        gap = -(uintptr_t)arena->at & (align - 1);
    }
    void *piece = arena->at + gap;
    arena->at += gap + bytes;
    return piece;
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

/* ---- intern ---- */

enum { SLOTS_FIRST = 256 };

void intern_init(struct intern *table, struct heap *heap, uint64_t seed)
{
    *table = (struct intern){.seed = seed};
    arena_init(&table->arena, heap);
}

static struct intern_slot *find_name_slot(const struct intern *table, str name, uint32_t hash)
{
    size_t at = hash & table->mask;
    while (
        table->slots[at].id != INTERN_NONE &&
        (table->slots[at].hash != hash || !str_equal(table->names.at[table->slots[at].id], name)))
        at = (at + 1) & table->mask;
    return &table->slots[at];
}

static void grow_intern(struct intern *table)
{
    size_t count = table->slots ? (table->mask + 1) * 2 : SLOTS_FIRST;
    struct intern_slot *old = table->slots;
    if (table->names.n >= INTERN_MOST)
        heap_give_up(table->arena.heap);
    size_t old_count = table->slots ? table->mask + 1 : 0;
    table->slots = heap_alloc(table->arena.heap, count, sizeof *table->slots);
    memset(table->slots, 0xff, count * sizeof *table->slots);
    table->mask = count - 1;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].id == INTERN_NONE)
            continue;
        size_t at = old[i].hash & table->mask;
        while (table->slots[at].id != INTERN_NONE)
            at = (at + 1) & table->mask;
        table->slots[at] = old[i];
    }
    heap_free(table->arena.heap, old);
}

uint32_t intern_add(struct intern *table, str name)
{
    if (!table->slots || table->names.n * 2 + 2 > table->mask)
        grow_intern(table);
    uint32_t hash = (uint32_t)hash_bytes(name, table->seed);
    struct intern_slot *slot = find_name_slot(table, name, hash);
    if (slot->id != INTERN_NONE)
        return slot->id;
    str copy = arena_copy(&table->arena, name);
    vec_push(table->arena.heap, &table->names, copy);
    *slot = (struct intern_slot){hash, (uint32_t)(table->names.n - 1)};
    return slot->id;
}

uint32_t intern_find(const struct intern *table, str name)
{
    if (!table->slots)
        return INTERN_NONE;
    return find_name_slot(table, name, (uint32_t)hash_bytes(name, table->seed))->id;
}

void intern_end(struct intern *table)
{
    heap_free(table->arena.heap, table->slots);
    table->slots = NULL;
    vec_free(table->arena.heap, &table->names);
    arena_end(&table->arena);
}

/* ---- strbuf ---- */

void strbuf_add(struct strbuf *buf, str part)
{
    vec_reserve(buf->heap, &buf->bytes, part.n);
    if (part.n > 0)
        memcpy(buf->bytes.at + buf->bytes.n, part.p, part.n);
    buf->bytes.n += part.n;
}

void strbuf_add_u64(struct strbuf *buf, uint64_t value)
{
    char digits[NUM_ROOM];
    strbuf_add(buf, str_of(digits, num_put_u64(digits, value)));
}

void strbuf_add_hex(struct strbuf *buf, uint64_t value)
{
    char digits[16];
    size_t at = sizeof digits;
    do
        digits[--at] = "0123456789abcdef"[value & 15];
    while ((value >>= 4) != 0);
    strbuf_add(buf, str_of(digits + at, sizeof digits - at));
}
