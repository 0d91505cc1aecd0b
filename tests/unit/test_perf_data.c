/* SPDX-License-Identifier: MIT */
/*
 * Recordings of perf of all shapes, whole, damaged and without memory.
 */
#include "dice.h"
#include "perf_recording.h"

/* Any fields, in both byte orders, as file and from a pipe. */
static void test_shapes(struct writer *w)
{
    uint64_t seed = 5;
    size_t wrong = 0, n = 800;
    for (size_t i = 0; i < n; i++) {
        struct shape shape = {.attr_size = 112 + 8 * (unsigned)dice_below(&seed, 6)};
        uint64_t some = i < 64 ? UINT64_C(1) << i : dice(&seed);
        shape.sample_type = BASE | (some & MORE);
        shape.read_format = dice_below(&seed, 32) | 4;
        shape.big = dice_below(&seed, 2);
        shape.pipe = dice_below(&seed, 2);
        shape.trailers = dice_below(&seed, 4) > 0;
        shape.events = 1 + (unsigned)dice_below(&seed, 2);
        if (!shape.trailers) /* then samples alone would have times */
            shape.sample_type &= ~(uint64_t)PERF_SAMPLE_TIME;
        if (shape.events > 1)
            shape.sample_type |= dice_below(&seed, 2) ? PERF_SAMPLE_ID : PERF_SAMPLE_IDENTIFIER;
        put_all(w, &shape);
        static const size_t pieces[] = {0, 1, 1000, 70000};
        wrong += !reads_all(w, dice_below(&seed, 2), pieces[dice_below(&seed, 4)]);
    }
    is_u64(wrong, 0, "%zu shapes of recordings, the same stacks", n);
}

static size_t samples_before(const struct writer *w, size_t end)
{
    size_t n = 0;
    for (size_t i = 0; i < w->record_count; i++) {
        const char *record = w->bytes + w->records[i];
        bool sample = perf_load32(record, w->shape.big) == PERF_RECORD_SAMPLE;
        size_t size = perf_load16(record + 6, w->shape.big);
        n += sample && w->records[i] + size <= end;
    }
    return n - (n == SAMPLES + 1); /* the sample of the other event, which is not the last */
}

/* What is before the cut counts. */
static void test_cuts(struct writer *w)
{
    for (unsigned kind = 0; kind < 4; kind++) {
        struct shape shape = usual;
        struct result r = {.pipe = kind == 2};
        size_t wrong = 0;
        shape.pipe = kind & 1;
        shape.big = kind == 3;
        shape.events = 1;
        put_all(w, &shape);
        for (size_t n = 0; n < w->n; n++) {
            bool done = read_bytes(&r, str_head(writer_text(w), n));
            bool header = n < w->records[0];
            wrong += header ? r.samples != 0 : !done || r.samples != samples_before(w, n);
        }
        is_u64(wrong, 0, "kind %u: cut at each of %zu bytes", kind, w->n);
        caught_free(&r.stacks);
    }
}

/* Records of perf itself that put_all() does not have. */
static void put_own(struct writer *w)
{
    begin_record(w, PERF_RECORD_BUILD_ID, PERF_MISC_USER);
    put_number(w, UINT32_MAX, 4);
    put_bytes(w, "abcdefghijklmnopqrst\0\0\0\0", 24);
    put_words(w, "/bin/app", 16);
    end_record(w);
    put_other(w, 69, 0, CHAIN(2, 101, 0, 0, 7, 102, 1, 0, 7)); /* ID_INDEX */
    put_other(w, 72, 0, CHAIN(1, 2, 3, 4));                    /* AUXTRACE_ERROR */
    put_other(w, 74, 0, CHAIN(1, 2));                          /* CPU_MAP */
    put_other(w, 79, 0, CHAIN(1, 2, 3, 4, 5, 6));              /* TIME_CONV */
    put_other(w, 82, 0, NULL, 0);                              /* FINISHED_INIT */
    put_other(w, PERF_RECORD_FINISHED_ROUND, 0, NULL, 0);
}

