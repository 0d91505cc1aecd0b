/* SPDX-License-Identifier: MIT */
/*
 * The programs, run in process in an imaginary world where one thing after the other goes wrong:
 * every allocation, every read, write, open, close, rename and start of a thread. Whatever fails, a
 * run leaks nothing, says what happened, does not end with 0, leaves no half-written file and keeps
 * the old one.
 */
#include "scenes.h"

#define OLD "old->rgb(1,2,3)\n"

static const struct scene scenes[] = {
    {"collapse, folded", collapse_main, {"folded", "-"}, "a;b 1\n", false},
    {"collapse, perf", collapse_main, {"--all", "--pid", "perf"}, "", false},
    {"collapse to a file", collapse_main, {"perf", "-o", "out"}, "", true},
    {"collapse by threads", collapse_main, {"--threads=3", "many", "perf"}, "", false},
    {"collapse by threads, folded", collapse_main, {"--threads=2", "lines"}, "", false},
    {"flamegraph by threads", flamegraph_main, {"--threads=3", "lines"}, "", false},
    {"flamediff by threads", flamediff_main, {"--threads=2", "lines", "many"}, "", false},
    {"collapse, packed", collapse_main, {"packed", "packed"}, "", false},
    {"collapse, two formats", collapse_main, {"folded", "perf", "-o=out"}, "", true},
    {"collapse to pprof", collapse_main, {"perf", "--output-format=pprof", "-o=out"}, "", true},
    {"collapse to speedscope",
     collapse_main,
     {"folded", "--output-format=speedscope", "-o=out"},
     "",
     true},
    {"collapse --tags", collapse_main, {"perf", "--tags"}, "", false},
    {"collapse --tag-focus", collapse_main, {"perf", "--tags", "--tag-focus=comm=."}, "", false},
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
    {"flamediff --fail-on",
     flamediff_main,
     {"--fail-on=any>10%", "--junit=out", "folded", "after"},
     "",
     true},
};

/* One that closes, for lack of samples. */
static bool is_gate(const struct scene *scene)
{
    return strncmp(scene->words[0], "--fail-on", 9) == 0;
}

static int usual_status(const struct scene *scene)
{
    return is_gate(scene) ? 4 : 0;
}

/* When an allocation of PCRE2's JIT fails, the pattern is interpreted: slower, and no failure. All
 * other allocations of a pattern fail the run. */
static bool by_patterns(const struct scene *scene)
{
    static const char *const options[] = {"--class", "--fail-on", "--tag-focus", "-ns"};
    bool any = false;
    for (size_t i = 0; scene->words[i]; i++)
        for (size_t k = 0; k < sizeof options / sizeof options[0]; k++)
            any |= strncmp(scene->words[i], options[k], strlen(options[k])) == 0;
    return any;
}

/* What was written may not be there: no run may say that all is well. */
static bool loses_output(const struct world *world)
{
    const char *failed = world->m.failed;
    return failed && (strcmp(failed, "write") == 0 || strcmp(failed, "rename") == 0 ||
                      strcmp(failed, "close, written") == 0);
}

static bool unharmed(struct world *world, const struct scene *scene, str want)
{
    return world->status == usual_status(scene) && is_clean(world, scene) &&
           str_equal(world_text(world, scene), want);
}

static bool failed_well(struct world *world, const struct scene *scene, str want)
{
    bool kept = str_equal(world_text(world, scene), STR(OLD));
    if (world->status == usual_status(scene)) /* it did not matter */
        return unharmed(world, scene, want) && !loses_output(world);
    return world->status == 1 && is_clean(world, scene) && tells_why(world) &&
           (!scene->writes_file || kept);
}

static bool without_memory(struct world *world, const struct scene *scene, str want)
{
    bool may_go_on = by_patterns(scene) || (by_threads(scene) && !world->heaps.for_good);
    return failed_well(world, scene, want) && (world->status != usual_status(scene) || may_go_on);
}

/* The disk is gone, so that a file left behind cannot be removed either. The last call may close
 * the lock, which is no failure. */
static bool without_disk(struct world *world, const struct scene *scene, str want)
{
    if (world->status == usual_status(scene))
        return unharmed(world, scene, want) && !loses_output(world);
    return world->status == 1 && tells_why(world) && world->heaps.blocks == 0;
}

/* Nobody hears of a reader that goes away. */
static bool without_reader(struct world *world, const struct scene *scene, str want)
{
    if (strcmp(world->m.failed, "write") != 0 || scene->writes_file)
        return failed_well(world, scene, want);
    return world->status == 1 && !str_contains(memory_text(&world->m.files[2]), STR("rite"));
}

static const struct fault {
    const char *title;
    int code;      /* of a call that fails; 0: an allocation */
    bool for_good; /* and so do all after it; of allocations, every other time */
    bool (*good)(struct world *world, const struct scene *scene, str want);
} faults[] = {
    {"allocations fails", 0, false, without_memory},
    {"calls fails", EIO, false, failed_well},
    {"calls fails for good", ENOSPC, true, without_disk},
    {"calls finds no reader", EPIPE, false, without_reader},
    {"calls is interrupted", EINTR, false, unharmed},
};

