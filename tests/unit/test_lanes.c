/*
 * lanes: one file read by several threads gives what one thread gives: stacks, events, what was
 * left out and where first, at any number of threads and any size of parts; also when threads
 * cannot be started, when memory or a read fails, and with text that is not for them.
 */
#include "read/lanes.h"

#include <errno.h>

#include "dice.h"
#include "perf_fold.h"
#include "tap.h"
#include "texts.h"

enum { SAMPLES = 3000 };

/* ---- texts ----------------------------------------------------------------------------------- */

/* What stands between samples of real recordings, and what does not. */
static void put_odd(struct text *text, uint64_t *seed, size_t i)
{
    switch (dice_below(seed, 60)) {
    case 0: put(text, "\n\n"); break;
    case 1: put(text, "\t            1234 lost+0x1 (/srv/lost)\n\n"); break;
    case 2: put(text, "? %zu\n\n", i); break;
    case 3: put(text, "java  2871 [001] 1.5: PERF_RECORD_COMM: java:2871\n\n"); break;
    case 4: put(text, "  file.c:12\n"); break;
    case 5: put(text, "pool 7  3 [000]  5.5:  1 odd-event-%zu: \n\n", i % 7); break;
    case 6: put(text, "  9.9: x\n"); break;
    default: break;
    }
}

static void put_sample(struct text *text, uint64_t *seed, size_t i)
{
    size_t depth = dice_below(seed, 9), kind = dice_below(seed, 6);
    put(text, "%s %5zu [%03zu] %5zu.%06zu: %10zu %s: \n", kind == 0 ? "java" : "worker 7",
        4000 + kind, i % 4, i, i, 1 + dice_below(seed, 100000),
        dice_below(seed, 9) == 0 ? "page-faults" : "cycles:u");
    for (size_t d = 0; d < depth; d++) {
        size_t f = dice_below(seed, 12);
        if (f < 4)
            put(text, "\t%16zx [unknown] (%s)\n", i * 31 + d, f == 0 ? "/srv/x" : "[unknown]");
        else
            put(text, "\t%16zx f%zu(int)+0x%zx (/usr/lib/libf.so)\n", f * 4096 + i % 9, f, i % 9);
    }
    if (dice_below(seed, 50) > 0)
        put(text, "\n");
}

static void put_samples(struct text *text, uint64_t seed, size_t count, bool odd)
{
    for (size_t i = 0; i < count; i++) {
        if (odd)
            put_odd(text, &seed, i);
        put_sample(text, &seed, i);
    }
}

static void make_plain(struct text *text)
{
    put_samples(text, 1, SAMPLES, false);
}

static void make_odd(struct text *text)
{
    put_samples(text, 2, SAMPLES, true);
    put(text, "last  1 [000]  1.5:  7 cycles:u: \n\t            4a f (/x)\n\t            4b mai");
}

/* Another recording behind the first, without ids: "pool 7" is a name there. */
static void make_two(struct text *text)
{
    put(text, "# ========\n# hostname : one\n# ========\n#\n");
    put_samples(text, 3, SAMPLES / 2, true);
    put(text, "# ========\n# hostname : two\n# captured on: today\n# ========\n#\n");
    for (size_t i = 0; i < SAMPLES / 2; i++)
        put(text, "pool %zu [000] 1.5: 7 cycles:u: \n\t            4a f (/x)\n\n", i % 3);
}

/* Comments everywhere, stacks that no part holds, and no empty lines for a while. */
static void make_knots(struct text *text)
{
    put_samples(text, 4, SAMPLES / 4, true);
    for (size_t i = 0; i < 20; i++) {
        put_samples(text, i, 9, true);
        put(text, "# arch : x%zu\n", i);
    }
    for (size_t k = 0; k < 3; k++) {
        put(text, "deep  1 [000]  1.5:  7 cycles:u: \n");
        for (size_t i = 0; i < 9000; i++)
            put(text, "\t%16zx g%zu (/x)\n", i, i % 5);
        put(text, "\n");
        put_samples(text, 5, SAMPLES / 8, true);
    }
}

static void make_crlf(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "a  1 [000]  1.5:  7 cycles:u: \r\n\t            4a f (/x)\r\n\r\n%s",
            i % 500 == 499 ? "\n\n" : "");
}

/* Sums that do not fit, of one stack and of many. */
static void make_heavy(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "a  1 [000]  1.5:  %s cycles:u: \n\t            4a f%zu (/x)\n\n",
            i % 3 == 0 ? "7" : "9223372036854775809", i % 5);
}

/* No event, or no header at all: nothing is known that parts could rely on. */
static void make_bare(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "\t%16zx f%zu (/x)\n\t%16zx main (/x)\n\n", i, i % 3, i);
}

