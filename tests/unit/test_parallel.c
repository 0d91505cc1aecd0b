/* SPDX-License-Identifier: MIT */
/*
 * parallel: one file read by several threads gives what one thread gives: stacks, events, what was
 * skipped and where first, with any number of threads and any size of blocks; also when threads
 * cannot be started, when memory or a read fails, and with text that threads cannot share.
 */
#include "format/reader.h"

#include <errno.h>

#include "perf_fold.h"
#include "recordings.h"
#include "tap.h"

/* A system whose threads are told to fail, or run at once. */
struct system {
    struct os os;
    unsigned started, fail_from; /* the first that cannot be started, from 1; 0: none */
    bool at_once;
};

static int start(void *context, pthread_t *thread, void *(*body)(void *), void *of)
{
    struct system *system = context;
    system->started++;
    if (system->fail_from != 0 && system->started >= system->fail_from)
        return EAGAIN;
    if (!system->at_once)
        return os_posix.start(NULL, thread, body, of);
    memset(thread, 0, sizeof *thread);
    body(of);
    return 0;
}

static void wait_for(void *context, pthread_t thread)
{
    const struct system *system = context;
    if (!system->at_once)
        os_posix.wait(NULL, thread);
}

struct run {
    const struct reader *reader;
    str text;
    size_t threads, block, reads; /* reads: as many succeed; 0: all */
    struct system system;
    struct perf_fold fold;
    struct heap heap;
    struct err err;
};

struct feed {
    str left;
    size_t reads, most;
};

static ptrdiff_t feed_read(void *context, char *to, size_t room, struct err *err)
{
    struct feed *feed = context;
    size_t n = feed->left.n < room ? feed->left.n : room;
    if (feed->most != 0 && ++feed->reads > feed->most) {
        err_set(err, ERR_IO, "told to fail");
        return -1;
    }
    memcpy(to, feed->left.p, n);
    feed->left = str_skip(feed->left, n);
    return (ptrdiff_t)n;
}

static bool work(void *arg)
{
    struct run *run = arg;
    struct profile profile;
    struct source source;
    struct sink sink;
    struct feed feed = {run->text, 0, run->reads};
    struct reading reading = {
        .profile = &profile,
        .options = &run->fold.options,
        .format = run->reader,
        .parallel = {.os = &run->system.os, .threads = run->threads, .after = 1},
        .block = run->block,
    };
    run->system.os.context = &run->system;
    profile_init(&profile, &run->heap, 42, false);
    source_open_callback(&source, "test.perf", feed_read, &feed);
    bool done = reading_add(&reading, &source, &run->err);
    source_close(&source);
    if (!done)
        return false;
    reading_finish(&reading);
    perf_fold_tell(&run->fold, &profile);
    sink_open_callback(&sink, &run->heap, caught_write, &run->fold.folded, &run->err);
    folded_write(&profile.tree, &sink);
    return sink_close(&sink);
}

/* False when it failed; nothing of the heap is left in any case. */
static bool read_text(struct run *run, heap_resize_fn *resize, void *context)
{
    run->system.os.start = start;
    run->system.os.wait = wait_for;
    caught_free(&run->fold.folded);
    run->err = (struct err){0};
    heap_init(&run->heap, resize, context, 0);
    bool done = heap_guard(&run->heap, work, run, &run->err);
    heap_end(&run->heap);
    return done;
}

static bool is_like(const struct run *a, const struct run *b)
{
    const struct perf_fold *x = &a->fold, *y = &b->fold;
    return str_equal(caught_text(&x->folded), caught_text(&y->folded)) &&
           strcmp(x->events, y->events) == 0 && strcmp(x->reasons, y->reasons) == 0 &&
           strcmp(x->facts, y->facts) == 0 && x->samples == y->samples && x->lines == y->lines &&
           x->stackless == y->stackless && x->squares.high == y->squares.high &&
           x->squares.low == y->squares.low;
}

static const struct recording {
    const char *name;
    const struct reader *reader;
    void (*make)(struct text *text);
    bool has_parts;
} texts[] = {
    {"samples", &reader_perf, make_plain, true},
    {"odd lines", &reader_perf, make_odd, true},
    {"folded stacks", &reader_folded, make_folded, true},
    {"two recordings", &reader_perf, make_two, true},
    {"comments and long stacks", &reader_perf, make_knots, true},
    {"CR LF", &reader_perf, make_crlf, true},
    {"no header", &reader_perf, make_bare, false},
    {"events", &reader_perf, make_events, true},
    {"heavy samples", &reader_perf, make_heavy, true},
    {"sorted stacks", &reader_folded, make_sorted, true},
    {"perhaps two columns", &reader_folded, make_pairs, false},
};

