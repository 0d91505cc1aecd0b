/* SPDX-License-Identifier: MIT */
/*
 * perf_data_queue: perf writes the buffer of one processor after the other, so records come in runs
 * that are sorted by time. The runs are merged.
 */
#include "format/perf_data/perf_data.h"

enum {
    RECORD_MOST = 65536,
#if FUZZING
    CHUNK = RECORD_MOST,
#else
    CHUNK = 4 * RECORD_MOST, /* stays in the cache from one round to the next */
#endif
};

/* Make a free chunk the current one. */
static void next_chunk(struct perf_queue *queue)
{
    struct perf_chunk chunk = {.bytes = NULL};
    if (queue->free.n > 0) {
        queue->current = queue->free.at[--queue->free.n];
        return;
    }
    chunk.bytes = heap_alloc(queue->heap, CHUNK, 1);
    queue->current = (uint32_t)queue->chunks.n;
    vec_push(queue->heap, &queue->chunks, chunk);
    vec_reserve(queue->heap, &queue->free, queue->chunks.n);
}

/* A record of the chunk was delivered. */
static void release_record(struct perf_queue *queue, uint32_t number)
{
    struct perf_chunk *chunk = &queue->chunks.at[number];
    if (--chunk->waiting > 0)
        return;
    chunk->n = 0;
    if (number != queue->current)
        queue->free.at[queue->free.n++] = number; /* next_chunk() made room */
}

void perf_queue_add(struct perf_queue *queue, uint64_t time, str record, uint64_t position)
{
    if (queue->chunks.n == 0 || CHUNK - queue->chunks.at[queue->current].n < record.n)
        next_chunk(queue);
    struct perf_chunk *chunk = &queue->chunks.at[queue->current];
    struct perf_queued entry = {time, position, chunk->bytes + chunk->n, (uint32_t)record.n,
                                queue->current};
    memcpy(chunk->bytes + chunk->n, record.p, record.n);
    chunk->n += record.n;
    chunk->waiting++;
    vec_push(queue->heap, &queue->entries, entry);
    if (time > queue->latest)
        queue->latest = time;
}

/* Set queue->runs to the starts of the sorted runs, and their end. */
static void find_runs(struct perf_queue *queue)
{
    const struct perf_queued *entries = queue->entries.at;
    queue->runs.n = 0;
    for (size_t i = 0; i < queue->entries.n; i++)
        if (i == 0 || entries[i].time < entries[i - 1].time)
            vec_push(queue->heap, &queue->runs, i);
    vec_push(queue->heap, &queue->runs, queue->entries.n);
}

/* Merge from[a, b) and from[b, c). Entries with equal times keep their order. */
static void merge_runs(const struct perf_queued *from, struct perf_queued *to, size_t a, size_t b,
                       size_t c)
{
    size_t i = a, j = b;
    for (size_t at = a; at < c; at++)
        to[at] = j == c || (i < b && from[i].time <= from[j].time) ? from[i++] : from[j++];
}

static void sort_entries(struct perf_queue *queue)
{
    find_runs(queue);
    while (queue->runs.n > 2) {
        size_t *runs = queue->runs.at, count = queue->runs.n - 1, n = 0;
        queue->spare.n = 0;
        vec_reserve(queue->heap, &queue->spare, queue->entries.n);
        for (size_t i = 0; i < count; i += 2) {
            size_t a = runs[i], b = runs[i + 1], c = i + 2 <= count ? runs[i + 2] : b;
            merge_runs(queue->entries.at, queue->spare.at, a, b, c);
            runs[n++] = a;
        }
        runs[n++] = queue->entries.n;
        queue->runs.n = n;
        queue->spare.n = queue->entries.n;
        struct perf_queue swapped = *queue;
        queue->entries.at = swapped.spare.at;
        queue->entries.cap = swapped.spare.cap;
        queue->spare.at = swapped.entries.at;
        queue->spare.cap = swapped.entries.cap;
    }
}

bool perf_queue_flush(struct perf_queue *queue, bool all, perf_deliver_fn *deliver, void *context)
{
    bool good = true;
    size_t i = 0;
    sort_entries(queue);
    for (; good && i < queue->entries.n; i++) {
        const struct perf_queued *entry = &queue->entries.at[i];
        if (!all && entry->time > queue->limit)
            break;
        good = deliver(context, str_of(entry->record, entry->size), entry->position);
        release_record(queue, entry->chunk);
    }
    queue->entries.n -= i;
    if (i > 0 && queue->entries.n > 0)
        memmove(queue->entries.at, queue->entries.at + i,
                queue->entries.n * sizeof *queue->entries.at);
    queue->limit = queue->latest;
    return good;
}

void perf_queue_end(struct perf_queue *queue)
{
    vec_free(queue->heap, &queue->entries);
    vec_free(queue->heap, &queue->spare);
    for (size_t i = 0; i < queue->chunks.n; i++)
        heap_free(queue->heap, queue->chunks.at[i].bytes);
    vec_free(queue->heap, &queue->chunks);
    vec_free(queue->heap, &queue->free);
    vec_free(queue->heap, &queue->runs);
}
