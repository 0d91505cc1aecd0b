/* SPDX-License-Identifier: MIT */
/*
 * store_size: how large a store gets, and how long questions take. One day of 8 sources, windows of
 * a minute, 300 stacks in each; then a month of the sums of hours.
 *
 *      make -C build tests/bench/store_size && build/tests/bench/store_size [FILE]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "../unit/dice.h"
#include "store/store.h"

enum { SOURCES = 8, MINUTES = 24 * 60, STACKS = 300, DAYS = 30 };

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* 300 stacks of 5 to 25 frames, as a tree: of 2000 weights most are small. */
static void make_profile(struct profile *profile, struct heap *heap, uint64_t *seed)
{
    char name[40];
    profile_init(profile, heap, 1, false);
    for (unsigned s = 0; s < STACKS; s++) {
        uint32_t node = TREE_ROOT;
        for (unsigned depth = 0; depth < 5 + s % 21; depth++) {
            snprintf(name, sizeof name, "module_%u.function_%u", depth % 4,
                     depth < 4 ? depth + s % 3 : s * 31 % (depth * 17));
            node = tree_child(&profile->tree, node, tree_frame(&profile->tree, str_from_c(name)));
        }
        snprintf(name, sizeof name, "leaf_%u", s);
        node = tree_child(&profile->tree, node, tree_frame(&profile->tree, str_from_c(name)));
        uint64_t weight = 1 + dice_below(seed, 8) * dice_below(seed, 8) * dice_below(seed, 16);
        tree_add(&profile->tree, node, 0, weight, 0);
    }
}

static void die(const struct err *err)
{
    fprintf(stderr, "%s: %s\n", err->file, err->message);
    exit(1);
}

static void add(struct store *store, struct heap *heap, int64_t from, int64_t until,
                unsigned source, uint64_t *seed)
{
    char name[40];
    struct err err = {0};
    struct profile profile;
    snprintf(name, sizeof name, "http://worker-%u:16384", source);
    struct store_label labels[] = {{STR("source"), str_from_c(name)},
                                   {STR("app"), STR("feed")},
                                   {STR("host"), str_from_c(name + 7)}};
    struct store_window window = {from, until, labels, 3};
    make_profile(&profile, heap, seed);
    if (store_add(store, &window, &profile, NULL, &err) != STORE_ADDED)
        die(&err);
    profile_end(&profile);
}

/* The median of five times, in milliseconds of processor. */
static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void ask(const char *what, const char *path, int64_t from, int64_t until)
{
    double spent[5];
    uint64_t total = 0;
    for (unsigned i = 0; i < 5; i++) {
        struct heap heap;
        struct err err = {0};
        struct profile profile;
        struct store_query query = {.from = from, .until = until};
        double start = processor_seconds();
        heap_init(&heap, NULL, NULL, 0);
        struct store *store = store_open(path, STORE_READ, &heap, &err);
        if (!store || !store_read(store, &query, &heap, &profile, &err))
            die(&err);
        total = tree_sum(&profile.tree, 0);
        heap_end(&heap);
        spent[i] = (processor_seconds() - start) * 1000;
    }
    qsort(spent, 5, sizeof *spent, compare_doubles);
    printf("%-28s %8.1f ms   (weight %llu)\n", what, spent[2], (unsigned long long)total);
}

static void show_size(struct store *store, const char *what)
{
    struct store_size size;
    struct err err = {0};
    if (!store_measure(store, &size, &err))
        die(&err);
    printf("%-28s %8.1f MB   %llu rows, %llu rows of hours, %.1f bytes a row\n", what,
           (double)size.bytes / 1e6, (unsigned long long)size.rows,
           (unsigned long long)size.hour_rows,
           (double)size.bytes / (double)(size.rows + size.hour_rows));
}

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : "/tmp/flamestore-bench.db";
    struct heap heap;
    struct err err = {0};
    uint64_t seed = 1;
    const int64_t start = INT64_C(1795910400) * STORE_SECOND; /* a full hour */
    heap_init(&heap, NULL, NULL, 0);
    unlink(path);
    struct store *store = store_open(path, STORE_WRITE, &heap, &err);
    if (!store)
        die(&err);
    double began = processor_seconds();
    for (int64_t minute = 0; minute < MINUTES; minute++)
        for (unsigned source = 0; source < SOURCES; source++)
            add(store, &heap, start + minute * STORE_MINUTE, start + (minute + 1) * STORE_MINUTE,
                source, &seed);
    printf("%-28s %8.2f ms\n", "a window is added in",
           (processor_seconds() - began) * 1000 / (MINUTES * SOURCES));
    show_size(store, "a day");
    ask("15 minutes", path, start + 12 * (int64_t)STORE_HOUR + 7 * STORE_MINUTE,
        start + 12 * (int64_t)STORE_HOUR + 22 * STORE_MINUTE);
    ask("a day", path, start, start + 24 * (int64_t)STORE_HOUR);
    ask("a day, minus 2 minutes", path, start + STORE_MINUTE,
        start + 24 * (int64_t)STORE_HOUR - STORE_MINUTE);
    for (int64_t hour = 24; hour < 24 * DAYS; hour++)
        for (unsigned source = 0; source < SOURCES; source++)
            add(store, &heap, start + hour * STORE_HOUR, start + (hour + 1) * STORE_HOUR, source,
                &seed);
    ask("30 days", path, start, start + 24 * DAYS * (int64_t)STORE_HOUR);
    heap_end(&heap);
    return 0;
}
