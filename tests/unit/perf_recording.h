/* SPDX-License-Identifier: MIT */
/*
 * perf_recording: a recording with known stacks, and what a reader makes of it. It opens no files,
 * so stacks have the names of files.
 */
#ifndef FLAMETREE_TESTS_PERF_RECORDING_H
#define FLAMETREE_TESTS_PERF_RECORDING_H

#include "feeding.h"
#include "heaps.h"
#include "perf_writer.h"
#include "tap.h"

#define USER       ((uint64_t)-512)
#define KERNEL     ((uint64_t)-128)
#define CHAIN(...) (uint64_t[]){__VA_ARGS__}, sizeof(uint64_t[]){__VA_ARGS__} / sizeof(uint64_t)

#define BASE       (PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_PERIOD | PERF_SAMPLE_CALLCHAIN)
#define MORE                                                                                       \
    (PERF_SAMPLE_TIME | PERF_SAMPLE_ADDR | PERF_SAMPLE_READ | PERF_SAMPLE_ID | PERF_SAMPLE_CPU |   \
     PERF_SAMPLE_STREAM_ID | PERF_SAMPLE_RAW | PERF_SAMPLE_BRANCH_STACK | PERF_SAMPLE_REGS_USER |  \
     PERF_SAMPLE_STACK_USER | PERF_SAMPLE_WEIGHT | PERF_SAMPLE_DATA_SRC | PERF_SAMPLE_IDENTIFIER | \
     PERF_SAMPLE_TRANSACTION | PERF_SAMPLE_REGS_INTR | PERF_SAMPLE_PHYS_ADDR | PERF_SAMPLE_CGROUP)

static const char all_stacks[] = ":12;[unknown] 6\n"
                                 ":13;[unknown] 1\n"
                                 "app;[app];[x] 37\n"
                                 "app;[app];[y] 5\n"
                                 "new;[new] 2\n"
                                 "new;[unknown] 8\n"
                                 "new;[x] 3\n"
                                 "pool_1;[app];[[xfs]];[[kernel.kallsyms]] 4\n";

enum { SAMPLES = 10 }; /* of the first event */

static const struct shape usual = {
    .sample_type = BASE | PERF_SAMPLE_TIME | PERF_SAMPLE_IDENTIFIER,
    .trailers = true,
    .events = 2,
    .attr_size = 128,
};

/* ---- a recording ---- */

static inline void put_start(struct writer *w)
{
    put_mmap(w, UINT32_MAX, 0xffffffff81000000, 0x1000000, 0xffffffff81000000,
             "[kernel.kallsyms]_text", PERF_MISC_KERNEL);
    put_mmap(w, UINT32_MAX, 0xffffffffa0000000, 0x10000, 0, "[xfs]", PERF_MISC_KERNEL);
    put_comm(w, 7, 7, "app", 0);
    put_mmap2(w, 7, 0x1000, 0x2000, "/bin/app", false);
    put_mmap(w, 7, 0x5000, 0x1000, 0, "/lib/x", PERF_MISC_USER);
}

static inline void put_noise(struct writer *w)
{
    put_other(w, PERF_RECORD_LOST, 0, CHAIN(101, 5));
    put_other(w, PERF_RECORD_LOST_SAMPLES, 0, CHAIN(4));
    put_other(w, PERF_RECORD_THROTTLE, 0, CHAIN(1, 101, 101));
    put_other(w, 8, 0, CHAIN(0x700000007, 99)); /* READ */
    put_other(w, 14, 0, CHAIN(0));              /* SWITCH */
    put_other(w, PERF_RECORD_KSYMBOL, 0, CHAIN(0xffffffffb0000000, 0x10000000010, 0x61));
    put_other(w, PERF_RECORD_CGROUP, 0, CHAIN(55, 0x612f));
    put_other(w, 40, 0, CHAIN(1, 2, 3)); /* of a later Linux, of a later perf */
    put_other(w, 99, 0, CHAIN(1, 2, 3));
    put_other(w, 73, 0, CHAIN(1)); /* THREAD_MAP */
}

