/* SPDX-License-Identifier: MIT */
/*
 * collect: asks sources over HTTP again and again, each on its own clock, and stores what they
 * answer.
 *
 *      source ──► request ──► body ──► profile ──► window ──► store
 *                    │                                 └────► --forward
 *                    └── anything goes wrong: a gap
 */
#ifndef FLAMETREE_STORE_COLLECT_H
#define FLAMETREE_STORE_COLLECT_H

#include "store/store.h"

struct collect_source {
    const char *url;                  /* http:// or https:// */
    const struct store_label *labels; /* STORE_SOURCE among them */
    size_t label_count;
    int64_t every, timeout; /* milliseconds */
    str format, value_type; /* see struct body */
    /* Its counts grow for as long as it runs, although it does not say since when. An answer with
     * `elapsed` counts in any case, unless it is a `snapshot`. */
    bool counts, snapshot;
};

static inline str collect_source_name(const struct collect_source *source)
{
    const struct store_label *label = store_label_find(source->labels, source->label_count,
                                                       STR(STORE_SOURCE));
    return label ? label->value : STR("");
}

/* The messages about a source. */
enum collect_news {
    COLLECT_STORED,  /* a note: how much */
    COLLECT_WARNING, /* something of an answer was left out */
    COLLECT_FAILED,  /* a gap, or a window that could not be forwarded */
};

struct collect_options {
    uint64_t body_most;  /* bytes of an answer */
    size_t memory_most;  /* bytes for an answer and its profile */
    const char *forward; /* http://HOST:4040; NULL: no forwarding */
    bool once;           /* ask each source once, and end */
    const char *lock_path;
    const char *agent; /* User-Agent */
    void (*say)(void *context, enum collect_news news, str source, const char *text);
    void (*hourly)(void *context);
    void *context;
    heap_resize_fn *resize; /* of heaps for answers */
    void *resize_context;
};

/* Runs until the process is killed, or with `once` until all have answered. *failures is the number
 * of gaps then. Of several collectors that ask the same source for the same store, only one asks at
 * a time. */
bool collect_run(struct store *store, const struct collect_source *sources, size_t count,
                 const struct collect_options *options, struct heap *heap, uint64_t *failures,
                 struct err *err);

/* The URL without a password, for the label of the source. */
str collect_name(str url, struct arena *arena);

#endif