/* One record ends too early. */
static void test_short_records(struct writer *w, bool big)
{
    struct result r = {0};
    size_t wrong = 0, runs = 0;
    char *copy = malloc(WRITER_ROOM);
    struct shape shape = usual;
    shape.sample_type |= MORE & ~(uint64_t)PERF_SAMPLE_READ;
    shape.pipe = true;
    shape.big = big;
    put_all(w, &shape);
    put_own(w);
    if (!copy)
        abort();
    for (size_t i = 0; i < w->record_count; i++) {
        size_t at = w->records[i], end = w->records[i + 1];
        unsigned type = perf_load32(w->bytes + at, big);
        bool own = type == PERF_RECORD_HEADER_ATTR;
        size_t lost = own ? SAMPLES : type == PERF_RECORD_SAMPLE, most = SAMPLES + own;
        for (size_t size = 8; size < end - at; size++, runs++) {
            memcpy(copy, w->bytes, at + size);
            memcpy(copy + at + size, w->bytes + end, w->n - end);
            copy[at + 6] = (char)(big ? size >> 8 : size & 255);
            copy[at + 7] = (char)(big ? size & 255 : size >> 8);
            bool done = read_bytes(&r, str_of(copy, w->n - (end - at - size)));
            if (type == PERF_RECORD_TRACING_DATA) /* nothing says what follows it */
                continue;
            wrong += !done || r.samples + lost < SAMPLES || r.samples > most;
        }
    }
    is_u64(wrong, 0, "%zu records that are too short, the other samples stay, big %d", runs, big);
    free(copy);
    caught_free(&r.stacks);
}

/* Bytes that are wrong: it ends, whatever it reads. */
static void test_damage(struct writer *w)
{
    uint64_t seed = 11;
    size_t n = 2000;
    struct result r = {0};
    for (size_t i = 0; i < n; i++) {
        struct shape shape = usual;
        shape.sample_type |= dice(&seed) & MORE;
        shape.read_format = 12;
        shape.pipe = i & 1;
        put_all(w, &shape);
        for (size_t k = 1 + dice_below(&seed, 8); k > 0; k--)
            w->bytes[dice_below(&seed, w->n)] = (char)(dice(&seed) >> dice_below(&seed, 64));
        r.pipe = i & 2;
        read_bytes(&r, writer_text(w));
    }
    ok(true, "%zu damaged recordings", n);
    caught_free(&r.stacks);
}

/* ---- messages ---- */

static void test_remarks(struct writer *w)
{
    struct result r = {.tag_root = "cgroup,cpu,event"};
    struct shape shape = usual;
    shape.sample_type |= PERF_SAMPLE_CGROUP | PERF_SAMPLE_CPU;
    put_all(w, &shape);
    ok(read_bytes(&r, writer_text(w)), "a recording with losses");
    is_text(r.remark,
            "the kernel lost 5 records, perf record -m 64M loses fewer; the kernel lost 4 samples; "
            "the kernel left out samples that came too fast, 1 time",
            "is read with a remark");
    ok(str_starts(caught_text(&r.stacks), STR("/a;003;cycles:u;:12;[unknown] 6\n")),
       "labels: cgroup, cpu, event");
    caught_free(&r.stacks);
}

/* Features that are not supported, each in a recording that is otherwise good. */

static void put_with(struct writer *w, unsigned type)
{
    struct shape shape = usual;
    shape.pipe = true;
    put_all(w, &shape);
    put_other(w, type, 0, CHAIN(1, 2, 3));
}

static void put_trace(struct writer *w)
{
    put_with(w, PERF_RECORD_AUXTRACE);
}

static void put_trace_info(struct writer *w)
{
    put_with(w, PERF_RECORD_AUXTRACE_INFO);
}

static void put_stat(struct writer *w)
{
    put_with(w, PERF_RECORD_STAT);
}

static void put_stat_config(struct writer *w)
{
    put_with(w, PERF_RECORD_STAT_CONFIG);
}

static void put_deferred(struct writer *w)
{
    put_with(w, PERF_RECORD_CALLCHAIN_DEFERRED);
}

static void put_feature_bit(struct writer *w, unsigned feature)
{
    enum { BITS = 72 };
    put_all(w, &usual);
    set_number(w, BITS, UINT64_C(1) << feature, 8);
}

static void put_trace_feature(struct writer *w)
{
    put_feature_bit(w, 18);
}

static void put_stat_feature(struct writer *w)
{
    put_feature_bit(w, 19);
}

static void put_branches(struct writer *w)
{
    enum { BRANCH_TYPE = 104 + 16 + 72, CALL_STACK = 1 << 11 };
    struct shape shape = usual;
    shape.sample_type |= PERF_SAMPLE_BRANCH_STACK;
    put_all(w, &shape);
    set_number(w, BRANCH_TYPE, CALL_STACK, 8);
}

static void put_foreign_stacks(struct writer *w)
{
    struct shape shape = usual;
    shape.sample_type |= PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER;
    shape.stacks = shape.big = true;
    put_all(w, &shape);
}

