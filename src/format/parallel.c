/*
 * parallel: the lock guards `shared` and the caller's input; everything else belongs to one thread,
 * or does not change while they run. No jump leaves a thread: each has a heap guard of its own.
 */
#include "format/parallel.h"

#include <pthread.h>

#include "core/os.h"

enum { THREADS_MOST = 64 };

/* Samples near each other have stacks in common, so a thread gets many at once. */
enum { BUFFER = 1 << 20 };

struct worker {
    struct parallel *parallel;
    struct heap heap;
    struct profile profile;
    struct builder builder;
    struct reader_input input;
    char *buffer; /* BUFFER bytes of the caller's heap; they change hands */
    pthread_t thread;
    bool started;
    struct err err;
};

struct parallel {
    struct heap_cleanup cleanup;
    const struct parallel_options *options;
    const struct reader *reader;
    struct builder *builder; /* the caller's */
    struct reader_input *input;
    char *buffer; /* the caller's, as worker->buffer */
    struct worker *workers;
    size_t count;
    size_t events; /* of the caller's profile when the threads started */
    bool running;
    bool alone; /* the caller, from now on */
    pthread_mutex_t lock;
    struct {
        uint64_t lines; /* before what is read next */
        bool over;      /* the caller reads the rest alone */
    } shared;
};

static void end_workers(void *of)
{
    struct parallel *parallel = of;
    for (size_t i = 0; i < parallel->count; i++)
        heap_end(&parallel->workers[i].heap);
}

struct parallel *parallel_open(const struct parallel_options *options, const struct reader *reader,
                               struct builder *builder, struct reader_input *input)
{
    size_t threads = options->threads < THREADS_MOST ? options->threads : THREADS_MOST;
    if (!reader->follow || threads < 2 || builder->profile->tree.in_order)
        return NULL;
    struct parallel *parallel = heap_zero(builder->heap, 1, sizeof *parallel);
    *parallel = (struct parallel){.options = options, .reader = reader, .builder = builder};
    parallel->input = input;
    parallel->count = threads - 1;
    parallel->cleanup = (struct heap_cleanup){.run = end_workers, .of = parallel};
    return parallel;
}

/* The end of the last line, or of the last empty line, in `text`; 0: there is none. */
static size_t last_gap(const struct parallel *parallel, str text)
{
    size_t ends = parallel->reader->gap_lines;
    for (size_t i = text.n; i >= ends; i--)
        if (text.p[i - 1] == '\n' && text.p[i - ends] == '\n')
            return i;
    return 0;
}

/* A line begins with '#'. Before `text` there is a line end. */
static bool has_comment(str text)
{
    for (size_t at = str_find(text, '#', 0); at < text.n; at = str_find(text, '#', at + 1))
        if (at == 0 || text.p[at - 1] == '\n')
            return true;
    return false;
}

/* In strides, which compilers make vectors of: with a call for each line it took 8 % of the time of
 * two threads. */
static uint64_t count_lines(str text)
{
    enum { STRIDE = 64 };
    uint64_t count = 0;
    size_t at = 0;
    for (; text.n - at >= STRIDE; at += STRIDE) {
        unsigned char ends = 0;
        for (size_t i = 0; i < STRIDE; i++)
            ends = (unsigned char)(ends + (text.p[at + i] == '\n'));
        count += ends;
    }
    for (; at < text.n; at++)
        count += text.p[at] == '\n';
    return count;
}

/* Read on until a block is full. False at the end of the input, or when there is no room: while
 * threads run, the buffer, which is of the caller's heap, must not grow. */
static bool fill_locked(struct parallel *parallel)
{
    struct reader_input *input = parallel->input;
    size_t left = input->n - input->at;
    size_t most = left + (input->block ? input->block : BUFFER / 2);
    if (most > BUFFER || input->cap < most)
        return false;
    while (input->n - input->at < most && reader_input_more(input) > 0)
        continue;
    return !input->ended;
}

/* The next block, in exchange for *buffer; false when there is no more for threads. */
static bool take_locked(struct parallel *parallel, char **buffer, struct line_loop *lines)
{
    struct reader_input *input = parallel->input;
    size_t end = 0;
    if (parallel->shared.over)
        return false;
    if (fill_locked(parallel))
        end = last_gap(parallel, str_of(input->buffer + input->at, input->n - input->at));
    if (end == 0 || has_comment(str_of(input->buffer + input->at, end))) {
        input->scanned = input->at;
        parallel->shared.over = true;
        return false;
    }
    lines->block = reader_input_swap(input, end, buffer, BUFFER);
    lines->at = 0;
    lines->number = parallel->shared.lines;
    parallel->shared.lines += count_lines(lines->block);
    return true;
}

static bool take_block(struct parallel *parallel, char **buffer, struct line_loop *lines)
{
    pthread_mutex_lock(&parallel->lock);
    bool taken = take_locked(parallel, buffer, lines);
    pthread_mutex_unlock(&parallel->lock);
    return taken;
}

/* ---- a thread ---- */

static bool read_blocks(void *arg)
{
    struct worker *worker = arg;
    if (!worker->parallel->reader->read(&worker->builder, &worker->input, &worker->err))
        return false;
    builder_end(&worker->builder);
    return true;
}

