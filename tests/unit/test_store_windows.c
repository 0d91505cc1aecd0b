/* SPDX-License-Identifier: MIT */
/*
 * store_windows: answers of sources that count, labels of samples, value types, gaps and marks, and
 * files that are no stores.
 */
#include "tap.h"

#if HAVE_STORE
#include <fcntl.h>
#include <sys/stat.h>

#include "stores.h"

/* ---- answers that count ---- */

struct counting {
    struct store *store;
    struct heap *heap;
    struct store_window window;
    struct err err;
};

/* The source counted so much of two stacks. */
static enum store_added answer(struct counting *c, int64_t asked, int64_t elapsed,
                               int64_t since_last, uint64_t one, uint64_t two)
{
    struct profile profile;
    struct store_label label = {STR("source"), STR("http://w1")};
    struct store_answer answer = {asked, asked + 10, elapsed, since_last, &label, 1};
    profile_init(&profile, c->heap, 1, false);
    tree_add(&profile.tree, stores_stack(&profile.tree, TREE_ROOT, 1), 0, one, 0);
    tree_add(&profile.tree, stores_stack(&profile.tree, TREE_ROOT, 2), 0, two, 0);
    c->err = (struct err){0};
    enum store_added added = store_add_answer(c->store, &answer, &profile, &c->window, NULL,
                                              &c->err);
    profile_end(&profile);
    return added;
}

static uint64_t total(struct counting *c)
{
    struct profile profile;
    struct store_query query = {.from = -(INT64_C(1) << 50), .until = INT64_C(1) << 50};
    return store_read(c->store, &query, c->heap, &profile, &c->err) ? tree_sum(&profile.tree, 0)
                                                                    : UINT64_MAX;
}

static void test_answers(void)
{
    struct heap heap;
    struct counting c = {.heap = &heap};
    const int64_t start = 1000 * (int64_t)STORE_HOUR;
    heap_init(&heap, NULL, NULL, 0);
    stores_remove();
    c.store = store_open(stores_path, STORE_WRITE, &heap, &c.err);
    ok(answer(&c, start, 20000, -1, 5, 6) == STORE_ADDED && total(&c) == 11 &&
           c.window.from == start + 10 - 20000 && c.window.until == start + 10,
       "a first answer counts since the source was started");
    ok(answer(&c, start + 60000, 80000, 60000, 15, 6) == STORE_ADDED && total(&c) == 21 &&
           c.window.from == start + 10 && c.window.until == start + 60010,
       "the next one counts since then");
    ok(answer(&c, start + 120000, 140000, 60000, 15, 6) == STORE_ADDED && total(&c) == 21,
       "nothing happened");
    ok(answer(&c, start + 180000, 5000, 60000, 15, 7) == STORE_ADDED && total(&c) == 43 &&
           c.window.from == start + 180010 - 5000,
       "a restart is seen by a smaller time, and all counts");
    ok(answer(&c, start + 240000, 6000, 60000, 16, 8) == STORE_ADDED && total(&c) == 67,
       "and by a time that is larger, but began later");
    ok(answer(&c, start + 300000, 66000, 60000, 16, 7) == STORE_ADDED && total(&c) == 90,
       "and by a smaller count");
    ok(answer(&c, start - 3600000, 126000, 60000, 20, 7) == STORE_ADDED && total(&c) == 94 &&
           c.window.from == start - 3600000 + 10 - 60000,
       "the clock was set back: only the difference counts");
    store_close(c.store);
    c.store = store_open(stores_path, STORE_WRITE, &heap, &c.err);
    ok(answer(&c, start - 3500000, 226000, -1, 21, 7) == STORE_ADDED && total(&c) == 95,
       "another process goes on from there");
    ok(answer(&c, start - 3500000, 226000, -1, 30, 7) == STORE_ADDED && total(&c) == 104,
       "so does one that asks at the same time");
    ok(stores_has_no_fault(c.store, &heap), "the store is intact");
    heap_end(&heap);

    heap_init(&heap, NULL, NULL, 0);
    stores_remove();
    c.store = store_open(stores_path, STORE_WRITE, &heap, &c.err);
    ok(answer(&c, start, -1, -1, 5, 6) == STORE_ADDED && total(&c) == 0 && c.window.until == 0,
       "a first answer of a source without a time is where counting begins");
    ok(answer(&c, start + 60000, -1, 60000, 8, 6) == STORE_ADDED && total(&c) == 3, "then it does");
    ok(answer(&c, start + 120000, -1, 60000, 8, 0) == STORE_ADDED && total(&c) == 11,
       "a stack that is gone is a restart");
    heap_end(&heap);
}

