/* SPDX-License-Identifier: MIT */
/*
 * store: what a store gives back is what a list of all samples gives, for random windows, labels,
 * ranges and expiries; windows are stored whole, once, and survive what happens to the process.
 */
#include "tap.h"

#if HAVE_STORE
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dice.h"
#include "stacks.h"
#include "store/store.h"

enum { HOSTS = 3, ENDPOINTS = 3, STACKS = 40, RECORDS_MOST = 20000 };

static char path[200];

static const char *const sides[] = {"", "-wal", "-shm"};

static void remove_store(void)
{
    char name[220];
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s", path, sides[i]);
        unlink(name);
    }
}

/* ---- a list of all samples ---- */

struct record {
    int64_t at;
    unsigned host, endpoint, stack; /* endpoint 0: none */
    uint64_t weight;
};

struct list {
    struct record at[RECORDS_MOST];
    size_t n;
};

static const char *const hosts[HOSTS] = {"a", "b;\xff\"'<", "c"};
static const char *const endpoints[ENDPOINTS] = {"", "/feed", "/cart"};

/* Stacks of different depth that share callers. */
static uint32_t stack_node(struct tree *tree, uint32_t node, unsigned stack)
{
    char name[8];
    for (unsigned i = 0; i <= stack % 5; i++) {
        snprintf(name, sizeof name, "f%u", i == stack % 5 ? stack : i * 10 + stack % 2);
        node = tree_child(tree, node, tree_frame(tree, str_from_c(name)));
    }
    return node;
}

static uint32_t labels_node(struct tree *tree, struct heap *heap, unsigned endpoint)
{
    struct strbuf text = {.heap = heap};
    struct sample_label label = {
        .key = STR("endpoint"), .value = str_from_c(endpoints[endpoint]), .unit = STR("")};
    if (endpoint == 0)
        return TREE_ROOT;
    label_text_make(&text, &label, 1);
    struct frame frame = {.name = strbuf_str(&text), .kind = FRAME_LABELS};
    uint32_t node = tree_child(tree, TREE_ROOT, frames_add(&tree->frames, &frame));
    strbuf_end(&text);
    return node;
}

static enum store_added add_window(struct store *store, struct heap *heap, int64_t from,
                                   int64_t until, unsigned host, const struct record *records,
                                   size_t n, struct err *err)
{
    struct profile profile;
    struct store_label labels[] = {{STR("source"), STR("test")},
                                   {STR("host"), str_from_c(hosts[host])}};
    struct store_window window = {from, until, labels, 2};
    profile_init(&profile, heap, 1, false);
    for (size_t i = 0; i < n; i++) {
        uint32_t node = labels_node(&profile.tree, heap, records[i].endpoint);
        tree_add(&profile.tree, stack_node(&profile.tree, node, records[i].stack), 0,
                 records[i].weight, 0);
    }
    enum store_added added = store_add(store, &window, &profile, NULL, err);
    profile_end(&profile);
    return added;
}

static str text_of(const struct tree *tree, struct heap *heap)
{
    struct sink sink;
    sink_open_memory(&sink, heap);
    folded_write(tree, &sink);
    return sink_text(&sink);
}

/* The answer by the list. */
static str expect(const struct list *list, int64_t from, int64_t until, unsigned want_hosts,
                  unsigned endpoint, bool by, struct heap *heap)
{
    struct tree tree;
    tree_init(&tree, heap, 1);
    for (size_t i = 0; i < list->n; i++) {
        const struct record *r = &list->at[i];
        uint32_t node = TREE_ROOT;
        if (r->at < from || r->at >= until || !(want_hosts >> r->host & 1) ||
            (endpoint > 0 && r->endpoint != endpoint))
            continue;
        if (by)
            node = tree_child(&tree, node,
                              tree_frame(&tree, r->endpoint > 0 ? str_from_c(endpoints[r->endpoint])
                                                                : STR("endpoint: none")));
        tree_add(&tree, stack_node(&tree, node, r->stack), 0, r->weight, 0);
    }
    return text_of(&tree, heap);
}

struct asked {
    int64_t from, until;
    unsigned hosts, endpoint;
    bool by;
};