/* The first fails, the second, and so on until a run does not come that far. */
static void sweep(const struct scene *scene, str want, const struct fault *fault)
{
    unsigned wrong = 0;
    size_t n = 0;
    bool reached = true;
    while (reached && n < 5000) {
        struct world world;
        world_init(&world, scene);
        n++;
        if (fault->code == 0) {
            world.heaps.fail_at = n;
            world.heaps.for_good = n & 1;
        } else {
            world.m.fail_at = n;
            world.m.fail_with = fault->code;
            world.m.for_good = fault->for_good;
        }
        world_run(&world, scene);
        reached = n <= (fault->code == 0 ? world.heaps.calls : world.m.calls);
        bool good = reached ? fault->good(&world, scene, want) : unharmed(&world, scene, want);
        if (!good && wrong++ < 3)
            report(&world, n);
        memory_end(&world.m);
    }
    ok(wrong == 0 && !reached && n > 1, "%s: each of %zu %s", scene->name, n - 1, fault->title);
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
        ok(world.status == usual_status(scene) && same && is_clean(&world, scene),
           "%s: interrupted, %zu bytes at a time", scene->name, pieces[i]);
        memory_end(&world.m);
    }
}

static void test_scene(const struct scene *scene)
{
    struct world world;
    world_init(&world, scene);
    world_run(&world, scene);
    str want = world_text(&world, scene);
    ok(world.status == usual_status(scene) && want.n > 0 && is_clean(&world, scene), "%s works",
       scene->name);
    if (world.status != usual_status(scene))
        report(&world, 0);
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        sweep(scene, want, &faults[i]);
    test_disturbed(scene, want);
    memory_end(&world.m);
}

/* ---- two outputs: both are old, or both are new ---- */

static const struct scene pairs[] = {
    {"collapse", collapse_main, {"--class=a=java", "--shares=two", "folded", "-o=out"}, "", true},
    {"flamegraph", flamegraph_main, {"folded", "--palette-file=two", "-o=out"}, "", true},
    {"flamegraph --shares",
     flamegraph_main,
     {"folded", "--class=a=java", "--shares=two", "-o=out"},
     "",
     true},
    {"flamediff",
     flamediff_main,
     {"--report=text", "--fail-on=any>900%", "--junit=two", "-o=out", "folded", "folded"},
     "",
     true},
    {"flamediff to standard output",
     flamediff_main,
     {"--report=text", "--fail-on=any>900%", "--junit=out", "folded", "folded"},
     "",
     true},
};

static bool is_old(struct world *world, const char *name)
{
    return str_equal(memory_text(memory_find(&world->m, name)), STR(OLD));
}

/* A temporary name stays only if the call that removes it fails. */
static bool is_pair(struct world *world, bool exists)
{
    bool is_new = world->status == 0 || world->status == 4;
    const struct memory_file *out = memory_find(&world->m, "out");
    const struct memory_file *two = memory_find(&world->m, "two");
    unsigned expected = 6 + (exists || is_new ? 2 : 0);
    bool removal_failed = world->m.failed && strcmp(world->m.failed, "unlink") == 0;
    bool same = is_new   ? out && two && !is_old(world, "out") && !is_old(world, "two")
                : exists ? is_old(world, "out") && is_old(world, "two")
                         : !out && !two;
    return same && world->heaps.blocks == 0 && (is_new || tells_why(world)) &&
           (removal_failed || memory_named_files(&world->m) == expected);
}

static void test_pair(const struct scene *scene, bool exists, int code)
{
    unsigned wrong = 0, failures = 0;
    size_t n = 0;
    bool reached = true, one = strstr(scene->name, "standard output") != NULL;
    while (reached && n < 5000) {
        struct world world;
        struct scene changed = *scene;
        changed.writes_file = exists;
        world_init(&world, &changed);
        if (exists)
            memory_put(&world.m, "two", STR(OLD));
        if (one)
            memory_put(&world.m, "two", STR("new"));
        world.heaps.fail_at = code == 0 ? ++n : 0;
        world.m.fail_at = code == 0 ? 0 : ++n;
        world.m.fail_with = code;
        world_run(&world, scene);
        reached = n <= (code == 0 ? world.heaps.calls : world.m.calls);
        failures += world.status == 1;
        if (one && world.status == 1)
            memory_put(&world.m, "two", STR(OLD));
        if (!is_pair(&world, exists) && wrong++ < 3)
            report(&world, n);
        memory_end(&world.m);
    }
    ok(wrong == 0 && !reached && failures > 9, "%s: two %s files, each of %zu %s fails",
       scene->name, exists ? "old" : "new", n - 1, code == 0 ? "allocations" : "calls");
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
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        bool one = strstr(pairs[i].name, "standard output") != NULL;
        test_pair(&pairs[i], true, EIO);
        test_pair(&pairs[i], true, 0);
        if (!one)
            test_pair(&pairs[i], false, EIO);
    }
    test_progress();
    return done_testing();
}