/* ---- other windows ---- */

static void test_labels(void)
{
    struct heap heap;
    struct err err = {0};
    struct profile profile;
    struct store_label label = {STR("source"), STR("s")};
    struct store_window window = {0, 60000, &label, 1};
    struct strbuf text = {.heap = &heap};
    struct label_sums sums;
    struct store_query query = {.from = 0, .until = 1};
    struct store_outcome outcome;
    uint64_t sum;
    heap_init(&heap, NULL, NULL, 0);
    stores_remove();
    struct store *store = store_open(stores_path, STORE_WRITE, &heap, &err);
    profile_init(&profile, &heap, 1, false);
    for (unsigned i = 0; i < 2000; i++) {
        char request[20];
        snprintf(request, sizeof request, "r%u", i);
        struct sample_label labels[] = {
            {STR("endpoint"), str_from_c(stores_endpoints[1 + i % 2]), STR(""), 0, false},
            {STR("request"), str_from_c(request), STR(""), 0, false},
            {STR("bytes"), STR(""), STR(""), i, true},
            {STR("source"), STR("another"), STR(""), 0, false},
        };
        label_text_make(&text, labels, 4);
        struct frame frame = {.name = strbuf_str(&text), .kind = FRAME_LABELS};
        uint32_t node = tree_child(&profile.tree, TREE_ROOT,
                                   frames_add(&profile.tree.frames, &frame));
        tree_add(&profile.tree, stores_stack(&profile.tree, node, i % STACKS), 0, 1, 0);
    }
    ok(store && store_add(store, &window, &profile, &outcome, &err) == STORE_ADDED,
       "a window with a label for each request is stored");
    is_str(outcome.dropped, STR("request"), "without the label that has too many values");
    ok(store && store_read_labels(store, &query, &heap, &sums, &sum, &err) && sum == 2000 &&
           sums.sums.n == 5,
       "the labels have their shares");
    ok(store_add(store, &window, &profile, NULL, &err) == STORE_KNOWN, "it is there once");
    heap_end(&heap);
}

static void test_types(void)
{
    struct heap heap;
    struct err err = {0};
    struct profile profile;
    struct store_label label = {STR("source"), STR("s")};
    struct store_window window = {0, 60000, &label, 1};
    struct store_query query = {.from = 0, .until = 1};
    struct store_types types;
    heap_init(&heap, NULL, NULL, 0);
    stores_remove();
    struct store *store = store_open(stores_path, STORE_WRITE, &heap, &err);
    for (unsigned i = 0; i < 2; i++) {
        profile_init(&profile, &heap, 1, false);
        profile_set_value_type(
            &profile,
            &(struct value_type){.name = i == 0 ? STR("cpu") : STR("wall"), .unit = STR("ns")});
        tree_add(&profile.tree, stores_stack(&profile.tree, TREE_ROOT, 1), 0, 125, i);
        ok(store_add(store, &window, &profile, NULL, &err) == STORE_ADDED, "value %u is added", i);
    }
    ok(!store_read(store, &query, &heap, &profile, &err) && err.code == ERR_INPUT,
       "two values have no sum: %s", err.message);
    ok(store_read_types(store, &query, &heap, &types, &err) && types.at.n == 2, "both are listed");
    query.type = STR("wall");
    ok(store_read(store, &query, &heap, &profile, &err), "one can be chosen");
    is_str(stores_text(&profile.tree, &heap), STR("f1;f1 12.5\n"), "it has its fraction");
    heap_end(&heap);
}

/* A heap profile of a source that counts: what was allocated is a count, and what is in use is not.
 */