static struct store_query query_of(const struct asked *asked, struct store_label *labels)
{
    static const str by = STR_INIT("endpoint");
    struct store_query query = {.from = asked->from, .until = asked->until, .labels = labels};
    for (unsigned host = 0; host < HOSTS; host++)
        if (asked->hosts != 7 && asked->hosts >> host & 1)
            labels[query.label_count++] = (struct store_label){STR("host"),
                                                               str_from_c(hosts[host])};
    if (asked->endpoint > 0)
        labels[query.label_count++] = (struct store_label){STR("endpoint"),
                                                           str_from_c(endpoints[asked->endpoint])};
    query.by = &by;
    query.by_count = asked->by;
    return query;
}

static bool answers_like_list(struct store *store, const struct list *list,
                              const struct asked *asked)
{
    struct heap heap;
    struct err err = {0};
    struct profile profile;
    struct store_label labels[HOSTS + 1];
    struct store_query query = query_of(asked, labels);
    struct store_timeline timeline;
    struct label_sums sums;
    uint64_t total = 0, sum = 0, shares;
    heap_init(&heap, NULL, NULL, 0);
    str want = expect(list, asked->from, asked->until, asked->hosts, asked->endpoint, asked->by,
                      &heap);
    bool same = store_read(store, &query, &heap, &profile, &err) &&
                str_equal(text_of(&profile.tree, &heap), want);
    total = tree_sum(&profile.tree, 0);
    same = same && store_read_timeline(store, &query, STORE_HOUR / 4, &heap, &timeline, &err) &&
           store_read_labels(store, &query, &heap, &sums, &shares, &err) && shares == total;
    for (size_t i = 0; same && i < timeline.points.n; i++)
        sum += timeline.points.at[i].total;
    if (same && sum != total)
        diag("the timeline has %llu, not %llu", (unsigned long long)sum, (unsigned long long)total);
    same = same && sum == total;
    if (!same)
        diag("from %lld until %lld hosts %u endpoint %u by %d: %s", (long long)asked->from,
             (long long)asked->until, asked->hosts, asked->endpoint, asked->by, err.message);
    heap_end(&heap);
    return same;
}

/* ---- the property ---- */

static bool add_random_windows(struct store *store, struct list *list, uint64_t *seed,
                               struct heap *heap)
{
    struct err err = {0};
    for (unsigned w = 0; w < 300; w++) {
        struct record records[20];
        int64_t from = (int64_t)dice_below(seed, 10 * STORE_HOUR) - 2 * STORE_HOUR;
        int64_t until = from + 1 + (int64_t)dice_below(seed, 5 * STORE_MINUTE);
        size_t n = dice_below(seed, 20);
        unsigned host = (unsigned)dice_below(seed, HOSTS);
        for (size_t i = 0; i < n; i++) {
            records[i] = (struct record){from, host, (unsigned)dice_below(seed, ENDPOINTS),
                                         (unsigned)dice_below(seed, STACKS),
                                         1 + dice_below(seed, 1000)};
            list->at[list->n++] = records[i];
        }
        if (add_window(store, heap, from, until, host, records, n, &err) != STORE_ADDED ||
            add_window(store, heap, from, until, host, records, n, &err) != STORE_KNOWN) {
            diag("%s", err.message);
            return false;
        }
    }
    return true;
}

static bool has_no_fault(struct store *store, struct heap *heap)
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

static bool ask_at_random(struct store *store, const struct list *list, uint64_t *seed,
                          unsigned times)
{
    bool same = true;
    for (unsigned i = 0; i < times; i++) {
        struct asked asked = {
            .from = (int64_t)dice_below(seed, 11 * STORE_HOUR) - 3 * STORE_HOUR,
            .hosts = 1 + (unsigned)dice_below(seed, 7),
            .endpoint = (unsigned)dice_below(seed, ENDPOINTS),
            .by = dice_below(seed, 2) == 0,
        };
        if (dice_below(seed, 3) == 0)
            asked.from -= asked.from % STORE_HOUR;
        asked.until = asked.from + 1 + (int64_t)dice_below(seed, 6 * STORE_HOUR);
        same &= answers_like_list(store, list, &asked);
    }
    return same;
}

