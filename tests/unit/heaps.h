/* SPDX-License-Identifier: MIT */
/*
 * heaps: an allocator that counts its blocks and fails when told to, the n-th call or all from
 * there on. Every growth moves the block, so that a pointer kept too long points into freed memory.
 */
#ifndef FLAMETREE_TESTS_HEAPS_H
#define FLAMETREE_TESTS_HEAPS_H

#include <stdlib.h>
#include <string.h>

#include "core/heap.h"

enum { HEAPS_MOST = 4096 };

struct heaps {
    size_t calls, blocks; /* asked for so far; not freed yet */
    size_t fail_at;       /* the call that fails, counted from 1; 0: none */
    bool for_good;        /* those after it fail too */
    size_t sizes_n;
    struct {
        void *block;
        size_t size;
    } sizes[HEAPS_MOST];
};

static inline size_t heaps_find(const struct heaps *heaps, const void *block)
{
    size_t i = 0;
    while (i < heaps->sizes_n && heaps->sizes[i].block != block)
        i++;
    return i;
}

static inline void heaps_drop(struct heaps *heaps, void *block)
{
    size_t at = heaps_find(heaps, block);
    if (at == heaps->sizes_n)
        abort(); /* freed twice, or never ours */
    heaps->sizes[at] = heaps->sizes[--heaps->sizes_n];
    heaps->blocks--;
    free(block);
}

/* A heap_resize_fn; the context is a struct heaps. */
static inline void *heaps_resize(void *context, void *old, size_t size)
{
    struct heaps *heaps = context;
    if (size == 0) {
        heaps_drop(heaps, old);
        return NULL;
    }
    heaps->calls++;
    if (heaps->fail_at != 0 &&
        (heaps->calls == heaps->fail_at || (heaps->for_good && heaps->calls > heaps->fail_at)))
        return NULL;
    bool room = heaps->sizes_n < HEAPS_MOST && size < (size_t)1 << 31;
    void *fresh = room ? malloc(size) : NULL;
    if (!fresh)
        return NULL;
    if (old) {
        size_t had = heaps->sizes[heaps_find(heaps, old)].size;
        memcpy(fresh, old, had < size ? had : size);
        heaps_drop(heaps, old);
    }
    heaps->sizes[heaps->sizes_n].block = fresh;
    heaps->sizes[heaps->sizes_n++].size = size;
    heaps->blocks++;
    return fresh;
}

struct heaps_job {
    bool (*work)(struct heap *, void *);
    void *arg;
    struct heap heap;
};

static inline bool heaps_do_job(void *arg)
{
    struct heaps_job *job = arg;
    return job->work(&job->heap, job->arg);
}

/* work(heap, arg) in a heap of its own: what it returned. All is freed again. */
static inline bool heaps_run(bool (*work)(struct heap *, void *), void *arg)
{
    struct heaps_job job = {.work = work, .arg = arg};
    struct err err = {0};
    heap_init(&job.heap, NULL, NULL, 0);
    bool done = heap_guard(&job.heap, heaps_do_job, &job, &err);
    heap_end(&job.heap);
    return done;
}

/* Do the work again and again, and make each of its allocations fail in turn, until none does.
 * False if it does not end after 5,000, if something is left behind, or if a failure has another
 * cause than memory. */
static inline bool heaps_sweep(bool (*work)(struct heap *, void *), void *arg)
{
    static struct heaps heaps;
    for (size_t fail_at = 1; fail_at < 5000; fail_at++) {
        struct heaps_job job = {.work = work, .arg = arg};
        struct err err = {0};
        heaps = (struct heaps){.fail_at = fail_at};
        heap_init(&job.heap, heaps_resize, &heaps, 0);
        bool done = heap_guard(&job.heap, heaps_do_job, &job, &err);
        heap_end(&job.heap);
        if (heaps.blocks != 0 || (!done && err.code != ERR_MEMORY))
            return false;
        if (heaps.calls < fail_at)
            return done;
    }
    return false;
}

#endif
