/* SPDX-License-Identifier: MIT */
/*
 * store: what a store gives back is what a list of all samples gives, for random windows, labels,
 * ranges and expiries.
 */
#include "tap.h"

#if HAVE_STORE
#include "dice.h"
#include "stores.h"

enum { RECORDS_MOST = 20000 };

/* All samples. */
struct list {
    struct stores_record at[RECORDS_MOST];
    size_t n;
};

/* The answer by the list. */
static str expect(const struct list *list, int64_t from, int64_t until, unsigned want_hosts,
                  unsigned endpoint, bool by, struct heap *heap)
{
    struct tree tree;
    tree_init(&tree, heap, 1);
    for (size_t i = 0; i < list->n; i++) {
        const struct stores_record *r = &list->at[i];
        uint32_t node = TREE_ROOT;
        if (r->at < from || r->at >= until || !(want_hosts >> r->host & 1) ||
            (endpoint > 0 && r->endpoint != endpoint))
            continue;
        if (by)
            node = tree_child(&tree, node,
                              tree_frame(&tree, r->endpoint > 0
                                                    ? str_from_c(stores_endpoints[r->endpoint])
                                                    : STR("endpoint: none")));
        tree_add(&tree, stores_stack(&tree, node, r->stack), 0, r->weight, 0);
    }
    return stores_text(&tree, heap);
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
                                                               str_from_c(stores_hosts[host])};
    if (asked->endpoint > 0)
        labels[query.label_count++] = (struct store_label){
            STR("endpoint"), str_from_c(stores_endpoints[asked->endpoint])};
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
                str_equal(stores_text(&profile.tree, &heap), want);
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
        struct stores_record records[20];
        int64_t from = (int64_t)dice_below(seed, 10 * STORE_HOUR) - 2 * STORE_HOUR;
        int64_t until = from + 1 + (int64_t)dice_below(seed, 5 * STORE_MINUTE);
        size_t n = dice_below(seed, 20);
        unsigned host = (unsigned)dice_below(seed, HOSTS);
        for (size_t i = 0; i < n; i++) {
            records[i] = (struct stores_record){from, host, (unsigned)dice_below(seed, ENDPOINTS),
                                                (unsigned)dice_below(seed, STACKS),
                                                1 + dice_below(seed, 1000)};
            list->at[list->n++] = records[i];
        }
        if (stores_add(store, heap, from, until, host, records, n, &err) != STORE_ADDED ||
            stores_add(store, heap, from, until, host, records, n, &err) != STORE_KNOWN) {
            diag("%s", err.message);
            return false;
        }
    }
    return true;
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
    stores_remove();
    struct store *store = store_open(stores_path, STORE_WRITE, &heap, &err);
    if (!ok(store && list, "a store is made: %s", err.message))
        return;
    ok(add_random_windows(store, list, &seed, &heap), "each window is added once");
    ok(ask_at_random(store, list, &seed, 200), "200 random questions have the sums of the samples");
    ok(stores_has_no_fault(store, &heap), "and the check finds nothing");
    int64_t since = 3 * (int64_t)STORE_HOUR;
    ok(store_expire(store, since + 1000, INT64_MIN, &err), "windows of the first hours go");
    move_to_hours(list, since);
    ok(ask_at_random(store, list, &seed, 200), "the sums of their hours stay exact");
    ok(stores_has_no_fault(store, &heap), "and the check finds nothing");
    struct stores_record late = {since - 5, 0, 0, 1, 7};
    ok(stores_add(store, &heap, since - 5, since, 0, &late, 1, &err) == STORE_FAILED,
       "a window that might have been there already is refused: %s", err.message);
    err = (struct err){0};
    late.at = since;
    ok(stores_add(store, &heap, since, since + 1, 0, &late, 1, &err) == STORE_ADDED,
       "a later one is added");
    list->at[list->n++] = late;
    ok(store_expire(store, since, 0, &err), "the sums of hours before 0 go");
    drop_before(list, 0);
    ok(ask_at_random(store, list, &seed, 100), "the others stay");
    store_close(store);
    store = store_open(stores_path, STORE_READ, &heap, &err);
    ok(store && ask_at_random(store, list, &seed, 50), "also after it was opened again");
    heap_end(&heap);
    free(list);
}

int main(void)
{
    stores_begin("test_store");
    test_sums();
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