/* Each part has events that no part before had, and some of them are one event. */
static void make_events(struct text *text)
{
    for (size_t i = 0; i < SAMPLES; i++)
        put(text, "a  1 [000]  1.5:  7 %s%zu: \n\t            4a f (/x)\n\n",
            i % 3 ? "ev" : "page-faults:u", i * i % 449);
}

/* ---- reading --------------------------------------------------------------------------------- */

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
    str text;
    size_t threads, block, parcel, reads; /* reads: as many succeed; 0: all */
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
        .format = &reader_perf,
        .threads = run->threads,
        .threads_after = 1,
        .block = run->block,
        .parcel = run->parcel,
        .os = &run->system.os,
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
           x->stackless == y->stackless;
}

static const struct {
    const char *name;
    void (*make)(struct text *text);
    bool has_parts;
} texts[] = {
    {"samples", make_plain, true},      {"odd lines", make_odd, true},
    {"two recordings", make_two, true}, {"comments and long stacks", make_knots, true},
    {"CR LF", make_crlf, true},         {"no header", make_bare, false},
    {"events", make_events, true},      {"heavy samples", make_heavy, true},
};

static void test_text(const char *name, str text, bool has_parts,
                      const struct read_options *options)
{
    static const size_t blocks[] = {200, 1000, 20000, 0};
    static const size_t threads[] = {2, 3, 8}, parcels[] = {0, 30, 1000};
    struct run one = {.text = text, .threads = 1, .fold = {.options = *options}};
    unsigned wrong = 0, started = 0;
    read_text(&one, NULL, NULL);
    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < 3; k++) {
            struct run run = {.text = text, .fold = {.options = *options}};
            run.threads = threads[k];
            run.block = blocks[i];
            run.parcel = parcels[(i + k) % 3];
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
    ok((started > 0) == has_parts, "%s: %s", name, has_parts ? "in parts" : "by one alone");
    caught_free(&one.fold.folded);
}

/* Whichever thread cannot be started, the others do its work. */
static void test_start(str text)
{
    struct run one = {.text = text, .threads = 1};
    read_text(&one, NULL, NULL);
    for (unsigned from = 1; from <= 3; from++) {
        struct run run = {.text = text, .threads = 3, .block = 1000};
        run.system.fail_from = from;
        ok(read_text(&run, NULL, NULL) && is_like(&one, &run) && run.system.started >= 2,
           "thread %u cannot be started", from);
        caught_free(&run.fold.folded);
    }
    caught_free(&one.fold.folded);
}

/* The n-th allocation fails, in whichever lane: told, or not missed. */
static void test_memory(str text)
{
    static struct heaps heaps;
    struct run one = {.text = text, .threads = 1};
    size_t n = 0, failed = 0;
    unsigned wrong = 0;
    bool reached = true;
    read_text(&one, NULL, NULL);
    while (reached && n < 2000) {
        struct run run = {.text = text, .threads = 3, .block = 1000, .parcel = 5000};
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

static void test_reads(str text)
{
    unsigned wrong = 0;
    for (size_t reads = 1; reads < 60; reads++) {
        struct run run = {.text = text, .threads = 3, .block = 1000, .reads = reads};
        bool good = !read_text(&run, NULL, NULL) && run.err.code == ERR_IO &&
                    strcmp(run.err.message, "told to fail") == 0;
        wrong += !good;
        caught_free(&run.fold.folded);
    }
    ok(wrong == 0, "a read that fails is told, whoever it was");
}

static void test_gap(void)
{
    ok(lanes_last_gap(STR("")) == 0 && lanes_last_gap(STR("\n")) == 0, "no gap");
    ok(lanes_last_gap(STR("a\nb\n")) == 0, "none between lines");
    ok(lanes_last_gap(STR("\n\n")) == 2 && lanes_last_gap(STR("a\n\nb\n\nc\n")) == 6, "the last");
    ok(lanes_last_gap(STR("a\n\n\nb")) == 4, "of two, the second");
}

int main(void)
{
    static const struct read_options plain,
        all = {.pid = true, .tid = true, .kernel = true, .addrs = true, .srcline = true},
        other = {.event_filter = STR_INIT("page-faults"),
                 .no_comm = true,
                 .weight = READ_WEIGHT_SAMPLES};
    struct text text = {malloc(TEXT_ROOM), 0};
    test_gap();
    for (size_t i = 0; text.p && i < sizeof texts / sizeof texts[0]; i++) {
        text.n = 0;
        texts[i].make(&text);
        str s = str_of(text.p, text.n);
        test_text(texts[i].name, s, texts[i].has_parts, &plain);
        if (i > 1)
            continue;
        test_text(texts[i].name, s, true, &all);
        test_text(texts[i].name, s, true, &other);
        test_start(s);
        test_reads(s);
        if (i == 1)
            test_memory(s);
    }
    free(text.p);
    return done_testing();
}