static inline void put_samples(struct writer *w)
{
    put_sample(w, 0, 7, 7, 10, CHAIN(USER, 0x5100, 0x1100));
    put_fork(w, PERF_RECORD_FORK, 8, 7, 8, 7);
    put_sample(w, 0, 8, 8, 20, CHAIN(USER, 0x5100, 0x1100));
    put_mmap2(w, 8, 0x5800, 0x100, "/lib/y", true);
    put_sample(w, 0, 8, 8, 5, CHAIN(USER, 0x5810, 0x1100));
    put_sample(w, 0, 7, 7, 7, CHAIN(USER, 0x5810, 0x1100));
    put_comm(w, 8, 8, "new", PERF_MISC_COMM_EXEC);
    put_sample(w, 0, 8, 8, 3, CHAIN(USER, 0x5100)); /* of the program before */
    put_mmap2(w, 8, 0x1000, 0x2000, "/bin/new", false);
    put_sample(w, 0, 8, 8, 2, CHAIN(USER, 0x1100));
    put_sample(w, 0, 8, 8, 8, CHAIN(USER, 0x5100));
    if (w->shape.events > 1)
        put_sample(w, 1, 8, 8, 9, CHAIN(USER, 0x5100));
    put_fork(w, PERF_RECORD_FORK, 7, 7, 9, 7);
    put_comm(w, 7, 9, "pool 1", 0);
    put_sample(w, 0, 7, 9, 4, CHAIN(KERNEL, 0xffffffff81000100, 0xffffffffa0000100, USER, 0x1100));
    put_fork(w, PERF_RECORD_EXIT, 7, 7, 9, 7);
    put_sample(w, 0, 11, 12, 6, CHAIN(USER, 9));
    put_fork(w, PERF_RECORD_FORK, 11, 11, 13, 12);
    put_sample(w, 0, 11, 13, 1, CHAIN(USER, 9)); /* the name of its parent is unknown */
}

static inline void put_all(struct writer *w, const struct shape *shape)
{
    w->shape = *shape;
    memset(w->bytes, 0, WRITER_ROOM);
    start_recording(w);
    put_start(w);
    put_noise(w);
    put_samples(w);
    put_other(w, PERF_RECORD_FINISHED_ROUND, 0, NULL, 0);
    end_recording(w);
}

/* ---- reading ---- */

struct result {
    str bytes;
    const char *tag_root; /* NULL: none */
    bool pipe;
    bool library;
    const struct os *os; /* where "d/data" is read in place of `bytes`; NULL: no file */
    size_t piece;
    struct caught stacks;
    uint64_t samples;
    struct err err;
    char remark[300];
};

static inline bool read_result(struct heap *heap, void *arg)
{
    struct result *r = arg;
    struct profile profile;
    struct label_rules rules;
    struct read_options options = {.no_symbols = true, .library = r->library};
    struct reading reading = {.profile = &profile, .options = &options, .block = r->piece};
    struct source source;
    struct err err = {0};
    str left = r->bytes;
    profile_init(&profile, heap, 7, false);
    if (r->tag_root) {
        label_rules_init(&rules, heap);
        label_rules_add_roots(&rules, str_from_c(r->tag_root));
        options.labels = &rules;
    }
    if (r->os && !source_open_file(&source, r->os, "d/data", &err))
        abort();
    else if (!r->os && r->pipe)
        source_open_callback(&source, "one", feeding_read, &left);
    else if (!r->os)
        source_open_memory(&source, "one", left);
    bool done = reading_add(&reading, &source, &err);
    source_close(&source);
    if (err.code == ERR_MEMORY)
        heap_give_up(heap);
    reading_finish(&reading);
    caught_free(&r->stacks);
    r->stacks = stacks_fold(&profile.tree);
    r->samples = profile.samples;
    r->err = err;
    snprintf(r->remark, sizeof r->remark, "%s", profile.remark ? profile.remark : "");
    profile_end(&profile);
    return done;
}

static inline bool read_bytes(struct result *r, str bytes)
{
    r->bytes = bytes;
    return heaps_run(read_result, r);
}

static inline str writer_text(const struct writer *w)
{
    return str_of(w->bytes, w->n);
}

static inline bool reads_all(struct writer *w, bool pipe, size_t piece)
{
    struct result r = {.pipe = pipe, .piece = piece};
    bool good = read_bytes(&r, writer_text(w)) &&
                str_equal(caught_text(&r.stacks), str_from_c(all_stacks)) && r.samples == SAMPLES;
    if (!good)
        diag("type %llx, format %llx, big %d, pipe %d, %u events, %s",
             (unsigned long long)w->shape.sample_type, (unsigned long long)w->shape.read_format,
             w->shape.big, w->shape.pipe, w->shape.events, r.err.message);
    if (!good)
        tap_show(" got", caught_text(&r.stacks));
    caught_free(&r.stacks);
    return good;
}

#endif