/* Records before `since` count at their full hour. */
static void move_to_hours(struct list *list, int64_t since)
{
    for (size_t i = 0; i < list->n; i++) {
        int64_t at = list->at[i].at, over = at % STORE_HOUR;
        if (at < since)
            list->at[i].at = at - over - (over < 0 ? STORE_HOUR : 0);
    }
}

static void drop_before(struct list *list, int64_t since)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        if (list->at[i].at >= since)
            list->at[n++] = list->at[i];
    list->n = n;
}

static void test_sums(void)
{
    struct heap heap;
    struct err err = {0};
    uint64_t seed = dice_seed();
    struct list *list = calloc(1, sizeof *list);
    heap_init(&heap, NULL, NULL, 0);
    remove_store();
    struct store *store = store_open(path, STORE_WRITE, &heap, &err);
    if (!ok(store && list, "a store is made: %s", err.message))
        return;
    ok(add_random_windows(store, list, &seed, &heap), "each window is added once");
    ok(ask_at_random(store, list, &seed, 200), "200 random questions have the sums of the samples");
    ok(has_no_fault(store, &heap), "and the check finds nothing");
    int64_t since = 3 * (int64_t)STORE_HOUR;
    ok(store_expire(store, since + 1000, INT64_MIN, &err), "windows of the first hours go");
    move_to_hours(list, since);
    ok(ask_at_random(store, list, &seed, 200), "the sums of their hours stay exact");
    ok(has_no_fault(store, &heap), "and the check finds nothing");
    struct record late = {since - 5, 0, 0, 1, 7};
    ok(add_window(store, &heap, since - 5, since, 0, &late, 1, &err) == STORE_FAILED,
       "a window that might have been there already is refused: %s", err.message);
    err = (struct err){0};
    late.at = since;
    ok(add_window(store, &heap, since, since + 1, 0, &late, 1, &err) == STORE_ADDED,
       "a later one is added");
    list->at[list->n++] = late;
    ok(store_expire(store, since, 0, &err), "the sums of hours before 0 go");
    drop_before(list, 0);
    ok(ask_at_random(store, list, &seed, 100), "the others stay");
    store_close(store);
    store = store_open(path, STORE_READ, &heap, &err);
    ok(store && ask_at_random(store, list, &seed, 50), "also after it was opened again");
    heap_end(&heap);
    free(list);
}

/* ---- what happens to the process ---- */

/* A child adds windows of minute after minute until it is killed. Each has the weight 1 + its
 * number for every stack. */
static void add_until_killed(int ready)
{
    struct heap heap;
    struct err err = {0};
    heap_init(&heap, NULL, NULL, 0);
    struct store *store = store_open(path, STORE_WRITE, &heap, &err);
    for (int64_t w = 0; store; w++) {
        struct record records[STACKS];
        for (unsigned i = 0; i < STACKS; i++)
            records[i] = (struct record){0, 0, i % ENDPOINTS, i, (uint64_t)w % 100 + 1};
        if (w == 1 && write(ready, "", 1) != 1)
            break;
        if (add_window(store, &heap, w * STORE_MINUTE, (w + 1) * STORE_MINUTE, 0, records, STACKS,
                       &err) == STORE_FAILED)
            break;
    }
    _exit(1);
}

/* All windows from the first to the last one are whole. */
static bool is_whole(struct store *store, struct heap *heap, uint64_t *windows)
{
    struct store_size size;
    struct err err = {0};
    struct profile profile;
    struct store_query query = {.from = 0, .until = INT64_C(1) << 50};
    uint64_t want = 0;
    if (!store_measure(store, &size, &err) || !store_read(store, &query, heap, &profile, &err))
        return false;
    *windows = size.windows / ENDPOINTS;
    for (uint64_t w = 0; w < *windows; w++)
        want += (w % 100 + 1) * STACKS;
    if (tree_sum(&profile.tree, 0) != want)
        diag("%llu windows", (unsigned long long)*windows);
    return size.windows % ENDPOINTS == 0 && tree_sum(&profile.tree, 0) == want;
}

