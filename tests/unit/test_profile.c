/* SPDX-License-Identifier: MIT */
/*
 * profile: facts and events are found by their names, however many there are, and what parts of a
 * file tell comes together as if one had read it.
 */
#include "profile/profile.h"

#include <stdio.h>
#include <time.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "heaps.h"
#include "tap.h"

enum { FEW = 25000, MORE = 4, MOST_RATIO = 10, RUNS = 3 };

struct job {
    bool facts;
    size_t count, found;
};

static bool add_many(struct heap *heap, void *arg)
{
    struct job *job = arg;
    struct profile profile;
    char text[24];
    profile_init(&profile, heap, 42, false);
    for (size_t i = 0; i < 2 * job->count; i++) {
        size_t n = (size_t)snprintf(text, sizeof text, "name-%08zu", i % job->count);
        str name = str_of(text, n);
        if (job->facts)
            profile_add_fact(&profile, name, name);
        else if (profile_find_event(&profile, name) == profile.events.n)
            profile_add_event(&profile, (struct profile_event){.name = name});
    }
    job->found = job->facts ? profile.facts.n : profile.events.n;
    profile_end(&profile);
    return true;
}

/* Where the system moves pages slowly, as some virtual machines do, that is most of the time. */
static void keep_memory(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 25);
    mallopt(M_TRIM_THRESHOLD, 1 << 28);
    mallopt(M_TOP_PAD, 1 << 26);
#endif
}

/* Processor time. */
static double cost(bool facts, size_t count)
{
    double best = 1e9;
    for (unsigned i = 0; i < RUNS; i++) {
        struct job job = {facts, count, 0};
        clock_t start = clock();
        if (!heaps_run(add_many, &job) || job.found != count)
            return 1e9;
        double c = (double)(clock() - start) / CLOCKS_PER_SEC;
        best = c < best ? c : best;
    }
    return best;
}

static void test_many(bool facts)
{
    double few = cost(facts, FEW), more = cost(facts, MORE * FEW);
    ok(more < 1e9 && more < MOST_RATIO * few, "%s: %d times as many cost %.1f times as much",
       facts ? "facts" : "events", MORE, more / few);
}

static bool is_event(const struct profile *profile, size_t i, const char *name, uint64_t samples,
                     uint64_t line)
{
    const struct profile_event *event = &profile->events.at[i];
    return str_equal(event->name, str_from_c(name)) && event->samples == samples &&
           event->line == line && profile_find_event(profile, event->name) == i;
}

static void count(struct profile *profile, const char *name, uint64_t line)
{
    size_t i = profile_find_event(profile, str_from_c(name));
    if (i == profile->events.n)
        profile_add_event(profile, (struct profile_event){.name = str_from_c(name), .line = line});
    profile->events.at[i].samples++;
}

static bool join_parts(struct heap *heap, void *arg)
{
    struct profile whole, part;
    (void)arg;
    profile_init(&whole, heap, 42, false);
    profile_init(&part, heap, 43, false);
    count(&whole, "first", 1);
    count(&whole, "second", 2);
    profile_split(&part, &whole);
    ok(part.events.n == 1 && is_event(&part, 0, "first", 0, 1), "a part knows the first event");
    count(&whole, "late", 70);
    count(&part, "early", 40);
    count(&part, "late", 50);
    count(&part, "second", 60);
    profile_merge(&whole, &part, 2);
    ok(whole.events.n == 4 && is_event(&whole, 0, "first", 1, 1) &&
           is_event(&whole, 1, "second", 2, 2) && is_event(&whole, 2, "early", 1, 40) &&
           is_event(&whole, 3, "late", 2, 50),
       "what the part counted is in its place");
    profile_end(&part);
    profile_init(&part, heap, 44, false);
    profile_split(&part, &whole);
    count(&part, "late", 3);
    profile_merge(&whole, &part, 4);
    ok(is_event(&whole, 3, "late", 3, 3), "once more, in another file");
    profile_add_fact(&whole, STR("host"), STR("a"));
    profile_add_fact(&whole, STR("host"), STR("b"));
    ok(whole.facts.n == 1 && str_equal(whole.facts.at[0].value, STR("a")),
       "the first value of a fact stays");
    profile_end(&part);
    profile_end(&whole);
    return true;
}

#define MOST "340282366920938463463374607431768211455"

static bool is_wide(struct wide value, const char *want)
{
    char got[NUM_ROOM];
    return str_equal(str_of(got, wide_put(got, value)), str_of(want, strlen(want)));
}

static bool add_squares(struct heap *heap, void *arg)
{
    struct profile forth, back;
    struct wide most = wide_product(UINT64_MAX, UINT64_MAX);
    (void)arg;
    profile_init(&forth, heap, 42, false);
    profile_init(&back, heap, 42, false);
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t weight = UINT64_C(10000000019) + i, last = UINT64_C(10000000019) + 999 - i;
        profile_add_square(&forth, wide_product(weight, weight));
        profile_add_square(&back, wide_product(last, last));
    }
    ok(is_wide(forth.squares, "100000010370000352175500") &&
           is_wide(back.squares, "100000010370000352175500"),
       "squares lose nothing");
    profile_add_square(&forth, most);
    profile_add_square(&back, wide_of(1));
    profile_add_square(&back, most);
    ok(is_wide(forth.squares, MOST) && is_wide(back.squares, MOST), "they stay at the most");
    profile_end(&forth);
    profile_end(&back);
    return true;
}

int main(void)
{
    keep_memory();
    ok(heaps_run(add_squares, NULL), "squares");
    ok(heaps_run(join_parts, NULL), "parts");
    test_many(true);
    test_many(false);
    return done_testing();
}
