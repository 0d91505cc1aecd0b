/* SPDX-License-Identifier: MIT */
/*
 * perf_data_tasks: the names of threads, and what processes have mapped.
 */
#include "format/perf_data/perf_data.h"

void perf_tasks_init(struct perf_tasks *tasks, struct heap *heap, uint64_t seed)
{
    *tasks = (struct perf_tasks){.heap = heap, .versions = 1, .kernel.version = 1};
    intern_init(&tasks->comms, heap, seed);
    perf_map_init(&tasks->by_tid, heap, seed);
    perf_map_init(&tasks->by_pid, heap, seed);
}

/* The `before` of a space has no `before` of its own. */
static void release_space(struct heap *heap, struct perf_space *space)
{
    for (struct perf_space *before; space && --space->users == 0; space = before) {
        before = space->before;
        vec_free(heap, &space->old.list);
        vec_free(heap, &space->fresh.list);
        heap_free(heap, space);
    }
}

static void forget_before(struct heap *heap, struct perf_space *space)
{
    release_space(heap, space->before);
    space->before = NULL;
}

void perf_tasks_end(struct perf_tasks *tasks)
{
    struct heap *heap = tasks->heap;
    for (size_t i = 0; i < tasks->spaces.n; i++)
        release_space(heap, tasks->spaces.at[i]);
    vec_free(heap, &tasks->spaces);
    vec_free(heap, &tasks->tasks);
    vec_free(heap, &tasks->kernel.old.list);
    vec_free(heap, &tasks->kernel.fresh.list);
    perf_map_end(&tasks->by_tid);
    perf_map_end(&tasks->by_pid);
    intern_end(&tasks->comms);
}

/* ---- names ---- */

/* As perf names a thread that no record names. */
static uint32_t unknown_name(struct perf_tasks *tasks, uint32_t tid)
{
    struct strbuf text = {.heap = tasks->heap};
    if (tid == 0) {
        strbuf_add(&text, STR("swapper"));
    } else {
        strbuf_add(&text, tid == UINT32_MAX ? STR(":-") : STR(":"));
        strbuf_add_u64(&text, tid == UINT32_MAX ? 1 : tid);
    }
    uint32_t id = intern_add(&tasks->comms, strbuf_str(&text));
    strbuf_end(&text);
    return id;
}

struct perf_task *perf_task_of(struct perf_tasks *tasks, uint32_t tid)
{
    uint32_t *number = perf_map_at(&tasks->by_tid, tid, 0);
    if (*number == PERF_MAP_NONE) {
        struct perf_task task = {.comm = unknown_name(tasks, tid), .named = tid == 0};
        *number = (uint32_t)tasks->tasks.n;
        vec_push(tasks->heap, &tasks->tasks, task);
    }
    return &tasks->tasks.at[*number];
}

void perf_task_rename(struct perf_tasks *tasks, uint32_t tid, str comm)
{
    struct perf_task *task = perf_task_of(tasks, tid);
    task->comm = intern_add(&tasks->comms, comm);
    task->named = true;
    task->has_frame = false;
}

/* ---- mappings ---- */

static struct perf_space **space_place(struct perf_tasks *tasks, uint32_t pid)
{
    uint32_t *number = perf_map_at(&tasks->by_pid, pid, 0);
    if (*number == PERF_MAP_NONE) {
        *number = (uint32_t)tasks->spaces.n;
        vec_push(tasks->heap, &tasks->spaces, NULL);
    }
    return &tasks->spaces.at[*number];
}

struct perf_space *perf_task_space(const struct perf_tasks *tasks, uint32_t pid)
{
    uint32_t number = perf_map_find(&tasks->by_pid, pid);
    return number == PERF_MAP_NONE ? NULL : tasks->spaces.at[number];
}

void perf_task_fork(struct perf_tasks *tasks, uint32_t pid, uint32_t parent, uint32_t tid,
                    uint32_t parent_tid, bool with_mappings)
{
    struct perf_task old = *perf_task_of(tasks, parent_tid), *task = perf_task_of(tasks, tid);
    task->named = old.named;
    task->comm = old.named ? old.comm : unknown_name(tasks, tid);
    task->has_frame = false;
    if (pid == parent)
        return; /* a thread */
    struct perf_space *space = with_mappings ? *space_place(tasks, parent) : NULL;
    if (space)
        space->users++;
    release_space(tasks->heap, *space_place(tasks, pid));
    *space_place(tasks, pid) = space;
}

static struct perf_space *new_space(struct perf_tasks *tasks)
{
    struct perf_space *space = heap_zero(tasks->heap, 1, sizeof *space);
    space->users = 1;
    space->version = ++tasks->versions;
    return space;
}

void perf_task_exec(struct perf_tasks *tasks, uint32_t pid)
{
    struct perf_space *space = new_space(tasks), **place = space_place(tasks, pid);
    space->before = *place;
    *place = space;
    if (space->before && space->before->users == 1)
        forget_before(tasks->heap, space->before);
}

