/* SPDX-License-Identifier: MIT */
/*
 * parallel: several threads read one input of lines. Each has its own profile and heap guard; the
 * profiles are merged at the end.
 *
 *      input ──► lock ──► block ──► caller: its reader ──► the profile ◄─┐
 *                  │  └─► block ──► thread: a reader ────► a profile ────┘ at the end
 *                  └────► block ──► caller ...
 *
 * A block ends at a gap: after any line, or after an empty one, as the reader says. A line that
 * begins with '#' can change how the rest is read, so from there on only the caller reads; also if
 * half a megabyte has no gap. The result does not depend on which thread read which block: trees
 * are written in the order of names, and events and skipped lines in the order of their lines.
 */
#include <pthread.h>
#include <stdatomic.h>

#include "core/os.h"
#include "format/reader.h"

/* Neighboring samples share most of their stacks, so a thread takes half a buffer at once. */
enum { THREADS_MOST = 64, BUFFER = 1 << 20 };

struct worker {
    struct parallel *parallel;
    struct heap *heap;
    struct profile profile;
    struct builder builder;
    struct reader_input input;
    pthread_t thread;
    bool started;
    struct err err;
};

struct parallel {
    const struct parallel_options *options;
    const struct reader *reader;
    struct builder *builder; /* the caller's */
    struct reader_input *input;
    struct worker *workers; /* NULL: not started */
    size_t count;
    size_t events;        /* of the caller's profile when the threads started */
    bool at_gap;          /* not started: the last block ended where a thread can begin */
    pthread_mutex_t lock; /* of the caller's input and `lines` */
    uint64_t lines;       /* before the next block */
    atomic_bool over;     /* there is no further block for threads */
};

struct parallel *parallel_open(const struct parallel_options *options, const struct reader *reader,
                               struct builder *builder, struct reader_input *input)
{
    size_t threads = options->threads < THREADS_MOST ? options->threads : THREADS_MOST;
    if (!reader->follow || threads < 2 || builder->profile->tree.in_order)
        return NULL;
    struct parallel *parallel = heap_zero(builder->scratch, 1, sizeof *parallel);
    *parallel = (struct parallel){.options = options, .reader = reader, .builder = builder};
    parallel->input = input;
    parallel->count = threads - 1;
    return parallel;
}

/* The end of the last gap in `text`; 0: there is none. */
static size_t find_last_gap(const struct parallel *parallel, str text)
{
    size_t ends = parallel->reader->gap_lines;
    for (size_t i = text.n; i >= ends; i--)
        if (text.p[i - 1] == '\n' && text.p[i - ends] == '\n')
            return i;
    return 0;
}

/* `text` starts at the start of a line. */
static bool has_comment(str text)
{
    for (size_t at = str_find(text, '#', 0); at < text.n; at = str_find(text, '#', at + 1))
        if (at == 0 || text.p[at - 1] == '\n')
            return true;
    return false;
}

/* The next block; false if there is no further one for threads: at the end of the input, or if the
 * buffer is too small. The buffer is in the caller's heap, so it must not grow while threads
 * run. */
static bool take_block_locked(struct parallel *parallel, struct line_loop *lines)
{
    struct reader_input *input = parallel->input;
    if (parallel->over) /* the caller may use the input without the lock */
        return false;
    size_t most = input->n - input->at + (input->block ? input->block : BUFFER / 2), end = 0;
    if (most <= BUFFER && most <= input->cap) {
        while (input->n - input->at < most && reader_input_more(input) > 0)
            continue;
        if (!input->ended)
            end = find_last_gap(parallel, str_of(input->buffer + input->at, input->n - input->at));
    }
    if (end == 0 || has_comment(str_of(input->buffer + input->at, end))) {
        input->scanned = input->at;
        parallel->over = true;
        return false;
    }
    lines->block = reader_input_swap(input, end, &lines->input->spare, BUFFER);
    lines->at = 0;
    lines->number = parallel->lines;
    parallel->lines += str_count(lines->block, '\n');
    return true;
}

/* ---- threads ---- */