static void *run(void *arg)
{
    struct worker *worker = arg;
    if (!heap_guard(&worker->heap, read_blocks, worker, &worker->err)) {
        pthread_mutex_lock(&worker->parallel->lock);
        worker->parallel->shared.over = true;
        pthread_mutex_unlock(&worker->parallel->lock);
    }
    return NULL;
}

/* A reader that goes on where the caller's is. */
static bool prepare(void *arg)
{
    struct worker *worker = arg;
    struct parallel *parallel = worker->parallel;
    const struct builder *leader = parallel->builder;
    profile_init(&worker->profile, &worker->heap, leader->profile->tree.seed, false);
    profile_split(&worker->profile, leader->profile);
    builder_init(&worker->builder, &worker->profile, leader->options);
    builder_start(&worker->builder, leader->file);
    worker->input = (struct reader_input){.heap = &worker->heap, .parallel = parallel};
    return parallel->reader->follow(&worker->builder, leader);
}

static void start_worker(struct parallel *parallel, struct worker *worker)
{
    const struct os *os = parallel->options->os;
    worker->parallel = parallel;
    worker->buffer = heap_alloc(parallel->builder->heap, BUFFER, 1);
    heap_init_under(&worker->heap, parallel->builder->heap);
    /* without memory or a thread there is one less */
    bool ready = heap_guard(&worker->heap, prepare, worker, &worker->err);
    worker->err = (struct err){0};
    worker->started = ready && os->start(os->context, &worker->thread, run, worker) == 0;
}

/* ---- the caller ---- */

static void start(struct parallel *parallel, uint64_t lines)
{
    struct heap *heap = parallel->builder->heap;
    parallel->buffer = heap_alloc(heap, BUFFER, 1);
    reader_input_reserve(parallel->input, BUFFER);
    parallel->workers = heap_zero(heap, parallel->count, sizeof *parallel->workers);
    parallel->events = parallel->builder->profile->events.n;
    parallel->shared.lines = lines;
    pthread_mutex_init(&parallel->lock, NULL);
    heap_add_cleanup(heap, &parallel->cleanup);
    parallel->running = true;
    for (size_t i = 0; i < parallel->count; i++)
        start_worker(parallel, &parallel->workers[i]);
}

static bool is_worth(const struct parallel *parallel)
{
    const struct reader_input *input = parallel->input;
    uint64_t after = parallel->options->after;
    return !input->ended && (input->bytes >= after || input->source->size >= after);
}

/* While one thread reads, blocks that may be followed by threads end where these can begin. */
static bool fill_alone(struct parallel *parallel, struct line_loop *lines)
{
    if (!line_loop_fill_alone(lines))
        return false;
    size_t gap = is_worth(parallel) ? last_gap(parallel, lines->block) : 0;
    if (gap > 0) {
        parallel->input->at -= lines->block.n - gap;
        parallel->input->scanned = parallel->input->at;
        lines->block.n = gap;
    }
    return true;
}

static bool is_at_gap(const struct parallel *parallel, const struct line_loop *lines)
{
    return lines->block.n > 0 && last_gap(parallel, lines->block) == lines->block.n;
}

static bool may_start(const struct parallel *parallel, const struct line_loop *lines)
{
    return !parallel->running && is_worth(parallel) && is_at_gap(parallel, lines) &&
           parallel->reader->follow(NULL, parallel->builder);
}

/* The threads have taken what is for them. */
static bool go_on_alone(struct parallel *parallel, struct line_loop *lines)
{
    if (!parallel->alone)
        lines->number = parallel->shared.lines;
    parallel->alone = true;
    return line_loop_fill_alone(lines);
}

bool parallel_fill(struct parallel *parallel, struct line_loop *lines)
{
    if (lines->input != parallel->input) {
        struct worker *worker = (struct worker *)((char *)lines->input -
                                                  offsetof(struct worker, input));
        return take_block(parallel, &worker->buffer, lines);
    }
    if (may_start(parallel, lines))
        start(parallel, lines->number);
    if (!parallel->running)
        return fill_alone(parallel, lines);
    return take_block(parallel, &parallel->buffer, lines) || go_on_alone(parallel, lines);
}

void parallel_wait(struct parallel *parallel)
{
    if (!parallel->running)
        return;
    const struct os *os = parallel->options->os;
    pthread_mutex_lock(&parallel->lock);
    parallel->shared.over = true;
    pthread_mutex_unlock(&parallel->lock);
    for (size_t i = 0; i < parallel->count; i++)
        if (parallel->workers[i].started)
            os->wait(os->context, parallel->workers[i].thread);
    pthread_mutex_destroy(&parallel->lock);
}

bool parallel_close(struct parallel *parallel, struct err *err)
{
    bool good = true;
    if (!parallel->running)
        return true;
    struct heap *heap = parallel->builder->heap;
    for (size_t i = 0; i < parallel->count && good; i++) {
        struct worker *worker = &parallel->workers[i];
        good = worker->err.code == ERR_NONE;
        if (good && worker->started)
            profile_merge(parallel->builder->profile, &worker->profile, parallel->events);
        else if (!good)
            *err = worker->err;
    }
    heap_remove_cleanup(heap, &parallel->cleanup);
    end_workers(parallel);
    for (size_t i = 0; i < parallel->count; i++)
        heap_free(heap, parallel->workers[i].buffer);
    heap_free(heap, parallel->workers);
    heap_free(heap, parallel->buffer);
    heap_free(heap, parallel);
    return good;
}
