/* SPDX-License-Identifier: MIT */
/*
 * stores: a store in a file of its own, and windows for it.
 */
#ifndef FLAMETREE_TESTS_STORES_H
#define FLAMETREE_TESTS_STORES_H

#include <stdlib.h>
#include <unistd.h>

#include "stacks.h"
#include "store/store.h"
#include "tap.h"

enum { HOSTS = 3, ENDPOINTS = 3, STACKS = 40 };

static char stores_path[200];

/* A new store for this test program. */
static inline void stores_begin(const char *program)
{
    const char *directory = getenv("TMPDIR");
    snprintf(stores_path, sizeof stores_path, "%s/%s.%ld", directory ? directory : "/tmp", program,
             (long)getpid());
}

static inline void stores_remove(void)
{
    static const char *const files[] = {"", "-wal", "-shm"};
    char name[220];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", stores_path, files[i]);
        unlink(name);
    }
}

struct stores_record {
    int64_t at;
    unsigned host, endpoint, stack; /* endpoint 0: none */
    uint64_t weight;
};

static const char *const stores_hosts[HOSTS] = {"a", "b;\xff\"'<", "c"};
static const char *const stores_endpoints[ENDPOINTS] = {"", "/feed", "/cart"};

/* Stacks of different depth that share callers. */
static inline uint32_t stores_stack(struct tree *tree, uint32_t node, unsigned stack)
{
    char name[8];
    for (unsigned i = 0; i <= stack % 5; i++) {
        snprintf(name, sizeof name, "f%u", i == stack % 5 ? stack : i * 10 + stack % 2);
        node = tree_child(tree, node, tree_frame(tree, str_from_c(name)));
    }
    return node;
}

static inline uint32_t stores_labels(struct tree *tree, struct heap *heap, unsigned endpoint)
{
    struct strbuf text = {.heap = heap};
    struct sample_label label = {
        .key = STR("endpoint"), .value = str_from_c(stores_endpoints[endpoint]), .unit = STR("")};
    if (endpoint == 0)
        return TREE_ROOT;
    label_text_make(&text, &label, 1);
    struct frame frame = {.name = strbuf_str(&text), .kind = FRAME_LABELS};
    uint32_t node = tree_child(tree, TREE_ROOT, frames_add(&tree->frames, &frame));
    strbuf_end(&text);
    return node;
}

static inline enum store_added stores_add(struct store *store, struct heap *heap, int64_t from,
                                          int64_t until, unsigned host,
                                          const struct stores_record *records, size_t n,
                                          struct err *err)
{
    struct profile profile;
    struct store_label labels[] = {{STR("source"), STR("test")},
                                   {STR("host"), str_from_c(stores_hosts[host])}};
    struct store_window window = {from, until, labels, 2};
    profile_init(&profile, heap, 1, false);
    for (size_t i = 0; i < n; i++) {
        uint32_t node = stores_labels(&profile.tree, heap, records[i].endpoint);
        tree_add(&profile.tree, stores_stack(&profile.tree, node, records[i].stack), 0,
                 records[i].weight, 0);
    }
    enum store_added added = store_add(store, &window, &profile, NULL, err);
    profile_end(&profile);
    return added;
}

static inline str stores_text(const struct tree *tree, struct heap *heap)
{
    struct sink sink;
    sink_open_memory(&sink, heap);
    folded_write(tree, &sink);
    return sink_text(&sink);
}

static inline bool stores_has_no_fault(struct store *store, struct heap *heap)
{
    struct sink sink;
    struct err err = {0};
    uint64_t faults = 0;
    sink_open_memory(&sink, heap);
    bool done = store_check(store, &sink, &faults, &err);
    if (!done || faults > 0)
        diag("%s %.*s", err.message, (int)sink_text(&sink).n, sink_text(&sink).p);
    return done && faults == 0;
}

#endif
