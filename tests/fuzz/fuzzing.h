/* SPDX-License-Identifier: MIT */
/*
 * fuzzing: what the fuzz targets share: comparing, and reading the same bytes whole and in pieces.
 *
 * A target that finds something wrong says what on stderr and aborts; that is what libFuzzer and
 * replay.c look for.
 */
#ifndef FLAMETREE_TESTS_FUZZING_H
#define FLAMETREE_TESTS_FUZZING_H

#include <stdio.h>

#include "../unit/feeding.h"
#include "../unit/heaps.h"
#include "format/folded/folded.h"
#include "format/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void fuzz_wrong(const char *what, str text)
{
    fprintf(stderr, "wrong: %s\n%.*s\n", what, (int)(text.n < 4000 ? text.n : 4000), text.p);
    abort();
}

static inline void fuzz_same(const char *what, str one, str two)
{
    if (str_equal(one, two))
        return;
    fprintf(stderr, "---- one\n%.*s\n---- two\n", (int)(one.n < 4000 ? one.n : 4000), one.p);
    fuzz_wrong(what, two);
}

/* Everything that reading made of an input, as text. */
static inline void fuzz_tell(const struct profile *profile, struct caught *to)
{
    struct err err = {0};
    struct sink sink;
    sink_open_callback(&sink, profile->heap, caught_write, to, &err);
    folded_write(&profile->tree, &sink);
    sink_lit(&sink, "samples ");
    sink_u64(&sink, profile->samples);
    sink_lit(&sink, ", without stack ");
    sink_u64(&sink, profile->stackless);
    sink_lit(&sink, ", lines ");
    sink_u64(&sink, profile->lines);
    sink_lit(&sink, "\n");
    for (size_t i = 0; i < profile->events.n; i++) {
        sink_bytes(&sink, profile->events.at[i].name);
        sink_lit(&sink, " ");
        sink_u64(&sink, profile->events.at[i].samples);
        sink_lit(&sink, "\n");
    }
    for (size_t i = 0; i < profile->facts.n; i++) {
        sink_bytes(&sink, profile->facts.at[i].key);
        sink_lit(&sink, "=");
        sink_bytes(&sink, profile->facts.at[i].value);
        sink_lit(&sink, "\n");
    }
    if (!sink_close(&sink))
        abort();
    feeding_tally(profile, to);
}

struct fuzz_job {
    struct feeding feeding;
    str texts[2]; /* files */
    size_t count;
    struct caught told;
};

static inline bool fuzz_read(struct heap *heap, void *arg)
{
    struct fuzz_job *job = arg;
    struct profile profile;
    feeding_run(&job->feeding, heap, job->texts, job->count, &profile);
    fuzz_tell(&profile, &job->told);
    profile_end(&profile);
    return true;
}

/* Threads that do all they find to do at once, one after the other. */
static inline int fuzz_start(void *context, pthread_t *thread, void *(*body)(void *), void *of)
{
    (void)context;
    memset(thread, 0, sizeof *thread);
    body(of);
    return 0;
}

static inline void fuzz_wait(void *context, pthread_t thread)
{
    (void)context;
    (void)thread;
}

/* As a large file, whose blocks are a line or a few long. */
static inline bool fuzz_read_parallel(struct heap *heap, void *arg)
{
    static const struct os at_once = {.start = fuzz_start, .wait = fuzz_wait};
    struct fuzz_job *job = arg;
    const struct feeding *f = &job->feeding;
    struct profile profile;
    struct source source;
    struct err err = {0};
    profile_init(&profile, heap, f->seed + 78, false);
    struct reading reading = {
        .profile = &profile,
        .options = &f->options,
        .format = f->reader,
        .parallel = {.os = &at_once, .threads = 3, .after = 1},
        .block = f->reader->gap_lines > 1 ? 300 : 50,
    };
    source_open_memory(&source, "one", job->texts[0]);
    reading_add(&reading, &source, &err);
    source_close(&source);
    reading_finish(&reading);
    fuzz_tell(&profile, &job->told);
    profile_end(&profile);
    return true;
}

static inline void fuzz_parallel(const struct fuzz_job *whole)
{
    struct fuzz_job by_threads = *whole;
    by_threads.told = (struct caught){0};
    if (!heaps_run(fuzz_read_parallel, &by_threads))
        abort();
    fuzz_same("threads read differently", caught_text(&whole->told), caught_text(&by_threads.told));
    caught_free(&by_threads.told);
}

/* The bytes as one file, and cut into two files at `cut`: they read alike whole and in pieces, one
 * file also in parts by several threads. */
static inline void fuzz_reader(struct feeding feeding, str text, size_t cut)
{
    static const size_t pieces[] = {1, 7};
    struct fuzz_job whole = {.feeding = feeding, .texts = {text}, .count = 1};
    if (cut < text.n) {
        whole.texts[0] = str_head(text, cut);
        whole.texts[1] = str_skip(text, cut);
        whole.count = 2;
    }
    if (!heaps_run(fuzz_read, &whole))
        abort();
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct fuzz_job cut_up = whole;
        cut_up.told = (struct caught){0};
        cut_up.feeding.piece = pieces[i];
        cut_up.feeding.seed = feeding.seed + 77;
        if (!heaps_run(fuzz_read, &cut_up))
            abort();
        fuzz_same("pieces read differently", caught_text(&whole.told), caught_text(&cut_up.told));
        caught_free(&cut_up.told);
    }
    if (feeding.reader->follow && !feeding.in_order && whole.count == 1)
        fuzz_parallel(&whole);
    caught_free(&whole.told);
}

/* A bid in memory of its own, so that a look past the end is seen. */
static inline void fuzz_bid(const struct reader *reader, str text)
{
    str head = str_head(text, text.n < READER_HEAD ? text.n : READER_HEAD);
    char *own = malloc(head.n + (head.n == 0));
    if (!own)
        abort();
    memcpy(own, head.p, head.n);
    int bid = reader_bid(reader, str_of(own, head.n));
    free(own);
    if (bid < 0 || bid > 100)
        fuzz_wrong("a bid is 0 to 100", head);
}

static inline str fuzz_text(const uint8_t *data, size_t size)
{
    return str_of(size > 0 ? (const char *)data : "", size);
}

#endif