/* Every n-th sample is of a guest. */
static void put_some_guests(struct writer *w, size_t n, unsigned mode)
{
    size_t samples = 0;
    put_all(w, &usual);
    for (size_t i = 0; i < w->record_count; i++)
        if (perf_load32(w->bytes + w->records[i], false) == PERF_RECORD_SAMPLE &&
            ++samples % n == 0)
            w->bytes[w->records[i] + 4] = (char)mode;
}

static void put_guests(struct writer *w)
{
    put_some_guests(w, 1, PERF_MISC_GUEST_KERNEL);
}

/* The chain of each sample says that it is of a guest, or comes later. */
static void put_context(struct writer *w, uint64_t context)
{
    struct shape shape = usual;
    shape.events = 1;
    shape.pipe = true;
    w->shape = shape;
    memset(w->bytes, 0, WRITER_ROOM);
    start_recording(w);
    put_sample(w, 0, 7, 7, 10, CHAIN(context, 0x5100));
    end_recording(w);
}

static void put_guest_chain(struct writer *w)
{
    put_context(w, (uint64_t)-2560);
}

static void put_deferred_chain(struct writer *w)
{
    put_context(w, (uint64_t)-640);
}

static void put_old(struct writer *w)
{
    put_all(w, &usual);
    memcpy(w->bytes, "PERFFILE", 8);
}

static void test_refusals(struct writer *w)
{
    static const char script[] = "; this command reads it: perf script -i FILE | collapse";
    static const char trace[] = "; this command reads it: perf script --itrace=i100usg -i FILE | "
                                "collapse";
    static const char stat[] = "; this command reads it: perf stat report -i FILE";
    static const char guest[] = "; this command reads it: perf script --guestkallsyms=KALLSYMS "
                                "-i FILE | collapse";
    static const struct {
        void (*put)(struct writer *w);
        const char *what, *command;
    } cases[] = {
        {put_trace, "the recording has a trace of the processor (AUX", trace},
        {put_trace_info, "the recording has a trace of the processor (AUX", trace},
        {put_trace_feature, "the recording has a trace of the processor (AUX", trace},
        {put_branches, "the recording has call stacks from branch records (--call-graph lbr)",
         script},
        {put_stat, "the recording has the counts of perf stat record", stat},
        {put_stat_config, "the recording has the counts of perf stat record", stat},
        {put_stat_feature, "the recording has the counts of perf stat record", stat},
        {put_deferred, "the recording has call stacks that come later", script},
        {put_deferred_chain, "the recording has call stacks that come later", script},
        {put_foreign_stacks, "the recording has copies of stacks", script},
        {put_guests, "the recording has samples of guests alone", guest},
        {put_guest_chain, "the recording has samples of guests alone", guest},
        {put_old, "the recording has the layout of before 2012 (PERFFILE)", script},
    };
    struct result r = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cases[i].put(w);
        ok(!read_bytes(&r, writer_text(w)), "%zu: fails", i);
        str message = str_from_c(r.err.message);
        ok(str_starts(message, str_from_c(cases[i].what)), "because of: %s", cases[i].what);
        ok(str_ends(message, str_from_c(cases[i].command)), "with the command%s", cases[i].command);
    }
    put_all(w, &usual);
    w->bytes[w->records[3] + 6] = 7;
    ok(!read_bytes(&r, writer_text(w)) &&
           str_contains(str_from_c(r.err.message), STR("a record of 7 bytes")),
       "a record that is smaller than its header");
    put_some_guests(w, 3, PERF_MISC_GUEST_USER);
    ok(read_bytes(&r, writer_text(w)), "a recording with some samples of guests is read");
    is_u64(r.samples, SAMPLES - 3, "without these");
    caught_free(&r.stacks);
}

/* ---- memory ---- */

static void test_sweep(struct writer *w)
{
    struct result r = {0};
    put_all(w, &usual);
    r.bytes = writer_text(w);
    ok(heaps_sweep(read_result, &r), "each allocation fails in turn");
    caught_free(&r.stacks);
}

int main(void)
{
    struct writer w = {.bytes = malloc(WRITER_ROOM)};
    if (!w.bytes)
        abort();
    test_shapes(&w);
    test_cuts(&w);
    test_short_records(&w, false);
    test_short_records(&w, true);
    test_damage(&w);
    test_remarks(&w);
    test_refusals(&w);
    test_sweep(&w);
    free(w.bytes);
    return done_testing();
}
