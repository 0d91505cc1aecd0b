/* SPDX-License-Identifier: MIT */
/*
 * test_run_directory: the window of flamediff --baseline --keep when calls fail: the runs that are
 * there stay whole, and at no time are there fewer than are to be kept.
 */
#include "cli/run_directory.h"

#include "cli/program.h"
#include "heaps.h"
#include "memory_os.h"
#include "tap.h"

#define OLD "main;parse 20000\nmain;rest 30000\n"
#define NEW "main;parse 20010\nmain;rest 30020\n"

static uint64_t frozen_clock(void)
{
    return 1000;
}

struct world {
    struct memory_os m;
    struct heaps heaps;
    int status;
};

static void world_init(struct world *world)
{
    memory_init(&world->m);
    world->heaps = (struct heaps){.calls = 0};
    memory_put(&world->m, "window/000001-a", STR(OLD));
    memory_put(&world->m, "window/000002-a", STR(OLD));
    memory_put(&world->m, "new", STR(NEW));
}

static void world_run(struct world *world, const char *limit)
{
    char words[][40] = {"flamediff", "--baseline", "window", "--keep", "2", "--fail-on", "", "new"};
    char *argv[sizeof words / sizeof words[0] + 1] = {NULL};
    struct env env = {
        .os = &world->m.os,
        .resize = heaps_resize,
        .resize_context = &world->heaps,
        .seed = 42,
        .now_ms = frozen_clock,
    };
    snprintf(words[6], sizeof words[6], "%s", limit);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        argv[i] = words[i];
    world->status = flamediff_main(&env, sizeof words / sizeof words[0], argv);
}

/* A file that is there is whole. */
static unsigned count_whole(struct world *world, const char *name, str bytes, unsigned *broken)
{
    const struct memory_file *file = memory_find(&world->m, name);
    *broken += file && !str_equal(memory_text(file), bytes);
    return file != NULL;
}

static bool is_whole(struct world *world)
{
    unsigned broken = 0;
    unsigned first = count_whole(world, "window/000001-a", STR(OLD), &broken);
    unsigned second = count_whole(world, "window/000002-a", STR(OLD), &broken);
    unsigned third = count_whole(world, "window/000003-new", STR(NEW), &broken);
    return broken == 0 && second == 1 && first + third >= 1 && memory_open_fds(&world->m) == 3;
}

static void test_failing(bool memory)
{
    unsigned wrong = 0;
    size_t n = 0;
    bool reached = true;
    while (reached && n < 5000) {
        struct world world;
        world_init(&world);
        n++;
        world.heaps.fail_at = memory ? n : 0;
        world.m.fail_at = memory ? 0 : n;
        world_run(&world, "any>5%");
        reached = n <= (memory ? world.heaps.calls : world.m.calls);
        bool kept = memory_find(&world.m, "window/000003-new") != NULL;
        if (!is_whole(&world) || (world.status == 0 && !kept)) {
            wrong++;
            diag("call %zu (%s): status %d", n, world.m.failed ? world.m.failed : "allocation",
                 world.status);
        }
        memory_end(&world.m);
    }
    ok(wrong == 0 && !reached, "each of %zu %s fails: no run is lost", n - 1,
       memory ? "allocations" : "calls");
}

int main(void)
{
    struct world world;
    world_init(&world);
    world_run(&world, "any>5%");
    ok(world.status == 0 && is_whole(&world) && !memory_find(&world.m, "window/000001-a") &&
           memory_find(&world.m, "window/000003-new"),
       "the new run is added, the oldest is dropped");
    memory_end(&world.m);
    world_init(&world);
    memory_put(&world.m, "new", STR("main;parse 24000\nmain;rest 30000\n"));
    world_run(&world, "any>5%");
    ok(world.status == 3 && memory_find(&world.m, "window/000001-a") &&
           !memory_find(&world.m, "window/000003-new"),
       "a run that fails changes nothing");
    memory_end(&world.m);
    test_failing(false);
    test_failing(true);
    return done_testing();
}