static void test_kill(void)
{
    uint64_t seed = dice_seed(), windows = 0, before = 0;
    bool whole = true, more = true;
    remove_store();
    for (unsigned i = 0; i < 20; i++) {
        struct heap heap;
        struct err err = {0};
        int ends[2];
        char byte;
        if (pipe(ends) != 0)
            break;
        pid_t child = fork();
        if (child == 0)
            add_until_killed(ends[1]);
        close(ends[1]);
        more &= read(ends[0], &byte, 1) == 1;
        usleep((useconds_t)dice_below(&seed, 30000));
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        close(ends[0]);
        heap_init(&heap, NULL, NULL, 0);
        struct store *store = store_open(path, STORE_READ, &heap, &err);
        whole &= store && is_whole(store, &heap, &windows) && has_no_fault(store, &heap);
        more &= windows >= before;
        before = windows;
        heap_end(&heap);
    }
    ok(whole, "killed at 20 random moments, the store is intact and each window is whole");
    ok(more && windows > 20, "no window is lost: %llu", (unsigned long long)windows);
}

/* A file that cannot grow beyond a limit fails like a full disk. */
static void test_full_disk(void)
{
    struct heap heap;
    struct err err = {0};
    struct rlimit limit, old;
    bool failed = false;
    remove_store();
    heap_init(&heap, NULL, NULL, 0);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    struct store *store = store_open(path, STORE_WRITE, &heap, &err);
    for (int64_t w = 0; store && w < 3000; w++) {
        struct record records[STACKS];
        for (unsigned i = 0; i < STACKS; i++)
            records[i] = (struct record){0, 0, i % ENDPOINTS, i, (uint64_t)w % 100 + 1};
        if (w == 20) {
            limit = old;
            limit.rlim_cur = 300000;
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        if (add_window(store, &heap, w * STORE_MINUTE, (w + 1) * STORE_MINUTE, 0, records, STACKS,
                       &err) != STORE_FAILED)
            continue;
        if (failed) {
            setrlimit(RLIMIT_FSIZE, &old);
            ok(add_window(store, &heap, (w - 1) * STORE_MINUTE, w * STORE_MINUTE, 0, records,
                          STACKS, &(struct err){0}) != STORE_FAILED,
               "there is room again");
            break;
        }
        failed = true; /* once more */
        w--;
    }
    setrlimit(RLIMIT_FSIZE, &old);
    ok(failed && err.code == ERR_IO, "a full disk is an error: %s: %s", err.file, err.message);
    ok(store && has_no_fault(store, &heap), "the store is intact");
    heap_end(&heap);
}

/* Several processes add the same windows at once: each is there once. */
static void test_together(void)
{
    enum { PROCESSES = 4, WINDOWS = 40 };
    struct heap heap;
    struct err err = {0};
    uint64_t windows = 0;
    int failures = 0, status;
    remove_store();
    for (unsigned p = 0; p < PROCESSES; p++) {
        if (fork() != 0)
            continue;
        heap_init(&heap, NULL, NULL, 0);
        struct store *store = store_open(path, STORE_WRITE, &heap, &err);
        for (int64_t w = 0; w < WINDOWS; w++) {
            struct record records[STACKS];
            for (unsigned i = 0; i < STACKS; i++)
                records[i] = (struct record){0, 0, i % ENDPOINTS, i, (uint64_t)w % 100 + 1};
            if (!store || add_window(store, &heap, w * STORE_MINUTE, (w + 1) * STORE_MINUTE, 0,
                                     records, STACKS, &err) == STORE_FAILED) {
                diag("%s", err.message);
                fflush(stdout);
                _exit(1);
            }
        }
        heap_end(&heap);
        _exit(0);
    }
    for (unsigned p = 0; p < PROCESSES; p++)
        failures += wait(&status) < 0 || status != 0;
    heap_init(&heap, NULL, NULL, 0);
    struct store *store = store_open(path, STORE_READ, &heap, &err);
    ok(failures == 0 && store, "four processes make one store and add to it");
    ok(store && is_whole(store, &heap, &windows) && windows == WINDOWS,
       "each window is there once");
    ok(store && has_no_fault(store, &heap), "the store is intact");
    heap_end(&heap);
}

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
    tree_add(&profile.tree, stack_node(&profile.tree, TREE_ROOT, 1), 0, one, 0);
    tree_add(&profile.tree, stack_node(&profile.tree, TREE_ROOT, 2), 0, two, 0);
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
    remove_store();
    c.store = store_open(path, STORE_WRITE, &heap, &c.err);
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
    c.store = store_open(path, STORE_WRITE, &heap, &c.err);
    ok(answer(&c, start - 3500000, 226000, -1, 21, 7) == STORE_ADDED && total(&c) == 95,
       "another process goes on from there");
    ok(answer(&c, start - 3500000, 226000, -1, 30, 7) == STORE_ADDED && total(&c) == 104,
       "so does one that asks at the same time");
    ok(has_no_fault(c.store, &heap), "the store is intact");
    heap_end(&heap);

    heap_init(&heap, NULL, NULL, 0);
    remove_store();
    c.store = store_open(path, STORE_WRITE, &heap, &c.err);
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
    str dropped = STR("");
    uint64_t sum;
    heap_init(&heap, NULL, NULL, 0);
    remove_store();
    struct store *store = store_open(path, STORE_WRITE, &heap, &err);
    profile_init(&profile, &heap, 1, false);
    for (unsigned i = 0; i < 2000; i++) {
        char request[20];
        snprintf(request, sizeof request, "r%u", i);
        struct sample_label labels[] = {
            {STR("endpoint"), str_from_c(endpoints[1 + i % 2]), STR(""), 0, false},
            {STR("request"), str_from_c(request), STR(""), 0, false},
            {STR("bytes"), STR(""), STR(""), i, true},
            {STR("source"), STR("another"), STR(""), 0, false},
        };
        label_text_make(&text, labels, 4);
        struct frame frame = {.name = strbuf_str(&text), .kind = FRAME_LABELS};
        uint32_t node = tree_child(&profile.tree, TREE_ROOT,
                                   frames_add(&profile.tree.frames, &frame));
        tree_add(&profile.tree, stack_node(&profile.tree, node, i % STACKS), 0, 1, 0);
    }
    ok(store && store_add(store, &window, &profile, &dropped, &err) == STORE_ADDED,
       "a window with a label for each request is stored");
    is_str(dropped, STR("request"), "without the label that has too many values");
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
    remove_store();
    struct store *store = store_open(path, STORE_WRITE, &heap, &err);
    for (unsigned i = 0; i < 2; i++) {
        profile_init(&profile, &heap, 1, false);
        profile_set_value_type(&profile, i == 0 ? STR("cpu") : STR("wall"), STR("ns"));
        tree_add(&profile.tree, stack_node(&profile.tree, TREE_ROOT, 1), 0, 125, i);
        ok(store_add(store, &window, &profile, NULL, &err) == STORE_ADDED, "value %u is added", i);
    }
    ok(!store_read(store, &query, &heap, &profile, &err) && err.code == ERR_INPUT,
       "two values have no sum: %s", err.message);
    ok(store_read_types(store, &query, &heap, &types, &err) && types.at.n == 2, "both are listed");
    query.type = STR("wall");
    ok(store_read(store, &query, &heap, &profile, &err), "one can be chosen");
    is_str(text_of(&profile.tree, &heap), STR("f1;f1 12.5\n"), "it has its fraction");
    heap_end(&heap);
}

