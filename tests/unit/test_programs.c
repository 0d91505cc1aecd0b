/*
 * The programs, run in process in an imaginary world where one thing after the other goes wrong:
 * every allocation, every read, write, open, close, rename and start of a thread. Whatever fails, a
 * run leaks nothing, says what happened, does not end with 0, leaves no half-written file and keeps
 * the old one.
 */
#include "scenes.h"

static const struct scene scenes[] = {
    {"collapse, folded", collapse_main, {"folded", "-"}, "a;b 1\n", false},
    {"collapse, perf", collapse_main, {"--all", "--pid", "perf"}, "", false},
    {"collapse to a file", collapse_main, {"perf", "-o", "out"}, "", true},
    {"collapse by threads", collapse_main, {"--threads=3", "many", "perf"}, "", false},
    {"collapse, packed", collapse_main, {"packed", "packed"}, "", false},
    {"collapse, two formats", collapse_main, {"folded", "perf", "-o=out"}, "", true},
    {"collapse --help", collapse_main, {"--help=all"}, "", false},
    {"flamediff", flamediff_main, {"-ns", "folded", "after"}, "", false},
    {"flamediff to a file", flamediff_main, {"folded", "-", "-o", "out"}, AFTER, true},
    {"flamegraph", flamegraph_main, {"folded"}, "", false},
    {"flamegraph to a file", flamegraph_main, {"perf", "--inverted", "-o", "out"}, "", true},
    {"flamegraph --cp", flamegraph_main, {"folded", "--palette-file=out", "-o=-"}, "", true},
    {"collapse --shares", collapse_main, {"--class=a=java", "--shares=out", "folded"}, "", true},
    {"flamediff --junit",
     flamediff_main,
     {"--report=text", "--fail-on=any>900%", "--junit=out", "folded", "folded"},
     "",
     true},
};

/* A pattern without machine code is slower, and no failure either. */
static bool by_patterns(const struct scene *scene)
{
    bool any = false;
    for (size_t i = 0; scene->words[i]; i++)
        any |= strncmp(scene->words[i], "--class", 7) == 0 ||
               strncmp(scene->words[i], "--fail-on", 9) == 0;
    return any;
}

/* What was written may not be there: no run may say that all is well. */
static bool loses_output(const struct world *world)
{
    const char *failed = world->m.failed;
    return failed && world->m.fail_with != EINTR &&
           (strcmp(failed, "write") == 0 || strcmp(failed, "rename") == 0 ||
            strcmp(failed, "close, written") == 0);
}

static bool failed_well(struct world *world, const struct scene *scene, str want)
{
    bool kept = str_equal(world_text(world, scene), STR("old->rgb(1,2,3)\n"));
    if (world->status == 0) /* it did not matter */
        return is_clean(world, scene) && str_equal(world_text(world, scene), want) &&
               !loses_output(world);
    return world->status == 1 && is_clean(world, scene) && tells_why(world) &&
           (!scene->writes_file || kept || str_equal(world_text(world, scene), want));
}

static void sweep_allocations(const struct scene *scene, str want)
{
    unsigned wrong = 0;
    size_t n = 0;
    bool reached = true;
    while (reached && n < 5000) {
        struct world world;
        world_init(&world, scene);
        world.heaps.fail_at = ++n;
        world.heaps.for_good = n & 1;
        world_run(&world, scene);
        reached = world.heaps.calls >= n;
        bool may_go_on = by_patterns(scene) || (by_threads(scene) && !world.heaps.for_good);
        bool good = reached ? failed_well(&world, scene, want) && (world.status != 0 || may_go_on)
                            : world.status == 0 && is_clean(&world, scene);
        if (!good && wrong++ < 3)
            report(&world, n);
        memory_end(&world.m);
    }
    ok(wrong == 0 && !reached, "%s: each of %zu allocations fails", scene->name, n - 1);
}

/* for_good: the disk is gone from there on, so that a file left behind cannot be removed either. */
static void sweep_calls(const struct scene *scene, str want, int code, bool for_good)
{
    unsigned wrong = 0;
    size_t n = 0;
    bool reached = true;
    while (reached && n < 5000) {
        struct world world;
        world_init(&world, scene);
        world.m.fail_at = ++n;
        world.m.for_good = for_good;
        world.m.fail_with = code;
        world_run(&world, scene);
        reached = world.m.calls >= n;
        bool good = for_good && reached
                        ? world.status == 1 && tells_why(&world) && world.heaps.blocks == 0
                        : failed_well(&world, scene, want);
        /* The last thing a run does is to close its output. */
        good &= reached || world.status == 0;
        if (!good && wrong++ < 3)
            report(&world, n);
        memory_end(&world.m);
    }
    ok(wrong == 0 && !reached, "%s: each of %zu calls fails%s", scene->name, n - 1,
       for_good ? " for good" : "");
}

