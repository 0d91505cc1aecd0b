/* SPDX-License-Identifier: MIT */
/*
 * heap, arena and vec: what they promise about alignment, limits, failure and freeing.
 */
#include "core/heap.h"
#include "dice.h"
#include "heaps.h"
#include "tap.h"

struct job {
    struct heap heap;
    size_t count, size;
    unsigned reached;
};

static bool ask_once(void *arg)
{
    struct job *job = arg;
    job->reached = 1;
    (void)heap_alloc(&job->heap, job->count, job->size);
    job->reached = 2;
    return true;
}

static void test_limits(void)
{
    struct job job = {.count = 1000, .size = 1000};
    struct err err = {0};
    heap_init(&job.heap, NULL, NULL, 1 << 20);
    ok(heap_guard(&job.heap, ask_once, &job, &err), "1 MB limit: the first MB is there");
    ok(!heap_guard(&job.heap, ask_once, &job, &err), "and the second is not");
    ok(job.reached == 1 && err.code == ERR_MEMORY, "control came back with ERR_MEMORY");
    is_text(err.message, "the limit of 1 MB of memory is reached", "and its message");
    ok(job.heap.used >= 1000000 && job.heap.used < 1 << 20, "use is counted");
    heap_end(&job.heap);
    is_u64(job.heap.used, 0, "and is 0 at the end");
    err = (struct err){0};
    ok(heap_guard(&job.heap, ask_once, &job, &err), "a heap can be used again after its end");
    heap_end(&job.heap);
}

/* What threads of one run take counts together. */
static void test_under(void)
{
    struct job one = {.count = 600, .size = 1000}, two = one;
    struct err err = {0};
    heap_init(&one.heap, NULL, NULL, 1 << 20);
    heap_init_under(&two.heap, &one.heap);
    ok(heap_guard(&one.heap, ask_once, &one, &err), "600 kB of 1 MB");
    ok(!heap_guard(&two.heap, ask_once, &two, &err), "and 600 more of a heap under it");
    is_text(err.message, "the limit of 1 MB of memory is reached", "are too many");
    ok(two.heap.used == 0 && one.heap.taken == one.heap.used, "only what was given is counted");
    heap_end(&one.heap);
    err = (struct err){0};
    ok(heap_guard(&two.heap, ask_once, &two, &err), "but not when the first are free");
    ok(one.heap.taken == two.heap.used, "they count above");
    heap_end(&two.heap);
    is_u64(one.heap.taken, 0, "nothing is left");
}

static void test_sizes_that_overflow(void)
{
    const size_t root = (size_t)1 << sizeof(size_t) * 4; /* root x root is one more than fits */
    const size_t pairs[][2] = {
        {SIZE_MAX, 1},         {1, SIZE_MAX},      {SIZE_MAX / 2, 3},
        {SIZE_MAX / 8 + 2, 8}, {SIZE_MAX - 16, 1}, {(size_t)PTRDIFF_MAX, 1},
        {root, root},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct job job = {.count = pairs[i][0], .size = pairs[i][1]};
        struct heaps heaps = {0};
        struct err err = {0};
        heap_init(&job.heap, heaps_resize, &heaps, 0);
        ok(!heap_guard(&job.heap, ask_once, &job, &err) && err.code == ERR_MEMORY,
           "%zu x %zu bytes are refused", job.count, job.size);
        heap_end(&job.heap);
    }
}

static bool ask_for_piece(void *arg)
{
    struct job *job = arg;
    struct arena arena;
    arena_init(&arena, &job->heap);
    (void)arena_alloc(&arena, 10, 1, 1);
    (void)arena_alloc(&arena, job->count, job->size, 8);
    return true;
}

static void test_arena_sizes_that_overflow(void)
{
    static const size_t pairs[][2] = {{SIZE_MAX, 2}, {SIZE_MAX - 8, 1}, {SIZE_MAX / 4, 4}};
    for (size_t i = 0; i < 3; i++) {
        struct job job = {.count = pairs[i][0], .size = pairs[i][1]};
        struct heaps heaps = {0};
        struct err err = {0};
        heap_init(&job.heap, heaps_resize, &heaps, 0);
        ok(!heap_guard(&job.heap, ask_for_piece, &job, &err) && err.code == ERR_MEMORY,
           "an arena refuses %zu x %zu bytes", job.count, job.size);
        heap_end(&job.heap);
    }
}