/* The index of the first mapping that ends after `address`. */
static size_t find_after(const struct perf_mappings *mappings, uint64_t address)
{
    size_t low = 0, high = mappings->list.n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (mappings->list.at[middle].end <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static const struct perf_mapping *find_in(const struct perf_mappings *mappings, uint64_t address)
{
    size_t i = find_after(mappings, address);
    bool inside = i < mappings->list.n && mappings->list.at[i].start <= address;
    return inside ? &mappings->list.at[i] : NULL;
}

const struct perf_mapping *perf_space_find(const struct perf_space *space, uint64_t address)
{
    const struct perf_mapping *mapping = find_in(&space->fresh, address);
    return mapping ? mapping : find_in(&space->old, address);
}

const struct perf_mapping *perf_tasks_find(struct perf_tasks *tasks, struct perf_space *space,
                                           uint64_t address)
{
    const struct perf_mapping *mapping = perf_space_find(space, address);
    if (!mapping && space->before)
        return perf_space_find(space->before, address);
    if (mapping && space->before)
        forget_before(tasks->heap, space);
    return mapping;
}

/* Insert a mapping, and cut what it covers. */
static void insert_mapping(struct heap *heap, struct perf_mappings *mappings,
                           const struct perf_mapping *mapping)
{
    size_t first = find_after(mappings, mapping->start), last = first;
    struct perf_mapping parts[3], *at = mappings->list.at;
    size_t n = 0, count = mappings->list.n;
    while (last < count && at[last].start < mapping->end)
        last++;
    if (first < last && at[first].start < mapping->start) {
        parts[n] = at[first];
        parts[n++].end = mapping->start;
    }
    parts[n++] = *mapping;
    if (first < last && at[last - 1].end > mapping->end) {
        parts[n] = at[last - 1];
        parts[n++].start = mapping->end;
    }
    vec_reserve(heap, &mappings->list, n);
    at = mappings->list.at;
    if (last < count)
        memmove(at + first + n, at + last, (count - last) * sizeof *at);
    memcpy(at + first, parts, n * sizeof *at);
    mappings->list.n = count - (last - first) + n;
}

/* Move the fresh mappings to the old ones, and cut what they cover. */
static void merge_fresh(struct heap *heap, struct perf_space *space)
{
    struct perf_mappings merged = {0};
    struct perf_mapping *old = space->old.list.at;
    size_t i = 0, n = space->old.list.n;
    vec_reserve(heap, &merged.list, n + 2 * space->fresh.list.n);
    for (size_t k = 0; k < space->fresh.list.n; k++) {
        const struct perf_mapping *fresh = &space->fresh.list.at[k];
        while (i < n && old[i].end <= fresh->start)
            vec_push(heap, &merged.list, old[i++]);
        if (i < n && old[i].start < fresh->start) {
            vec_push(heap, &merged.list, old[i]);
            merged.list.at[merged.list.n - 1].end = fresh->start;
        }
        vec_push(heap, &merged.list, *fresh);
        while (i < n && old[i].end <= fresh->end)
            i++;
        if (i < n && old[i].start < fresh->end)
            old[i].start = fresh->end;
    }
    while (i < n)
        vec_push(heap, &merged.list, old[i++]);
    vec_free(heap, &space->old.list);
    space->old = merged;
    space->fresh.list.n = 0;
}

/* Of n mappings, about the square root of n are fresh. */
static void add_mapping(struct perf_tasks *tasks, struct perf_space *space,
                        const struct perf_mapping *mapping)
{
    enum { FRESH_FEW = 64 };
    if (mapping->start >= mapping->end)
        return;
    insert_mapping(tasks->heap, &space->fresh, mapping);
    if (space->fresh.list.n * space->fresh.list.n > space->old.list.n + FRESH_FEW)
        merge_fresh(tasks->heap, space);
    space->version = ++tasks->versions;
}

/* The mappings of a process, copied first if other processes share them. */
static struct perf_space *own_space(struct perf_tasks *tasks, uint32_t pid)
{
    struct perf_space **place = space_place(tasks, pid), *old = *place;
    if (old && old->users == 1)
        return old;
    struct perf_space *space = new_space(tasks);
    if (old) {
        vec_append(tasks->heap, &space->old.list, &old->old.list);
        vec_append(tasks->heap, &space->fresh.list, &old->fresh.list);
        space->before = old->before;
        if (old->before)
            old->before->users++;
        old->users--;
    }
    *place = space;
    return space;
}

void perf_task_map(struct perf_tasks *tasks, uint32_t pid, const struct perf_mapping *mapping)
{
    add_mapping(tasks, own_space(tasks, pid), mapping);
}

void perf_tasks_map_kernel(struct perf_tasks *tasks, const struct perf_mapping *mapping)
{
    add_mapping(tasks, &tasks->kernel, mapping);
}