static bool read_blocks(void *arg)
{
    struct worker *worker = arg;
    if (!worker->parallel->reader->read(&worker->builder, &worker->input, &worker->err))
        return false;
    builder_end(&worker->builder);
    return true;
}

static void *run_worker(void *arg)
{
    struct worker *worker = arg;
    if (!heap_guard(worker->heap, read_blocks, worker, &worker->err))
        worker->parallel->over = true;
    return NULL;
}

/* Make a reader that continues where the caller's is. */
static bool prepare_worker(void *arg)
{
    struct worker *worker = arg;
    const struct builder *leader = worker->parallel->builder;
    profile_init(&worker->profile, worker->heap, leader->profile->tree.seed, false);
    profile_split(&worker->profile, leader->profile);
    builder_init(&worker->builder, &worker->profile, leader->options);
    builder_start(&worker->builder, leader->file);
    return worker->parallel->reader->follow(&worker->builder, leader);
}

static void start_workers(struct parallel *parallel, uint64_t lines)
{
    struct heap *heap = parallel->builder->scratch;
    const struct os *os = parallel->options->os;
    parallel->input->spare = heap_alloc(heap, BUFFER, 1);
    reader_input_reserve(parallel->input, BUFFER);
    struct worker *workers = heap_zero(heap, parallel->count, sizeof *workers);
    parallel->events = parallel->builder->profile->events.n;
    parallel->lines = lines;
    pthread_mutex_init(&parallel->lock, NULL);
    parallel->workers = workers;
    for (size_t i = 0; i < parallel->count; i++) {
        struct worker *worker = &workers[i];
        worker->parallel = parallel;
        worker->heap = heap_open_child(heap);
        worker->input = (struct reader_input){.heap = worker->heap, .parallel = parallel};
        worker->input.spare = heap_alloc(heap, BUFFER, 1);
        /* a thread that cannot start, or has no memory, is left out */
        bool ready = heap_guard(worker->heap, prepare_worker, worker, &worker->err);
        worker->err = (struct err){0};
        worker->started = ready && os->start(os->context, &worker->thread, run_worker, worker) == 0;
    }
}

/* While only the caller reads a long input, each block ends at a gap, so that threads can start. */
static bool fill_before_start(struct parallel *parallel, struct line_loop *lines)
{
    struct reader_input *input = parallel->input;
    uint64_t after = parallel->options->after;
    if (!line_loop_fill_alone(lines))
        return false;
    bool is_long = !input->ended && (input->bytes >= after || input->source->size >= after);
    size_t gap = is_long ? find_last_gap(parallel, lines->block) : 0;
    parallel->at_gap = gap > 0;
    if (gap > 0) {
        input->scanned = input->at -= lines->block.n - gap;
        lines->block.n = gap;
    }
    return true;
}

bool parallel_fill(struct parallel *parallel, struct line_loop *lines)
{
    if (!parallel->workers && parallel->at_gap && parallel->reader->follow(NULL, parallel->builder))
        start_workers(parallel, lines->number);
    if (!parallel->workers)
        return fill_before_start(parallel, lines);
    pthread_mutex_lock(&parallel->lock);
    bool taken = take_block_locked(parallel, lines);
    pthread_mutex_unlock(&parallel->lock);
    if (taken || lines->input != parallel->input)
        return taken;
    lines->input->parallel = NULL; /* the caller reads the rest */
    lines->number = parallel->lines;
    return line_loop_fill_alone(lines);
}

bool parallel_end(struct parallel *parallel, bool merge, struct err *err)
{
    const struct os *os = parallel->options->os;
    bool good = true;
    parallel->over = true;
    if (!parallel->workers)
        return true;
    for (size_t i = 0; i < parallel->count; i++)
        if (parallel->workers[i].started)
            os->wait(os->context, parallel->workers[i].thread);
    pthread_mutex_destroy(&parallel->lock);
    for (size_t i = 0; merge && i < parallel->count; i++) {
        struct worker *worker = &parallel->workers[i];
        if (good && worker->err.code != ERR_NONE) {
            good = false;
            *err = worker->err;
        }
        if (good && worker->started)
            profile_merge(parallel->builder->profile, &worker->profile, parallel->events);
    }
    return good;
}