static void test_values(void)
{
    static const char *const names[] = {"live_space", "alloc_space", "samples"};
    static const unsigned expected[] = {100 + 70, 300, 0};
    struct heap heap;
    struct err err = {0};
    struct store_label label = {STR("source"), STR("heap")};
    struct store_window window;
    heap_init(&heap, NULL, NULL, 0);
    stores_remove();
    struct store *store = store_open(stores_path, STORE_WRITE, &heap, &err);
    bool done = store != NULL;
    struct store_outcome outcome = {0};
    for (unsigned i = 0; i < 2 && done; i++) {
        store_outcome_end(store, &outcome);
        struct store_answer answer = {i * 60000, i * 60000 + 10, -1, i > 0 ? 60000 : -1, &label, 1};
        struct profile profile;
        profile_init(&profile, &heap, 1, false);
        for (unsigned v = 0; v < 3; v++) {
            struct value_type type = {str_from_c(names[v]), STR("bytes"), .is_level = v == 0};
            profile_set_value_type(&profile, &type); /* the first stays */
            profile_column(&profile, &type);
        }
        uint32_t node = stores_stack(&profile.tree, TREE_ROOT, 1);
        tree_add(&profile.tree, node, 0, i == 0 ? 100 : 70, 0);
        tree_add(&profile.tree, node, 1, i == 0 ? 1000 : 1300, 0);
        tree_add(&profile.tree, node, 2, 1, 0);
        done = store_add_answer(store, &answer, &profile, &window, &outcome, &err) == STORE_ADDED;
    }
    ok(done, "answers with three values are added: %s", err.message);
    ok(done && outcome.values.n == 2 && outcome.values.at[0].from == 60000 &&
           outcome.values.at[0].until == 60010,
       "the window of a value that is no count is that of the answer");
    ok(done && outcome.values.n == 2 && outcome.values.at[1].from == 10 &&
           outcome.values.at[1].until == 60010,
       "that of a count begins with the answer before");
    for (unsigned v = 0; v < 3; v++) {
        struct profile profile;
        struct store_query query = {.from = 0, .until = 100000, .type = str_from_c(names[v])};
        bool read = store_read(store, &query, &heap, &profile, &err);
        ok(read && tree_sum(&profile.tree, 0) == expected[v], "%s: %llu", names[v],
           (unsigned long long)tree_sum(&profile.tree, 0));
    }
    struct profile later, read;
    struct store_window after = {200000, 200001, &label, 1};
    const struct store_query query = {.from = 200000, .until = 200001};
    profile_init(&later, &heap, 1, false);
    profile_set_value_type(&later,
                           &(struct value_type){.name = STR("alloc_space"), .unit = STR("bytes")});
    tree_add(&later.tree, stores_stack(&later.tree, TREE_ROOT, 1), 0, 5, 0);
    ok(store_add(store, &after, &later, NULL, &err) == STORE_ADDED &&
           store_read(store, &query, &heap, &read, &err) && tree_sum(&read.tree, 0) == 5,
       "a value that was beside another one can be the default of a later profile");
    heap_end(&heap);
}

static void test_events(void)
{
    struct heap heap;
    struct err err = {0};
    struct store_events events;
    heap_init(&heap, NULL, NULL, 0);
    stores_remove();
    struct store *store = store_open(stores_path, STORE_WRITE, &heap, &err);
    ok(store && store_add_gap(store, STR("w1"), 0, 10, STR("refused"), &err) &&
           store_add_gap(store, STR("w1"), 10, 20, STR("refused"), &err) &&
           store_add_gap(store, STR("w1"), 20, 30, STR("timed out"), &err) &&
           store_add_gap(store, STR("w1"), 50, 60, STR("timed out"), &err),
       "gaps are added");
    ok(store_read_gaps(store, 0, 100, &heap, &events, &err) && events.at.n == 3 &&
           events.at.at[0].until == 20 && events.at.at[0].count == 2,
       "those in a row are one");
    ok(store_add_mark(store, 5, STR("deploy"), &err) &&
           store_add_mark(store, 5, STR("deploy"), &err) &&
           store_add_mark(store, 7, STR("back"), &err) &&
           store_read_marks(store, 0, 7, &heap, &events, &err) && events.at.n == 1,
       "a mark is there once");
    is_str(events.at.at[0].text, STR("deploy"), "with its text");
    heap_end(&heap);
}

static void test_other_files(void)
{
    struct heap heap;
    struct err err = {0};
    heap_init(&heap, NULL, NULL, 0);
    stores_remove();
    ok(!store_open(stores_path, STORE_READ, &heap, &err), "no file is made to be read: %s",
       err.message);
    err = (struct err){0};
    int file = open(stores_path, O_WRONLY | O_CREAT, 0600);
    ok(file >= 0 && write(file, "a;b 1\na;c 2\n", 12) == 12 && close(file) == 0, "a text");
    ok(!store_open(stores_path, STORE_WRITE, &heap, &err) && err.code == ERR_INPUT,
       "is no store, and stays: %s", err.message);
    struct stat status;
    ok(stat(stores_path, &status) == 0 && status.st_size == 12, "it has its bytes");
    heap_end(&heap);
}

int main(void)
{
    stores_begin("test_store_windows");
    test_answers();
    test_labels();
    test_types();
    test_values();
    test_events();
    test_other_files();
    stores_remove();
    return done_testing();
}

#else

int main(void)
{
    skip("the store", "this build has no flamestore");
    return done_testing();
}
#endif