static bool fill_arena(struct heap *heap, void *arg)
{
    enum { PIECES = 4000 };
    static char *pieces[PIECES];
    static size_t sizes[PIECES];
    struct arena arena;
    uint64_t state = 1;
    bool aligned = true, intact = true;
    (void)arg;
    arena_init(&arena, heap);
    for (size_t i = 0; i < PIECES; i++) {
        size_t align = (size_t)1 << dice_below(&state, 5);
        sizes[i] = dice_below(&state, i % 100 == 0 ? 3000000 : 500);
        pieces[i] = arena_alloc(&arena, sizes[i], 1, align);
        aligned &= (uintptr_t)pieces[i] % align == 0;
        memset(pieces[i], (int)(i & 0xff), sizes[i]);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t k = 0; k < sizes[i]; k += 1 + sizes[i] / 64)
            intact &= (unsigned char)pieces[i][k] == (i & 0xff);
    ok(aligned, "4000 pieces of an arena are aligned as asked");
    ok(intact, "and none lies over another");
    arena_end(&arena);
    is_u64(heap->used, 0, "the end of an arena frees all of it");
    is_str(arena_join(&arena, STR("ab"), STR("")), STR("ab"), "it can be used again; join");
    is_str(arena_join(&arena, STR(""), STR("c")), STR("c"), "join with nothing before");
    is_str(arena_copy(&arena, STR("")), STR(""), "a copy of nothing");
    is_str(arena_copy(&arena, (str){NULL, 0}), STR(""), "a copy of a str without bytes");
    is_text(arena_copy_c(&arena, STR("path")), "path", "a copy for the system");
    arena_end(&arena);
    return true;
}

static bool grow_vec(struct heap *heap, void *arg)
{
    VEC(uint64_t) v = {0};
    bool intact = true;
    (void)arg;
    for (uint64_t i = 0; i < 100000; i++)
        vec_push(heap, &v, i * i);
    for (uint64_t i = 0; i < v.n; i++)
        intact &= v.at[i] == i * i;
    ok(intact && v.n == 100000, "a vec of 100000 elements holds them");
    ok(v.cap < 2 * v.n, "and not much more");
    vec_reserve(heap, &v, 1000000);
    ok(v.cap >= v.n + 1000000, "room is made at once");
    vec_free(heap, &v);
    is_u64(heap->used, 0, "and freed");
    return true;
}

/* Blocks of all sorts, grown, shrunk and freed in every order. */
static bool churn(struct heap *heap, void *arg)
{
    enum { BLOCKS = 64 };
    char *blocks[BLOCKS] = {0};
    size_t sizes[BLOCKS] = {0};
    uint64_t state = 7;
    for (unsigned round = 0; round < 300; round++) {
        size_t i = dice_below(&state, BLOCKS), size = dice_below(&state, 300);
        for (size_t k = 0; k < sizes[i]; k++)
            if (blocks[i][k] != (char)i)
                return false;
        if (dice_below(&state, 4) == 0) {
            heap_free(heap, blocks[i]);
            blocks[i] = NULL;
            size = 0;
        } else {
            blocks[i] = heap_resize(heap, blocks[i], size, 1);
            memset(blocks[i], (int)i, size);
        }
        sizes[i] = size;
    }
    *(bool *)arg = true;
    return true; /* what is left belongs to heap_end() */
}

static void test_failing_allocator(void)
{
    bool good = true, finished = false;
    size_t n = 0;
    while (!finished && n < 10000) {
        struct heaps heaps = {.fail_at = ++n};
        struct heaps_job job = {.work = churn, .arg = &finished};
        struct err err = {0};
        heap_init(&job.heap, heaps_resize, &heaps, 0);
        bool done = heap_guard(&job.heap, heaps_do_job, &job, &err);
        good &= done == finished && (done || err.code == ERR_MEMORY);
        heap_end(&job.heap);
        good &= heaps.blocks == 0 && job.heap.used == 0;
    }
    ok(finished, "a run succeeds when the failing allocation comes after it (%zu)", n);
    ok(good, "each failed allocation before was told, and no block was left");
}

struct nested {
    struct heap heap;
    bool inner_failed, outer_went_on;
};

static bool inner(void *arg)
{
    struct nested *nested = arg;
    (void)heap_alloc(&nested->heap, SIZE_MAX, 1);
    return true;
}

static bool outer(void *arg)
{
    struct nested *nested = arg;
    struct err err = {0};
    nested->inner_failed = !heap_guard(&nested->heap, inner, nested, &err);
    nested->outer_went_on = true;
    (void)heap_alloc(&nested->heap, SIZE_MAX, 1);
    return true;
}

static void test_nested_guards(void)
{
    struct nested nested = {.inner_failed = false};
    struct err err = {0};
    heap_init(&nested.heap, NULL, NULL, 0);
    bool done = heap_guard(&nested.heap, outer, &nested, &err);
    ok(nested.inner_failed && nested.outer_went_on && !done, "a guard within a guard");
    ok(!heap_guard(&nested.heap, inner, &nested, NULL), "a guard without a struct err");
    heap_end(&nested.heap);
}

static bool zeroed(struct heap *heap, void *arg)
{
    const char *p = heap_zero(heap, 300, 7);
    size_t sum = 0;
    (void)arg;
    for (size_t i = 0; i < 2100; i++)
        sum += (unsigned char)p[i];
    ok(sum == 0, "zeroed room is zero");
    heap_free(heap, NULL);
    ok((uintptr_t)heap_alloc(heap, 0, 8) % 16 == 0, "room for nothing is a block, aligned");
    return true;
}

int main(void)
{
    test_limits();
    test_under();
    test_sizes_that_overflow();
    test_arena_sizes_that_overflow();
    heaps_run(fill_arena, NULL);
    heaps_run(grow_vec, NULL);
    heaps_run(zeroed, NULL);
    test_failing_allocator();
    test_nested_guards();
    return done_testing();
}
