/* SPDX-License-Identifier: MIT */
/*
 * store_faults: windows are stored whole and once, and survive what happens to the process.
 */
#include "tap.h"

#if HAVE_STORE
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "dice.h"
#include "stores.h"

/* The window of minute `w` has the weight 1 + w % 100 for every stack. */
static enum store_added add_minute(struct store *store, struct heap *heap, int64_t w,
                                   struct err *err)
{
    struct stores_record records[STACKS];
    for (unsigned i = 0; i < STACKS; i++)
        records[i] = (struct stores_record){0, 0, i % ENDPOINTS, i, (uint64_t)w % 100 + 1};
    return stores_add(store, heap, w * STORE_MINUTE, (w + 1) * STORE_MINUTE, 0, records, STACKS,
                      err);
}

/* ---- what happens to the process ---- */

/* A child adds windows of minute after minute until it is killed. */
static void add_until_killed(int ready)
{
    struct heap heap;
    struct err err = {0};
    heap_init(&heap, NULL, NULL, 0);
    struct store *store = store_open(stores_path, STORE_WRITE, &heap, &err);
    for (int64_t w = 0; store; w++) {
        if (w == 1 && write(ready, "", 1) != 1)
            break;
        if (add_minute(store, &heap, w, &err) == STORE_FAILED)
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
    stores_remove();
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
        struct store *store = store_open(stores_path, STORE_READ, &heap, &err);
        whole &= store && is_whole(store, &heap, &windows) && stores_has_no_fault(store, &heap);
        more &= windows >= before;
        before = windows;
        heap_end(&heap);
    }
    ok(whole, "killed at 20 random moments, the store is intact and each window is whole");
    ok(more && windows > 0, "no window is lost: %llu", (unsigned long long)windows);
}

/* A file that cannot grow beyond a limit fails like a full disk. */
static void test_full_disk(void)
{
    struct heap heap;
    struct err err = {0};
    struct rlimit limit, old;
    bool failed = false;
    stores_remove();
    heap_init(&heap, NULL, NULL, 0);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &old);
    struct store *store = store_open(stores_path, STORE_WRITE, &heap, &err);
    for (int64_t w = 0; store && w < 3000; w++) {
        if (w == 20) {
            limit = old;
            limit.rlim_cur = 300000;
            setrlimit(RLIMIT_FSIZE, &limit);
        }
        if (add_minute(store, &heap, w, &err) != STORE_FAILED)
            continue;
        if (failed) {
            setrlimit(RLIMIT_FSIZE, &old);
            ok(add_minute(store, &heap, w, &(struct err){0}) != STORE_FAILED,
               "there is room again");
            break;
        }
        failed = true; /* once more */
        w--;
    }
    setrlimit(RLIMIT_FSIZE, &old);
    ok(failed && err.code == ERR_IO, "a full disk is an error: %s: %s", err.file, err.message);
    ok(store && stores_has_no_fault(store, &heap), "the store is intact");
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
    stores_remove();
    for (unsigned p = 0; p < PROCESSES; p++) {
        if (fork() != 0)
            continue;
        heap_init(&heap, NULL, NULL, 0);
        struct store *store = store_open(stores_path, STORE_WRITE, &heap, &err);
        for (int64_t w = 0; w < WINDOWS; w++)
            if (!store || add_minute(store, &heap, w, &err) == STORE_FAILED) {
                diag("%s", err.message);
                fflush(stdout);
                _exit(1);
            }
        heap_end(&heap);
        _exit(0);
    }
    for (unsigned p = 0; p < PROCESSES; p++)
        failures += wait(&status) < 0 || status != 0;
    heap_init(&heap, NULL, NULL, 0);
    struct store *store = store_open(stores_path, STORE_READ, &heap, &err);
    ok(failures == 0 && store, "four processes make one store and add to it");
    ok(store && is_whole(store, &heap, &windows) && windows == WINDOWS,
       "each window is there once");
    ok(store && stores_has_no_fault(store, &heap), "the store is intact");
    heap_end(&heap);
}

int main(void)
{
    stores_begin("test_store_faults");
    test_kill();
    test_together();
    test_full_disk();
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