/* Each open, read, write, close and rename is interrupted once: nobody notices. */
static void sweep_interrupts(const struct scene *scene, str want)
{
    unsigned wrong = 0;
    size_t n = 0;
    bool reached = true;
    while (reached && n < 5000) {
        struct world world;
        world_init(&world, scene);
        world.m.fail_at = ++n;
        world.m.fail_with = EINTR;
        world_run(&world, scene);
        reached = world.m.calls >= n;
        bool good = world.status == 0 && is_clean(&world, scene) &&
                    str_equal(world_text(&world, scene), want);
        if (!good && wrong++ < 3)
            report(&world, n);
        memory_end(&world.m);
    }
    ok(wrong == 0 && !reached, "%s: each of %zu calls is interrupted", scene->name, n - 1);
}

/* Interrupted, in pieces, with another seed: the same bytes. */
static void test_disturbed(const struct scene *scene, str want)
{
    static const size_t pieces[] = {1, 7, 100};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        struct world world;
        world_init(&world, scene);
        world.m.most_bytes = pieces[i];
        world.m.interrupt = true;
        world_run(&world, scene);
        bool same = str_equal(world_text(&world, scene), want);
        ok(world.status == 0 && same && is_clean(&world, scene),
           "%s: interrupted, %zu bytes at a time", scene->name, pieces[i]);
        memory_end(&world.m);
    }
}

static void test_broken_pipe(const struct scene *scene)
{
    size_t n = 0;
    unsigned wrong = 0;
    bool reached = true;
    while (reached && !scene->writes_file) {
        struct world world;
        world_init(&world, scene);
        world.m.fail_at = ++n;
        world.m.fail_with = EPIPE;
        world_run(&world, scene);
        reached = world.m.calls >= n;
        if (reached && strcmp(world.m.failed, "write") == 0)
            wrong += world.status != 1 || str_contains(memory_text(&world.m.files[2]), STR("rite"));
        memory_end(&world.m);
    }
    ok(wrong == 0, "%s: a reader that goes away hears nothing", scene->name);
}

static void test_scene(const struct scene *scene)
{
    struct world world;
    world_init(&world, scene);
    world_run(&world, scene);
    str want = world_text(&world, scene);
    ok(world.status == 0 && want.n > 0 && is_clean(&world, scene), "%s works", scene->name);
    if (world.status != 0)
        report(&world, 0);
    sweep_allocations(scene, want);
    sweep_calls(scene, want, EIO, false);
    sweep_calls(scene, want, ENOSPC, true);
    sweep_interrupts(scene, want);
    test_disturbed(scene, want);
    test_broken_pipe(scene);
    memory_end(&world.m);
}

/* Two seconds go by between two looks at it. */
static uint64_t slow_clock(void)
{
    static uint64_t now;
    return now += 2000;
}

static void test_progress(void)
{
    for (unsigned quiet = 0; quiet < 2; quiet++) {
        struct scene scene = {"progress", collapse_main, {"folded", "perf", NULL}, "", false};
        struct world world;
        world_init(&world, &scene);
        struct env env = {.os = &world.m.os, .err_is_tty = true, .now_ms = slow_clock};
        char words[][10] = {"collapse", "folded", "perf", "--quiet"};
        char *argv[] = {words[0], words[1], words[2], quiet ? words[3] : NULL, NULL};
        int status = collapse_main(&env, 3 + (int)quiet, argv);
        str said = memory_text(&world.m.files[2]);
        ok(status == 0 && str_contains(said, STR(" samples, ")) == !quiet,
           "progress on a terminal%s", quiet ? ", not under --quiet" : "");
        ok(str_starts(said, STR("\r\033[K0.0 MB, ")) == !quiet &&
               str_contains(said, STR("\r\033[Kcollapse: folded: ignored")) == !quiet,
           "and it is gone before anything else is said");
        memory_end(&world.m);
    }
}

int main(void)
{
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        test_scene(&scenes[i]);
    test_progress();
    return done_testing();
}
