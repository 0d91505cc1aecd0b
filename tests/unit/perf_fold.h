/* SPDX-License-Identifier: MIT */
/*
 * perf_fold: text of perf script through its reader, whole or in pieces, and what came of it.
 */
#ifndef FLAMETREE_TESTS_PERF_FOLD_H
#define FLAMETREE_TESTS_PERF_FOLD_H

#include <stdio.h>

#include "caught.h"
#include "feeding.h"
#include "format/folded/folded.h"
#include "heaps.h"

struct perf_fold {
    struct read_options options;
    size_t block;  /* bytes handed over at once; 0: all */
    bool in_order; /* the tree */

    /* what came of it */
    struct caught folded;
    uint64_t samples, stackless, lines, ignored;
    struct wide squares;
    char events[8192]; /* "cycles 2 kept, faults 1" */
    char reasons[512]; /* "REASON (3, first line 7), " */
    char facts[512];   /* "host=demo, " */
};

struct perf_fold_job {
    struct perf_fold *fold;
    const str *texts; /* files */
    size_t count;
};

static inline void perf_fold_tell(struct perf_fold *fold, const struct profile *profile)
{
    size_t n = 0;
    fold->samples = profile->samples;
    fold->stackless = profile->stackless;
    fold->squares = profile->squares;
    fold->lines = profile->lines;
    fold->ignored = skipped_total(&profile->skipped);
    fold->events[0] = fold->reasons[0] = fold->facts[0] = '\0';
    for (size_t i = 0; i < profile->events.n && n < sizeof fold->events; i++) {
        const struct profile_event *event = &profile->events.at[i];
        n += (size_t)snprintf(fold->events + n, sizeof fold->events - n, "%s%.*s %u%s",
                              i > 0 ? ", " : "", (int)event->name.n, event->name.p,
                              (unsigned)event->samples, event->kept ? " kept" : "");
    }
    n = 0;
    for (size_t i = 0; i < profile->skipped.entries.n && n < sizeof fold->reasons; i++) {
        const struct skipped_entry *entry = &profile->skipped.entries.at[i];
        n += (size_t)snprintf(fold->reasons + n, sizeof fold->reasons - n,
                              "%s (%u, first line %u), ", entry->reason, (unsigned)entry->count,
                              (unsigned)entry->first_line);
    }
    n = 0;
    for (size_t i = 0; i < profile->facts.n && n < sizeof fold->facts; i++) {
        const struct profile_fact *fact = &profile->facts.at[i];
        n += (size_t)snprintf(fold->facts + n, sizeof fold->facts - n, "%.*s=%.*s, ",
                              (int)fact->key.n, fact->key.p, (int)fact->value.n, fact->value.p);
    }
}

static inline bool perf_fold_work(struct heap *heap, void *arg)
{
    struct perf_fold_job *job = arg;
    struct perf_fold *fold = job->fold;
    struct profile profile;
    struct sink sink;
    struct err err = {0};
    struct feeding f = {.reader = &reader_perf,
                        .options = fold->options,
                        .piece = fold->block,
                        .seed = 42,
                        .in_order = fold->in_order};
    feeding_run(&f, heap, job->texts, job->count, &profile);
    perf_fold_tell(fold, &profile);
    sink_open_callback(&sink, heap, caught_write, &fold->folded, &err);
    folded_write(&profile.tree, &sink);
    bool done = sink_close(&sink);
    profile_end(&profile);
    return done;
}

/* Read files; what they fold to is good until the next call or perf_fold_free(). */
static inline str perf_fold_files(struct perf_fold *fold, const str *texts, size_t count)
{
    struct perf_fold_job job = {fold, texts, count};
    caught_free(&fold->folded);
    if (!heaps_run(perf_fold_work, &job))
        abort();
    return caught_text(&fold->folded);
}

static inline str perf_fold(struct perf_fold *fold, str text)
{
    return perf_fold_files(fold, &text, 1);
}

static inline void perf_fold_free(struct perf_fold *fold)
{
    caught_free(&fold->folded);
}

#endif
