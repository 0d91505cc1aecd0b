/* SPDX-License-Identifier: MIT */
/*
 * perf_data_queue: perf writes the buffer of one processor after the other, so records come in runs
 * that are sorted by time. The runs are merged.
 */
#include "format/perf_data/perf_data.h"

void perf_queue_add(struct perf_queue *queue, uint64_t time, str record, uint64_t position)
{
    struct perf_queued entry = {time, position, queue->bytes.n, record.n};
    vec_reserve(queue->heap, &queue->bytes, record.n);
    memcpy(queue->bytes.at + queue->bytes.n, record.p, record.n);
    queue->bytes.n += record.n;
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
static void merge(const struct perf_queued *from, struct perf_queued *to, size_t a, size_t b,
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
            merge(queue->entries.at, queue->spare.at, a, b, c);
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

/* Keep the entries from `first` on, with their bytes. */
static void keep_rest(struct perf_queue *queue, size_t first)
{
    size_t n = 0;
    queue->kept.n = 0;
    for (size_t i = first; i < queue->entries.n; i++) {
        struct perf_queued entry = queue->entries.at[i];
        vec_reserve(queue->heap, &queue->kept, entry.size);
        memcpy(queue->kept.at + queue->kept.n, queue->bytes.at + entry.offset, entry.size);
        entry.offset = queue->kept.n;
        queue->kept.n += entry.size;
        queue->entries.at[n++] = entry;
    }
    queue->entries.n = n;
    struct perf_queue swapped = *queue;
    queue->bytes.at = swapped.kept.at;
    queue->bytes.n = swapped.kept.n;
    queue->bytes.cap = swapped.kept.cap;
    queue->kept.at = swapped.bytes.at;
    queue->kept.cap = swapped.bytes.cap;
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
        str record = str_of(queue->bytes.at + entry->offset, entry->size);
        good = deliver(context, record, entry->position);
    }
    keep_rest(queue, i);
    queue->limit = queue->latest;
    return good;
}

void perf_queue_end(struct perf_queue *queue)
{
    vec_free(queue->heap, &queue->entries);
    vec_free(queue->heap, &queue->spare);
    vec_free(queue->heap, &queue->bytes);
    vec_free(queue->heap, &queue->kept);
    vec_free(queue->heap, &queue->runs);
}