static void test_text(const struct recording *recording, str text,
                      const struct read_options *options)
{
    const char *name = recording->name;
    const struct reader *reader = recording->reader;
    static const size_t blocks[] = {200, 1000, 20000, 0};
    static const size_t threads[] = {2, 3, 8};
    struct run one = {.reader = reader, .text = text, .threads = 1, .fold = {.options = *options}};
    unsigned wrong = 0, started = 0;
    read_text(&one, NULL, NULL);
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < 3; k++) {
            struct run run = {.reader = reader, .text = text, .fold = {.options = *options}};
            run.threads = threads[k];
            run.block = blocks[i];
            bool good = read_text(&run, NULL, NULL) && is_like(&one, &run);
            if (!good && wrong++ == 0) {
                diag("%zu threads, %zu bytes", run.threads, run.block);
                tap_show("reasons", str_from_c(run.fold.reasons));
                tap_show("of one", str_from_c(one.fold.reasons));
                tap_show("events", str_from_c(run.fold.events));
                tap_show("of one", str_from_c(one.fold.events));
                tap_show("facts", str_from_c(run.fold.facts));
                tap_show("of one", str_from_c(one.fold.facts));
                diag("%u samples, %u lines; of one %u, %u", (unsigned)run.fold.samples,
                     (unsigned)run.fold.lines, (unsigned)one.fold.samples,
                     (unsigned)one.fold.lines);
            }
            started += run.system.started;
            caught_free(&run.fold.folded);
        }
    }
    ok(wrong == 0 && one.fold.samples > 0, "%s: the same by 2, 3 and 8 threads", name);
    ok((started > 0) == recording->has_parts, "%s: %s", name,
       recording->has_parts ? "in parts" : "by one alone");
    caught_free(&one.fold.folded);
}

/* Whichever thread cannot be started, the others do its work. */
static void test_start(const struct reader *reader, str text)
{
    struct run one = {.reader = reader, .text = text, .threads = 1};
    read_text(&one, NULL, NULL);
    for (unsigned from = 1; from <= 3; from++) {
        struct run run = {.reader = reader, .text = text, .threads = 3, .block = 1000};
        run.system.fail_from = from;
        ok(read_text(&run, NULL, NULL) && is_like(&one, &run) && run.system.started >= 2,
           "thread %u cannot be started", from);
        caught_free(&run.fold.folded);
    }
    caught_free(&one.fold.folded);
}

/* The n-th allocation fails, in whichever thread: it is reported, or not missed. */
static void test_memory(const struct reader *reader, str text)
{
    static struct heaps heaps;
    struct run one = {.reader = reader, .text = text, .threads = 1};
    size_t n = 0, failed = 0;
    unsigned wrong = 0;
    bool reached = true;
    read_text(&one, NULL, NULL);
    while (reached && n < 2000) {
        struct run run = {.reader = reader, .text = text, .threads = 3, .block = 1000};
        run.system.at_once = true;
        n++;
        heaps = (struct heaps){.fail_at = n, .for_good = n & 1};
        bool done = read_text(&run, heaps_resize, &heaps);
        reached = heaps.calls >= n;
        failed += !done;
        bool good = heaps.blocks == 0 &&
                    (done ? is_like(&one, &run) : run.err.code == ERR_MEMORY && reached);
        if (!good && wrong++ == 0)
            diag("allocation %zu: done %d, %zu blocks: %s", n, done, heaps.blocks, run.err.message);
        caught_free(&run.fold.folded);
    }
    ok(wrong == 0 && !reached && failed > 20, "each of %zu allocations fails", n - 1);
    caught_free(&one.fold.folded);
}

static void test_reads(const struct reader *reader, str text)
{
    unsigned wrong = 0;
    for (size_t reads = 1; reads < 60; reads++) {
        struct run run = {
            .reader = reader, .text = text, .threads = 3, .block = 1000, .reads = reads};
        bool good = !read_text(&run, NULL, NULL) && run.err.code == ERR_IO &&
                    strcmp(run.err.message, "told to fail") == 0;
        wrong += !good;
        caught_free(&run.fold.folded);
    }
    ok(wrong == 0, "a read that fails is told, whoever it was");
}

int main(void)
{
    static const struct read_options plain,
        all = {.pid = true, .tid = true, .kernel = true, .addrs = true, .srcline = true},
        other = {.event_filter = STR_INIT("page-faults"),
                 .no_comm = true,
                 .weight = READ_WEIGHT_SAMPLES};
    struct text text = {malloc(TEXT_ROOM), 0};
    for (size_t i = 0; text.p && i < sizeof texts / sizeof texts[0]; i++) {
        text.n = 0;
        texts[i].make(&text);
        const struct reader *reader = texts[i].reader;
        str s = str_of(text.p, text.n);
        test_text(&texts[i], s, &plain);
        if (i > 2)
            continue;
        test_text(&texts[i], s, &all);
        test_text(&texts[i], s, &other);
        test_start(reader, s);
        test_reads(reader, s);
        if (i > 0)
            test_memory(reader, s);
    }
    free(text.p);
    return done_testing();
}