static void test_events(void)
{
    struct heap heap;
    struct err err = {0};
    struct store_events events;
    heap_init(&heap, NULL, NULL, 0);
    remove_store();
    struct store *store = store_open(path, STORE_WRITE, &heap, &err);
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
    remove_store();
    ok(!store_open(path, STORE_READ, &heap, &err), "no file is made to be read: %s", err.message);
    err = (struct err){0};
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    ok(file >= 0 && write(file, "a;b 1\na;c 2\n", 12) == 12 && close(file) == 0, "a text");
    ok(!store_open(path, STORE_WRITE, &heap, &err) && err.code == ERR_INPUT,
       "is no store, and stays: %s", err.message);
    struct stat status;
    ok(stat(path, &status) == 0 && status.st_size == 12, "it has its bytes");
    heap_end(&heap);
}

int main(void)
{
    const char *directory = getenv("TMPDIR");
    snprintf(path, sizeof path, "%s/test_store.%ld", directory ? directory : "/tmp",
             (long)getpid());
    test_sums();
    test_answers();
    test_labels();
    test_types();
    test_events();
    test_other_files();
    test_kill();
    test_together();
    test_full_disk();
    remove_store();
    return done_testing();
}

#else

int main(void)
{
    skip("the store", "this build has no flamestore");
    return done_testing();
}
#endif
